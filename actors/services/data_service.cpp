#include "actors/services/routes.hpp"

#include "messages/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <set>

namespace banksia {

namespace {

namespace json = boost::json;

/// Headlines that may become known at one instant.
constexpr std::int64_t headlines_at_once_max = 256;

/// 404 unless the store has bars of the symbol or this node follows it.
void expect_known(bridge_self* self, const std::string& symbol,
                  bar_interval interval) {
  const auto& plan = self->state.plan();
  if (is_planned(plan, symbol) || symbol == plan.index_symbol)
    return;
  if (self->state.ask()
        .bars_between(symbol, interval, std::nullopt, std::nullopt, 1)
        .empty())
    refuse_missing("no data of that symbol: " + symbol);
}

bar_interval interval_of(const query_parameters& query, const run_plan& plan) {
  auto text = query.text("interval");
  if (!text)
    return plan.data_interval;
  if (auto interval = parse_interval(*text))
    return *interval;
  refuse_field(422, "interval",
               "no such interval: " + *text
                 + ": use 1m, 5m, 15m, 30m, 60m or 1d");
}

/// Where the bars come from and how far they reach. Ages are market time.
json::object freshness(bridge_self* self, const std::vector<bar>& newest,
                       const schedule_status& status) {
  json::object result{{"newest_known_at", nullptr},
                      {"watermark", nullptr},
                      {"age_seconds", nullptr}};
  if (newest.empty())
    return result;
  const auto& last = newest.back();
  result["newest_known_at"] = json_time(last.known_at);
  if (auto mark = self->state.ask().watermark(last.source))
    result["watermark"] = json_time(*mark);
  if (status.market_time >= last.known_at) {
    std::chrono::duration<double> age = status.market_time - last.known_at;
    result["age_seconds"] = age.count();
  }
  return result;
}

http::response price_rows(bridge_self* self, const http::request& what,
                          const schedule_status& status) {
  query_parameters query{what, {"interval", "from", "to", "limit", "cursor"}};
  auto bounds = bounds_of(query);
  auto interval = interval_of(query, self->state.plan());
  std::string symbol{what.param("symbol")};
  expect_known(self, symbol, interval);
  auto to = bounds.to;
  if (auto cursor = query.time("cursor"))
    to = to ? std::min(*to, *cursor) : *cursor;
  auto& ask = self->state.ask();
  auto bars = ask.bars_between(symbol, interval, bounds.from, to,
                               bounds.limit + 1);
  json::value next = nullptr;
  if (bars.size() > static_cast<std::size_t>(bounds.limit)) {
    bars.erase(bars.begin());
    next = json_time(bars.front().opened_at);
  }
  std::set<std::string> sources;
  json::array rows;
  for (const auto& x : bars) {
    sources.insert(x.source);
    rows.push_back(to_json(x));
  }
  json::array named;
  for (const auto& x : sources)
    named.emplace_back(x);
  auto newest = ask.bars_between(symbol, interval, std::nullopt, std::nullopt,
                                 1);
  return http::json_response(
    json::object{{"symbol", symbol},
                 {"interval", to_string(interval)},
                 {"sources", std::move(named)},
                 {"freshness", freshness(self, newest, status)},
                 {"prices", std::move(rows)},
                 {"next_cursor", next}});
}

void prices(bridge_self* self, std::shared_ptr<const http::request> what,
            const http::responder& reply) {
  with_status(self, [=](const schedule_status& status, bool) {
    answer_with(self, reply,
                [&] { return price_rows(self, *what, status); });
  });
}

/// Newest first.
http::response news(bridge_self* self, const http::request& what) {
  query_parameters query{what, {"to", "limit", "cursor"}};
  auto limit = query.whole("limit", list_bounds::limit_absent, 1,
                           list_bounds::limit_max);
  auto until = query.time("to").value_or(
    from_micros(std::numeric_limits<std::int64_t>::max()));
  auto cursor = cursor_of(query);
  if (cursor)
    until = std::min(until, from_micros(cursor->part));
  std::string symbol{what.param("symbol")};
  expect_known(self, symbol, self->state.plan().data_interval);
  auto rows = self->state.ask().headlines(
    symbol, until, limit + 1 + (cursor ? headlines_at_once_max : 0));
  std::reverse(rows.begin(), rows.end());
  if (cursor)
    std::erase_if(rows, [&](const headline& x) {
      return to_micros(x.known_at) == cursor->part
             && x.headline_id.substr(0, 32) >= cursor->id;
    });
  json::value next = nullptr;
  auto most = static_cast<std::size_t>(limit);
  if (rows.size() > most) {
    rows.resize(most);
    next = rows.back().headline_id.substr(0, 32) + "-"
           + std::to_string(to_micros(rows.back().known_at));
  }
  json::array headlines;
  for (const auto& x : rows)
    headlines.push_back(to_json(x));
  return http::json_response(json::object{{"symbol", symbol},
                                          {"headlines", std::move(headlines)},
                                          {"next_cursor", next}});
}

} // namespace

void add_data_routes(http::router& into, const shared_context& context) {
  add_symbol_routes(into, context);
  into
    .get("/data/prices/{symbol}", talk_on_bridge(context, data_bridge, prices))
    .get("/data/news/{symbol}", on_bridge(context, data_bridge, news))
    .get("/data/health",
         component_handler(context, "data", {"feeds", "database"}));
}

} // namespace banksia

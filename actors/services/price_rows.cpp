#include "actors/services/price_rows.hpp"

#include "actors/store/history.hpp"
#include "actors/store/served_bars.hpp"
#include "messages/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace banksia {

namespace {

namespace json = boost::json;

bar_interval interval_of(const query_parameters& query, const run_plan& plan) {
  auto text = query.text("interval");
  return text ? parse_interval(*text).value() : plan.data_interval;
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

enum class adjustment : std::uint8_t { none, splits, full };

adjustment adjustment_of(const query_parameters& query) {
  auto text = query.text("adjustment").value_or("none");
  return text == "full"     ? adjustment::full
         : text == "splits" ? adjustment::splits
                            : adjustment::none;
}

std::string_view to_string(adjustment x) noexcept {
  constexpr std::array<std::string_view, 3> names{"none", "splits", "full"};
  return names[static_cast<std::size_t>(x)];
}

/// Adjusts the bars for what is known and in effect at `as_of`, so that the
/// newest one is as traded. Fewer, dearer shares: volumes go the other way.
void adjust_bars(bridge_self* self, std::vector<bar>& bars, adjustment how,
                 timestamp as_of) {
  if (how == adjustment::none || bars.empty())
    return;
  const auto& first = bars.front();
  auto actions = self->state.ask().actions(first.symbol, as_of);
  if (actions.empty())
    return;
  auto closes = store::served_closes(self->state.database(), first.symbol,
                                     first.interval, first.opened_at, as_of);
  // A bar that is served is known, whatever the clock of the answer says.
  for (auto& x : closes)
    x.known_at = std::min(x.known_at, as_of);
  auto adjusted = adjust(closes, actions, as_of);
  auto x = adjusted.begin();
  for (auto& b : bars) {
    while (x != adjusted.end() && x->opened_at < b.opened_at)
      ++x;
    if (x == adjusted.end() || x->opened_at != b.opened_at)
      continue;
    auto by = (how == adjustment::full ? x->fully_adjusted : x->split_adjusted)
              / x->traded;
    for (auto field : {&bar::open, &bar::high, &bar::low, &bar::close})
      b.*field = price{(b.*field).value() * by};
    b.volume = shares{b.volume.value() * x->traded / x->split_adjusted};
  }
}

/// The bar that still grows, where it is newer than what is stored of the
/// series and lies in what was asked for. Older pages have none.
std::optional<bar> running_bar(bridge_self* self, const std::string& symbol,
                               bar_interval interval, const list_bounds& bounds,
                               bool is_last_page,
                               const std::vector<bar>& newest) {
  const auto& board = self->state.context->setup.feeds;
  if (!board || !is_last_page)
    return std::nullopt;
  auto x = board->running(symbol, interval);
  if (!x || (!newest.empty() && x->opened_at <= newest.back().opened_at)
      || (bounds.from && x->opened_at < *bounds.from)
      || (bounds.to && x->opened_at >= *bounds.to))
    return std::nullopt;
  return x;
}

/// Where a page of bars lies. Pages of the newest bars go back from the cursor,
/// those of the oldest on from it.
struct price_page {
  list_bounds bounds;
  std::optional<timestamp> cursor;
  bool ascending = false; ///< `order=asc`: pages from the oldest bar on
  bool newest_first = false; ///< `order=desc`; else rows are oldest first

  std::optional<timestamp> from() const {
    auto after = cursor ? std::optional{*cursor + micros{1}} : std::nullopt;
    return !ascending ? bounds.from
           : !after   ? bounds.from
                      : std::max(bounds.from.value_or(*after), *after);
  }

  std::optional<timestamp> to() const {
    return ascending || !cursor ? bounds.to
                                : std::min(bounds.to.value_or(*cursor), *cursor);
  }

  /// Cuts what is more than a page; where the next one begins.
  json::value cut(std::vector<bar>& bars) const {
    auto most = static_cast<std::size_t>(bounds.limit);
    if (bars.size() <= most)
      return nullptr;
    if (ascending) {
      bars.resize(most);
      return json_time(bars.back().opened_at);
    }
    bars.erase(bars.begin(), bars.end() - bounds.limit);
    return json_time(bars.front().opened_at);
  }
};

price_page page_of(const query_parameters& query) {
  return {bounds_of(query), query.time("cursor"), query.is_ascending(),
          query.text("order") == "desc"};
}

http::response price_rows(bridge_self* self, const http::request& what,
                          const schedule_status& status) {
  query_parameters query{what};
  auto how = adjustment_of(query);
  auto page = page_of(query);
  auto interval = interval_of(query, self->state.plan());
  std::string symbol{what.param("symbol")};
  expect_known(self, symbol, interval);
  // Without a clock all that was ever said counts.
  auto as_of = status.market_time == timestamp{} ? end_of_time
                                                 : status.market_time;
  auto& db = self->state.database();
  auto bars = store::served_bars(db, symbol, interval, page.from(), page.to(),
                                 page.bounds.limit + 1, as_of, page.ascending);
  auto newest = store::served_bars(db, symbol, interval, std::nullopt,
                                   std::nullopt, 1, as_of);
  // Behind the last bar that is stored, where this page has that.
  auto is_last = page.ascending
                   ? bars.size() <= static_cast<std::size_t>(page.bounds.limit)
                   : !page.cursor;
  auto running = running_bar(self, symbol, interval, page.bounds, is_last,
                             newest);
  if (running)
    bars.push_back(*running);
  auto next = page.cut(bars);
  adjust_bars(self, bars, how, as_of);
  if (page.newest_first)
    std::reverse(bars.begin(), bars.end());
  std::set<std::string> sources;
  json::array rows;
  for (const auto& x : bars) {
    sources.insert(x.source);
    auto row = to_json(x);
    row["final"] = !running || x.opened_at != running->opened_at;
    rows.push_back(std::move(row));
  }
  json::array named;
  for (const auto& x : sources)
    named.emplace_back(x);
  return http::json_response(
    json::object{{"symbol", symbol},
                 {"interval", to_string(interval)},
                 {"adjustment", to_string(how)},
                 {"sources", std::move(named)},
                 {"freshness", freshness(self, newest, status)},
                 {"prices", std::move(rows)},
                 {"next_cursor", next}});
}

} // namespace

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

void answer_prices(bridge_self* self,
                   std::shared_ptr<const http::request> what,
                   const http::responder& reply) {
  with_status(self, [=](const schedule_status& status, bool) {
    answer_with(self, reply,
                [&] { return price_rows(self, *what, status); });
  });
}

} // namespace banksia

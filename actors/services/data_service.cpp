#include "actors/services/descriptions.hpp"
#include "actors/services/pages.hpp"
#include "actors/services/price_rows.hpp"
#include "actors/services/routes.hpp"
#include "actors/services/validate.hpp"

#include "messages/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace banksia {

namespace {

namespace json = boost::json;

http::response news(bridge_self* self, const http::request& what) {
  query_parameters query{what};
  auto bounds = bounds_of(query);
  auto page = page_of(query, bounds);
  if (auto cursor = cursor_of(query)) {
    page.cursor_time = from_micros(cursor->part);
    page.cursor_id = cursor->id;
  }
  std::string symbol{what.param("symbol")};
  expect_known(self, symbol, self->state.plan().data_interval);
  auto rows = self->state.ask().headline_page(symbol, page);
  json::value next = nullptr;
  auto most = static_cast<std::size_t>(bounds.limit);
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

/// How good the points of each source are.
void add_sources(json::object& into, const feed_board& board) {
  json::array sources;
  for (const auto& [name, x] : board.all())
    if (x.quality.points() > 0)
      sources.push_back(
        {{"source", name},
         {"accepted", x.accepted},
         {"repaired", x.repaired},
         {"quarantined", x.quarantined},
         {"invalid_share", x.quality.invalid_share()},
         {"points", x.quality.points()}});
  into["sources"] = std::move(sources);
  into["invalid_share_level"] = running_quality::level;
}

http::handler data_health(const shared_context& context) {
  return component_handler(context, "data", {"feeds", "database"},
                           [board = context->setup.feeds,
                            core = context->setup.core](json::object& into) {
                             // The feeds are the core's, which tells of them
                             // while it is reached.
                             if (core && core->trouble())
                               into["sources"] = "elsewhere";
                             else if (board)
                               add_sources(into, *board);
                           });
}

} // namespace

void add_data_routes(http::router& into, const shared_context& context) {
  constexpr auto tag = "data";
  add_symbol_routes(into, context);
  http::route validate{http::method::post, "/data/validate",
                       on_bridge(context, data_bridge, validate_bars)};
  validate.description
    = taking(changing(tag, "What the rules of quality say of bars",
                      "Verdicts"),
             validate_body());
  validate.description.problems.clear(); // it stores nothing
  into
    .get("/data/prices/{symbol}",
         talk_on_bridge(context, data_bridge, answer_prices),
         at_symbol(reading(tag, "Bars as served", "PricePage",
                           {"interval", "from", "to", "limit", "cursor",
                            "order", "adjustment"})))
    .get("/data/news/{symbol}", on_bridge(context, data_bridge, news),
         at_symbol(reading(tag, "Headlines", "HeadlinePage",
                           {"from", "to", "limit", "cursor", "order"})))
    // It changes nothing, so it needs no token.
    .add(std::move(validate))
    .get("/data/health", data_health(context),
         probing(tag, "How the service is", "Health"));
}

} // namespace banksia

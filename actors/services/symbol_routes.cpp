#include "actors/services/asking.hpp"
#include "actors/services/descriptions.hpp"
#include "actors/services/problem_types.hpp"
#include "actors/services/routes.hpp"

#include "actors/listings/keeper.hpp"
#include "actors/store/history.hpp"
#include "messages/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace banksia {

namespace {

namespace json = boost::json;

json::value text_or_null(const std::string& x) {
  return x.empty() ? json::value(nullptr) : json::value(x);
}

json::object to_json(const listing& x) {
  auto predicted = x.state == listing_state::active
                   || x.state == listing_state::halted;
  return {{"symbol", x.symbol},
          {"index", x.index},
          {"state", to_string(x.state)},
          {"predicted", predicted},
          {"since", x.since == timestamp{} ? json::value(nullptr)
                                           : json_time(x.since)},
          {"reason", text_or_null(x.reason)},
          {"successor", text_or_null(x.successor)}};
}

/// What is known, also what counts from the next step of the clock.
listings known_listings(const service_setup& setup) {
  return setup.listed ? *setup.listed->now() : listings{setup.plan->symbols};
}

http::response list(bridge_self* self, const http::request&) {
  auto listed = known_listings(self->state.context->setup);
  json::array rows;
  for (std::uint32_t i = 0; i < listed.symbols().size(); ++i)
    if (auto x = listed.at(i, end_of_time))
      rows.push_back(to_json(*x));
  return http::json_response(json::object{{"symbols", std::move(rows)}});
}

// -- a change -------------------------------------------------------------------

void expect_prices(const service_setup& setup, const std::string& symbol,
                   std::string_view field) {
  if (symbol == setup.plan->index_symbol)
    refuse_field(422, field, symbol + " is the index, which is not predicted");
  if (!setup.no_prices_of)
    return;
  if (auto why = setup.no_prices_of(symbol))
    refuse_field(422, field, "there are no prices of " + symbol + ": " + *why);
}

/// The change that a request asks for; its times are not set.
listing_change wanted_change(const http::request& what,
                             const service_setup& setup) {
  const auto& body = body_of(what);
  listing_change x;
  x.symbol = text_in(body, "symbol");
  x.event = parse_listing_event(text_in(body, "event")).value();
  x.reason = text_in(body, "reason");
  if (x.event == listing_event::renamed) {
    x.successor = text_in(body, "successor");
    if (x.successor.empty())
      refuse_field(422, "successor", "missing: name what it is called now");
    if (x.successor == x.symbol)
      refuse_field(422, "successor", "the same symbol: " + x.symbol);
    expect_prices(setup, x.successor, "successor");
  } else if (body.contains("successor")) {
    refuse_field(422, "successor", "only what is renamed has a successor");
  }
  if (x.event == listing_event::added)
    expect_prices(setup, x.symbol, "symbol");
  x.source = "operator";
  if (setup.wall)
    x.received_at = setup.wall();
  return x;
}

http::response made_answer(const service_setup& setup,
                           const listing_change& made) {
  auto listed = known_listings(setup);
  // Where the core is another process, this one hears of it a little later.
  listed.add(made);
  json::object result{{"event", to_string(made.event)},
                      {"effective_at", json_time(made.effective_at)}};
  if (auto index = listed.index_of(made.symbol))
    if (auto x = listed.at(*index, end_of_time))
      for (auto& [name, value] : to_json(*x))
        result[name] = value;
  return http::json_response(result);
}

void change(bridge_self* self, std::shared_ptr<const http::request> what,
            const http::responder& reply) {
  const auto& setup = self->state.context->setup;
  auto wanted = wanted_change(*what, setup);
  auto& parts = self->state.context->parts;
  auto listings = setup.names->name<listings_actor>("listings");
  if (!setup.listed || !listings.get()) {
    reply(http::problem(problems::part_away,
                        "this node cannot change what it follows now: listings "
                        "is not running",
                        {{"dependency", parts.listings.name()}}));
    return;
  }
  ask_part(
    self, parts.listings, listings, second_try::never,
    [self, reply](const listing_change& made, const std::string& refusal) {
      answer_with(self, reply, [&] {
        if (!refusal.empty())
          return http::problem(problems::listing_conflict, refusal,
                               {{"field", "event"}});
        return made_answer(self->state.context->setup, made);
      });
    },
    [reply](const asked_in_vain& why) {
      reply(problem_of(why, "ask GET /data/symbols whether the change "
                            "counts"));
    },
    wanted);
}

} // namespace

void add_symbol_routes(http::router& into, const shared_context& context) {
  constexpr auto tag = "data";
  into
    .get("/data/symbols", on_bridge(context, data_bridge, list),
         reading(tag, "What is followed, and what was", "ListingList"))
    .post("/data/symbols",
          while_storing(context, talk_on_bridge(context, data_bridge, change)),
          failing(taking(changing(tag, "Changes what is followed",
                                  "ChangedListing"),
                         listing_change_body()),
                  {409, 504}));
}

} // namespace banksia

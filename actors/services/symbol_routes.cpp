#include "actors/services/routes.hpp"

#include "actors/listings/keeper.hpp"
#include "actors/store/history.hpp"
#include "messages/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace banksia {

namespace {

namespace json = boost::json;

/// For a change to be on disk; the store has its own limit.
constexpr std::chrono::seconds change_limit{20};
constexpr std::size_t reason_length_max = 200;

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

http::response list(bridge_self* self, const http::request& what) {
  query_parameters none{what, {}};
  auto listed = known_listings(self->state.context->setup);
  json::array rows;
  for (std::uint32_t i = 0; i < listed.symbols().size(); ++i)
    if (auto x = listed.at(i, end_of_time))
      rows.push_back(to_json(*x));
  return http::json_response(json::object{{"symbols", std::move(rows)}});
}

// -- a change -------------------------------------------------------------------

/// A text of the body; empty where it is absent.
std::string text_of(const json::object& body, std::string_view field) {
  auto value = body.if_contains(field);
  if (!value)
    return {};
  if (auto text = value->if_string())
    return std::string{*text};
  refuse_field(422, field, "not a text: " + std::string{field});
}

std::string symbol_of(const json::object& body, std::string_view field) {
  auto symbol = text_of(body, field);
  if (!is_symbol_text(symbol))
    refuse_field(422, field,
                 "not a symbol: \"" + symbol
                   + "\": write it as CBA.AX, in capital letters");
  return symbol;
}

json::object body_of(const http::request& what) {
  auto body = http::parse_json_body(what);
  if (!body)
    throw request_refused(body.error());
  auto object = body->if_object();
  if (!object)
    refuse_field(422, "", R"(the body is no object: send {"symbol": "WES.AX", )"
                          R"("event": "added"})");
  for (const auto& member : *object) {
    std::string name{member.key()};
    if (name != "symbol" && name != "event" && name != "successor"
        && name != "reason")
      refuse_field(422, name, "no such field: " + name
                                + ": the body takes symbol, event, successor, "
                                  "reason");
  }
  return *object;
}

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
  query_parameters none{what, {}};
  auto body = body_of(what);
  listing_change x;
  x.symbol = symbol_of(body, "symbol");
  auto event = text_of(body, "event");
  auto parsed = parse_listing_event(event);
  if (!parsed)
    refuse_field(422, "event",
                 "no such event: \"" + event
                   + "\": use added, removed, halted, resumed, delisted or "
                     "renamed");
  x.event = *parsed;
  x.reason = text_of(body, "reason");
  if (x.reason.size() > reason_length_max)
    refuse_field(422, "reason", "longer than "
                                  + std::to_string(reason_length_max)
                                  + " bytes: say it shorter");
  if (x.event == listing_event::renamed) {
    x.successor = symbol_of(body, "successor");
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
  auto target = caf::actor_cast<listings_actor>(
    setup.names->slot("listings")->current());
  if (!setup.listed || !target) {
    reply(http::problem(503, "", "this node cannot change what it follows "
                                 "now: listings is not running"));
    return;
  }
  self->request(target, change_limit, wanted)
    .then(
      [self, reply](const listing_change& made, const std::string& refusal) {
        answer_with(self, reply, [&] {
          if (!refusal.empty())
            return http::problem(409, "", refusal, {}, {{"field", "event"}});
          return made_answer(self->state.context->setup, made);
        });
      },
      [self, reply](caf::error& why) {
        reply(http::problem(503, "",
                            "the change is not confirmed: "
                              + self->system().render(why)
                              + ": ask GET /data/symbols whether it counts"));
      });
}

} // namespace

void add_symbol_routes(http::router& into, const shared_context& context) {
  into.get("/data/symbols", on_bridge(context, data_bridge, list))
    .post("/data/symbols",
          while_storing(context, talk_on_bridge(context, data_bridge,
                                                change)));
}

} // namespace banksia

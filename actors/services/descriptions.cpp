#include "actors/services/descriptions.hpp"

#include "actors/services/parameters.hpp"
#include "actors/services/performance.hpp"
#include "models/market/bar_formats.hpp"
#include "models/market/listings.hpp"

#include <stdexcept>
#include <utility>

namespace banksia {

namespace {

namespace sc = http::schema;

constexpr std::size_t word_length_max = 200;
constexpr std::size_t cursor_length_max = 200;
constexpr std::int64_t horizon_minutes_max = 100'000;

/// What each parameter of a query is, whatever the route.
const std::vector<http::parameter>& known_parameters() {
  static const std::vector<http::parameter> result{
    {"symbol", sc::text(32), "a symbol that is followed; all where absent"},
    {"symbols", sc::list(sc::text(32)),
     "symbols that are followed, with commas; all where absent"},
    {"from", sc::time(), "the earliest, inclusive"},
    {"to", sc::time(), "the latest, exclusive"},
    {"limit", sc::whole(1, list_bounds::limit_max),
     "rows of a page; "
       + std::to_string(list_bounds::limit_absent) + " where absent"},
    {"cursor", sc::text(cursor_length_max), "next_cursor of the page before"},
    {"order", sc::one_of({"asc", "desc"}),
     "oldest first, or newest first (where absent)"},
    {"horizon_minutes", sc::whole(1, horizon_minutes_max),
     "outcomes of this horizon alone"},
    {"days", sc::whole(1, report_days_max),
     "days back from the newest outcome; "
       + std::to_string(report_days_absent) + " where absent"},
    {"interval", sc::one_of({"1m", "5m", "15m", "30m", "60m", "1d"}),
     "length of the bars; the node's own where absent"},
    {"adjustment", sc::one_of({"none", "splits", "full"}),
     "as stored (where absent), for splits, or for dividends too"},
    {"kind", sc::one_of({"morning", "evening"}), "one of the two alone"},
    {"date", sc::date(), "the session's; the newest where absent"},
  };
  return result;
}

const http::parameter& parameter_of(std::string_view name) {
  for (const auto& x : known_parameters())
    if (x.name == name)
      return x;
  throw std::out_of_range("no such parameter: " + std::string{name});
}

http::operation made(std::string_view tag, std::string_view summary) {
  http::operation result;
  result.tag = tag;
  result.summary = summary;
  return result;
}

} // namespace

http::operation reading(std::string_view tag, std::string_view summary,
                        std::string_view shape,
                        std::initializer_list<std::string_view> query) {
  auto result = made(tag, summary);
  for (auto name : query)
    result.query.push_back(parameter_of(name));
  result.answers = {{200, "as asked", sc::ref(shape)}};
  return result;
}

http::operation changing(std::string_view tag, std::string_view summary,
                         std::string_view shape, int status) {
  auto result = made(tag, summary);
  result.answers = {{status, status == 202 ? "accepted" : "done",
                     sc::ref(shape)}};
  // While nothing can be stored.
  result.problems = {507};
  return result;
}

http::operation taking(http::operation what, http::json_schema body,
                       bool is_required) {
  what.body = http::request_body{std::move(body), is_required};
  return what;
}

http::operation failing(http::operation what, std::vector<int> statuses) {
  what.problems.insert(what.problems.end(), statuses.begin(), statuses.end());
  return what;
}

http::operation probing(std::string_view tag, std::string_view summary,
                        std::string_view shape) {
  auto result = made(tag, summary);
  constexpr auto media = "application/health+json";
  result.answers
    = {{200, "well enough", sc::ref(shape), media, {"application/json"}},
       {503, "not well", sc::ref(shape), media, {"application/json"}}};
  result.is_volatile = true;
  return result;
}

http::operation showing(std::string_view tag, std::string_view summary,
                        std::string_view media, int status) {
  auto result = made(tag, summary);
  result.answers
    = {{status, status == 302 ? "elsewhere" : "as asked", {},
        std::string{media}}};
  return result;
}

http::operation at_symbol(http::operation what) {
  what.path.push_back({"symbol", sc::text(32), "as CBA.AX"});
  what.problems.push_back(404);
  return what;
}

// -- bodies -------------------------------------------------------------------

http::json_schema symbols_body() {
  return sc::exactly(
    {{"symbols",
      sc::said(sc::list(sc::text(32), 1, 10'000),
               "symbols that are followed; all of them where absent"),
      false}});
}

http::json_schema words_body(std::initializer_list<std::string_view> names) {
  auto result = sc::exactly({});
  auto& properties = result["properties"].as_object();
  for (auto name : names)
    properties[name] = sc::text(word_length_max);
  return result;
}

http::json_schema listing_change_body() {
  return sc::exactly(
    {{"symbol", sc::said(sc::format("symbol"), "as WES.AX")},
     {"event", sc::one_of({"added", "removed", "halted", "resumed", "delisted",
                           "renamed"})},
     {"successor",
      sc::said(sc::format("symbol"), "the new name, of what is renamed"),
      false},
     {"reason", sc::said(sc::text(word_length_max), "for people"), false}});
}

http::json_schema validate_body() {
  auto number = [] { return sc::or_null(sc::number()); };
  auto bar = sc::exactly({{"opened_at", sc::said(sc::text(64),
                                                 "RFC 3339; of daily bars a "
                                                 "date will do")},
                          {"open", number()},
                          {"high", number()},
                          {"low", number()},
                          {"close", number()},
                          {"volume", number()}});
  auto action = sc::exactly({{"kind", sc::one_of({"split", "dividend"})},
                             {"effective_at", sc::text(64)},
                             {"value", sc::number()}});
  return sc::exactly(
    {{"symbol", sc::format("listed name")},
     {"interval", sc::one_of({"1m", "5m", "15m", "30m", "60m", "1d"})},
     {"basis", sc::one_of({"as-traded", "split-adjusted", "fully-adjusted"}),
      false},
     {"bars", sc::list(std::move(bar), 1, 5000)},
     {"actions", sc::list(std::move(action), 0, 500), false}});
}

// -- the book -----------------------------------------------------------------

std::shared_ptr<const http::schema_book> service_schemas() {
  static const auto result = [] {
    auto book = std::make_shared<http::schema_book>();
    add_prediction_schemas(book->named);
    add_learning_schemas(book->named);
    add_data_schemas(book->named);
    add_node_schemas(book->named);
    book->formats["symbol"] = is_symbol_text;
    book->formats["listed name"] = [](std::string_view text) {
      std::string ignored;
      return normalize_symbol(text, ignored);
    };
    return std::shared_ptr<const http::schema_book>{std::move(book)};
  }();
  return result;
}

http::api_info service_info(const std::string& service,
                            const std::string& version) {
  return {"Banksia: " + (service == "dashboard" ? "gateway" : service),
          version,
          "Predictions of ASX bank stocks, and what came of them. Times are "
          "RFC 3339 in UTC, returns and magnitudes fractions (0.0125 is "
          "1.25 %), confidences 0 to 1. Every error is a problem of RFC 9457.",
          "MIT",
          {{"prediction", "what is predicted, and why"},
           {"evaluation", "what came of it"},
           {"ml", "models and their trainings"},
           {"data", "prices, news, and what is followed"},
           {"dashboard", "the page and what it shows"},
           {"node", "how this node is"}}};
}

// -- values that may be missing ---------------------------------------------------

http::json_schema maybe_number() {
  return sc::or_null(sc::number());
}

http::json_schema maybe_text() {
  return sc::or_null(sc::text());
}

http::json_schema maybe_time() {
  return sc::or_null(sc::time());
}

} // namespace banksia

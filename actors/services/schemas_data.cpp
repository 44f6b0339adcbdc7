#include "actors/services/descriptions.hpp"

/// Prices, news, listings, and what the rules of quality say.

namespace banksia {

namespace {

namespace sc = http::schema;

http::json_schema bar_shape() {
  return sc::object(
    {{"symbol", sc::text()},
     {"interval", sc::text()},
     {"opened_at", sc::time()},
     {"open", maybe_number()},
     {"high", maybe_number()},
     {"low", maybe_number()},
     {"close", maybe_number()},
     {"volume", maybe_number()},
     {"source", sc::text()},
     {"known_at", sc::time()},
     {"received_at", sc::time()},
     {"verdict", sc::one_of({"accepted", "repaired", "merged"})},
     {"final", sc::said(sc::boolean(), "false: it still grows")}});
}

http::json_schema listing_shape(bool is_change) {
  return sc::object({{"symbol", sc::text(), !is_change},
                     {"index", sc::whole(), !is_change},
                     {"state", sc::text(), !is_change},
                     {"predicted", sc::boolean(), !is_change},
                     {"since", maybe_time(), !is_change},
                     {"reason", maybe_text(), !is_change},
                     {"successor", maybe_text(), !is_change},
                     {"event", sc::text(), is_change},
                     {"effective_at", sc::time(), is_change}});
}

http::json_schema verdict() {
  auto values = sc::object({{"open", maybe_number()},
                            {"high", maybe_number()},
                            {"low", maybe_number()},
                            {"close", maybe_number()},
                            {"volume", maybe_number()}});
  auto step = sc::object({{"field", sc::text()},
                          {"from", maybe_number()},
                          {"to", maybe_number()},
                          {"reason", sc::text()}});
  return sc::object(
    {{"opened_at", sc::time()},
     {"verdict", sc::one_of({"accept", "repair", "quarantine"})},
     {"reason", maybe_text()},
     {"known_at", sc::time()},
     {"values", sc::or_null(std::move(values))},
     {"derivation", sc::list(std::move(step))}});
}

} // namespace

void add_data_schemas(boost::json::object& into) {
  into["Bar"] = bar_shape();
  auto freshness = sc::object({{"newest_known_at", maybe_time()},
                               {"watermark", maybe_time()},
                               {"age_seconds", maybe_number()}});
  into["PricePage"]
    = sc::object({{"symbol", sc::text()},
                  {"interval", sc::text()},
                  {"adjustment", sc::one_of({"none", "splits", "full"})},
                  {"sources", sc::list(sc::text())},
                  {"freshness", std::move(freshness)},
                  {"prices", sc::list(sc::ref("Bar"))},
                  {"next_cursor", maybe_text()}});
  into["Headline"]
    = sc::object({{"headline_id", sc::text()},
                  {"symbol", sc::text()},
                  {"title", sc::text()},
                  {"source", sc::text()},
                  {"link", sc::text()},
                  {"published_at", sc::time()},
                  {"known_at", sc::time()},
                  {"received_at", sc::time()},
                  {"score", sc::or_null(sc::number(-1, 1))}});
  into["HeadlinePage"]
    = sc::object({{"symbol", sc::text()},
                  {"headlines", sc::list(sc::ref("Headline"))},
                  {"next_cursor", maybe_text()}});
  into["Listing"] = listing_shape(false);
  into["ListingList"]
    = sc::object({{"symbols", sc::list(sc::ref("Listing"))}});
  into["ChangedListing"] = listing_shape(true);
  auto noted = sc::object({{"opened_at", sc::time()},
                           {"reason", sc::text()},
                           {"measured", maybe_number()}});
  into["Verdict"] = verdict();
  into["Verdicts"]
    = sc::object({{"symbol", sc::text()},
                  {"interval", sc::text()},
                  {"basis", sc::text()},
                  {"bars", sc::list(sc::ref("Verdict"))},
                  {"counts", sc::map_of(sc::whole())},
                  {"noted", sc::list(std::move(noted))}});
}

} // namespace banksia

#define CAF_SUITE served_validate
#include "tests/integration/served/data_node.hpp"

using namespace banksia;
using namespace banksia::tree_test;

namespace {

std::string bar_text(const std::string& day, const std::string& prices) {
  return R"({"opened_at":")" + day + "\"," + prices + "}";
}

constexpr auto sound
  = R"("open":10,"high":12,"low":9,"close":11,"volume":1001)";

std::string body_of(const std::string& bars, const std::string& more = {}) {
  return R"({"symbol":"CBA.AX","interval":"1d","bars":[)" + bars + "]" + more
         + "}";
}

} // namespace

CAF_TEST(each row shown gets a verdict and no token is asked for) {
  data_node node;
  auto reply = node.post(body_of(
    bar_text("2024-01-08", sound) + ","
    + bar_text("2024-01-09",
               R"("open":11,"high":11.5,"low":10,"close":12,"volume":1002)")
    + ","
    + bar_text("2024-01-10",
               R"("open":12,"high":14,"low":11,"close":null,"volume":1003)")
    + "," + bar_text("2024-01-13", sound)));
  CAF_REQUIRE_EQUAL(reply.status, 200);
  auto answer = json::parse(reply.body).as_object();
  CAF_CHECK_EQUAL(json::serialize(answer.at("counts")),
                  R"({"read":4,"accepted":1,"repaired":1,"quarantined":2})");
  CAF_CHECK_EQUAL(answer.at("basis").as_string(), "as-traded");
  const auto& bars = answer.at("bars").as_array();
  CAF_CHECK_EQUAL(bars.at(0).at("verdict").as_string(), "accept");
  CAF_CHECK(bars.at(0).at("reason").is_null());
  CAF_CHECK_EQUAL(bars.at(0).at("opened_at").as_string(),
                  "2024-01-07T23:00:00Z");
  CAF_CHECK_EQUAL(bars.at(0).at("known_at").as_string(),
                  "2024-01-08T05:10:00Z");
  CAF_CHECK_EQUAL(bars.at(1).at("reason").as_string(), "ohlc_order");
  CAF_CHECK_EQUAL(
    json::serialize(bars.at(1).at("derivation")),
    R"([{"field":"high","from":1.15E1,"to":1.2E1,"reason":"ohlc_order"}])");
  CAF_CHECK_EQUAL(bars.at(1).at("values").at("high").to_number<double>(), 12.0);
  CAF_CHECK_EQUAL(bars.at(2).at("reason").as_string(), "missing_value");
  CAF_CHECK(bars.at(2).at("values").is_null());
  CAF_CHECK_EQUAL(bars.at(3).at("reason").as_string(), "market_closed"); // Saturday
}

CAF_TEST(a series is judged as by an import) {
  data_node node;
  std::string bars;
  auto sessions = node.calendar.sessions(std::chrono::year{2024});
  for (std::size_t i = 0; i < 40; ++i) {
    auto level = 20.0 + static_cast<double>(i * 7 % 11) / 100.0;
    if (i == 30)
      level *= 1.5;
    auto number = [](double x) { return std::to_string(x); };
    bars += (i ? "," : "")
            + bar_text(to_rfc3339(sessions[i].opens_at),
                       "\"open\":" + number(level) + ",\"high\":"
                         + number(level + 0.3) + ",\"low\":"
                         + number(level - 0.2) + ",\"close\":"
                         + number(level + 0.1)
                         + ",\"volume\":" + number(100'003 + i * 17));
  }
  auto reply = node.post(body_of(
    bars, R"(,"basis":"split-adjusted","actions":[{"kind":"dividend",)"
          R"("effective_at":"2024-01-15","value":0.1}])"));
  CAF_REQUIRE_EQUAL(reply.status, 200);
  auto answer = json::parse(reply.body).as_object();
  const auto& spike = answer.at("bars").as_array().at(30);
  CAF_CHECK_EQUAL(spike.at("verdict").as_string(), "quarantine");
  CAF_CHECK_EQUAL(spike.at("reason").as_string(), "spike");
  // Known when the next bar is.
  CAF_CHECK_EQUAL(spike.at("known_at").as_string(),
                  to_rfc3339(sessions[31].auction_ends_at));
  CAF_CHECK_EQUAL(answer.at("counts").at("quarantined").to_number<int>(), 1);
}

CAF_TEST(what cannot be judged is refused with the field that is to blame) {
  data_node node;
  auto good = bar_text("2024-01-08", sound);
  CAF_CHECK_EQUAL(node.refused_field("[]"), "");
  CAF_CHECK_EQUAL(node.refused_field(R"({"interval":"1d","bars":[]})"),
                  "symbol");
  CAF_CHECK_EQUAL(
    node.refused_field(R"({"symbol":"?","interval":"1d","bars":[]})"),
    "symbol");
  CAF_CHECK_EQUAL(
    node.refused_field(R"({"symbol":"CBA","interval":"2d","bars":[]})"),
    "interval");
  CAF_CHECK_EQUAL(node.refused_field(R"({"symbol":"CBA","interval":"1d"})"),
                  "bars");
  CAF_CHECK_EQUAL(node.refused_field(body_of("")), "bars");
  CAF_CHECK_EQUAL(node.refused_field(body_of(good + ",7")), "bars[1]");
  CAF_CHECK_EQUAL(node.refused_field(body_of(bar_text("yesterday", sound))),
                  "bars[0].opened_at");
  CAF_CHECK_EQUAL(
    node.refused_field(body_of(bar_text(
      "2024-01-08",
      R"("open":10,"high":"12","low":9,"close":11,"volume":1001)"))),
    "bars[0].high");
  CAF_CHECK_EQUAL(
    node.refused_field(body_of(bar_text(
      "2024-01-08", R"("open":10,"high":12,"low":9,"close":11)"))),
    "bars[0].volume");
  CAF_CHECK_EQUAL(node.refused_field(body_of(
                    bar_text("2024-01-08", std::string{sound} + R"(,"x":1)"))),
                  "bars[0].x");
  CAF_CHECK_EQUAL(node.refused_field(body_of(good, R"(,"basis":"raw")")),
                  "basis");
  CAF_CHECK_EQUAL(node.refused_field(body_of(good, R"(,"colour":1)")),
                  "colour");
  CAF_CHECK_EQUAL(node.refused_field(body_of(good, R"(,"actions":3)")),
                  "actions");
  auto action = [&](const std::string& x) {
    return node.refused_field(body_of(good, R"(,"actions":[)" + x + "]"));
  };
  CAF_CHECK_EQUAL(
    action(R"({"kind":"gift","effective_at":"2024-01-08","value":1})"),
    "actions[0].kind");
  CAF_CHECK_EQUAL(
    action(R"({"kind":"split","effective_at":"2024-01-08","value":0})"),
    "actions[0].value");
  CAF_CHECK_EQUAL(
    action(R"({"kind":"split","effective_at":"soon","value":2})"),
    "actions[0].effective_at");
  CAF_CHECK_EQUAL(node.post("{").status, 400);
}

CAF_TEST(too many bars are refused) {
  data_node node;
  std::string bars = "0";
  for (int i = 0; i < 5000; ++i)
    bars += ",0";
  CAF_CHECK_EQUAL(node.refused_field(body_of(bars)), "bars");
}

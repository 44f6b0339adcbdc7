#define CAF_SUITE json
#include "messages/json.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

#include <cmath>
#include <limits>
#include <set>

using namespace banksia;

namespace json = boost::json;

namespace {

using names = std::set<std::string>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

names keys(const json::object& x) {
  names result;
  for (const auto& field : x)
    result.emplace(field.key());
  return result;
}

std::string text(const json::object& x, std::string_view key) {
  return std::string{x.at(key).as_string()};
}

/// The instant of the contract's examples.
const auto slot = *parse_rfc3339("2025-07-01T06:10:00Z");

prediction decided() {
  prediction x;
  x.id = make_prediction_id("live", "CBA.AX", "1d", slot);
  x.cycle = make_cycle_id("live", "1d", slot);
  x.symbol = "CBA.AX";
  x.slot = slot;
  x.action = trade_action::buy;
  x.optimal_action = trade_action::strong_buy;
  x.confidence = fraction{0.71};
  x.predicted_direction = 1;
  x.predicted_magnitude = fraction{0.0125};
  x.entry_price = price{170.5};
  x.horizon_minutes = 1440;
  x.model_version = "rules-1";
  x.context.trend = market_trend::bullish;
  x.context.flagged = false;
  x.features.set(feature_index("rsi"), 55.5);
  return x;
}

outcome finished() {
  outcome x;
  x.prediction = decided().id;
  x.id = make_outcome_id(x.prediction, 1440);
  x.symbol = "CBA.AX";
  x.horizon_minutes = 1440;
  x.due_at = slot + std::chrono::hours{24};
  x.evaluation_timestamp = x.due_at + micros{250'000};
  x.entry_price = price{100};
  x.exit_price = price{101};
  x.actual_return = fraction{0.01};
  x.total_return = fraction{0.02};
  x.actual_direction = 1;
  x.success = true;
  x.sessions_elapsed = 1;
  x.open_minutes = 370;
  return x;
}

} // namespace

CAF_TEST(a prediction has the fields of the contract) {
  auto x = to_json(decided());
  for (auto name :
       {"prediction_id", "symbol", "timestamp", "action", "confidence",
        "predicted_direction", "predicted_magnitude", "features",
        "entry_price", "horizon_minutes", "model_version", "cycle_id",
        "market_context", "optimal_action", "abstained", "reason"}) {
    CAF_MESSAGE(name);
    CAF_CHECK(x.contains(name));
  }
  CAF_CHECK_EQUAL(text(x, "prediction_id"), to_string(decided().id));
  CAF_CHECK_EQUAL(text(x, "cycle_id"), to_string(decided().cycle));
  CAF_CHECK_EQUAL(text(x, "symbol"), "CBA.AX");
  CAF_CHECK_EQUAL(text(x, "interval"), "1d");
  CAF_CHECK_EQUAL(text(x, "timestamp"), "2025-07-01T06:10:00Z");
  CAF_CHECK_EQUAL(text(x, "action"), "BUY");
  CAF_CHECK_EQUAL(text(x, "optimal_action"), "STRONG_BUY");
  CAF_CHECK_EQUAL(text(x, "market_context"), "BULLISH");
  CAF_CHECK_EQUAL(text(x, "model_version"), "rules-1");
  CAF_CHECK(x.at("confidence").as_double() == 0.71);
  CAF_CHECK(x.at("predicted_magnitude").as_double() == 0.0125);
  CAF_CHECK(x.at("entry_price").as_double() == 170.5);
  CAF_CHECK(x.at("predicted_direction").as_int64() == 1);
  CAF_CHECK(x.at("horizon_minutes").to_number<int>() == 1440);
  CAF_CHECK(x.at("abstained").as_bool() == false);
  CAF_CHECK(x.at("reason").is_null());
}

CAF_TEST(an abstention keeps all fields and has null for what it has not) {
  auto x = decided();
  x.abstained = true;
  x.reason = abstain_reason::insufficient_history;
  x.action = trade_action::none;
  x.entry_price = price{0};
  auto shown = to_json(x);
  CAF_CHECK(keys(shown) == keys(to_json(decided())));
  CAF_CHECK(shown.at("abstained").as_bool());
  CAF_CHECK_EQUAL(text(shown, "reason"), "insufficient_history");
  for (auto name : {"action", "optimal_action", "confidence",
                    "predicted_direction", "predicted_magnitude",
                    "entry_price"}) {
    CAF_MESSAGE(name);
    CAF_CHECK(shown.at(name).is_null());
  }
}

CAF_TEST(every abstain reason has a text) {
  auto x = decided();
  x.abstained = true;
  names seen;
  for (int i = 1; i <= 6; ++i) {
    x.reason = static_cast<abstain_reason>(i);
    seen.insert(text(to_json(x), "reason"));
  }
  CAF_CHECK_EQUAL(seen.size(), 6u);
  CAF_CHECK(!seen.contains(""));
}

CAF_TEST(numbers that are not finite become null and the text stays JSON) {
  CAF_CHECK(json_number(nan).is_null());
  CAF_CHECK(json_number(infinity).is_null());
  CAF_CHECK(json_number(-infinity).is_null());
  CAF_CHECK(json_number(-0.0).as_double() == 0.0);
  CAF_CHECK(json_number(5e-324).as_double() == 5e-324);
  auto x = decided();
  x.confidence = fraction{nan};
  x.predicted_magnitude = fraction{-infinity};
  x.features.set(0, nan);
  auto shown = to_json(x);
  CAF_CHECK(shown.at("confidence").is_null());
  CAF_CHECK(shown.at("predicted_magnitude").is_null());
  boost::json::error_code code;
  json::parse(json::serialize(shown), code);
  CAF_CHECK(!code);
}

CAF_TEST(an entry price that is not a price is null) {
  auto x = decided();
  for (auto bad : {0.0, -1.0, nan, infinity}) {
    x.entry_price = price{bad};
    CAF_CHECK(to_json(x).at("entry_price").is_null());
  }
}

CAF_TEST(features show what is present by name and omit the rest) {
  feature_vector x;
  CAF_CHECK(to_json(x).empty());
  x.set(feature_index("rsi"), 30.0);
  x.set(feature_index("quarter_end"), 0.0);
  auto shown = to_json(x);
  CAF_CHECK((keys(shown) == names{"rsi", "quarter_end"}));
  CAF_CHECK(shown.at("rsi").as_double() == 30.0);
  for (std::size_t i = 0; i < feature_count; ++i)
    x.set(i, 1.0);
  CAF_CHECK_EQUAL(to_json(x).size(), feature_count);
}

CAF_TEST(an outcome has the fields of the contract) {
  auto x = to_json(finished());
  for (auto name :
       {"outcome_id", "prediction_id", "horizon_minutes", "actual_return",
        "actual_direction", "entry_price", "exit_price",
        "evaluation_timestamp", "success", "total_return", "sessions_elapsed",
        "open_minutes"}) {
    CAF_MESSAGE(name);
    CAF_CHECK(x.contains(name));
  }
  CAF_CHECK_EQUAL(text(x, "outcome_id"), to_string(finished().id));
  CAF_CHECK_EQUAL(text(x, "due_at"), "2025-07-02T06:10:00Z");
  CAF_CHECK_EQUAL(text(x, "evaluation_timestamp"),
                  "2025-07-02T06:10:00.250000Z");
  CAF_CHECK(x.at("actual_return").as_double() == 0.01);
  CAF_CHECK(x.at("total_return").as_double() == 0.02);
  CAF_CHECK(x.at("exit_price").as_double() == 101);
  CAF_CHECK(x.at("actual_direction").as_int64() == 1);
  CAF_CHECK(x.at("success").as_bool());
  CAF_CHECK(x.at("sessions_elapsed").to_number<int>() == 1);
  CAF_CHECK(x.at("open_minutes").to_number<int>() == 370);
}

CAF_TEST(a void outcome says why and claims no result) {
  auto x = finished();
  x.is_void = true;
  x.void_reason = "delisted";
  auto shown = to_json(x);
  CAF_CHECK(keys(shown) == keys(to_json(finished())));
  CAF_CHECK(shown.at("void").as_bool());
  CAF_CHECK_EQUAL(text(shown, "reason"), "delisted");
  for (auto name : {"exit_price", "actual_return", "actual_direction",
                    "total_return", "success"})
    CAF_CHECK(shown.at(name).is_null());
}

CAF_TEST(a bar shows its prices times and quality) {
  bar x;
  x.symbol = "CBA.AX";
  x.interval = bar_interval::m30;
  x.opened_at = slot;
  x.known_at = slot + std::chrono::minutes{30};
  x.received_at = slot + std::chrono::minutes{31};
  x.open = price{1.5};
  x.high = price{nan};
  x.volume = shares{100};
  x.source = "csv";
  x.verdict = bar_verdict::repaired;
  auto shown = to_json(x);
  CAF_CHECK((keys(shown)
             == names{"symbol", "interval", "opened_at", "open", "high", "low",
                      "close", "volume", "source", "known_at", "received_at",
                      "verdict"}));
  CAF_CHECK_EQUAL(text(shown, "opened_at"), "2025-07-01T06:10:00Z");
  CAF_CHECK_EQUAL(text(shown, "known_at"), "2025-07-01T06:40:00Z");
  CAF_CHECK_EQUAL(text(shown, "received_at"), "2025-07-01T06:41:00Z");
  CAF_CHECK_EQUAL(text(shown, "interval"), "30m");
  CAF_CHECK_EQUAL(text(shown, "verdict"), "repaired");
  CAF_CHECK(shown.at("open").as_double() == 1.5);
  CAF_CHECK(shown.at("high").is_null());
  CAF_CHECK(shown.at("volume").as_double() == 100);
}

CAF_TEST(a headline without a score shows null) {
  headline x;
  x.headline_id = "ab";
  x.published_at = slot;
  x.score = real{0.5};
  CAF_CHECK(to_json(x).at("score").is_null());
  x.scored = true;
  auto shown = to_json(x);
  CAF_CHECK(shown.at("score").as_double() == 0.5);
  CAF_CHECK_EQUAL(text(shown, "published_at"), "2025-07-01T06:10:00Z");
  CAF_CHECK_EQUAL(text(shown, "headline_id"), "ab");
}

CAF_TEST(context cycle and health) {
  market_context context;
  context.trend = market_trend::bearish;
  context.volatility = fraction{infinity};
  context.stress = real{0.9};
  auto shown = to_json(context);
  CAF_CHECK_EQUAL(text(shown, "trend"), "BEARISH");
  CAF_CHECK(shown.at("volatility").is_null());
  CAF_CHECK(shown.at("stress").as_double() == 0.9);
  CAF_CHECK(shown.at("flagged").as_bool());

  cycle_slot cycle;
  cycle.id = make_cycle_id("live", "30m", slot);
  cycle.run = "live";
  cycle.interval = bar_interval::m30;
  cycle.slot = slot;
  shown = to_json(cycle, cycle_status::late);
  CAF_CHECK_EQUAL(text(shown, "cycle_id"), to_string(cycle.id));
  CAF_CHECK_EQUAL(text(shown, "run"), "live");
  CAF_CHECK_EQUAL(text(shown, "timestamp"), "2025-07-01T06:10:00Z");
  CAF_CHECK_EQUAL(text(shown, "status"), "late");

  component_health health;
  health.component = "feeds";
  health.state = health_state::degraded;
  health.reason = "yahoo is away";
  shown = to_json(health);
  CAF_CHECK_EQUAL(text(shown, "component"), "feeds");
  CAF_CHECK_EQUAL(text(shown, "state"), "DEGRADED");
  CAF_CHECK_EQUAL(text(shown, "reason"), "yahoo is away");
}

CAF_TEST(times before 1970 and between microseconds keep their Z) {
  auto early = json_time(from_micros(-1));
  CAF_CHECK(early.as_string() == "1969-12-31T23:59:59.999999Z");
  auto epoch = json_time(from_micros(0));
  CAF_CHECK(epoch.as_string() == "1970-01-01T00:00:00Z");
}

#define CAF_SUITE policy
#include "models/decision/policy.hpp"

#include "caf/test/unit_test.hpp"
#include "tests/unit/decision/forecasts.hpp"

using namespace banksia;
using namespace banksia::test;

CAF_TEST(a sure rise is bought and a sure fall sold) {
  auto bought = decided(forecast_of(0.1, 0.2, 0.7), held_prediction());
  CAF_CHECK(bought.action == trade_action::buy);
  CAF_CHECK_EQUAL(bought.predicted_direction, 1);
  CAF_CHECK_EQUAL(bought.predicted_magnitude.value(), 0.02);
  CAF_CHECK_EQUAL(bought.confidence.value(), 0.7 + 0.2 / 2);
  CAF_CHECK_EQUAL(bought.model_version, "m");
  auto sold = decided(forecast_of(0.7, 0.2, 0.1), held_prediction());
  CAF_CHECK(sold.action == trade_action::sell);
  CAF_CHECK_EQUAL(sold.predicted_direction, -1);
  CAF_CHECK_EQUAL(sold.predicted_magnitude.value(), -0.02);
  CAF_CHECK_EQUAL(sold.confidence.value(), bought.confidence.value());
}

CAF_TEST(without enough confidence it holds) {
  // 0.55 + 0.09 = 0.64
  auto held = decided(forecast_of(0.27, 0.18, 0.55), held_prediction());
  CAF_CHECK(held.action == trade_action::hold);
  CAF_CHECK(held.optimal_action == trade_action::hold);
  CAF_CHECK_EQUAL(held.confidence.value(), 0.18);
  CAF_CHECK_EQUAL(held.predicted_direction, 0);
  CAF_CHECK_EQUAL(held.predicted_magnitude.value(), 0.0);
  policy_parameters daring;
  daring.confidence_threshold = 0.6;
  auto bought = decided(forecast_of(0.27, 0.18, 0.55), held_prediction(),
                        daring);
  CAF_CHECK(bought.action == trade_action::buy);
}

CAF_TEST(a gain that does not pay its cost is left) {
  // Expected 0.6 × 0.0015 = 0.0009 against a cost of 0.001.
  auto held = decided(forecast_of(0.1, 0.2, 0.7, 0.0015), held_prediction());
  CAF_CHECK(held.action == trade_action::hold);
  auto bought = decided(forecast_of(0.1, 0.2, 0.7, 0.0017), held_prediction());
  CAF_CHECK(bought.action == trade_action::buy);
}

CAF_TEST(the context weighs both sides alike) {
  // Expected 0.0012: × 0.7 it does not pay, × 1.1 it does.
  auto up = forecast_of(0.1, 0.2, 0.7, 0.002);
  auto down = forecast_of(0.7, 0.2, 0.1, 0.002);
  auto bear = held_prediction(market_trend::bearish);
  auto bull = held_prediction(market_trend::bullish);
  CAF_CHECK(decided(up, bear).action == trade_action::hold);
  CAF_CHECK(decided(up, bull).action == trade_action::buy);
  CAF_CHECK(decided(down, bull).action == trade_action::hold);
  CAF_CHECK(decided(down, bear).action == trade_action::sell);
  CAF_CHECK(decided(up, held_prediction(market_trend::bullish, 0.5)).action
            == trade_action::hold);
}

CAF_TEST(a strong signal exceeds the threshold by the margin) {
  auto strong = decided(forecast_of(0.1, 0.1, 0.8), held_prediction());
  CAF_CHECK(strong.action == trade_action::buy);
  CAF_CHECK(strong.optimal_action == trade_action::strong_buy);
  auto sold = decided(forecast_of(0.8, 0.1, 0.1), held_prediction());
  CAF_CHECK(sold.optimal_action == trade_action::strong_sell);
  auto plain = decided(forecast_of(0.2, 0.1, 0.7), held_prediction());
  CAF_CHECK(plain.optimal_action == trade_action::buy);
}

CAF_TEST(features out of its world make a model abstain) {
  auto said = forecast_of(0.1, 0.2, 0.7);
  said.outlying = 3;
  CAF_CHECK(!decided(said, held_prediction()).abstained);
  said.outlying = 4;
  auto x = decided(said, held_prediction());
  CAF_CHECK(x.abstained);
  CAF_CHECK(x.reason == abstain_reason::out_of_distribution);
  CAF_CHECK(x.action == trade_action::none);
  CAF_CHECK_EQUAL(x.confidence.value(), 0.0);
  CAF_CHECK_EQUAL(x.model_version, "m");
}

CAF_TEST(hardly any open minutes make a model abstain) {
  auto said = forecast_of(0.1, 0.2, 0.7);
  auto x = decided(said, held_prediction(), {}, 0.08);
  CAF_CHECK(x.reason == abstain_reason::session_too_short);
  CAF_CHECK(!decided(said, held_prediction(), {}, 1.0 / 12).abstained);
}

CAF_TEST(only the served forecast decides) {
  auto x = held_prediction();
  auto shadow = forecast_of(0.8, 0.1, 0.1);
  shadow.served = false;
  x.forecasts = {shadow};
  auto before = x;
  apply_policy(x, 0.5, {}, {});
  CAF_CHECK(x == before);
  auto served = forecast_of(0.1, 0.1, 0.8);
  served.model_version = "served";
  x.forecasts.push_back(served);
  apply_policy(x, 0.5, {}, {});
  CAF_CHECK(x.action == trade_action::buy);
  CAF_CHECK_EQUAL(x.model_version, "served");
}

CAF_TEST(without a model the rules decide or nobody) {
  auto x = held_prediction();
  auto before = x;
  apply_policy(x, 0.5, {}, {});
  CAF_CHECK(x == before);
  policy_parameters strict;
  strict.rules_without_model = false;
  apply_policy(x, 0.5, strict, {});
  CAF_CHECK(x.reason == abstain_reason::no_model);
  CAF_CHECK_EQUAL(x.model_version, "rules-1");
}

CAF_TEST(an abstention stays what it is) {
  auto x = held_prediction();
  x.abstained = true;
  x.reason = abstain_reason::stale_prices;
  x.forecasts = {forecast_of(0.1, 0.1, 0.8)};
  auto before = x;
  apply_policy(x, 0.5, {}, {});
  CAF_CHECK(x == before);
}

CAF_TEST(what cannot be a forecast is told) {
  constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK(is_sound(forecast_of(0.2, 0.3, 0.5)));
  CAF_CHECK(!is_sound(forecast_of(0.2, 0.3, 0.4)));
  CAF_CHECK(!is_sound(forecast_of(-0.1, 0.6, 0.5)));
  CAF_CHECK(!is_sound(forecast_of(nan, 0.5, 0.5)));
  CAF_CHECK(!is_sound(forecast_of(0.2, 0.3, 0.5, nan)));
  CAF_CHECK(!is_sound(forecast_of(0.2, 0.3, 0.5, -0.1)));
  CAF_CHECK(!is_sound(forecast_of(
    0.2, 0.3, 0.5, std::numeric_limits<double>::infinity())));
}

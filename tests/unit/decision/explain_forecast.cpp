#define CAF_SUITE explain_forecast
#include "models/decision/explain.hpp"

#include "caf/test/unit_test.hpp"
#include "tests/unit/decision/forecasts.hpp"

#include <algorithm>

using namespace banksia;
using namespace banksia::test;

namespace {

const factor& find(const std::vector<factor>& all, std::string_view name,
                   factor_side side = factor_side::both) {
  auto at = std::find_if(all.begin(), all.end(), [&](const factor& x) {
    return x.name == name && x.side == side;
  });
  CAF_REQUIRE(at != all.end());
  return *at;
}

} // namespace

CAF_TEST(a decision by forecast is explained by its numbers) {
  auto x = decided(forecast_of(0.1, 0.2, 0.7), held_prediction());
  auto all = explain(x, {}, {});
  CAF_CHECK_EQUAL(find(all, "forecast.up").value, 0.7);
  CAF_CHECK_EQUAL(find(all, "expected_return").value, (0.7 - 0.1) * 0.02);
  auto& gain = find(all, "gain", factor_side::buy);
  CAF_CHECK_EQUAL(gain.contribution, gain.value * gain.weight - 0.001);
  CAF_CHECK_EQUAL(find(all, "confidence", factor_side::buy).contribution, 1.0);
  CAF_CHECK_EQUAL(find(all, "confidence", factor_side::sell).contribution, 0.0);
  CAF_CHECK_EQUAL(find(all, "confidence", factor_side::buy).value,
                  x.confidence.value());
}

CAF_TEST(a model that abstained is explained too) {
  auto said = forecast_of(0.1, 0.2, 0.7);
  said.outlying = 9;
  auto x = decided(said, held_prediction());
  auto all = explain(x, {}, {});
  CAF_CHECK_EQUAL(find(all, "outlying").contribution, 1.0);
}

CAF_TEST(a decision of the rules is explained by the rules) {
  auto x = held_prediction();
  auto shadow = forecast_of(0.1, 0.2, 0.7);
  shadow.served = false;
  x.forecasts = {shadow};
  CAF_CHECK(explain(x, {}, {}) == explain(x.trace, x.context, {}));
  x.abstained = true;
  CAF_CHECK(explain(x, {}, {}).empty());
}

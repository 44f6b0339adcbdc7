#define CAF_SUITE units
#include "messages/units.hpp"

#include "messages/domain.hpp"

#include "caf/test/unit_test.hpp"

#include <type_traits>

using namespace banksia;

static_assert(!std::is_convertible_v<double, fraction>);
static_assert(!std::is_convertible_v<percent, fraction>);
static_assert(!std::is_constructible_v<fraction, percent>);
static_assert(!std::is_constructible_v<price, shares>);

CAF_TEST(a fraction is a hundredth of its percentage) {
  CAF_CHECK_EQUAL(to_percent(fraction{0.0125}).value(), 1.25);
  CAF_CHECK_EQUAL(to_fraction(percent{1.25}).value(), 0.0125);
}

CAF_TEST(success follows the plan) {
  CAF_CHECK(plan_success(trade_action::buy, fraction{0.0001}));
  CAF_CHECK(!plan_success(trade_action::buy, fraction{0.0}));
  CAF_CHECK(plan_success(trade_action::sell, fraction{0.0}));
  CAF_CHECK(plan_success(trade_action::sell, fraction{-0.2}));
  CAF_CHECK(!plan_success(trade_action::sell, fraction{0.0001}));
  CAF_CHECK(plan_success(trade_action::hold, fraction{0.0099}));
  CAF_CHECK(!plan_success(trade_action::hold, fraction{0.01}));
  CAF_CHECK(!plan_success(trade_action::hold, fraction{-0.01}));
  CAF_CHECK(!plan_success(trade_action::none, fraction{0.0}));
}

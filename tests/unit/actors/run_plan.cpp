#define CAF_SUITE run_plan
#include "actors/run_plan.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::actors_test;
using std::chrono::year;

namespace {

/// Slot and horizon to the due time; fails the test where there is none.
timestamp due(const run_plan& plan, std::string_view slot,
              std::uint32_t horizon) {
  auto result = due_at(plan, at(slot), horizon);
  CAF_REQUIRE(result.has_value());
  return *result;
}

} // namespace

CAF_TEST(within a day there is a slot at each interval until the close) {
  auto plan = make_plan();
  auto slots = slots_of(plan, first_day());
  CAF_REQUIRE_EQUAL(slots.size(), 12u);
  CAF_CHECK(slots.front() == at("2025-07-01T00:30:00Z"));
  CAF_CHECK(slots.back() == at("2025-07-01T06:00:00Z"));
  plan.interval = bar_interval::m60;
  CAF_CHECK_EQUAL(slots_of(plan, first_day()).size(), 6u);
}

CAF_TEST(on daily bars the slot is the end of the closing auction) {
  auto plan = daily_bars_plan();
  auto slots = slots_of(*plan, first_day());
  CAF_REQUIRE_EQUAL(slots.size(), 1u);
  CAF_CHECK(slots[0] == at("2025-07-01T06:10:00Z"));
  // Christmas Eve is a half-day.
  const auto& half = session_of(year{2024} / 12 / 24);
  CAF_REQUIRE(half.half_day);
  CAF_CHECK(slots_of(*plan, half).at(0) == half.auction_ends_at);
}

CAF_TEST(short horizons are times of the clock) {
  auto plan = make_plan();
  CAF_CHECK(due(plan, "2025-07-01T00:30:00Z", 60)
            == at("2025-07-01T01:30:00Z"));
  // Also past the close: nothing trades then, so the last trade counts.
  CAF_CHECK(due(plan, "2025-07-01T05:00:00Z", 240)
            == at("2025-07-01T09:00:00Z"));
}

CAF_TEST(a day is the same time of the next session) {
  auto plan = make_plan();
  CAF_CHECK(due(plan, "2025-07-01T01:00:00Z", 1440)
            == at("2025-07-02T01:00:00Z"));
  // Friday to Monday.
  CAF_CHECK(due(plan, "2025-07-04T01:00:00Z", 1440)
            == at("2025-07-07T01:00:00Z"));
}

CAF_TEST(a day keeps its time of the session when the clocks change) {
  auto plan = make_plan();
  // Daylight saving began on Sunday, 5 October 2025; Monday was a holiday in
  // New South Wales on which the exchange traded. 11:00 stays 11:00.
  CAF_REQUIRE(sydney().is_trading_day(year{2025} / 10 / 6));
  CAF_CHECK(due(plan, "2025-10-03T01:00:00Z", 1440)
            == at("2025-10-06T00:00:00Z"));
}

CAF_TEST(a day ends with a half-day) {
  auto plan = make_plan();
  const auto& full = session_of(year{2024} / 12 / 23);
  const auto& half = session_of(year{2024} / 12 / 24);
  auto slot = full.closes_at; // 16:00; the next day ends at 14:10
  CAF_CHECK(due_at(plan, slot, 1440) == std::optional{half.auction_ends_at});
}

CAF_TEST(on daily bars an outcome is due at the next close) {
  auto plan = daily_bars_plan();
  CAF_CHECK(due(*plan, "2025-07-01T06:10:00Z", 1440)
            == at("2025-07-02T06:10:00Z"));
  CAF_CHECK(due(*plan, "2025-07-04T06:10:00Z", 1440)
            == at("2025-07-07T06:10:00Z"));
}

CAF_TEST(nothing is due beyond the calendar) {
  auto plan = daily_bars_plan();
  const auto& last = sydney().sessions().back();
  CAF_CHECK(!due_at(*plan, last.auction_ends_at, 1440));
}

CAF_TEST(a horizon is measured in sessions of open time) {
  auto plan = make_plan();
  auto slot = at("2025-07-01T01:00:00Z");
  CAF_CHECK(std::abs(horizon_sessions(plan, slot, 60) - 60.0 / 360) < 1e-12);
  // From 11:00 all but the last hour of a session of six.
  CAF_CHECK(std::abs(horizon_sessions(plan, slot, 240) - 240.0 / 360) < 1e-12);
  // From 15:00 only one hour is open.
  CAF_CHECK(std::abs(horizon_sessions(plan, at("2025-07-01T05:00:00Z"), 240)
                     - 60.0 / 360)
            < 1e-12);
  CAF_CHECK_EQUAL(horizon_sessions(plan, slot, 1440), 1.0);
  CAF_CHECK_EQUAL(horizon_sessions(plan, slot, 5 * 1440), 5.0);
}

CAF_TEST(bars are applied as they become known and the shorter first) {
  auto early = make_bar("CBA.AX", first_day().closes_at, 1.0);
  auto late = make_bar("CBA.AX", first_day().auction_ends_at, 1.0);
  auto daily = daily_bar("CBA.AX", first_day(), 1.0);
  CAF_CHECK(applied_before(early, late));
  CAF_CHECK(!applied_before(late, early));
  CAF_CHECK(applied_before(late, daily));
  CAF_CHECK(!applied_before(daily, late));
  CAF_CHECK(!applied_before(late, late));
}

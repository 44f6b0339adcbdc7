#define CAF_SUITE market_time
#include "actors/scheduler/market_time.hpp"
#include "actors/scheduler/slot_walk.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;
using std::chrono::year;

namespace {

std::optional<timestamp> after(std::string_view now) {
  return next_step(sydney(), at(now), std::chrono::minutes{5});
}

} // namespace

// -- the accelerated clock -------------------------------------------------------

CAF_TEST(time steps through a session from its open) {
  CAF_CHECK(after("2025-07-01T00:00:00Z")
            == std::optional{at("2025-07-01T00:05:00Z")});
  CAF_CHECK(after("2025-07-01T00:05:00Z")
            == std::optional{at("2025-07-01T00:10:00Z")});
  // Off the grid: the next point of it.
  CAF_CHECK(after("2025-07-01T00:07:30Z")
            == std::optional{at("2025-07-01T00:10:00Z")});
}

CAF_TEST(the last step of a session is its end) {
  CAF_CHECK(after("2025-07-01T06:05:00Z")
            == std::optional{at("2025-07-01T06:10:00Z")});
  CAF_CHECK(next_step(sydney(), at("2025-07-01T06:00:00Z"), 45min)
            == std::optional{at("2025-07-01T06:10:00Z")});
}

CAF_TEST(no time is spent while the market is closed) {
  CAF_CHECK(after("2025-07-01T06:10:00Z")
            == std::optional{at("2025-07-02T00:05:00Z")});
  CAF_CHECK(after("2025-07-01T20:00:00Z")
            == std::optional{at("2025-07-02T00:05:00Z")});
  // Friday evening to Monday morning.
  CAF_CHECK(after("2025-07-04T08:00:00Z")
            == std::optional{at("2025-07-07T00:05:00Z")});
}

CAF_TEST(time ends with the calendar) {
  const auto& last = sydney().sessions().back();
  CAF_CHECK(next_step(sydney(), last.auction_ends_at - 1min, 5min)
            == std::optional{last.auction_ends_at});
  CAF_CHECK(!next_step(sydney(), last.auction_ends_at, 5min));
}

CAF_TEST(a step takes its market time over the speed) {
  clock_options clock;
  clock.step = std::chrono::minutes{5};
  clock.speed = 300.0;
  CAF_CHECK(pause_for(clock) == 1s);
  clock.speed = 600.0;
  CAF_CHECK(pause_for(clock) == 500ms);
}

CAF_TEST(a clock has a name) {
  CAF_CHECK_EQUAL(to_string(clock_mode::live), "live");
  CAF_CHECK_EQUAL(to_string(clock_mode::accelerated), "accelerated");
  CAF_CHECK_EQUAL(to_string(clock_mode::replay), "replay");
}

// -- slots ---------------------------------------------------------------------

CAF_TEST(a walk gives every slot of every session in order) {
  auto plan = intraday_plan();
  auto first = *sydney().session_index(year{2024} / 12 / 20);
  slot_walk walk{plan, sydney().sessions()[first].opens_at - micros{1}};
  // Over Christmas: a half-day and closed days among them.
  for (std::size_t i = 0; i < 6; ++i)
    for (auto expected : slots_of(*plan, sydney().sessions()[first + i])) {
      CAF_CHECK(walk.peek() == std::optional{expected});
      walk.pop();
    }
}

CAF_TEST(a walk begins with the first slot after a time) {
  auto plan = intraday_plan();
  struct row {
    std::string_view after;
    std::string_view first;
  };
  for (const auto& x :
       {row{"2025-07-01T00:29:59Z", "2025-07-01T00:30:00Z"},
        row{"2025-07-01T00:30:00Z", "2025-07-01T01:00:00Z"},
        row{"2025-06-30T23:00:00Z", "2025-07-01T00:30:00Z"},
        row{"2025-07-01T06:00:00Z", "2025-07-02T00:30:00Z"},
        row{"2025-07-01T06:05:00Z", "2025-07-02T00:30:00Z"}}) {
    slot_walk walk{plan, at(x.after)};
    CAF_CHECK(walk.peek() == std::optional{at(x.first)});
  }
}

CAF_TEST(looking does not move) {
  slot_walk walk{intraday_plan(), first_day().opens_at};
  auto seen = walk.peek();
  CAF_CHECK(walk.peek() == seen);
  walk.pop();
  CAF_CHECK(walk.peek() != seen);
}

CAF_TEST(a walk on daily bars gives each close) {
  slot_walk walk{daily_bars_plan(), first_day().opens_at};
  CAF_CHECK(walk.peek() == std::optional{first_day().auction_ends_at});
  walk.pop();
  CAF_CHECK(walk.peek() == std::optional{at("2025-07-02T06:10:00Z")});
}

CAF_TEST(a walk ends with the calendar) {
  const auto& last = sydney().sessions().back();
  slot_walk walk{daily_bars_plan(), last.opens_at};
  CAF_CHECK(walk.peek() == std::optional{last.auction_ends_at});
  walk.pop();
  CAF_CHECK(!walk.peek());
  CAF_CHECK(!walk.peek());
}

CAF_TEST(a slot made twice is the same one) {
  auto plan = intraday_plan();
  auto one = make_slot(*plan, slot_time(3), slot_time(3));
  auto two = make_slot(*plan, slot_time(3), slot_time(5));
  CAF_CHECK(one.id == two.id);
  CAF_CHECK_EQUAL(one.sequence, two.sequence);
  CAF_CHECK(one.id == make_cycle_id("live", "30m", slot_time(3)));
  CAF_CHECK(two.issued_at == slot_time(5));
  // In order of time, so that cycles can be kept in it.
  CAF_CHECK_LESS(one.sequence,
                 make_slot(*plan, slot_time(4), slot_time(4)).sequence);
}

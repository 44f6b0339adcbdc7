#define CAF_SUITE calendar_slots
#include "models/market/calendar.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace std::chrono;

namespace {

struct fixture {
  exchange_calendar calendar;

  const session& on(trading_date date) {
    auto found = calendar.session_on(date);
    CAF_REQUIRE(found != nullptr);
    return *found;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(calendar_slots_tests, fixture)

CAF_TEST(a full day has twelve half hours up to the close) {
  const auto& s = on(2025y / 7 / 1);
  auto times = slots(s, minutes{30});
  CAF_REQUIRE_EQUAL(times.size(), 12u);
  CAF_CHECK(times.front() == s.opens_at + minutes{30});
  CAF_CHECK(times.back() == s.closes_at);
  for (std::size_t i = 1; i < times.size(); ++i)
    CAF_CHECK(times[i] - times[i - 1] == minutes{30});
}

CAF_TEST(a half day has eight) {
  const auto& s = on(2025y / 12 / 24);
  auto times = slots(s, minutes{30});
  CAF_CHECK_EQUAL(times.size(), 8u);
  CAF_CHECK(times.back() == s.closes_at);
}

CAF_TEST(an interval that does not divide the session ends before the close) {
  const auto& s = on(2025y / 7 / 1);
  auto times = slots(s, minutes{50});
  CAF_REQUIRE_EQUAL(times.size(), 7u);
  CAF_CHECK(times.back() == s.opens_at + minutes{350});
}

CAF_TEST(an interval of the session length has its slot at the close) {
  const auto& s = on(2025y / 7 / 1);
  CAF_CHECK(slots(s, minutes{360}) == std::vector<timestamp>{s.closes_at});
}

CAF_TEST(a daily or longer interval has one slot at the auction end) {
  const auto& s = on(2025y / 7 / 1);
  std::vector<timestamp> end{s.auction_ends_at};
  CAF_CHECK(slots(s, minutes{1440}) == end);
  CAF_CHECK(slots(s, minutes{361}) == end);
}

CAF_TEST(an interval of nothing has no slots) {
  const auto& s = on(2025y / 7 / 1);
  CAF_CHECK(slots(s, minutes{0}).empty());
  CAF_CHECK(slots(s, minutes{-30}).empty());
}

CAF_TEST_FIXTURE_SCOPE_END()

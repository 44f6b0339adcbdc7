#define CAF_SUITE quality_times
#include "models/market/quality_times.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace std::chrono_literals;

namespace {

constexpr auto monday = std::chrono::year{2024} / 1 / 8;
constexpr auto tuesday = std::chrono::year{2024} / 1 / 9;
const timestamp opens = std::chrono::sys_days{monday} - 1h;
const timestamp ends = opens + 6h + 10min;

/// A market that trades on one Monday only.
const session_lookup one_monday{
  [](trading_date day) -> std::optional<session_times> {
    if (day == monday)
      return session_times{opens, ends};
    return std::nullopt;
  },
  [](timestamp t) { return t >= opens && t <= ends; }};

raw_row row_of(std::optional<trading_date> day,
               std::optional<timestamp> at = {}) {
  raw_row row;
  row.day = day;
  row.at = at;
  return row;
}

} // namespace

CAF_TEST(a daily bar spans its session and is known after the auction) {
  auto times = times_of(row_of(monday), bar_interval::d1, one_monday);
  CAF_REQUIRE(times.has_value());
  CAF_CHECK(times->market_open);
  CAF_CHECK(times->opened_at == opens);
  CAF_CHECK(times->known_at == ends);
  CAF_CHECK(times->order == timestamp{std::chrono::sys_days{monday}});
}

CAF_TEST(a daily bar of a closed day still has its place in order) {
  auto times = times_of(row_of(tuesday), bar_interval::d1, one_monday);
  CAF_REQUIRE(times.has_value());
  CAF_CHECK(!times->market_open);
  CAF_CHECK(times->order == timestamp{std::chrono::sys_days{tuesday}});
  CAF_CHECK(times->opened_at == times->order);
}

CAF_TEST(an intraday bar is known one interval after its start) {
  auto times = times_of(row_of(monday, opens), bar_interval::m15, one_monday);
  CAF_REQUIRE(times.has_value());
  CAF_CHECK(times->market_open);
  CAF_CHECK(times->order == opens);
  CAF_CHECK(times->opened_at == opens);
  CAF_CHECK(times->known_at == opens + 15min);
  // The instant decides, whatever day the source's zone had.
  CAF_CHECK(!times_of(row_of(monday, opens - 1min), bar_interval::m15,
                      one_monday)
               ->market_open);
}

CAF_TEST(a row without the time that its interval needs has no place) {
  CAF_CHECK(!times_of(row_of({}), bar_interval::d1, one_monday));
  CAF_CHECK(!times_of(row_of(monday), bar_interval::m15, one_monday));
}

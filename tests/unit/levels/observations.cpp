#define CAF_SUITE level_observations
#include "models/levels/observations.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::levels;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const timestamp start = timestamp{hours{24 * 20'000}};

std::pair<double, double> totals(const std::vector<observation>& all) {
  double good = 0.0;
  double bad = 0.0;
  for (const auto& x : all) {
    good += x.good;
    bad += x.bad;
  }
  return {good, bad};
}

bool near(double a, double b) {
  return std::abs(a - b) < 1e-9;
}

} // namespace

CAF_TEST(time of which nothing is on record was no time of readiness) {
  // Half an hour of readiness, two hours of nothing, ten minutes again.
  std::vector<ready_hour> seen{{start, start, 1800.0},
                               {start + hours{2}, start + minutes{150}, 600.0}};
  auto newest = start + minutes{160};
  auto all = uptime_of(seen, newest);
  CAF_REQUIRE_EQUAL(all.size(), 3u);
  CAF_CHECK(near(all[0].good, 1800.0) && near(all[0].bad, 1800.0));
  CAF_CHECK(near(all[1].good, 0.0) && near(all[1].bad, 3600.0));
  CAF_CHECK(near(all[2].good, 600.0) && near(all[2].bad, 1800.0));
}

CAF_TEST(a span that reaches over the hour adds up to no gap) {
  auto began = start + minutes{59} + std::chrono::seconds{30};
  std::vector<ready_hour> seen{{start + hours{1}, began, 120.0}};
  auto [good, bad] = totals(uptime_of(seen, began + minutes{2}));
  CAF_CHECK(near(good, 120.0));
  CAF_CHECK(near(bad, 0.0));
}

CAF_TEST(a span without readiness counts against it) {
  std::vector<ready_hour> seen{{start, start, 45.0}};
  auto [good, bad] = totals(uptime_of(seen, start + minutes{1}));
  CAF_CHECK(near(good, 45.0));
  CAF_CHECK(near(bad, 15.0));
}

CAF_TEST(nothing on record gives nothing) {
  CAF_CHECK(uptime_of({}, start).empty());
  CAF_CHECK(sustained_cpu({}).empty());
}

CAF_TEST(processor use is measured over fifteen minutes) {
  // Two processors; one minute at full use is not sustained.
  std::vector<cpu_span> spans;
  for (int i = 1; i <= 40; ++i) {
    auto full = i == 5 || i > 20;
    spans.push_back(
      {start + minutes{i}, 60.0, full ? 120.0 : 0.0, 120.0});
  }
  auto all = sustained_cpu(spans);
  CAF_REQUIRE_EQUAL(all.size(), spans.size());
  CAF_CHECK(near(all[4].peak, 1.0 / 15));  // minute 5
  CAF_CHECK(near(all[18].peak, 1.0 / 15)); // minute 19: 5 is in it still
  CAF_CHECK(near(all[19].peak, 0.0));      // minute 20: no more
  CAF_CHECK(near(all[30].peak, 11.0 / 15));
  CAF_CHECK(near(all[39].peak, 1.0));
}

CAF_TEST(a span longer than fifteen minutes counts by its own length) {
  std::vector<cpu_span> spans{{start, 1800.0, 900.0, 1800.0}};
  CAF_CHECK(near(sustained_cpu(spans)[0].peak, 0.5));
  spans[0].capacity = 0.0;
  CAF_CHECK(sustained_cpu(spans).empty());
}

#define CAF_SUITE volume_profile
#include "models/features/volume_profile.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

/// A day of 12 half hours; `volumes` by half hour.
running_volume day_of(std::initializer_list<double> volumes) {
  running_volume day;
  int end = 0;
  for (auto v : volumes)
    day.add(place(0, end += 30), 30, v);
  return day;
}

running_volume morning_day() {
  return day_of({600, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 300});
}

} // namespace

CAF_TEST(without history the share is the part of the session passed) {
  volume_profile x;
  CAF_CHECK(!x.usual_share(place(0, 0)));
  CAF_CHECK(*x.usual_share(place(0, 90)) == 0.25);
  CAF_CHECK(*x.usual_share(place(0, 360)) == 1.0);
  CAF_CHECK(*x.usual_share(place(0, 400)) == 1.0);
  CAF_CHECK(!x.usual_share(place(0, -5)));
  CAF_CHECK(!x.usual_share({date_of(0), 10, 0}));
}

CAF_TEST(the share is that of the days before) {
  volume_profile x;
  x.add_day(morning_day());
  CAF_CHECK(near(*x.usual_share(place(1, 30)), 0.6, 1e-6));
  CAF_CHECK(near(*x.usual_share(place(1, 179)), 0.6 + 0.1 * 14 / 15, 1e-6));
  CAF_CHECK(near(*x.usual_share(place(1, 180)), 0.7, 1e-6));
  CAF_CHECK(near(*x.usual_share(place(1, 345)), 0.7, 1e-6));
  CAF_CHECK(*x.usual_share(place(1, 360)) == 1.0);
}

CAF_TEST(between the ends of buckets the share is linear) {
  volume_profile x;
  x.add_day(morning_day());
  // The first half hour fills the second bucket of 15 minutes.
  CAF_CHECK(!x.usual_share(place(1, 15)));
  CAF_CHECK(near(*x.usual_share(place(1, 20)), 0.2, 1e-6));
}

CAF_TEST(several days count alike and only the last 20 at all) {
  volume_profile x;
  x.add_day(morning_day());
  for (int i = 0; i < 19; ++i)
    x.add_day(day_of({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  CAF_CHECK_EQUAL(x.days(), 20u);
  CAF_CHECK(near(*x.usual_share(place(1, 60)), 0.6 / 20, 1e-6));
  x.add_day(day_of({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  CAF_CHECK_EQUAL(x.days(), 20u);
  CAF_CHECK(!x.usual_share(place(1, 60)));
}

CAF_TEST(a shortened session compares by its part) {
  volume_profile x;
  x.add_day(morning_day());
  CAF_CHECK(near(*x.usual_share({date_of(1), 125, 250}), 0.7, 1e-6));
}

CAF_TEST(a bar counts in the bucket in which it ends) {
  running_volume day;
  day.add(place(0, 15), 15, 1);
  day.add(place(0, 16), 1, 2);
  day.add(place(0, 400), 15, 4); // closing auction, after the session
  day.add(place(0, -1), 1, 8);   // before the open
  auto shares = day.shares();
  CAF_REQUIRE(shares.has_value());
  CAF_CHECK((*shares)[0] == 9.0f / 15.0f);
  CAF_CHECK((*shares)[1] == 11.0f / 15.0f);
  CAF_CHECK((*shares)[22] == 11.0f / 15.0f);
  CAF_CHECK((*shares)[23] == 1.0f);
  CAF_CHECK(day.total() == 15.0);
}

CAF_TEST(days without volume or without both ends teach nothing) {
  volume_profile x;
  x.add_day(day_of({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  x.add_day(day_of({5, 5, 5, 5, 5, 5})); // broke off at noon
  running_volume late;                   // came up at noon
  for (int end = 210; end <= 360; end += 30)
    late.add(place(0, end), 30, 5);
  x.add_day(late);
  CAF_CHECK_EQUAL(x.days(), 0u);
  running_volume enough;
  enough.add(place(0, 75), 30, 5);  // began at 45 of 360: an eighth
  enough.add(place(0, 315), 30, 5); // seven eighths
  x.add_day(enough);
  CAF_CHECK_EQUAL(x.days(), 1u);
}

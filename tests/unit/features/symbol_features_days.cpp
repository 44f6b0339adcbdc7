#define CAF_SUITE symbol_features_days
#include "models/features/symbol_features.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

// The running day: built from intraday bars, it must count as its daily bar.

namespace {

void add_half_hours(symbol_features& x, const bar& day, int index,
                    int count = 12) {
  auto bars = half_hours(day, index, static_cast<std::uint32_t>(index + 1));
  for (int i = 0; i < count; ++i)
    CAF_REQUIRE(x.add(bars[static_cast<std::size_t>(i)],
                      place(index, 30 * (i + 1)))
                == bar_use::consumed);
}

symbol_features daily_only(const std::vector<bar>& bars, std::size_t days) {
  symbol_features x;
  for (std::size_t i = 0; i < days; ++i)
    x.add(bars[i], place(static_cast<int>(i), 360));
  return x;
}

} // namespace

CAF_TEST(a day of intraday bars gives the inputs of its daily bar) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    auto bars = random_days(seed, 61);
    auto intraday = daily_only(bars, 60);
    auto daily = daily_only(bars, 61);
    add_half_hours(intraday, bars[60], 60);
    auto at_close = place(60, 360);
    CAF_CHECK(intraday.inputs(at_close, std::nullopt)
              == daily.inputs(at_close, std::nullopt));
    auto seen = intraday.features(at_close, std::nullopt);
    // What happened within the day no daily bar can say.
    for (auto i : {feature_index("price_change_1h"),
                   feature_index("price_change_4h")}) {
      CAF_CHECK(seen.has(i));
      seen.mask &= ~(std::uint64_t{1} << i);
      seen.values[i] = 0.0;
    }
    CAF_CHECK(seen == daily.features(at_close, std::nullopt));
    // Before the next open the day is over too, whatever the minute.
    auto morning = place(61, -30);
    CAF_CHECK(intraday.inputs(morning, std::nullopt)
              == daily.inputs(morning, std::nullopt));
    CAF_CHECK(intraday.last_price()->value() == bars[60].close.value());
    CAF_CHECK(daily.last_price()->value() == bars[60].close.value());
  }
}

CAF_TEST(asking changes nothing) {
  auto bars = random_days(1, 61);
  auto x = daily_only(bars, 60);
  add_half_hours(x, bars[60], 60, 5);
  const auto before = x;
  auto first = x.inputs(place(60, 150), std::nullopt);
  x.features(place(60, 200), std::nullopt);
  CAF_CHECK(x == before);
  CAF_CHECK(x.inputs(place(60, 150), std::nullopt) == first);
}

CAF_TEST(a new date commits the running day as a daily bar) {
  auto bars = random_days(4, 90);
  symbol_features intraday;
  for (int i = 0; i < 90; ++i)
    add_half_hours(intraday, bars[static_cast<std::size_t>(i)], i);
  auto daily = daily_only(bars, 90);
  CAF_CHECK_EQUAL(intraday.bar_count(), 90u);
  CAF_CHECK(intraday.inputs(place(89, 360), std::nullopt)
            == daily.inputs(place(89, 360), std::nullopt));
  CAF_CHECK_EQUAL(intraday.lineage_count(), 90u * 12);
}

CAF_TEST(the daily bar of the running date replaces the built one) {
  auto bars = random_days(4, 61);
  auto x = daily_only(bars, 60);
  auto daily = daily_only(bars, 61);
  add_half_hours(x, bars[60], 60, 11); // the last half hour never came
  CAF_CHECK(!(x.inputs(place(60, 360), std::nullopt)
              == daily.inputs(place(60, 360), std::nullopt)));
  CAF_CHECK(x.add(bars[60], place(60, 360)) == bar_use::consumed);
  CAF_CHECK_EQUAL(x.bar_count(), 61u);
  CAF_CHECK(x.inputs(place(60, 360), std::nullopt)
            == daily.inputs(place(60, 360), std::nullopt));
  auto late = half_hours(bars[60], 60, 61)[11];
  CAF_CHECK(x.add(late, place(60, 360)) == bar_use::out_of_order);
}

CAF_TEST(a daily bar of a later date commits the running day first) {
  auto bars = random_days(4, 62);
  auto x = daily_only(bars, 60);
  add_half_hours(x, bars[60], 60);
  x.add(bars[61], place(61, 360));
  CAF_CHECK_EQUAL(x.bar_count(), 62u);
  CAF_CHECK(x.inputs(place(61, 360), std::nullopt)
            == daily_only(bars, 62).inputs(place(61, 360), std::nullopt));
}

CAF_TEST(within a day volume is compared with its usual share by then) {
  symbol_features x;
  for (int i = 0; i < 30; ++i) // 60 % in the first half hour, the rest at last
    for (int k = 0; k < 12; ++k)
      x.add(make_bar(i, bar_interval::m30, 30 * k, 10, 10, 10, 10,
                     k == 0 ? 600 : k == 11 ? 400 : 0),
            place(i, 30 * (k + 1)));
  x.add(make_bar(30, bar_interval::m30, 0, 10, 11, 10, 11, 1200),
        place(30, 30));
  // 1200 where 600 of 1000 are usual: a day of 2000, sma20 1050, sma5 1200.
  auto got = *x.inputs(place(30, 30), std::nullopt);
  CAF_CHECK(near(got.volume_ratio.value(), 2000.0 / 1050.0, 1e-6));
  CAF_CHECK(near(got.volume_trend.value(), 1200.0 / 1050.0 - 1.0, 1e-6));
  auto seen = x.features(place(30, 30), std::nullopt);
  CAF_CHECK(seen.values[feature_index("volume")] == 1200.0);
  CAF_CHECK(seen.values[feature_index("current_price")] == 11.0);
  CAF_CHECK(near(seen.values[feature_index("price_change_1d")], 0.1));
  CAF_CHECK(near(seen.values[feature_index("daily_range")], 1.0 / 11.0));
}

CAF_TEST(without a profile volume is compared with the time passed) {
  symbol_features x;
  for (int i = 0; i < 30; ++i)
    x.add(daily_bar(i, 10.0, 1000.0), place(i, 360));
  x.add(make_bar(30, bar_interval::m30, 0, 10, 10, 10, 10, 125), place(30, 30));
  // 125 in a twelfth of the day: 1500 a day.
  auto got = *x.inputs(place(30, 30), std::nullopt);
  CAF_CHECK(near(got.volume_ratio.value(), 1500.0 / 1025.0));
  CAF_CHECK(near(got.volume_trend.value(), 1100.0 / 1025.0 - 1.0));
}

CAF_TEST(volume is missing where usually nothing has traded by then) {
  symbol_features x;
  for (int i = 0; i < 30; ++i)
    for (int k = 0; k < 12; ++k)
      x.add(make_bar(i, bar_interval::m30, 30 * k, 10, 10, 10, 10,
                     k == 11 ? 400 : 0),
            place(i, 30 * (k + 1)));
  x.add(make_bar(30, bar_interval::m30, 0, 10, 10, 10, 10, 5), place(30, 30));
  auto got = *x.inputs(place(30, 30), std::nullopt);
  CAF_CHECK(!got.has_volume);
  CAF_CHECK(got.volume_trend.value() == 0.0);
  CAF_CHECK(!x.features(place(30, 30), std::nullopt)
               .has(feature_index("volume_ratio")));
}

CAF_TEST(a restart that feeds the same bars gives the same state) {
  auto bars = random_days(9, 80);
  auto feed = [&bars](symbol_features& x, int from, int to) {
    for (int i = from; i < to; ++i)
      if (i < 40)
        x.add(bars[static_cast<std::size_t>(i)], place(i, 360));
      else
        add_half_hours(x, bars[static_cast<std::size_t>(i)], i);
  };
  symbol_features whole, again;
  feed(whole, 0, 80);
  feed(again, 0, 50);
  auto copy = again;
  CAF_CHECK(copy == again);
  feed(copy, 50, 80);
  CAF_CHECK(copy == whole);
  CAF_CHECK_EQUAL(copy.lineage(), whole.lineage());
  CAF_CHECK(copy.inputs(place(79, 200), std::nullopt)
            == whole.inputs(place(79, 200), std::nullopt));
  CAF_CHECK(!(again == whole));
}

CAF_TEST(the state of a symbol is small) {
  // The mean of 200 closes takes 1,600 bytes, the one of 50 another 400, the
  // last 33 bars for recurrent nets 1,320, the last 20 days twice 960.
  CAF_CHECK_LESS_OR_EQUAL(sizeof(symbol_features), 5360u);
}

#define CAF_SUITE symbol_features
#include "models/features/symbol_features.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

#include <limits>

using namespace banksia;
using namespace banksia::test;

namespace {

symbol_features with_days(const std::vector<bar>& bars, int days) {
  symbol_features x;
  for (int i = 0; i < days; ++i)
    x.add(bars[static_cast<std::size_t>(i)], place(i, 360));
  return x;
}

double value(const feature_vector& x, std::size_t index) {
  CAF_CHECK(x.has(index));
  return x.values[index];
}

} // namespace

CAF_TEST(there are no inputs before 21 bars) {
  auto bars = random_days(1, 40);
  auto x = with_days(bars, 20);
  CAF_CHECK(!x.enough());
  CAF_CHECK(!x.inputs(place(19, 360), std::nullopt));
  x.add(bars[20], place(20, 360));
  CAF_CHECK(x.enough());
  CAF_CHECK_EQUAL(x.bar_count(), 21u);
  CAF_CHECK(x.inputs(place(20, 360), std::nullopt).has_value());
}

CAF_TEST(the running day counts as the 21st bar) {
  auto bars = random_days(1, 40);
  auto x = with_days(bars, 20);
  x.add(half_hours(bars[20], 20, 1)[0], place(20, 30));
  CAF_CHECK_EQUAL(x.bar_count(), 21u);
  CAF_CHECK(x.inputs(place(20, 30), std::nullopt).has_value());
}

CAF_TEST(macd is missing under 35 bars) {
  auto bars = random_days(1, 40);
  auto x = with_days(bars, 34);
  CAF_CHECK(!x.inputs(place(33, 360), std::nullopt)->has_macd);
  CAF_CHECK(!x.features(place(33, 360), std::nullopt)
               .has(feature_index("macd_line")));
  x.add(bars[34], place(34, 360));
  CAF_CHECK(x.inputs(place(34, 360), std::nullopt)->has_macd);
  CAF_CHECK(x.features(place(34, 360), std::nullopt)
              .has(feature_index("macd_line")));
}

CAF_TEST(inputs are the indicators) {
  auto bars = random_days(3, 60);
  auto x = with_days(bars, 60);
  daily_features daily;
  for (const auto& b : bars)
    daily.add_close(b);
  auto want = daily.indicators();
  auto got = *x.inputs(place(59, 360), std::nullopt);
  CAF_CHECK(got.sma5.value() == *want.sma5);
  CAF_CHECK(got.sma20.value() == *want.sma20);
  CAF_CHECK(got.rsi14.value() == *want.rsi14);
  CAF_CHECK(got.macd_histogram.value() == *want.macd_histogram);
  CAF_CHECK(got.volatility.value() == *want.volatility);
  CAF_CHECK(got.has_volume);
  CAF_CHECK(got.volume_ratio.value()
            == bars.back().volume.value() / *want.volume_sma20);
  CAF_CHECK(got.volume_trend.value()
            == *want.volume_sma5 / *want.volume_sma20 - 1.0);
  CAF_CHECK(!got.has_news);
}

CAF_TEST(volume is missing where the source has none) {
  symbol_features x;
  for (int i = 0; i < 30; ++i)
    x.add(daily_bar(i, 10.0 + i, 0.0), place(i, 360));
  auto got = *x.inputs(place(29, 360), std::nullopt);
  CAF_CHECK(!got.has_volume);
  CAF_CHECK(got.volume_ratio.value() == 0.0);
  auto seen = x.features(place(29, 360), std::nullopt);
  CAF_CHECK(!seen.has(feature_index("volume")));
  CAF_CHECK(!seen.has(feature_index("volume_sma20")));
  CAF_CHECK(!seen.has(feature_index("volume_ratio")));
}

CAF_TEST(news is passed on or missing) {
  auto x = with_days(random_days(3, 30), 30);
  news_signal news{real{0.25}, real{0.75}, 4};
  auto got = *x.inputs(place(29, 360), news);
  CAF_CHECK(got.has_news);
  CAF_CHECK(got.sentiment.value() == 0.25);
  CAF_CHECK(got.news_confidence.value() == 0.75);
  auto seen = x.features(place(29, 360), news);
  CAF_CHECK(value(seen, feature_index("sentiment_score")) == 0.25);
  CAF_CHECK(value(seen, feature_index("confidence")) == 0.75);
  CAF_CHECK(value(seen, feature_index("news_count")) == 4.0);
  auto without = x.features(place(29, 360), std::nullopt);
  CAF_CHECK(!without.has(feature_index("sentiment_score")));
  CAF_CHECK(!without.has(feature_index("confidence")));
  CAF_CHECK(!without.has(feature_index("news_count")));
}

CAF_TEST(features that are computed are set and no others) {
  auto bars = random_days(5, 60);
  auto x = with_days(bars, 60);
  auto seen = x.features(place(59, 360), news_signal{real{0}, real{0.5}, 1});
  std::uint64_t mask = 0;
  for (auto i :
       {feature_index("sentiment_score"), feature_index("confidence"),
        feature_index("news_count"), feature_index("rsi"),
        feature_index("macd_line"), feature_index("macd_signal"),
        feature_index("macd_histogram"), feature_index("sma_20"),
        feature_index("ema_12"), feature_index("ema_26"),
        feature_index("current_price"), feature_index("price_change_1d"),
        feature_index("price_change_5d"), feature_index("price_change_20d"),
        feature_index("price_vs_sma20"), feature_index("daily_range"),
        feature_index("volatility_20d"), feature_index("volume"),
        feature_index("volume_sma20"), feature_index("volume_ratio"),
        feature_index("sma_50"), feature_index("price_vs_sma50"),
        feature_index("bollinger_upper"), feature_index("bollinger_lower"),
        feature_index("bollinger_width"), feature_index("atr_14"),
        feature_index("on_balance_volume"), feature_index("volume_price_trend"),
        feature_index("sentiment_momentum"), feature_index("sentiment_rsi"),
        feature_index("volume_sentiment"),
        feature_index("confidence_volatility"),
        feature_index("news_volume_impact"),
        feature_index("technical_sentiment_divergence")})
    mask |= std::uint64_t{1} << i;
  CAF_CHECK_EQUAL(seen.mask, mask);
  auto last = bars[59];
  auto close = last.close.value();
  auto inputs = *x.inputs(place(59, 360), std::nullopt);
  CAF_CHECK(value(seen, feature_index("current_price")) == close);
  CAF_CHECK(value(seen, feature_index("volume")) == last.volume.value());
  CAF_CHECK(value(seen, feature_index("price_change_5d"))
            == close / bars[54].close.value() - 1.0);
  CAF_CHECK(value(seen, feature_index("price_vs_sma20"))
            == close / inputs.sma20.value() - 1.0);
  CAF_CHECK(value(seen, feature_index("rsi")) == inputs.rsi14.value());
  CAF_CHECK(value(seen, feature_index("volatility_20d"))
            == inputs.volatility.value());
  CAF_CHECK(value(seen, feature_index("macd_histogram"))
            == inputs.macd_histogram.value());
  CAF_CHECK(value(seen, feature_index("volume_ratio"))
            == inputs.volume_ratio.value());
}

CAF_TEST(without bars nothing but news is known) {
  symbol_features x;
  CAF_CHECK_EQUAL(x.features(place(0, 10), std::nullopt).mask, 0u);
  auto news = x.features(place(0, 10), news_signal{real{0}, real{0.5}, 1});
  CAF_CHECK_EQUAL(news.mask, 7u);
  CAF_CHECK(!x.last_price());
  CAF_CHECK_EQUAL(x.lineage(), 0u);
  CAF_CHECK_EQUAL(x.lineage_count(), 0u);
}

CAF_TEST(bad bars are refused and change nothing) {
  auto bars = random_days(2, 25);
  auto x = with_days(bars, 22);
  auto half = half_hours(bars[22], 22, 1);
  x.add(half[0], place(22, 30));
  x.add(half[1], place(22, 60));
  const auto before = x;
  auto nan = bars[23];
  nan.close = price{std::numeric_limits<double>::quiet_NaN()};
  CAF_CHECK(x.add(nan, place(23, 360)) == bar_use::unusable);
  CAF_CHECK(x.add(half[2], {date_of(22), 90, 0}) == bar_use::unusable);
  CAF_CHECK(x.add(half[1], place(22, 60)) == bar_use::out_of_order);
  CAF_CHECK(x.add(half[0], place(22, 30)) == bar_use::out_of_order);
  CAF_CHECK(x.add(half_hours(bars[21], 21, 1)[11], place(21, 360))
            == bar_use::out_of_order);
  CAF_CHECK(x.add(bars[21], place(21, 360)) == bar_use::out_of_order);
  auto overlap = half[2];
  overlap.interval = bar_interval::m60;
  overlap.opened_at = half[1].opened_at;
  CAF_CHECK(x.add(overlap, place(22, 90)) == bar_use::out_of_order);
  CAF_CHECK(x == before);
  CAF_CHECK(x.add(half[2], place(22, 90)) == bar_use::consumed);
  CAF_CHECK(!(x == before));
}

CAF_TEST(the lineage is that of the bars consumed) {
  auto bars = random_days(2, 5);
  auto x = with_days(bars, 4);
  auto half = half_hours(bars[4], 4, 1);
  x.add(half[0], place(4, 30));
  bar_lineage expected;
  for (int i = 0; i < 4; ++i)
    expected.add(bars[static_cast<std::size_t>(i)]);
  expected.add(half[0]);
  CAF_CHECK(x.lineage() == expected.value());
  CAF_CHECK_EQUAL(x.lineage_count(), 5u);
}

#define CAF_SUITE feature_vectors
#include "models/features/symbol_features.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

#include <array>
#include <cstddef>
#include <limits>
#include <new>

using namespace banksia;
using namespace banksia::test;

namespace {

const news_signal news{real{0.25}, real{0.75}, 4, real{-0.5}};

symbol_features with_days(const std::vector<bar>& bars) {
  symbol_features x;
  for (std::size_t i = 0; i < bars.size(); ++i)
    x.add(bars[i], place(static_cast<int>(i), 360));
  return x;
}

double value(const feature_vector& x, std::size_t index) {
  CAF_CHECK(x.has(index));
  return x.values[index];
}

/// Whether some of a feature's bits would say that it is no number, or a masked
/// one has a value.
int impossible(const feature_vector& x) {
  int bad = 0;
  for (std::size_t i = 0; i < feature_count; ++i)
    bad += x.has(i) ? !std::isfinite(x.values[i]) : x.values[i] != 0.0;
  return bad;
}

/// Any finite number above zero: each exponent is as likely.
double any_positive(std::mt19937_64& engine) {
  std::uniform_real_distribution<double> exponent{-1074.0, 1023.9};
  return std::exp2(exponent(engine));
}

void add_half_hours(symbol_features& x, const bar& day, int index, int count) {
  auto bars = half_hours(day, index, 1);
  for (int k = 0; k < count; ++k)
    CAF_REQUIRE(x.add(bars[static_cast<std::size_t>(k)],
                      place(index, 30 * (k + 1)))
                == bar_use::consumed);
}

constexpr auto hour_change = feature_index("price_change_1h");
constexpr auto hours_change = feature_index("price_change_4h");

} // namespace

CAF_TEST(no finite bars make a feature that is no number) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 engine{seed};
    symbol_features x;
    int bad = 0;
    std::size_t present = 0;
    for (int i = 0; i < 230; ++i) {
      // Half of the series at one scale, else all would be masked soon.
      auto wild = seed % 2 == 0;
      auto number = [&] {
        return wild ? any_positive(engine)
                    : std::ldexp(1.0 + static_cast<double>(engine() % 97) / 97,
                                 static_cast<int>(seed) * 40 - 900);
      };
      auto volume = engine() % 5 == 0 ? 0.0 : number();
      auto interval = i % 3 == 2 ? bar_interval::m30 : bar_interval::d1;
      auto bar = make_bar(i, interval, 0, number(), number(), number(),
                          number(), volume);
      x.add(bar, place(i, 30));
      auto seen = x.features(place(i, 90), news, {calendar_phase{}, -0.5});
      bad += impossible(seen);
      present += seen.has(feature_index("current_price"));
    }
    CAF_CHECK_EQUAL(bad, 0);
    CAF_CHECK_EQUAL(present, 230u);
  }
}

CAF_TEST(what is missing is zero whatever lay there before) {
  alignas(feature_vector) std::array<std::byte, sizeof(feature_vector)> place_of;
  auto bars = random_days(1, 25);
  for (std::size_t count : {0u, 1u, 25u}) {
    auto x = with_days({bars.begin(), bars.begin() + std::ptrdiff_t(count)});
    place_of.fill(std::byte{0x5a});
    auto* made = new (place_of.data())
      feature_vector(x.features(place(30, 360), std::nullopt));
    CAF_CHECK_EQUAL(impossible(*made), 0);
    CAF_CHECK_EQUAL(made->has(feature_index("current_price")), count > 0);
    CAF_CHECK_EQUAL(made->has(feature_index("sma_20")), count == 25);
  }
}

CAF_TEST(the largest and the smallest prices are survived) {
  for (auto number : {std::numeric_limits<double>::max(),
                      std::numeric_limits<double>::denorm_min()}) {
    symbol_features x;
    for (int i = 0; i < 230; ++i)
      x.add(daily_bar(i, number, number), place(i, 360));
    auto seen = x.features(place(229, 360), news);
    CAF_CHECK_EQUAL(impossible(seen), 0);
    CAF_CHECK(value(seen, feature_index("current_price")) == number);
  }
}

CAF_TEST(interactions are made of the features they name) {
  auto x = with_days(random_days(5, 60)).features(place(59, 360), news);
  auto rsi = value(x, feature_index("rsi"));
  auto ratio = value(x, feature_index("volume_ratio"));
  auto change = value(x, feature_index("price_change_5d"));
  auto volatility = value(x, feature_index("volatility_20d"));
  CAF_CHECK(value(x, feature_index("event_score")) == -0.5);
  CAF_CHECK(value(x, feature_index("sentiment_momentum")) == 0.25 * change);
  CAF_CHECK(near(value(x, feature_index("sentiment_rsi")),
                 0.25 * (rsi / 50 - 1)));
  CAF_CHECK(value(x, feature_index("volume_sentiment")) == 0.25 * ratio);
  CAF_CHECK(value(x, feature_index("news_volume_impact")) == 4.0 * ratio);
  CAF_CHECK(near(value(x, feature_index("confidence_volatility")),
                 0.75 / (volatility + 0.01)));
  CAF_CHECK(near(value(x, feature_index("technical_sentiment_divergence")),
                 std::abs(rsi / 50 - 1 - 0.25)));
}

CAF_TEST(an interaction is missing where a part of it is) {
  auto bars = random_days(5, 60);
  auto without_news
    = with_days(bars).features(place(59, 360), std::nullopt).mask;
  for (auto& b : bars)
    b.volume = shares{0.0};
  auto without_volume = with_days(bars).features(place(59, 360), news);
  auto interaction = feature_index("sentiment_momentum");
  for (auto i = interaction; i < interaction + 6; ++i) {
    CAF_CHECK((without_news >> i & 1) == 0);
    auto of_volume = i == feature_index("volume_sentiment")
                     || i == feature_index("news_volume_impact");
    CAF_CHECK(without_volume.has(i) != of_volume);
  }
  for (auto i : {feature_index("on_balance_volume"),
                 feature_index("volume_price_trend")})
    CAF_CHECK(!without_volume.has(i));
}

CAF_TEST(what surrounds a symbol is passed on or missing) {
  auto x = with_days(random_days(5, 60));
  calendar_phase phase;
  phase.market_hours = phase.friday = phase.quarter_end = true;
  auto seen = x.features(place(59, 360), std::nullopt, {phase, -0.03});
  CAF_CHECK(value(seen, feature_index("market_momentum")) == -0.03);
  CAF_CHECK(value(seen, feature_index("asx_market_hours")) == 1.0);
  CAF_CHECK(value(seen, feature_index("asx_opening_hour")) == 0.0);
  CAF_CHECK(value(seen, feature_index("asx_closing_hour")) == 0.0);
  CAF_CHECK(value(seen, feature_index("monday_effect")) == 0.0);
  CAF_CHECK(value(seen, feature_index("friday_effect")) == 1.0);
  CAF_CHECK(value(seen, feature_index("month_end")) == 0.0);
  CAF_CHECK(value(seen, feature_index("quarter_end")) == 1.0);
  auto alone = x.features(place(59, 360), std::nullopt);
  CAF_CHECK(!alone.has(feature_index("market_momentum")));
  CAF_CHECK(!alone.has(feature_index("asx_market_hours")));
  CAF_CHECK(!alone.has(feature_index("quarter_end")));
}

CAF_TEST(changes of hours look back over the night) {
  auto days = random_days(8, 62);
  symbol_features x;
  for (int i = 0; i < 60; ++i)
    x.add(days[static_cast<std::size_t>(i)], place(i, 360));
  add_half_hours(x, days[60], 60, 12);
  auto first = half_hours(days[60], 60, 1);
  auto second = half_hours(days[61], 61, 1);
  x.add(second[0], place(61, 30));
  auto seen = x.features(place(61, 30), std::nullopt);
  auto now = second[0].close.value();
  // 30 minutes today and 30 (210) at the end of yesterday.
  CAF_CHECK(value(seen, hour_change) == now / first[10].close.value() - 1.0);
  CAF_CHECK(value(seen, hours_change) == now / first[4].close.value() - 1.0);
  // Without a bar since, the price is what it was, and the hour moves on.
  seen = x.features(place(61, 60), std::nullopt);
  CAF_CHECK(value(seen, hour_change) == now / first[11].close.value() - 1.0);
  seen = x.features(place(61, 90), std::nullopt);
  CAF_CHECK(value(seen, hour_change) == 0.0);
}

CAF_TEST(changes of hours are missing where the bars do not reach) {
  auto days = random_days(8, 64);
  symbol_features x;
  for (int i = 0; i < 60; ++i)
    x.add(days[static_cast<std::size_t>(i)], place(i, 360));
  auto at = [&x](int day, int minute) {
    return x.features(place(day, minute), std::nullopt);
  };
  CAF_CHECK(!at(59, 360).has(hour_change)); // daily bars alone
  add_half_hours(x, days[60], 60, 1);
  CAF_CHECK(!at(60, 30).has(hour_change)); // within a day of a daily bar
  CAF_CHECK(at(60, 60).has(hour_change));  // its close
  add_half_hours(x, days[61], 61, 12);
  CAF_CHECK(at(61, 360).has(hours_change));
  auto unknown = place(61, 360);
  unknown.open_minutes = -1;
  CAF_CHECK(!x.features(unknown, std::nullopt).has(hour_change));
  x.add(days[61], place(61, 360)); // the day's own bar ends it
  CAF_CHECK(!at(61, 360).has(hour_change));
  add_half_hours(x, days[62], 62, 1);
  CAF_CHECK(at(62, 30).has(hours_change)); // over the night all the same
  x.add(days[63], place(63, 360)); // whose intraday bars never came
  CAF_CHECK(!at(63, 360).has(hours_change));
}

CAF_TEST(what comes later changes no feature of before) {
  auto days = random_days(11, 230);
  symbol_features x, y;
  for (int i = 0; i < 230; ++i) {
    const auto& day = days[static_cast<std::size_t>(i)];
    add_half_hours(x, day, i, 12);
    if (i == 220)
      y = x;
  }
  symbol_features again;
  for (int i = 0; i <= 220; ++i)
    add_half_hours(again, days[static_cast<std::size_t>(i)], i, 12);
  CAF_CHECK(again == y);
  CAF_CHECK(again.features(place(220, 360), news)
            == y.features(place(220, 360), news));
  // A copy goes on to the same bits as what was never copied.
  for (int i = 221; i < 230; ++i)
    add_half_hours(again, days[static_cast<std::size_t>(i)], i, 12);
  CAF_CHECK(again == x);
  CAF_CHECK(again.features(place(229, 360), news)
            == x.features(place(229, 360), news));
}

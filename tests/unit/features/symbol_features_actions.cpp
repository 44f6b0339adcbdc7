#define CAF_SUITE symbol_features_actions
#include "models/features/symbol_features.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

using actions = std::vector<corporate_action>;

corporate_action act(action_kind kind, int day, double value) {
  corporate_action x;
  x.kind = kind;
  x.effective_at = open_of(day);
  x.value = real{value};
  return x;
}

corporate_action split(int day, double value) {
  return act(action_kind::split, day, value);
}

corporate_action dividend(int day, double value) {
  return act(action_kind::dividend, day, value);
}

void scale(bar& x, double prices, double volumes) {
  x.open = price{x.open.value() * prices};
  x.high = price{x.high.value() * prices};
  x.low = price{x.low.value() * prices};
  x.close = price{x.close.value() * prices};
  x.volume = shares{x.volume.value() * volumes};
}

/// The series as traded where `all` took effect; what a bar says of a day is
/// divided by the splits up to it, and dividends leave the price.
std::vector<bar> as_traded(std::vector<bar> bars, const actions& all) {
  for (const auto& x : all)
    for (auto& b : bars)
      if (b.opened_at >= x.effective_at) {
        if (x.kind == action_kind::split)
          scale(b, 1 / x.value.value(), x.value.value());
        else
          scale(b, 0.98, 1.0);
      }
  return bars;
}

/// The bars adjusted as of the last one, by the rule for closes.
std::vector<bar> adjusted(std::vector<bar> bars, const actions& all) {
  std::vector<traded_close> closes;
  for (const auto& b : bars)
    closes.push_back({b.opened_at, b.opened_at, b.close.value()});
  auto made = adjust(closes, all, bars.back().opened_at);
  for (std::size_t i = 0; i < bars.size(); ++i)
    scale(bars[i], made[i].fully_adjusted / made[i].traded,
          made[i].traded / made[i].split_adjusted);
  return bars;
}

/// Those of `all` that take effect after `from`, by `until`.
actions between(const actions& all, timestamp from, timestamp until) {
  actions result;
  for (const auto& x : all)
    if (x.effective_at > from && x.effective_at <= until)
      result.push_back(x);
  return result;
}

symbol_features running(const std::vector<bar>& bars, const actions& all) {
  symbol_features x;
  timestamp last{};
  for (const auto& b : bars) {
    auto day = static_cast<int>((b.opened_at - open_of(0))
                                / std::chrono::hours{24});
    auto end = b.interval == bar_interval::d1
                 ? 360
                 : static_cast<int>((b.opened_at - open_of(day))
                                    / std::chrono::minutes{1})
                     + 30;
    CAF_REQUIRE(x.add(b, place(day, end),
                      last == timestamp{} ? actions{}
                                          : between(all, last, b.opened_at))
                == bar_use::consumed);
    last = b.opened_at;
  }
  return x;
}

/// Whether all features and inputs are equal but for rounding.
bool alike(const symbol_features& a, const symbol_features& b,
           const session_time& as_of) {
  auto x = a.features(as_of, std::nullopt);
  auto y = b.features(as_of, std::nullopt);
  auto same = x.mask == y.mask;
  for (std::size_t i = 0; i < feature_count; ++i)
    if (!near(x.values[i], y.values[i], 1e-9)) {
      CAF_MESSAGE(std::string{feature_names[i]} << " " << x.values[i] << " "
                                                << y.values[i]);
      same = false;
    }
  auto s = a.inputs(as_of, std::nullopt);
  auto t = b.inputs(as_of, std::nullopt);
  if (s.has_value() != t.has_value())
    return false;
  return same
         && (!s
             || (near(s->sma5.value(), t->sma5.value())
                 && near(s->sma20.value(), t->sma20.value())
                 && near(s->rsi14.value(), t->rsi14.value())
                 && near(s->macd_histogram.value(), t->macd_histogram.value())
                 && near(s->volume_ratio.value(), t->volume_ratio.value())
                 && near(s->volume_trend.value(), t->volume_trend.value())
                 && near(s->volatility.value(), t->volatility.value())));
}

actions random_actions(std::uint32_t seed, int days) {
  std::mt19937_64 engine{seed};
  std::uniform_int_distribution<int> day{1, days - 1};
  std::uniform_int_distribution<int> ratio{1, 20};
  std::uniform_real_distribution<double> amount{0.01, 0.4};
  actions result;
  for (int i = 0; i < 6; ++i) {
    auto on = day(engine);
    result.push_back(i % 2 == 0 ? split(on, ratio(engine) / 4.0)
                                : dividend(on, amount(engine)));
    if (i == 4) // both on one day
      result.push_back(dividend(on, amount(engine)));
  }
  std::sort(result.begin(), result.end(), effective_before);
  return result;
}

} // namespace

CAF_TEST(the state goes on as if all bars had been adjusted) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    auto days = 10 + 4 * static_cast<int>(seed); // over 200 in the end
    auto all = random_actions(seed, days);
    auto bars = as_traded(random_days(seed, days), all);
    auto x = running(bars, all);
    auto y = running(adjusted(bars, all), {});
    CAF_CHECK(alike(x, y, place(days - 1, 360)));
    CAF_CHECK_EQUAL(x.lineage_count(), y.lineage_count());
  }
}

CAF_TEST(so it does while a day is running and when it was running) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    auto days = random_days(seed, 40);
    std::vector<bar> bars{days.begin(), days.begin() + 36};
    for (int day : {36, 37, 38})
      for (const auto& x :
           half_hours(days[static_cast<std::size_t>(day)], day, seed))
        bars.push_back(x);
    bars.resize(bars.size() - 5);
    // One in the daily part, two where the day before is still running.
    actions all{split(20, 3.0), dividend(37, 0.5), split(38, 2.0)};
    auto raw = as_traded(bars, all);
    auto x = running(raw, all);
    CAF_CHECK(alike(x, running(adjusted(raw, all), {}), place(38, 210)));
    CAF_CHECK(x.last_price() == raw.back().close);
  }
}

CAF_TEST(a split alone moves no feature but prices and volumes) {
  auto days = random_days(9, 50);
  actions all{split(45, 2.0)};
  auto x = running(as_traded(days, all), all).inputs(place(49, 360), {});
  auto y = running(days, {}).inputs(place(49, 360), {});
  // A power of two rounds nothing.
  CAF_CHECK(x->rsi14 == y->rsi14);
  CAF_CHECK(x->volatility == y->volatility);
  CAF_CHECK(x->volume_ratio == y->volume_ratio);
  CAF_CHECK(x->volume_trend == y->volume_trend);
  CAF_CHECK_EQUAL(x->sma20.value() * 2, y->sma20.value());
  CAF_CHECK_EQUAL(x->macd_histogram.value() * 2, y->macd_histogram.value());
}

CAF_TEST(without its split a halved price looks like a crash) {
  auto days = random_days(9, 50);
  actions all{split(49, 2.0)};
  auto blind = running(as_traded(days, all), {}).inputs(place(49, 360), {});
  auto seeing = running(as_traded(days, all), all).inputs(place(49, 360), {});
  CAF_CHECK_GREATER(blind->volatility.value(), 0.1);
  CAF_CHECK_LESS(seeing->volatility.value(), 0.05);
}

CAF_TEST(a bar that is refused brings no action into effect) {
  auto days = random_days(3, 30);
  auto x = running(days, {});
  const auto before = x;
  actions all{split(29, 2.0)};
  CAF_CHECK(x.add(days[28], place(28, 360), all) == bar_use::out_of_order);
  auto nothing = days[29];
  nothing.close = price{0.0};
  CAF_CHECK(x.add(nothing, place(30, 360), all) == bar_use::unusable);
  CAF_CHECK(x == before);
}

CAF_TEST(the lineage tells which action took effect where) {
  auto days = random_days(3, 30);
  auto plain = running(days, {}).lineage();
  auto with = [&](const actions& all) { return running(days, all).lineage(); };
  CAF_CHECK(with({split(20, 2.0)}) != plain);
  CAF_CHECK(with({split(20, 2.0)}) == with({split(20, 2.0)}));
  CAF_CHECK(with({split(20, 2.0)}) != with({split(20, 3.0)}));
  CAF_CHECK(with({split(20, 2.0)}) != with({split(21, 2.0)}));
  CAF_CHECK(with({split(20, 2.0)}) != with({dividend(20, 2.0)}));
  CAF_CHECK_EQUAL(running(days, {split(20, 2.0)}).lineage_count(), 30u);
}

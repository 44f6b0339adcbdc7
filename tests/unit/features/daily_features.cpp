#define CAF_SUITE daily_features
#include "models/features/daily_features.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

#include <numeric>

using namespace banksia;
using namespace banksia::test;

namespace {

using series = std::vector<double>;

// The textbook formulas over a whole series, taken from the start each time.

double mean(const series& x, std::size_t n) {
  return std::accumulate(x.end() - static_cast<std::ptrdiff_t>(n), x.end(), 0.0)
         / static_cast<double>(n);
}

/// The exponential mean from the first full window on.
series ema(const series& x, std::size_t n) {
  series result;
  if (x.size() < n)
    return result;
  result.push_back(
    mean(series(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n)), n));
  auto k = 2.0 / (static_cast<double>(n) + 1.0);
  for (auto i = n; i < x.size(); ++i)
    result.push_back(k * x[i] + (1.0 - k) * result.back());
  return result;
}

double rsi(const series& x) {
  double gain = 0, loss = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    auto up = std::max(0.0, x[i] - x[i - 1]);
    auto down = std::max(0.0, x[i - 1] - x[i]);
    if (i <= 14) {
      gain += up / 14.0;
      loss += down / 14.0;
    } else {
      gain = gain * 13.0 / 14.0 + up / 14.0;
      loss = loss * 13.0 / 14.0 + down / 14.0;
    }
  }
  return 100.0 * gain / (gain + loss);
}

double deviation_of_returns(const series& x) {
  series r;
  for (auto i = x.size() - 20; i < x.size(); ++i)
    r.push_back((x[i] - x[i - 1]) / x[i - 1]);
  auto m = mean(r, 20);
  double sum = 0;
  for (auto v : r)
    sum += (v - m) * (v - m);
  return std::sqrt(sum / 19.0);
}

double change(const series& x, std::size_t n) {
  return (x.back() - x[x.size() - 1 - n]) / x[x.size() - 1 - n];
}

double population_deviation(const series& x, std::size_t n) {
  // E(x²) - E(x)², around the first value so that little is lost.
  double sum = 0, squares = 0;
  for (auto i = x.size() - n; i < x.size(); ++i) {
    auto d = x[i] - x[x.size() - n];
    sum += d;
    squares += d * d;
  }
  auto m = static_cast<double>(n);
  return std::sqrt(squares / m - sum / m * sum / m);
}

double average_range(const std::vector<bar>& days) {
  double mean = 0;
  for (std::size_t i = 1; i < days.size(); ++i) {
    auto before = days[i - 1].close.value();
    auto range = std::max(days[i].high.value(), before)
                 - std::min(days[i].low.value(), before);
    mean = i <= 14 ? mean + range / 14 : mean * 13 / 14 + range / 14;
  }
  return mean;
}

/// Both volume lines from their usual recursion, less what they were 20 bars
/// before.
double balance(const series& closes, const series& volumes) {
  series line{0.0};
  for (std::size_t i = 1; i < closes.size(); ++i)
    line.push_back(line.back()
                   + (closes[i] > closes[i - 1]   ? volumes[i]
                      : closes[i] < closes[i - 1] ? -volumes[i]
                                                  : 0.0));
  return line.back() - line[line.size() - 21];
}

double price_trend(const series& closes, const series& volumes) {
  series line{0.0};
  for (std::size_t i = 1; i < closes.size(); ++i)
    line.push_back(line.back()
                   + volumes[i] * (closes[i] - closes[i - 1]) / closes[i - 1]);
  return line.back() - line[line.size() - 21];
}

/// The number of indicators that disagree with the formulas on `days`.
int disagreements(const daily_indicators& got, const std::vector<bar>& days) {
  series closes, volumes;
  for (const auto& x : days) {
    closes.push_back(x.close.value());
    volumes.push_back(x.volume.value());
  }
  auto n = closes.size();
  int bad = 0;
  auto check = [&bad](const std::optional<double>& x, bool due, auto expect) {
    if (x.has_value() != due || (due && !near(*x, expect())))
      ++bad;
  };
  check(got.sma5, n >= 5, [&] { return mean(closes, 5); });
  check(got.sma20, n >= 20, [&] { return mean(closes, 20); });
  check(got.volume_sma5, n >= 5, [&] { return mean(volumes, 5); });
  check(got.volume_sma20, n >= 20, [&] { return mean(volumes, 20); });
  check(got.rsi14, n >= 15, [&] { return rsi(closes); });
  check(got.ema12, n >= 12, [&] { return ema(closes, 12).back(); });
  check(got.ema26, n >= 26, [&] { return ema(closes, 26).back(); });
  series line;
  auto slow = ema(closes, 26);
  auto fast = ema(closes, 12);
  for (std::size_t i = 0; i < slow.size(); ++i)
    line.push_back(fast[i + 14] - slow[i]);
  check(got.macd_line, n >= 35, [&] { return line.back(); });
  check(got.macd_signal, n >= 35, [&] { return ema(line, 9).back(); });
  check(got.macd_histogram, n >= 35,
        [&] { return line.back() - ema(line, 9).back(); });
  check(got.volatility, n >= 21, [&] { return deviation_of_returns(closes); });
  check(got.change_1d, n >= 2, [&] { return change(closes, 1); });
  check(got.change_5d, n >= 6, [&] { return change(closes, 5); });
  check(got.change_20d, n >= 21, [&] { return change(closes, 20); });
  check(got.sma50, n >= 50, [&] { return mean(closes, 50); });
  check(got.sma200, n >= 200, [&] { return mean(closes, 200); });
  auto reach = [&] { return 2 * population_deviation(closes, 20); };
  check(got.bollinger_upper, n >= 20,
        [&] { return mean(closes, 20) + reach(); });
  check(got.bollinger_lower, n >= 20,
        [&] { return mean(closes, 20) - reach(); });
  check(got.atr14, n >= 15, [&] { return average_range(days); });
  check(got.on_balance_volume, n >= 21,
        [&] { return balance(closes, volumes); });
  check(got.volume_price_trend, n >= 21,
        [&] { return price_trend(closes, volumes); });
  return bad;
}

} // namespace

CAF_TEST(every indicator at every length agrees with its formula) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    daily_features state;
    std::vector<bar> days;
    int bad = 0;
    for (const auto& x : random_days(seed, 450)) {
      state.add_close(x);
      days.push_back(x);
      bad += disagreements(state.indicators(), days);
    }
    CAF_CHECK_EQUAL(bad, 0);
    CAF_CHECK_EQUAL(state.count(), 450u);
  }
}

CAF_TEST(no bars give no indicators) {
  auto x = daily_features{}.indicators();
  CAF_CHECK_EQUAL(x.count, 0u);
  CAF_CHECK(!x.sma5 && !x.rsi14 && !x.change_1d && !x.volatility);
  CAF_CHECK(x.daily_range == 0.0);
}

CAF_TEST(the range is that of the last bar over its close) {
  daily_features state;
  state.add_close(make_bar(0, bar_interval::d1, 0, 10, 99, 1, 50, 1));
  state.add_close(make_bar(1, bar_interval::d1, 0, 10, 11, 9, 8, 1));
  CAF_CHECK(state.indicators().daily_range == 0.25);
}

CAF_TEST(rsi without losses is 100 and without gains 0) {
  daily_features up, down, flat;
  for (int i = 0; i < 30; ++i) {
    up.add_close(daily_bar(i, 10.0 + i));
    down.add_close(daily_bar(i, 100.0 - i));
    flat.add_close(daily_bar(i, 10.0));
  }
  CAF_CHECK(*up.indicators().rsi14 == 100.0);
  CAF_CHECK(*down.indicators().rsi14 == 0.0);
  CAF_CHECK(*flat.indicators().rsi14 == 50.0);
  CAF_CHECK(*flat.indicators().volatility == 0.0);
}

CAF_TEST(window sums carry no drift) {
  // After a huge price has left the window nothing of it may remain, where a
  // sum kept by adding and subtracting would have lost its low digits.
  daily_features state, fresh;
  for (int i = 0; i < 20; ++i)
    state.add_close(daily_bar(i, 1e17, 1e17));
  for (int i = 0; i < 21; ++i) {
    state.add_close(daily_bar(20 + i, 1.0 + i * 0.01, 3.0 + i));
    fresh.add_close(daily_bar(i, 1.0 + i * 0.01, 3.0 + i));
  }
  auto a = state.indicators();
  auto b = fresh.indicators();
  CAF_CHECK(a.on_balance_volume == b.on_balance_volume);
  CAF_CHECK(a.bollinger_upper == b.bollinger_upper);
  CAF_CHECK(a.sma5 == b.sma5);
  CAF_CHECK(a.sma20 == b.sma20);
  CAF_CHECK(a.volume_sma20 == b.volume_sma20);
  CAF_CHECK(a.volatility == b.volatility);
}

CAF_TEST(returns on a new basis have the bits of bars told so) {
  auto third = 1.0 / 3.0; // rounds nearly every price
  daily_features rescaled, told;
  for (const auto& x : random_days(4, 40)) {
    rescaled.add_close(x);
    told.add_close(on_new_basis(to_day_bar(x), {third, 1.0}));
  }
  rescaled.rescale({third, 1.0});
  auto a = rescaled.indicators();
  auto b = told.indicators();
  CAF_CHECK(a.volatility == b.volatility);
  CAF_CHECK(a.sma20 == b.sma20);
  CAF_CHECK(a.bollinger_upper == b.bollinger_upper);
  CAF_CHECK(a.change_5d == b.change_5d);
}

CAF_TEST(a day on trial gives the bits of a day added) {
  daily_features state;
  for (const auto& x : random_days(5, 450)) {
    daily_indicators tried;
    state.write_with(to_day_bar(x), tried);
    state.add_close(x);
    CAF_CHECK(tried == state.indicators());
  }
}

CAF_TEST(what is not a number is missing) {
  optional_number nothing;
  CAF_CHECK(!nothing && !nothing.has_value());
  CAF_CHECK(nothing == optional_number{std::nan("")});
  CAF_CHECK(nothing == optional_number{std::nullopt});
  CAF_CHECK(std::optional<double>{nothing} == std::nullopt);
  optional_number number = 0.0;
  CAF_CHECK(number && number.has_value());
  CAF_CHECK(*number == 0.0 && number == 0.0 && !(number == 1.0));
  CAF_CHECK(!(number == nothing));
  CAF_CHECK(std::optional<double>{number} == 0.0);
}

CAF_TEST(equal bars give equal states) {
  auto bars = random_days(7, 60);
  daily_features whole, first;
  for (const auto& x : bars)
    whole.add_close(x);
  for (int i = 0; i < 30; ++i)
    first.add_close(bars[static_cast<std::size_t>(i)]);
  auto copy = first;
  CAF_CHECK(copy == first);
  CAF_CHECK(!(first == whole));
  for (std::size_t i = 30; i < bars.size(); ++i)
    copy.add_close(bars[i]);
  CAF_CHECK(copy == whole);
}

CAF_TEST(a state is small enough for thousands of symbols) {
  // The mean of 200 closes takes 1,600 bytes, the one of 50 another 400; the
  // last 20 days are kept twice (`last_values`), for 480.
  CAF_CHECK_LESS_OR_EQUAL(sizeof(daily_features), 3632u);
}

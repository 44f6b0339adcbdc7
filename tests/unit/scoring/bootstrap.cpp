#define CAF_SUITE scoring_bootstrap
#include "models/scoring/day_table.hpp"

#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cmath>
#include <random>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

double mean(const std::vector<double>& xs) {
  double sum = 0.0;
  for (auto x : xs)
    sum += x;
  return sum / static_cast<double>(xs.size());
}

double quantile(std::vector<double> xs, double level) {
  std::sort(xs.begin(), xs.end());
  return xs[static_cast<std::size_t>(
    level * static_cast<double>(xs.size() - 1))];
}

/// The largest gap between two distribution functions (Kolmogorov, Smirnov).
double largest_gap(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  auto at = [](const std::vector<double>& xs, double x) {
    return static_cast<double>(std::upper_bound(xs.begin(), xs.end(), x + 1e-12)
                               - xs.begin())
           / static_cast<double>(xs.size());
  };
  double result = 0.0;
  for (auto x : a)
    result = std::max(result, std::abs(at(a, x) - at(b, x)));
  for (auto x : b)
    result = std::max(result, std::abs(at(a, x) - at(b, x)));
  return result;
}

/// 40 days of 1 … 9 samples with a mood of the day; actions are random.
std::vector<scored_sample> moody_samples() {
  splitmix64 random{99};
  std::vector<scored_sample> result;
  for (std::uint32_t day = 0; day < 40; ++day) {
    auto p_up = chance(random, 0.5) ? 0.7 : 0.3;
    auto p_flat = chance(random, 0.5) ? 0.7 : 0.4;
    auto n = 1 + random.below(9);
    for (std::uint32_t i = 0; i < n; ++i) {
      auto action = constant_actions[random.below(3)];
      auto size = chance(random, p_flat) ? 0.005 : 0.02;
      auto sign = chance(random, p_up) ? 1.0 : -1.0;
      result.push_back(sample(day, action, sign * size));
    }
  }
  return result;
}

/// The same bootstrap without tallies and with another generator: whole days
/// of samples are copied and counted one by one.
std::vector<double> brute_force(const std::vector<scored_sample>& samples,
                                std::uint32_t days, int resamples) {
  std::mt19937_64 random{2718};
  std::uniform_int_distribution<std::uint32_t> pick{0, days - 1};
  std::vector<double> result;
  for (int resample = 0; resample < resamples; ++resample) {
    int n = 0, right = 0, up = 0, not_up = 0, flat = 0;
    for (std::uint32_t i = 0; i < days; ++i) {
      auto day = nth_day(pick(random));
      for (const auto& x : samples) {
        if (x.day != day)
          continue;
        auto r = x.actual_return.value();
        ++n;
        right += x.success;
        up += r > 0.0;
        not_up += r <= 0.0;
        flat += std::abs(r) < 0.01;
      }
    }
    result.push_back((right - std::max({up, not_up, flat}))
                     / static_cast<double>(n));
  }
  return result;
}

day_table table_of(const std::vector<scored_sample>& samples) {
  std::vector<trading_date> days;
  for (const auto& x : samples)
    days.push_back(x.day);
  day_table result{days, 1};
  for (const auto& x : samples)
    result.add(x.day, 0, x.action, x.actual_return);
  return result;
}

} // namespace

CAF_TEST(a table counts by day and group) {
  day_table table{{nth_day(3), nth_day(1), nth_day(3)}, 2};
  table.add(nth_day(3), 0, trade_action::buy, fraction{up});
  table.add(nth_day(3), 0, trade_action::hold, fraction{down});
  table.add(nth_day(1), 0, trade_action::sell, fraction{flat_up});
  table.add(nth_day(1), 1, trade_action::sell, fraction{down});
  CAF_CHECK_EQUAL(table.days(), 2u);
  CAF_CHECK_EQUAL(table.days_with(0), 2u);
  CAF_CHECK_EQUAL(table.days_with(1), 1u);
  auto x = table.total(0);
  CAF_CHECK_EQUAL(x.samples, 3u);
  CAF_CHECK_EQUAL(x.successes, 1u);
  CAF_CHECK_EQUAL(x.constant_successes[0], 1u); // HOLD
  CAF_CHECK_EQUAL(x.constant_successes[1], 2u); // BUY
  CAF_CHECK_EQUAL(x.constant_successes[2], 1u); // SELL
  CAF_CHECK(constant_actions[x.best_constant()] == trade_action::buy);
}

CAF_TEST(a tie for the best constant goes to HOLD and then BUY) {
  tally x;
  x.constant_successes = {4, 4, 4};
  CAF_CHECK(constant_actions[x.best_constant()] == trade_action::hold);
  x.constant_successes = {3, 4, 4};
  CAF_CHECK(constant_actions[x.best_constant()] == trade_action::buy);
}

CAF_TEST(two days resample to their three mixtures) {
  // Day 0: BUY right, HOLD wrong. Day 1: HOLD wrong too, and falling.
  auto table = table_of({sample(0, trade_action::buy, up),
                         sample(1, trade_action::buy, down)});
  auto x = table.bootstrap(4000, 5).front();
  CAF_REQUIRE_EQUAL(x.difference.size(), 4000u);
  // Drawn twice day 0: 1 - 1 (BUY); twice day 1: 0 - 1 (SELL); both: 0.5 - 0.5.
  auto count = [&](double rate) {
    return std::count(x.success_rate.begin(), x.success_rate.end(), rate);
  };
  CAF_CHECK_EQUAL(count(0.0) + count(0.5) + count(1.0), 4000);
  // Five standard deviations around a quarter, a half and a quarter.
  CAF_CHECK(std::abs(count(0.0) - 1000) < 137);
  CAF_CHECK(std::abs(count(0.5) - 2000) < 158);
  for (std::size_t i = 0; i < x.difference.size(); ++i)
    CAF_REQUIRE_EQUAL(x.difference[i], x.success_rate[i] == 0.0 ? -1.0 : 0.0);
}

CAF_TEST(replicates are distributed like those of a brute force bootstrap) {
  auto samples = moody_samples();
  auto ours = table_of(samples).bootstrap(4000, 1).front().difference;
  auto theirs = brute_force(samples, 40, 4000);
  // The 0.1 % point of the statistic: 1.95 sqrt(2 / 4000).
  CAF_CHECK_LESS(largest_gap(ours, theirs), 0.0436);
  CAF_CHECK_LESS(std::abs(mean(ours) - mean(theirs)), 0.006);
  for (auto level : {0.025, 0.5, 0.975})
    CAF_CHECK_LESS(std::abs(quantile(ours, level) - quantile(theirs, level)),
                   0.015);
}

CAF_TEST(the best constant is chosen anew in each resample) {
  auto samples = moody_samples();
  auto table = table_of(samples);
  auto x = table.bootstrap(500, 1).front();
  auto total = table.total(0);
  auto kept = static_cast<double>(
                total.constant_successes[total.best_constant()])
              / static_cast<double>(total.samples);
  CAF_CHECK_GREATER(mean(x.best_constant_rate), kept);
  for (std::size_t i = 0; i < x.difference.size(); ++i) {
    CAF_REQUIRE(x.best_constant_rate[i] >= x.always_hold_rate[i]);
    // BUY and SELL are right in turn, so one of them is right half the time.
    CAF_REQUIRE(x.best_constant_rate[i] >= 0.5);
  }
}

CAF_TEST(a resample without the group gives no replicate of it) {
  day_table table{{nth_day(0), nth_day(1)}, 2};
  table.add(nth_day(0), 0, trade_action::buy, fraction{up});
  table.add(nth_day(1), 0, trade_action::buy, fraction{up});
  table.add(nth_day(1), 1, trade_action::buy, fraction{up});
  auto x = table.bootstrap(1000, 3);
  CAF_CHECK_EQUAL(x[0].success_rate.size(), 1000u);
  // Day 1 is absent from a quarter; five standard deviations.
  CAF_CHECK_LESS(x[1].success_rate.size(), 819u);
  CAF_CHECK_GREATER(x[1].success_rate.size(), 681u);
}

CAF_TEST(a block of all days draws each of them once) {
  auto table = table_of(moody_samples());
  auto total = table.total(0);
  auto rate = static_cast<double>(total.successes)
              / static_cast<double>(total.samples);
  auto options = [](std::uint32_t block_days) {
    return bootstrap_options{.resamples = 50, .seed = 1,
                             .block_days = block_days};
  };
  for (auto whole : {40u, 99u}) { // 40 days, whatever comes first
    auto x = table.bootstrap(options(whole)).front().success_rate;
    CAF_CHECK_EQUAL(std::count(x.begin(), x.end(), rate), 50);
  }
  auto x = table.bootstrap(options(39)).front().success_rate;
  CAF_CHECK_LESS(std::count(x.begin(), x.end(), rate), 50);
  CAF_CHECK(table.bootstrap(options(1)).front().success_rate
            == table.bootstrap(50, 1).front().success_rate);
  CAF_CHECK(table.bootstrap(options(0)).front().success_rate
            == table.bootstrap(50, 1).front().success_rate);
}

CAF_TEST(a day of a million samples among thousands is counted right) {
  std::vector<trading_date> days;
  for (std::uint32_t day = 0; day < 5000; ++day)
    days.push_back(nth_day(day));
  day_table table{days, 1};
  for (int i = 0; i < 1'000'000; ++i)
    table.add_at(0, 0, trade_action::buy, fraction{up});
  for (std::uint32_t day = 1; day < 5000; ++day)
    table.add_at(day, 0, trade_action::buy, fraction{down});
  // Drawn k times it gives k million successes of as many and 5000 - k.
  auto x = table.bootstrap(50, 1).front().success_rate;
  CAF_REQUIRE_EQUAL(x.size(), 50u);
  for (auto rate : x) {
    auto k = std::round(5000.0 * rate / (1e6 - 1e6 * rate + rate));
    CAF_CHECK(std::abs(rate - 1e6 * k / (1e6 * k + 5000.0 - k)) < 1e-12);
  }
}

CAF_TEST(no days and no resamples give no replicates) {
  day_table empty{{}, 3};
  CAF_CHECK_EQUAL(empty.days(), 0u);
  CAF_CHECK_EQUAL(empty.total(2).samples, 0u);
  auto x = empty.bootstrap(100, 1);
  CAF_REQUIRE_EQUAL(x.size(), 3u);
  CAF_CHECK(x[2].difference.empty());
  auto none = table_of({sample(0, trade_action::buy, up)}).bootstrap(0, 1);
  CAF_CHECK(none.front().difference.empty());
}

CAF_TEST(the same seed draws the same and another seed differently) {
  auto table = table_of(moody_samples());
  auto a = table.bootstrap(200, 7).front().difference;
  CAF_CHECK(a == table.bootstrap(200, 7).front().difference);
  CAF_CHECK(a != table.bootstrap(200, 8).front().difference);
}

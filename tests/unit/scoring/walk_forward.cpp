#define CAF_SUITE scoring_walk_forward
#include "models/scoring/walk_forward.hpp"

#include "tests/unit/scoring/numbers.hpp"
#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <set>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

using std::chrono::days;
using std::chrono::hours;

/// Two symbols a day for `n` days from 2025-01-01, at 10 h; the label is known
/// after `horizon`.
std::vector<label_window> daily(std::uint32_t n, micros horizon) {
  std::vector<label_window> result;
  for (std::uint32_t day = 0; day < n; ++day) {
    auto slot = timestamp{std::chrono::sys_days{nth_day(day)}} + hours{10};
    for (int symbol = 0; symbol < 2; ++symbol)
      result.push_back({slot, slot + horizon, nth_day(day)});
  }
  return result;
}

/// Whether two closed windows share a moment: said anew, for the tests.
bool meet(const label_window& a, const label_window& b) {
  return a.slot <= b.label_end && b.slot <= a.label_end;
}

} // namespace

CAF_TEST(each day after the first part is tested once and trained on before) {
  auto samples = daily(50, hours{4});
  auto folds = walk_forward(samples, {.test_days = 7, .min_training_days = 20});
  CAF_REQUIRE_EQUAL(folds.size(), 5u); // 30 days: 7, 7, 7, 7 and 2
  std::set<std::uint32_t> tested;
  for (const auto& fold : folds) {
    for (auto i : fold.test)
      CAF_CHECK(tested.insert(i).second);
    for (auto i : fold.training)
      CAF_REQUIRE(samples[i].day < fold.first_day);
    CAF_CHECK_EQUAL(fold.purged, 0u); // known within the day
    CAF_CHECK_EQUAL(fold.training.size(), fold.test.front());
  }
  CAF_CHECK_EQUAL(tested.size(), 60u);
  CAF_CHECK(*tested.begin() == 40u);
  CAF_CHECK(folds[0].first_day == nth_day(20));
  CAF_CHECK(folds[0].last_day == nth_day(26));
  CAF_CHECK_EQUAL(folds[4].test.size(), 4u);
}

CAF_TEST(a fold is a calendar year unless days are given) {
  auto samples = daily(3 * 365 + 40, hours{4});
  auto folds = walk_forward(samples, {.min_training_days = 250});
  CAF_REQUIRE_EQUAL(folds.size(), 3u);
  CAF_CHECK(folds[0].first_day == nth_day(365)); // 2026-01-01
  CAF_CHECK(folds[0].last_day == nth_day(2 * 365 - 1));
  CAF_CHECK(folds[2].last_day == nth_day(3 * 365 + 39));
  CAF_CHECK_EQUAL(folds[0].training.size(), 730u);
  // Exactly a year of history: the next year is whole.
  CAF_CHECK(walk_forward(samples, {.min_training_days = 365})[0].first_day
            == nth_day(365));
  CAF_CHECK(walk_forward(samples, {.min_training_days = 366})[0].first_day
            == nth_day(2 * 365));
}

CAF_TEST(purging removes exactly the samples whose label meets the test) {
  for (auto horizon : {hours{4}, hours{24}, hours{60}, hours{240}}) {
    auto samples = daily(60, horizon);
    for (const auto& fold :
         walk_forward(samples, {.test_days = 9, .min_training_days = 20})) {
      std::set<std::uint32_t> kept{fold.training.begin(), fold.training.end()};
      std::uint32_t overlapping = 0;
      for (std::uint32_t i = 0; i < fold.test.front(); ++i) {
        auto meets = std::any_of(fold.test.begin(), fold.test.end(),
                                 [&](auto k) {
                                   return meet(samples[i], samples[k]);
                                 });
        overlapping += meets;
        CAF_REQUIRE_EQUAL(kept.count(i), meets ? 0u : 1u);
      }
      CAF_CHECK_EQUAL(fold.purged, overlapping);
    }
  }
  // A day's horizon ends in the moment of the first test slot: it counts.
  auto folds = walk_forward(daily(30, hours{24}),
                            {.test_days = 10, .min_training_days = 20});
  CAF_CHECK_EQUAL(folds[0].purged, 2u);
  CAF_CHECK_EQUAL(folds[0].training.size(), 38u);
}

CAF_TEST(a rolling window begins so many trading days before the test) {
  auto samples = daily(60, hours{4});
  auto folds = walk_forward(samples, {.window = training_window::rolling,
                                      .rolling_days = 15,
                                      .test_days = 10,
                                      .min_training_days = 10});
  CAF_REQUIRE_EQUAL(folds.size(), 5u);
  CAF_CHECK_EQUAL(folds[0].training.size(), 20u); // no more there yet
  for (std::size_t i = 1; i < folds.size(); ++i) {
    CAF_CHECK_EQUAL(folds[i].training.size(), 30u);
    CAF_CHECK_EQUAL(folds[i].training.back() + 1, folds[i].test.front());
  }
}

CAF_TEST(on both sides training stays away from the test by an embargo) {
  auto samples = daily(60, hours{60});
  walk_forward_options options{.window = training_window::both_sides,
                               .test_days = 10,
                               .min_training_days = 0,
                               .embargo = hours{60}};
  auto folds = walk_forward(samples, options);
  CAF_REQUIRE_EQUAL(folds.size(), 6u);
  for (const auto& fold : folds) {
    auto known = samples[fold.test.back()].label_end;
    std::uint32_t embargoed = 0;
    for (std::uint32_t i = 0; i < samples.size(); ++i) {
      auto tested = std::binary_search(fold.test.begin(), fold.test.end(), i);
      auto meets = std::any_of(fold.test.begin(), fold.test.end(), [&](auto k) {
        return meet(samples[i], samples[k]);
      });
      auto slot = samples[i].slot;
      auto soon = slot > known && slot <= known + hours{60};
      embargoed += soon;
      CAF_REQUIRE_EQUAL(std::binary_search(fold.training.begin(),
                                           fold.training.end(), i),
                        !tested && !meets && !soon);
    }
    CAF_CHECK_EQUAL(fold.embargoed, embargoed);
  }
  // Known 2.5 days after the last test slot, free 5 days after it: of the
  // days between, the 3rd, 4th and 5th are held back.
  CAF_CHECK_EQUAL(folds[2].embargoed, 6u);
  CAF_CHECK_EQUAL(folds[5].embargoed, 0u); // nothing comes after
  options.embargo = micros{0};
  folds = walk_forward(samples, options);
  CAF_CHECK_EQUAL(folds[2].embargoed, 0u);
}

CAF_TEST(training on the past alone leaves nothing for an embargo) {
  auto samples = daily(60, hours{60});
  walk_forward_options options{.test_days = 10, .min_training_days = 20};
  auto plain = walk_forward(samples, options);
  options.embargo = hours{240};
  auto held = walk_forward(samples, options);
  CAF_REQUIRE_EQUAL(plain.size(), held.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CAF_CHECK(plain[i].training == held[i].training);
    CAF_CHECK_EQUAL(held[i].embargoed, 0u);
  }
}

CAF_TEST(a fold that nothing is left to train on is not made) {
  // Every label is known after the end.
  auto folds = walk_forward(daily(30, hours{24 * 40}),
                            {.test_days = 5, .min_training_days = 10});
  CAF_CHECK(folds.empty());
  // Too little history for any test.
  CAF_CHECK(walk_forward(daily(10, hours{4}), {.min_training_days = 10})
              .empty());
}

CAF_TEST(nonsense is refused and says what to do) {
  auto good = daily(30, hours{4});
  walk_forward_options options{.test_days = 5, .min_training_days = 10};
  auto says = [&](const auto& samples, const walk_forward_options& with) {
    auto problem = problem_of(samples, with);
    auto thrown = refusal_of([&] { walk_forward(samples, with); });
    CAF_CHECK_EQUAL(problem.value_or(""), thrown);
    return thrown;
  };
  CAF_CHECK_EQUAL(says(good, options), "");
  CAF_CHECK(says(std::vector<label_window>{}, options)
              .starts_with("no samples"));
  auto bad = good;
  std::swap(bad[3], bad[9]);
  CAF_CHECK(says(bad, options).starts_with("out of order: sample 4"));
  bad = good;
  bad[7].day = nth_day(0);
  CAF_CHECK(says(bad, options).starts_with("out of order: sample 7"));
  bad = good;
  bad[2].label_end = bad[2].slot - micros{1};
  CAF_CHECK(says(bad, options).starts_with("a label known before its slot"));
  bad = good;
  bad[5].day = std::chrono::year{2025} / 2 / 30;
  CAF_CHECK(says(bad, options).starts_with("not a real day: sample 5"));
  options.min_training_days = 0;
  CAF_CHECK(says(good, options).starts_with("a test fold without a past"));
  options.min_training_days = 10;
  options.window = training_window::rolling;
  CAF_CHECK(says(good, options).starts_with("a rolling window without days"));
  options.window = training_window::both_sides;
  CAF_CHECK(says(good, options).starts_with("training on both sides"));
  options = {.test_days = 5, .min_training_days = 10, .embargo = micros{-1}};
  CAF_CHECK(says(good, options).starts_with("a negative embargo"));
}

namespace {

/// A learner that remembers: what it says of a sample is the label of the
/// training sample nearest in time. Returns how often it is right.
double nearest_neighbour_accuracy(const std::vector<label_window>& samples,
                                  const std::vector<bool>& rose,
                                  const walk_forward_options& options) {
  double right = 0.0, told = 0.0;
  for (const auto& fold : walk_forward(samples, options)) {
    for (auto i : fold.test) {
      auto distance = [&](std::uint32_t k) {
        return std::abs((samples[k].slot - samples[i].slot).count());
      };
      auto nearest = *std::min_element(
        fold.training.begin(), fold.training.end(),
        [&](auto a, auto b) { return distance(a) < distance(b); });
      right += rose[nearest] == rose[i];
      told += 1.0;
    }
  }
  return right / told;
}

/// Daily steps by chance; a label is the sign of the next twenty, so that
/// neighbours share nineteen of them. Tests of a single day make the leak
/// large.
struct leaky_market {
  std::vector<label_window> samples;
  std::vector<bool> rose;

  leaky_market() {
    constexpr std::uint32_t n = 1500, horizon = 20;
    splitmix64 random{11};
    std::vector<double> path{0.0};
    for (std::uint32_t i = 0; i < n + horizon; ++i)
      path.push_back(path.back() + normal(random));
    for (std::uint32_t i = 0; i < n; ++i) {
      auto slot = timestamp{std::chrono::sys_days{nth_day(i)}};
      samples.push_back({slot, slot + days{horizon}, nth_day(i)});
      rose.push_back(path[i + horizon] > path[i]);
    }
  }
};

} // namespace

CAF_TEST(without purging a learner that remembers beats chance) {
  leaky_market market;
  walk_forward_options options{.test_days = 1, .min_training_days = 250};
  auto clean = nearest_neighbour_accuracy(market.samples, market.rose, options);
  options.purge = false;
  auto leaky = nearest_neighbour_accuracy(market.samples, market.rose, options);
  // 1250 overlapping labels are some 60 independent ones: 0.065 a deviation.
  CAF_CHECK_LESS(std::abs(clean - 0.5), 0.15);
  CAF_CHECK_GREATER(leaky, 0.8);
}

namespace {

/// Moves by chance. A sample's features are the twenty moves before it, so
/// those of the samples right after a test still hold its outcome.
struct remembering_market {
  static constexpr std::uint32_t reach = 20, pattern = 12;

  std::vector<label_window> samples;
  std::vector<bool> rose;

  remembering_market() {
    splitmix64 random{5};
    for (std::uint32_t i = 0; i < 600; ++i) {
      auto slot = timestamp{std::chrono::sys_days{nth_day(i)}};
      samples.push_back({slot, slot + hours{20}, nth_day(i)});
      rose.push_back(chance(random, 0.5));
    }
  }

  bool same(std::uint32_t a, std::uint32_t b) const {
    for (std::uint32_t k = 0; k < pattern; ++k)
      if (rose[a + k] != rose[b + k])
        return false;
    return true;
  }

  /// Seeks the twelve moves before `test` in the features of the training
  /// samples and counts what followed them there: + risen, - fallen.
  int votes(std::uint32_t test, const std::vector<std::uint32_t>& training)
    const {
    int result = 0;
    for (auto k : training)
      for (auto from = k < reach ? 0 : k - reach; from + pattern < k; ++from)
        if (same(from, test - pattern))
          result += rose[from + pattern] ? 1 : -1;
    return result;
  }
};

double pattern_accuracy(const remembering_market& market, micros embargo) {
  splitmix64 coin{6};
  double right = 0.0, told = 0.0;
  for (const auto& fold :
       walk_forward(market.samples, {.window = training_window::both_sides,
                                     .test_days = 1,
                                     .min_training_days = 0,
                                     .embargo = embargo})) {
    auto i = fold.test.front();
    if (i < remembering_market::pattern)
      continue;
    auto votes = market.votes(i, fold.training);
    auto says = votes == 0 ? chance(coin, 0.5) : votes > 0;
    right += says == market.rose[i];
    told += 1.0;
  }
  return right / told;
}

} // namespace

CAF_TEST(without an embargo the outcome leaks from the features after it) {
  remembering_market market;
  CAF_CHECK_GREATER(pattern_accuracy(market, micros{0}), 0.9);
  // Five deviations of 588 coins.
  CAF_CHECK_LESS(
    std::abs(pattern_accuracy(market, days{remembering_market::reach}) - 0.5),
    0.105);
}

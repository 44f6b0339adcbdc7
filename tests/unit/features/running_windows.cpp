#define CAF_SUITE running_windows
#include "models/features/last_values.hpp"
#include "models/features/number_pair.hpp"
#include "models/features/recent_closes.hpp"
#include "models/features/window_sum.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <deque>
#include <numeric>
#include <vector>

using namespace banksia;
using namespace banksia::test;

namespace {

template <std::size_t N>
int disagreements(std::uint32_t seed, int count) {
  std::mt19937_64 engine{seed};
  std::lognormal_distribution<double> value{0.0, 3.0};
  window_sum<N> state;
  std::vector<double> all;
  int bad = 0;
  for (int i = 0; i < count; ++i) {
    all.push_back(value(engine));
    state.add(all.back());
    if (state.ready() != (all.size() >= N)) {
      ++bad;
      continue;
    }
    if (!state.ready())
      continue;
    auto sum = std::accumulate(all.end() - std::ptrdiff_t{N}, all.end(), 0.0L);
    // Each of N additions may lose half a unit of the last place.
    if (std::abs(state.value() - static_cast<double>(sum))
        > static_cast<double>(N) * 1.2e-16 * static_cast<double>(sum))
      ++bad;
  }
  return bad;
}

} // namespace

CAF_TEST(a running sum is the sum of its window) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    CAF_CHECK_EQUAL(disagreements<1>(seed, 50), 0);
    CAF_CHECK_EQUAL(disagreements<2>(seed, 50), 0);
    CAF_CHECK_EQUAL(disagreements<50>(seed, 400), 0);
    CAF_CHECK_EQUAL(disagreements<200>(seed, 1000), 0);
  }
}

CAF_TEST(what has left a running sum leaves no trace) {
  window_sum<5> x;
  for (int i = 0; i < 7; ++i)
    x.add(1e17);
  for (int i = 0; i < 5; ++i)
    x.add(0.1);
  CAF_CHECK(near(x.value(), 0.5, 1e-15));
  CAF_CHECK(near(x.mean(), 0.1, 1e-15));
}

CAF_TEST(a running sum with one value more is what it becomes) {
  std::mt19937_64 engine{3};
  std::lognormal_distribution<double> value{0.0, 3.0};
  window_sum<7> x;
  for (int i = 0; i < 50; ++i) {
    auto next = value(engine);
    auto ready = x.ready_with_one_more();
    auto sum = x.value_with(next);
    auto mean = x.mean_with(next);
    x.add(next);
    CAF_CHECK_EQUAL(ready, x.ready());
    CAF_CHECK(sum == x.value());
    CAF_CHECK(mean == x.mean());
  }
}

CAF_TEST(a running sum goes on scaled) {
  window_sum<7> x, scaled;
  for (int i = 0; i < 30; ++i) {
    if (i == 17)
      x.rescale(0.25); // a power of two rounds nothing
    x.add(i < 17 ? 4.0 * i : i);
    scaled.add(i);
    if (i >= 17)
      CAF_CHECK(x.value() == scaled.value());
  }
}

CAF_TEST(equal series give equal sums bit for bit) {
  window_sum<50> x;
  for (int i = 0; i < 77; ++i)
    x.add(std::sqrt(i));
  auto copy = x;
  CAF_CHECK(copy == x);
  copy.add(1.0);
  CAF_CHECK(!(copy == x));
  x.add(1.0);
  CAF_CHECK(copy == x);
}

CAF_TEST(sums side by side are the sums of each) {
  std::mt19937_64 engine{11};
  std::lognormal_distribution<double> value{0.0, 3.0};
  window_sum<20> first, second;
  window_sum<20, number_pair> both;
  for (int i = 0; i < 100; ++i) {
    number_pair next{value(engine), -value(engine)};
    first.add(next.first);
    second.add(next.second);
    CAF_CHECK(both.ready_with_one_more() == first.ready());
    auto sums = both.value_with(next);
    both.add(next);
    CAF_CHECK(both.ready() == first.ready());
    if (!both.ready())
      continue;
    CAF_CHECK(sums == both.value());
    CAF_CHECK((both.value() == number_pair{first.value(), second.value()}));
  }
}

CAF_TEST(the last values lie in the order in which they came) {
  last_values<int, 3> x;
  CAF_CHECK_EQUAL(x.before(2), 0);
  std::deque<int> all{0, 0, 0};
  for (int i = 1; i <= 10; ++i) {
    CAF_CHECK_EQUAL(x.oldest(), all.front());
    all.pop_front();
    all.push_back(i);
    x.add(i);
    auto values = x.values();
    CAF_CHECK(std::equal(values.begin(), values.end(), all.begin(), all.end()));
    CAF_CHECK_EQUAL(x.before(0), i);
    CAF_CHECK_EQUAL(x.before(2), all.front());
  }
  std::vector<int> seen;
  x.change_each([&](int value) {
    seen.push_back(value);
    return 10 * value;
  });
  CAF_CHECK((seen == std::vector{8, 9, 10}));
  auto values = x.values();
  CAF_CHECK((std::vector(values.begin(), values.end())
             == std::vector{80, 90, 100}));
  x.add(1);
  CAF_CHECK_EQUAL(x.before(1), 100);
  CAF_CHECK_EQUAL(x.before(2), 90);
}

CAF_TEST(the close so many minutes before is the last by then) {
  for (int step : {1, 5, 30, 60, 77}) {
    std::mt19937_64 engine{static_cast<std::uint64_t>(step)};
    std::uniform_int_distribution<int> skipped{0, 3};
    recent_closes x;
    std::vector<std::pair<std::int64_t, double>> all;
    std::int64_t minute = 0;
    int bad = 0;
    std::size_t most = 0;
    for (int i = 0; i < 2000; ++i) {
      minute += step * (skipped(engine) == 0 ? 3 : 1);
      x.add(minute, i);
      all.emplace_back(minute, i);
      most = std::max(most, x.size());
      for (std::int64_t back : {0, 1, 59, 60, 61, 239, 240}) {
        std::optional<double> expected;
        for (auto at = all.rbegin(); at != all.rend() && !expected; ++at)
          if (at->first <= minute - back)
            expected = at->second;
        if (x.at(minute - back) != expected)
          ++bad;
      }
    }
    CAF_CHECK_EQUAL(bad, 0);
    CAF_CHECK_LESS_OR_EQUAL(most, 240u / static_cast<unsigned>(step) + 2);
  }
}

CAF_TEST(nothing is known before the first close) {
  recent_closes x;
  CAF_CHECK(!x.at(100));
  x.add(100, 5.0);
  CAF_CHECK(!x.at(99));
  CAF_CHECK(x.at(100) == 5.0);
  CAF_CHECK(x.at(1000) == 5.0);
}

CAF_TEST(a later close of the same minute counts) {
  recent_closes x;
  x.add(100, 5.0);
  x.add(100, 6.0);
  CAF_CHECK(x.at(100) == 6.0);
  CAF_CHECK_EQUAL(x.size(), 1u);
}

CAF_TEST(an unknown or earlier minute forgets the past) {
  recent_closes x;
  x.add(100, 5.0);
  x.add(-1, 6.0);
  CAF_CHECK_EQUAL(x.size(), 0u);
  CAF_CHECK(!x.at(1000));
  x.add(100, 5.0);
  x.add(90, 6.0);
  CAF_CHECK_EQUAL(x.size(), 1u);
  CAF_CHECK(x.at(100) == 6.0);
}

CAF_TEST(closes go on scaled) {
  recent_closes x;
  x.add(100, 5.0);
  x.add(200, 6.0);
  x.rescale(0.5);
  CAF_CHECK(x.at(150) == 2.5);
  CAF_CHECK(x.at(200) == 3.0);
}

CAF_TEST(closes begun again are those after all were forgotten) {
  for (std::int64_t minute : {500, 360, 3, 0, -1}) {
    recent_closes begun, cleared;
    for (auto* x : {&begun, &cleared})
      for (int i = 0; i < 400; ++i)
        x->add(i, 1.0 + i);
    begun.restart(minute, 7.0);
    cleared.clear();
    cleared.add(minute, 7.0);
    CAF_CHECK(begun == cleared);
    CAF_CHECK_EQUAL(begun.size(), minute < 0 ? 0u : 1u);
    CAF_CHECK(begun.at(minute - 1) == std::nullopt);
    // Once more, and on: one place, written over.
    for (auto* x : {&begun, &cleared}) {
      x->restart(10, 8.0);
      x->add(20, 9.0);
    }
    CAF_CHECK(begun == cleared);
    CAF_CHECK(begun.at(15) == std::optional{8.0});
    CAF_CHECK(begun.at(20) == std::optional{9.0});
  }
}

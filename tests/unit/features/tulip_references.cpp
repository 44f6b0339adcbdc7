#define CAF_SUITE tulip_references
#include "models/features/smoothing.hpp"
#include "models/features/window_formulas.hpp"
#include "models/features/window_sum.hpp"

#include "tests/unit/features/series.hpp"

#include "caf/test/unit_test.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>
#include <optional>
#include <span>
#include <sstream>
#include <string>

using namespace banksia;

// The vectors of Tulip Indicators: 15 bars, periods of 5, outputs of 3 digits.

namespace {

using series = std::vector<double>;
using column = std::vector<std::optional<double>>;

std::filesystem::path vectors() {
  return std::filesystem::path{BANKSIA_SHARED_DATA}
         / "indicators/tulip/untest.txt";
}

bool absent() {
  if (std::filesystem::exists(vectors()))
    return false;
  std::cout << "banksia-skip: no indicator vectors at " << vectors()
            << std::endl;
  return true;
}

/// The arrays below the line `name`: inputs, then outputs.
std::vector<series> read_vectors(const std::string& name) {
  std::ifstream file{vectors()};
  std::string line;
  while (std::getline(file, line) && line != name) {
  }
  std::vector<series> result;
  while (std::getline(file, line) && line.starts_with('{')) {
    for (auto& c : line)
      if (c == ',' || c == '{' || c == '}')
        c = ' ';
    std::istringstream numbers{line};
    series x;
    for (double v; numbers >> v;)
      x.push_back(v);
    result.push_back(std::move(x));
  }
  return result;
}

/// Whether the present values of `got` are `expected`, to the digits given.
void check(const std::string& name, const column& got, const series& expected) {
  series present;
  for (const auto& x : got)
    if (x)
      present.push_back(*x);
  CAF_MESSAGE(name << ": " << present.size() << " values");
  CAF_REQUIRE_EQUAL(present.size(), expected.size());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (std::abs(present[i] - expected[i]) > 0.0005 + 1e-9)
      ++wrong;
  CAF_CHECK_EQUAL(wrong, 0u);
}

template <class State>
std::optional<double> value_of(const State& x) {
  return x.ready() ? std::optional{x.value()} : std::nullopt;
}

column changes_through(relative_strength<5> state, const series& closes) {
  column result;
  for (std::size_t i = 1; i < closes.size(); ++i) {
    state.add(closes[i] - closes[i - 1]);
    result.push_back(value_of(state));
  }
  return result;
}

} // namespace

CAF_TEST(mean of Wilder) {
  if (absent())
    return;
  auto x = read_vectors("wilders 5");
  CAF_REQUIRE_EQUAL(x.size(), 2u);
  wilder_mean<5> state;
  column got;
  for (auto v : x[0]) {
    state.add(v);
    got.push_back(value_of(state));
  }
  check("wilders 5", got, x[1]);
}

CAF_TEST(simple mean) {
  if (absent())
    return;
  auto x = read_vectors("sma 5");
  CAF_REQUIRE_EQUAL(x.size(), 2u);
  window_sum<5> state;
  column got;
  for (auto v : x[0]) {
    state.add(v);
    got.push_back(state.ready() ? std::optional{state.mean()} : std::nullopt);
  }
  check("sma 5", got, x[1]);
}

CAF_TEST(relative strength) {
  if (absent())
    return;
  auto x = read_vectors("rsi 5");
  CAF_REQUIRE_EQUAL(x.size(), 2u);
  check("rsi 5", changes_through({}, x[0]), x[1]);
}

CAF_TEST(bollinger bands and deviation) {
  if (absent())
    return;
  auto x = read_vectors("bbands 5 2");
  auto deviation = read_vectors("stddev 5");
  CAF_REQUIRE_EQUAL(x.size(), 4u);
  CAF_REQUIRE_EQUAL(deviation.size(), 2u);
  column lower, upper, half;
  for (std::size_t i = 5; i <= x[0].size(); ++i) {
    auto window = std::span{x[0]}.subspan(i - 5).first<5>();
    auto mean = std::accumulate(window.begin(), window.end(), 0.0) / 5.0;
    auto squares = 0.0;
    for (auto close : window)
      squares += square_around(close, mean);
    auto lines = bollinger_bands(mean, squares, window.size());
    lower.push_back(lines.lower);
    upper.push_back(lines.upper);
    half.push_back((lines.upper - lines.lower) / 4.0);
  }
  check("bbands 5 2, lower", lower, x[1]);
  check("bbands 5 2, upper", upper, x[3]);
  check("stddev 5", half, deviation[1]);
}

CAF_TEST(true ranges and their mean) {
  // Tulip gives the first bar, which has no close before it, the range
  // high - low, and begins its mean with it. We begin with the second, as Wilder
  // does and Stock.Indicators; so the first is given to the mean here.
  if (absent())
    return;
  auto ranges = read_vectors("tr");
  auto means = read_vectors("atr 5");
  CAF_REQUIRE_EQUAL(ranges.size(), 4u);
  CAF_REQUIRE_EQUAL(means.size(), 4u);
  wilder_mean<5> state;
  column got, mean;
  for (std::size_t i = 0; i < ranges[0].size(); ++i) {
    auto high = ranges[0][i];
    auto low = ranges[1][i];
    auto range
      = i == 0 ? high - low : true_range(high, low, ranges[2][i - 1]);
    state.add(range);
    got.push_back(range);
    mean.push_back(value_of(state));
  }
  check("tr", got, ranges[3]);
  check("atr 5", mean, means[3]);
}

CAF_TEST(on balance volume) {
  if (absent())
    return;
  auto x = read_vectors("obv");
  CAF_REQUIRE_EQUAL(x.size(), 3u);
  column got{0.0};
  for (std::size_t i = 1; i < x[0].size(); ++i)
    got.push_back(*got.back() + signed_volume(x[0][i], x[0][i - 1], x[1][i]));
  check("obv", got, x[2]);
}

CAF_TEST(exponential mean forgets that it was begun otherwise) {
  // Tulip begins with the first value, we with the mean of the first `Period`:
  // from there on both move alike, so their distance shrinks by 1 - 2 / 6 a
  // value. That is checked, and that it is the whole difference.
  if (absent())
    return;
  auto x = read_vectors("ema 5");
  CAF_REQUIRE_EQUAL(x.size(), 2u);
  exponential_mean<5> state;
  column got;
  series expected;
  double distance = 0.0;
  for (std::size_t i = 0; i < x[0].size(); ++i) {
    state.add(x[0][i]);
    if (!state.ready())
      continue;
    if (i == 4)
      distance = state.value() - x[1][i];
    else
      distance *= 1.0 - 2.0 / 6.0;
    got.push_back(state.value());
    expected.push_back(x[1][i] + distance);
  }
  CAF_REQUIRE_EQUAL(got.size(), 11u);
  // Two outputs of 3 digits are in it.
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < got.size(); ++i)
    if (std::abs(*got[i] - expected[i]) > 0.001 + 1e-9)
      ++wrong;
  CAF_CHECK_EQUAL(wrong, 0u);
}

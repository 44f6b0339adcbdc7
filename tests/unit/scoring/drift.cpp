#define CAF_SUITE scoring_drift
#include "models/scoring/drift.hpp"

#include "tests/unit/scoring/numbers.hpp"
#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <limits>
#include <vector>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> normals(std::uint64_t seed, int n, double mean = 0.0) {
  splitmix64 random{seed * 32'452'843};
  std::vector<double> result;
  for (int i = 0; i < n; ++i)
    result.push_back(mean + normal(random));
  return result;
}

} // namespace

CAF_TEST(the index agrees with an independent computation) {
  std::vector<double> reference, now;
  for (int i = 0; i < 1000; ++i)
    reference.push_back(i);
  // So many of a hundred in each tenth.
  constexpr std::array counts{8, 9, 12, 10, 10, 11, 9, 10, 9, 12};
  for (std::size_t bin = 0; bin < counts.size(); ++bin)
    for (int i = 0; i < counts[bin]; ++i)
      now.push_back(static_cast<double>(bin) * 100.0 + 50.0);
  auto made = make_drift_reference(reference);
  CAF_REQUIRE_EQUAL(made.edges.size(), 9u);
  for (auto part : made.parts)
    CAF_CHECK(near(part, 0.1, 1e-12));
  // Python: sum((a - e) * log(a / e)).
  auto x = drift_of(made, now);
  CAF_CHECK(near(x.index, 0.01586965056582042, 1e-12));
  // chi-squared(9) at 0.999 is 27.877 (tables; Python by its series).
  CAF_CHECK(near(x.chance_level, 27.877164871256937 * (0.01 + 0.001), 1e-9));
  CAF_CHECK(!x.drifted);
}

CAF_TEST(no change is no drift and chance is rare) {
  auto reference = make_drift_reference(normals(1, 5000));
  CAF_CHECK(near(drift_of(reference, normals(1, 5000)).index, 0.0, 1e-12));
  int over = 0;
  for (std::uint64_t seed = 2; seed < 1002; ++seed) {
    auto x = drift_of(reference, normals(seed, 200));
    over += x.index > x.chance_level;
    CAF_REQUIRE(!x.drifted);
  }
  // One of a thousand, and an approximation: a handful.
  CAF_CHECK_LESS(over, 8);
}

CAF_TEST(a shift is drift) {
  auto reference = make_drift_reference(normals(1, 5000));
  CAF_CHECK(drift_of(reference, normals(3, 500, 1.0)).drifted);
  CAF_CHECK(!drift_of(reference, normals(3, 500, 0.1)).drifted);
  // Twenty values may look like anything.
  CAF_CHECK(!drift_of(reference, normals(5, 20, 0.5)).drifted);
  CAF_CHECK(drift_of(reference, std::vector<double>(500, 99.0)).drifted);
}

CAF_TEST(values that go missing are drift) {
  auto reference = make_drift_reference(normals(1, 1000));
  auto now = normals(2, 1000);
  for (std::size_t i = 0; i < 500; ++i)
    now[i] = nan;
  auto x = drift_of(reference, now);
  CAF_CHECK_EQUAL(x.missing, 0.5);
  CAF_CHECK(x.drifted);
  // Half was missing all along: nothing changed.
  auto half = normals(3, 1000);
  for (std::size_t i = 0; i < 500; ++i)
    half[i] = nan;
  auto same = make_drift_reference(half);
  CAF_CHECK_EQUAL(same.missing, 0.5);
  CAF_CHECK(!drift_of(same, now).drifted);
  CAF_CHECK_LESS(drift_of(same, now).index, 0.1);
}

CAF_TEST(repeated values leave fewer bins) {
  std::vector<double> binary;
  for (int i = 0; i < 100; ++i)
    binary.push_back(i < 80 ? 0.0 : 1.0);
  auto reference = make_drift_reference(binary);
  CAF_CHECK_EQUAL(reference.parts.size(), reference.edges.size() + 1);
  for (auto part : reference.parts)
    CAF_CHECK_GREATER(part, 0.0);
  CAF_CHECK_EQUAL(drift_of(reference, binary).index, 0.0);
  std::vector<double> turned;
  for (auto x : binary)
    turned.push_back(1.0 - x);
  // (0.2 - 0.8) ln(0.2 / 0.8) twice.
  CAF_CHECK(
    near(drift_of(reference, turned).index, 1.2 * std::log(4.0), 1e-12));
}

CAF_TEST(what cannot be compared has not drifted) {
  auto reference = make_drift_reference(normals(1, 100));
  CAF_CHECK(!drift_of(reference, {}).drifted);
  CAF_CHECK_EQUAL(drift_of(reference, {}).index, 0.0);
  CAF_CHECK(!drift_of(drift_reference{}, normals(1, 100)).drifted);
  auto constant = make_drift_reference(std::vector<double>(100, 3.0));
  CAF_CHECK_EQUAL(constant.parts.size(), 1u);
  CAF_CHECK(!drift_of(constant, std::vector<double>(100, 3.0)).drifted);
  auto absent = make_drift_reference(std::vector<double>(100, nan));
  CAF_CHECK(absent.parts.empty());
  CAF_CHECK_EQUAL(absent.missing, 1.0);
  CAF_CHECK(refusal_of([] { make_drift_reference({}, 1); })
              .starts_with("fewer than 2 bins"));
}

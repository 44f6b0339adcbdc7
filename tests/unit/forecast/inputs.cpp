#define CAF_SUITE forecast_inputs
#include "models/forecast/inputs.hpp"

#include "tests/unit/forecast/planted.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

struct fixture {
  training_set set = plant(signal::none, 4, 1).set;

  /// The problem's first words.
  std::string problem() const {
    auto text = problem_of(set, 2).value_or("");
    return text.substr(0, text.rfind(':'));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(input_tests, fixture)

CAF_TEST(sound rows have no problem) {
  CAF_CHECK_EQUAL(problem(), "");
  CAF_CHECK(!problem_of(training_set{}, 0));
}

CAF_TEST(columns of another length are named) {
  auto good = set;
  set.inputs.features.pop_back();
  CAF_CHECK_EQUAL(problem(), "features: 211 values where the rows need 212");
  set = good;
  set.inputs.bars.pop_back();
  CAF_CHECK_EQUAL(problem(), "bars: 255 values where the rows need 256");
  set = good;
  set.inputs.bar_masks.pop_back();
  CAF_CHECK_EQUAL(problem(), "bar_masks: 3 values where the rows need 4");
  set = good;
  set.inputs.symbols.clear();
  CAF_CHECK_EQUAL(problem(), "symbols: 0 values where the rows need 4");
  set = good;
  set.labels.pop_back();
  CAF_CHECK_EQUAL(problem(), "labels: 3 values where the rows need 4");
  set = good;
  set.returns.pop_back();
  CAF_CHECK_EQUAL(problem(), "returns: 3 values where the rows need 4");
  set = good;
  set.slots.pop_back();
  CAF_CHECK_EQUAL(problem(), "slots: 3 values where the rows need 4");
  set = good;
  set.label_ends.pop_back();
  CAF_CHECK_EQUAL(problem(), "label_ends: 3 values where the rows need 4");
  set = good;
  set.inputs.bar_channels = 65;
  CAF_CHECK_EQUAL(problem(), "bar_channels");
}

CAF_TEST(a value counts only where its bit is set) {
  set.inputs.features[feature_count - 1] = std::nan("");
  CAF_CHECK_EQUAL(problem(), "");
  set.inputs.masks[0] |= std::uint64_t{1} << (feature_count - 1);
  CAF_CHECK_EQUAL(problem(), "not finite: quarter_end: row 0");
  set.inputs.masks[0] = 0;
  set.inputs.bars[3 * planted_channels] = std::nanf("");
  CAF_CHECK_EQUAL(problem(), "not finite: bar 3: row 0");
  set.inputs.bar_masks[0] &= ~(1U << 3);
  CAF_CHECK_EQUAL(problem(), "");
}

CAF_TEST(symbols outcomes and times are checked) {
  set.inputs.symbols[2] = 2;
  CAF_CHECK_EQUAL(problem(), "no such symbol: index 2: row 2");
  set.inputs.symbols[2] = unknown_symbol;
  CAF_CHECK_EQUAL(problem(), "");
  set.label_ends[1] = set.slots[1] - micros{1};
  CAF_CHECK_EQUAL(problem(), "the outcome is older than its forecast: row 1");
}

CAF_TEST(a window of another size is not added) {
  auto before = set.inputs.rows();
  try {
    set.inputs.add({}, std::vector<float>(3), 0, 0);
    CAF_ERROR("a window of 3 values was taken");
  } catch (const forecast_error& error) {
    CAF_CHECK_EQUAL(std::string{error.what()},
                    "a window of 3 values: give 64");
  }
  CAF_CHECK_EQUAL(set.inputs.rows(), before);
}

CAF_TEST(the hash sees all that counts and nothing else) {
  auto before = data_hash(set);
  CAF_CHECK_EQUAL(before.size(), 64u);
  CAF_CHECK_EQUAL(data_hash(set), before);
  set.inputs.features[feature_count - 1] = 5.0; // missing
  CAF_CHECK_EQUAL(data_hash(set), before);
  auto differs = [&](auto change) {
    auto x = set;
    change(x);
    return data_hash(x) != before;
  };
  CAF_CHECK(differs([](auto& x) { x.inputs.features[0] += 1e-9; }));
  CAF_CHECK(differs([](auto& x) { x.inputs.masks[3] ^= 1; }));
  CAF_CHECK(differs([](auto& x) { x.inputs.bars.back() += 1e-3F; }));
  CAF_CHECK(differs([](auto& x) { x.inputs.bar_masks[0] ^= 1; }));
  CAF_CHECK(differs([](auto& x) { x.inputs.symbols[1] = unknown_symbol; }));
  CAF_CHECK(differs([](auto& x) {
    x.labels[0] = x.labels[0] == direction_class::up ? direction_class::flat
                                                     : direction_class::up;
  }));
  CAF_CHECK(differs([](auto& x) { x.returns[2] = 0.5; }));
  CAF_CHECK(differs([](auto& x) { x.slots[2] += micros{1}; }));
  CAF_CHECK(differs([](auto& x) { x.label_ends[2] += micros{1}; }));
  CAF_CHECK(differs([](auto& x) { x = training_set{}; }));
}

CAF_TEST(classes have names) {
  CAF_CHECK_EQUAL(to_string(direction_class::down), "down");
  CAF_CHECK_EQUAL(to_string(direction_class::flat), "flat");
  CAF_CHECK_EQUAL(to_string(direction_class::up), "up");
}

CAF_TEST_FIXTURE_SCOPE_END()

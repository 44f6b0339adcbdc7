#define CAF_SUITE forecast_attribution
#include "tests/unit/forecast/planted.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <numeric>

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

double sum_of(const attribution& x) {
  return std::accumulate(x.features.begin(), x.features.end(),
                         x.bars + x.symbol + x.rest);
}

} // namespace

CAF_TEST(the parts add up to the score that was forecast) {
  for (auto kind : {model_kind::logistic, model_kind::mlp,
                    model_kind::recurrent, model_kind::ensemble}) {
    auto options = small_options(kind);
    options.epochs = 3;
    auto model = trained(options, plant(signal::features, 400, 1),
                         plant_later(signal::features, 100, 2));
    auto rows = plant_later(signal::features, 5, 3).set.inputs;
    auto found = model.forecast(rows);
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      auto why = model.attribute(rows, row);
      CAF_CHECK(std::abs(sum_of(why) - why.score) < 1e-9);
      CAF_CHECK(std::abs(why.score
                         - (found[row].logits[2] - found[row].logits[0]))
                < 1e-4);
    }
  }
}

CAF_TEST(a linear model is explained without rest) {
  // Its rest is the same for each row: the bias.
  auto model = trained(small_options(model_kind::logistic),
                       plant(signal::features, 600, 1),
                       plant_later(signal::features, 100, 2));
  auto rows = plant_later(signal::features, 20, 3).set.inputs;
  auto rest = model.attribute(rows, 0).rest;
  for (std::size_t row = 1; row < rows.rows(); ++row)
    CAF_CHECK(std::abs(model.attribute(rows, row).rest - rest) < 1e-4);
}

CAF_TEST(what was planted weighs most and what is missing weighs nothing) {
  auto model = trained(small_options(model_kind::mlp),
                       plant(signal::features, 3000, 1),
                       plant_later(signal::features, 400, 2));
  auto rows = plant_later(signal::features, 200, 3).set.inputs;
  std::array<double, feature_count> weight{};
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    auto why = model.attribute(rows, row);
    CAF_CHECK_EQUAL(why.bars, 0.0); // an mlp does not look at them
    for (std::size_t i = 0; i < feature_count; ++i)
      weight[i] += std::abs(why.features[i]);
  }
  for (std::size_t i = 2; i < planted_features; ++i) {
    CAF_CHECK(weight[0] > 2.0 * weight[i]);
    CAF_CHECK(weight[1] > 2.0 * weight[i]);
  }
  for (std::size_t i = planted_features; i < feature_count; ++i)
    CAF_CHECK_EQUAL(weight[i], 0.0);
}

CAF_TEST(bars and symbol have parts of their own) {
  auto options = small_options(model_kind::recurrent);
  options.epochs = 2;
  auto model = trained(options, plant(signal::bars, 400, 1),
                       plant_later(signal::bars, 100, 2));
  auto rows = plant_later(signal::bars, 1, 3).set.inputs;
  auto why = model.attribute(rows, 0);
  CAF_CHECK(why.bars != 0.0);
  CAF_CHECK(why.symbol != 0.0);
  rows.symbols[0] = unknown_symbol;
  CAF_CHECK_EQUAL(model.attribute(rows, 0).symbol, 0.0);
}

CAF_TEST(asking why does not change the model) {
  auto options = small_options(model_kind::ensemble);
  options.epochs = 1;
  auto model = trained(options, plant(signal::features, 400, 1),
                       plant_later(signal::features, 100, 2));
  auto rows = plant_later(signal::features, 3, 3).set.inputs;
  auto before = model.tensors();
  auto first = model.attribute(rows, 1);
  auto second = model.attribute(rows, 1);
  CAF_CHECK(first.features == second.features);
  CAF_CHECK_EQUAL(first.rest, second.rest);
  CAF_CHECK(model.tensors() == before);
}

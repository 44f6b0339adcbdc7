#define CAF_SUITE model_inputs

#include "actors/ml/model_channels.hpp"
#include "actors/ml/model_inputs.hpp"
#include "models/features/recent_bars.hpp"
#include "tests/integration/forecasts/small_models.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>

using namespace banksia;
using namespace banksia::forecast_test;
using forecast::model_kind;

namespace {

forecast::forecast_model model_of(const forecast::model_content& x) {
  return forecast::forecast_model::from_tensors(x.manifest.shape, x.tensors);
}

} // namespace

CAF_TEST(rows become columns by the models own table of symbols) {
  auto model = model_of(small_model(model_kind::mlp, 1));
  auto rows = noise_rows(5, 2);
  auto x = inputs_of(model, rows);
  CAF_REQUIRE_EQUAL(x.rows(), 5u);
  CAF_CHECK_EQUAL(x.symbols[1], 1u);
  CAF_CHECK_EQUAL(x.symbols[4], forecast::unknown_symbol);
  CAF_CHECK_EQUAL(x.masks[2], rows[2].features.mask);
  CAF_CHECK_EQUAL(x.bar_masks[3], rows[3].window.mask);
  CAF_CHECK(std::equal(rows[4].features.values.begin(),
                       rows[4].features.values.end(),
                       x.feature_row(4).begin()));
  auto window = values_of(rows[2].window);
  CAF_CHECK_EQUAL(x.bar(2, 31)[4], window.back());
  CAF_CHECK(!problem_of(x, model.shape().symbols.size()));
}

CAF_TEST(a row without bars has none) {
  auto model = model_of(small_model(model_kind::mlp, 1));
  auto rows = noise_rows(1, 2);
  rows[0].window = {};
  auto x = inputs_of(model, rows);
  CAF_CHECK_EQUAL(x.bar_masks[0], 0u);
  CAF_CHECK_EQUAL(x.bar(0, 31)[0], 0.0F);
}

CAF_TEST(a window of another length is refused with its symbol) {
  auto model = model_of(small_model(model_kind::mlp, 1));
  auto rows = noise_rows(2, 2);
  rows[0].window.values.pop_back();
  std::string said;
  try {
    inputs_of(model, rows);
  } catch (const forecast::forecast_error& error) {
    said = error.what();
  }
  CAF_CHECK(said.find("S0.AX") != std::string::npos);
}

CAF_TEST(a model of other bars is told apart) {
  auto problem_of = [](const forecast::forecast_model& x) {
    return channel_problem(x.shape());
  };
  CAF_CHECK_EQUAL(problem_of(model_of(small_model(model_kind::mlp, 1))), "");
  auto other = problem_of(
    model_of(small_model(model_kind::mlp, 1, {"return", "mood"})));
  CAF_CHECK(other.find("return, mood") != std::string::npos);
}

CAF_TEST(features far outside of the training rows are counted) {
  std::vector<forecast::column_scale> columns(feature_count, {10.0, 2.0});
  columns[1].scale = 0.0; // never present there
  forecast::standardizer scales{columns, {}};
  feature_vector x;
  x.set(0, 10.0 + 2.0 * forecast::standardizer::limit);
  CAF_CHECK_EQUAL(count_outlying(scales, x), 0u);
  x.set(0, 10.1 + 2.0 * forecast::standardizer::limit);
  CAF_CHECK_EQUAL(count_outlying(scales, x), 1u);
  x.set(1, 1e9);
  CAF_CHECK_EQUAL(count_outlying(scales, x), 1u);
  x.set(2, -1e9);
  CAF_CHECK_EQUAL(count_outlying(scales, x), 2u);
  x.mask = 0; // what is missing is not looked at
  CAF_CHECK_EQUAL(count_outlying(scales, x), 0u);
}

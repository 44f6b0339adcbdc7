#define CAF_SUITE learning_fitting
#include "actors/learning/feature_choice.hpp"
#include "actors/learning/final_model.hpp"
#include "tests/unit/learning/planted_rows.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <numeric>

using namespace banksia;
using namespace banksia::learning;
using namespace banksia::test;
using forecast::model_kind;

namespace {

std::vector<std::uint32_t> all_of(const dataset& x) {
  std::vector<std::uint32_t> rows(x.size());
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

timestamp last_known(const dataset& x, const std::vector<std::uint32_t>& rows) {
  timestamp last{};
  for (auto i : rows)
    last = std::max(last, x.samples[i].label_end);
  return last;
}

} // namespace

CAF_TEST(parts follow each other and no outcome reaches into the next) {
  auto data = plant_rows({});
  auto split = split_in_time(data.samples, all_of(data));
  CAF_REQUIRE(!split.calibration.empty());
  CAF_CHECK(last_known(data, split.training)
            < data.samples[split.validation.front()].slot);
  CAF_CHECK(last_known(data, split.validation)
            < data.samples[split.calibration.front()].slot);
  CAF_CHECK(data.samples[split.calibration.front() - 1].day
            != data.samples[split.calibration.front()].day);
  // A day's outcome is known when the next slot comes: one day's at each joint.
  CAF_CHECK_EQUAL(split.purged, 10u);
  CAF_CHECK_EQUAL(split.training.size() + split.validation.size()
                    + split.calibration.size() + split.purged,
                  data.size());
}

CAF_TEST(without a holdout there is nothing to stop or calibrate on) {
  auto data = plant_rows({});
  auto split = split_in_time(data.samples, all_of(data), {0.0, 0.0});
  CAF_CHECK_EQUAL(split.training.size(), data.size());
  CAF_CHECK(split.validation.empty());
  CAF_CHECK(split.calibration.empty());
}

CAF_TEST(levels of prices and volumes are not learned from) {
  auto data = plant_rows({});
  auto level = feature_index("current_price");
  CAF_CHECK((learned_features() >> level & 1) == 0);
  CAF_CHECK((learned_features() >> feature_index("rsi") & 1) == 1);
  auto options = small_walk(data, model_kind::mlp).training;
  options.epochs = 2;
  auto fitted = fit(data, all_of(data), options);
  auto before = probabilities_of(fitted.model, data, all_of(data));
  for (std::size_t i = 0; i < data.size(); ++i) {
    data.rows.inputs.features[i * feature_count + level] = 1e9;
    if (i % 2 == 0)
      data.rows.inputs.masks[i] &= ~(std::uint64_t{1} << level);
  }
  CAF_CHECK(probabilities_of(fitted.model, data, all_of(data)) == before);
}

CAF_TEST(a symbol that the model does not know has no index of another one) {
  auto data = plant_rows({});
  auto options = small_walk(data, model_kind::mlp).training;
  options.epochs = 2;
  auto fitted = fit(data, all_of(data), options);
  std::vector<std::uint32_t> some{0, 1, 2};
  auto as_known = probabilities_of(fitted.model, data, some);
  std::swap(data.symbols[0], data.symbols[1]);
  CAF_CHECK(probabilities_of(fitted.model, data, some) != as_known);
  data.symbols[0] = "NEW.AX";
  CAF_CHECK_EQUAL(probabilities_of(fitted.model, data, some).size(), 3u);
}

CAF_TEST(the final model says where it comes from and comes back from a file) {
  planted_law law;
  law.strength = 0.2;
  auto data = plant_rows(law);
  auto options = small_walk(data, model_kind::ensemble);
  options.training.epochs = 3;
  options.evaluation.bootstrap.resamples = 200;
  auto shown = walk_forward_over(data, options);
  auto verdict = judge(shown, nullptr);
  model_origin origin;
  origin.trained_at = data.samples.back().label_end;
  origin.trials = 3;
  origin.configuration_hash = std::string(64, 'c');
  origin.build = "a build";
  auto made = final_model(data, options, shown, verdict, origin);
  const auto& m = made.manifest;
  CAF_CHECK(forecast::is_model_version(m.version));
  CAF_CHECK(m.data_from == data.samples.front().slot);
  CAF_CHECK(m.data_to == data.samples.back().label_end);
  CAF_CHECK_EQUAL(m.rows + m.validation_rows + 10, data.size());
  CAF_CHECK_EQUAL(m.trials, 3u);
  for (auto name : {"log_loss", "log_loss_gain", "brier_skill", "ece",
                    "rank_ic", "success_difference", "direction_gain"})
    CAF_CHECK(m.metrics.contains(name));
  CAF_CHECK(m.metrics.at("log_loss_gain").interval);
  CAF_CHECK_EQUAL(m.drift.size(), feature_count - level_features.size());
  CAF_CHECK_EQUAL(m.drift.at("rsi").parts.size(), 10u);
  CAF_CHECK_EQUAL(m.drift.at("vix_level").missing, 1.0);
  auto bytes = forecast::to_bytes(made);
  auto read = forecast::from_bytes(bytes);
  CAF_CHECK(read == made);
  auto again = final_model(data, options, shown, verdict, origin);
  CAF_CHECK(forecast::to_bytes(again) == bytes);
  auto model = forecast::forecast_model::from_tensors(m.shape, read.tensors);
  CAF_CHECK(model.temperature() != 1.0);
}

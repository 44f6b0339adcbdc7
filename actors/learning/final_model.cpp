#include "actors/learning/final_model.hpp"

#include "actors/learning/error.hpp"
#include "actors/learning/feature_choice.hpp"
#include "models/forecast/numeric_environment.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace banksia::learning {

namespace {

forecast::metric figure(const rate_estimate& x) {
  return forecast::as_kept(forecast::metric{x.value, x.interval});
}

} // namespace

forecast::metric_table figures_of(const walk_result& shown,
                                  const model_verdict& verdict) {
  forecast::metric_table out;
  const auto& model = shown.report.forecasts.front();
  if (const auto& p = model.probabilities) {
    out["log_loss"] = {p->scores.log_loss, std::nullopt};
    out["log_loss_gain"] = figure(p->log_loss_gain);
    out["brier"] = {p->scores.brier, std::nullopt};
    out["brier_skill"] = figure(p->brier_skill);
    out["ece"] = {p->ece, std::nullopt};
    if (p->rank_ic)
      out["rank_ic"] = {p->rank_ic->value, p->rank_ic->interval};
  }
  if (const auto& a = model.actions) {
    out["success_rate"] = figure(a->all.success_rate);
    out["success_difference"] = figure(a->all.difference);
    if (a->leak.told > 0)
      out["direction_accuracy"] = {a->leak.accuracy, a->leak.interval};
  }
  out["direction_gain"] = figure(verdict.direction_gain);
  if (const auto& gain = verdict.evidence.gain_over_champion)
    out["gain_over_champion"] = figure(*gain);
  return forecast::as_kept(out);
}

forecast::drift_table drift_table_of(const forecast::training_set& rows) {
  forecast::drift_table out;
  std::vector<double> values(rows.rows());
  for (std::size_t i = 0; i < feature_count; ++i) {
    if ((learned_features() >> i & 1) == 0)
      continue;
    for (std::size_t row = 0; row < rows.rows(); ++row)
      values[row] = (rows.inputs.masks[row] >> i & 1) != 0
                      ? rows.inputs.feature_row(row)[i]
                      : std::numeric_limits<double>::quiet_NaN();
    out.emplace(feature_names[i],
                forecast::as_kept(make_drift_reference(values)));
  }
  return out;
}

forecast::model_content
final_model(const dataset& data, const walk_options& options,
            const walk_result& shown, const model_verdict& verdict,
            const model_origin& origin, const fit_progress& progress) {
  std::vector<std::uint32_t> all(data.size());
  std::iota(all.begin(), all.end(), 0U);
  auto fitted = fit(data, all, options.training, options.holdout, progress);
  auto rows = learned_rows(data, all);
  auto environment = forecast::current_numeric_environment();
  forecast::model_content made;
  auto& m = made.manifest;
  m.shape = options.training.shape;
  m.data_from = data.rows.slots.front();
  m.data_to = *std::max_element(data.rows.label_ends.begin(),
                                data.rows.label_ends.end());
  m.data_hash = forecast::data_hash(rows);
  m.rows = fitted.training_rows;
  m.validation_rows = fitted.validation_rows + fitted.calibration_rows;
  m.seed = options.training.seed;
  m.trials = origin.trials;
  m.configuration_hash = origin.configuration_hash;
  m.build = origin.build;
  m.library = environment.library;
  m.capability = environment.capability;
  m.blas = environment.blas;
  m.metrics = figures_of(shown, verdict);
  m.drift = drift_table_of(rows);
  m.version = forecast::model_version(origin.trained_at, m.shape.kind,
                                      m.data_hash, m.seed);
  made.tensors = fitted.model.tensors();
  return made;
}

} // namespace banksia::learning

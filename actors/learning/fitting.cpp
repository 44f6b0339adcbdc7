#include "actors/learning/fitting.hpp"

#include "actors/learning/error.hpp"
#include "actors/learning/feature_choice.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace banksia::learning {

namespace {

/// The first of `rows` from `wanted` on that begins a day.
std::size_t day_begin(std::span<const forecast_sample> samples,
                      std::span<const std::uint32_t> rows, std::size_t wanted) {
  while (wanted > 0 && wanted < rows.size()
         && samples[rows[wanted]].day == samples[rows[wanted - 1]].day)
    ++wanted;
  return wanted;
}

/// Those of [first, end) whose outcome was known before `next`, if that is one
/// of the rows.
std::vector<std::uint32_t> known_before(
  std::span<const forecast_sample> samples,
  std::span<const std::uint32_t> rows, std::size_t first, std::size_t end,
  std::uint32_t& purged) {
  std::vector<std::uint32_t> result;
  for (auto i = first; i < end; ++i)
    if (end < rows.size()
        && samples[rows[i]].label_end >= samples[rows[end]].slot)
      ++purged;
    else
      result.push_back(rows[i]);
  return result;
}

/// What training has done of all it may do, from where it stands.
class progress_meter {
public:
  progress_meter(const forecast::training_options& options,
                 const fit_progress& told)
    : members_(options.shape.kind == forecast::model_kind::ensemble ? 2 : 1),
      epochs_(options.epochs), told_(told) {}

  bool operator()(const forecast::training_progress& x) {
    if (!told_)
      return true;
    auto later = members_ == 2 && x.member == forecast::model_kind::recurrent;
    auto epoch = static_cast<double>(x.epoch - 1)
                 + static_cast<double>(x.step) / static_cast<double>(x.steps);
    told_((static_cast<double>(later ? 1 : 0)
           + epoch / static_cast<double>(epochs_))
          / static_cast<double>(members_));
    return true;
  }

private:
  std::uint32_t members_;
  std::uint32_t epochs_;
  const fit_progress& told_;
};

temperature_fit calibrate(forecast::forecast_model& model, const dataset& data,
                          std::span<const std::uint32_t> rows) {
  if (rows.empty())
    throw learning_error("too_little_data: no rows to calibrate on: wait for "
                         "more outcomes");
  auto set = rows_at(data, rows);
  std::vector<class_logits> logits;
  std::vector<move_class> labels;
  for (const auto& x : model.forecast(set.inputs))
    logits.push_back(x.logits);
  for (auto i : rows)
    labels.push_back(data.samples[i].label());
  auto found = fit_temperature(logits, labels);
  model.set_temperature(found.temperature);
  return found;
}

} // namespace

time_split split_in_time(std::span<const forecast_sample> samples,
                         std::span<const std::uint32_t> rows,
                         const holdout_options& options) {
  auto n = static_cast<double>(rows.size());
  auto part = [&](double x) { return static_cast<std::size_t>(n * x); };
  auto calibration = day_begin(samples, rows,
                               rows.size() - part(options.calibration));
  auto validation
    = day_begin(samples, rows,
                rows.size() - part(options.calibration + options.validation));
  time_split out;
  out.training = known_before(samples, rows, 0, validation, out.purged);
  out.validation
    = known_before(samples, rows, validation, calibration, out.purged);
  out.calibration
    = known_before(samples, rows, calibration, rows.size(), out.purged);
  return out;
}

forecast::training_set learned_rows(const dataset& data,
                                    std::span<const std::uint32_t> rows) {
  auto set = rows_at(data, rows);
  for (auto& mask : set.inputs.masks)
    mask &= learned_features();
  return set;
}

fitted_model fit(const dataset& data, std::span<const std::uint32_t> rows,
                 const forecast::training_options& options,
                 const holdout_options& holdout, const fit_progress& progress) {
  auto split = split_in_time(data.samples, rows, holdout);
  auto trained = forecast::train(options, learned_rows(data, split.training),
                                 learned_rows(data, split.validation),
                                 progress_meter{options, progress});
  if (!trained.model)
    throw learning_error(std::string{to_string(*trained.failure)} + ": "
                         + trained.reason);
  auto model = *std::move(trained.model);
  auto temperature = calibrate(model, data, split.calibration);
  return {std::move(model),
          temperature,
          std::move(trained.members),
          split.training.size(),
          split.validation.size(),
          split.calibration.size()};
}

std::vector<class_probabilities>
probabilities_of(const forecast::forecast_model& model, const dataset& data,
                 std::span<const std::uint32_t> rows) {
  auto set = rows_at(data, rows);
  for (auto& symbol : set.inputs.symbols)
    symbol = model.symbol_index(data.symbols[symbol]);
  std::vector<class_probabilities> result;
  result.reserve(rows.size());
  for (const auto& x : model.forecast(set.inputs))
    result.push_back(x.probabilities);
  return result;
}

} // namespace banksia::learning

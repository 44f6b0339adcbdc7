#include "actors/learning/walk.hpp"

#include "actors/learning/error.hpp"
#include "models/features/recent_bars.hpp"
#include "models/scoring/baselines.hpp"
#include "models/scoring/sharpe.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace banksia::learning {

namespace {

constexpr std::string_view rules_name = "rules";

/// Seeds of folds lie apart by more than a model has members.
constexpr std::uint64_t seeds_a_fold = 16;

forecast::training_options
options_of_kind(forecast::training_options x, forecast::model_kind kind,
                std::size_t fold) {
  x.shape.kind = kind;
  x.seed += fold * seeds_a_fold;
  return x;
}

fold_summary summary_of(const walk_forward_fold& fold,
                        const fitted_model& fitted) {
  fold_summary x;
  x.first_day = fold.first_day;
  x.last_day = fold.last_day;
  x.training_rows = fitted.training_rows;
  x.validation_rows = fitted.validation_rows;
  x.calibration_rows = fitted.calibration_rows;
  x.test_rows = fold.test.size();
  x.purged = fold.purged;
  x.temperature = fitted.temperature.temperature;
  x.members = fitted.members;
  return x;
}

std::string name_of(const walk_forward_fold& fold) {
  return to_string(fold.first_day) + " to " + to_string(fold.last_day);
}

/// Fits on a fold's past and appends what is said of its test.
class fold_runner {
public:
  fold_runner(const dataset& data, const walk_options& options,
              walk_result& into)
    : data_(data), options_(options), into_(into) {
    auto kind = options.training.shape.kind;
    add(std::string{to_string(kind)}, kind);
    if (kind != forecast::model_kind::logistic)
      add("logistic", forecast::model_kind::logistic);
  }

  void run(const walk_forward_fold& fold, std::size_t number,
           const fit_progress& progress) {
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
      auto fitted = fit_fold(fold, kinds_[i], number,
                             i == 0 ? progress : fit_progress{});
      auto said = probabilities_of(fitted.model, data_, fold.test);
      auto& to = into_.forecasts[i].probabilities;
      to.insert(to.end(), said.begin(), said.end());
      if (i == 0)
        into_.folds.push_back(summary_of(fold, fitted));
    }
  }

private:
  void add(std::string name, forecast::model_kind kind) {
    kinds_.push_back(kind);
    into_.forecasts.push_back({std::move(name), {}, {}, {}});
  }

  fitted_model fit_fold(const walk_forward_fold& fold,
                        forecast::model_kind kind, std::size_t number,
                        const fit_progress& progress) const {
    try {
      return fit(data_, fold.training,
                 options_of_kind(options_.training, kind, number),
                 options_.holdout, progress);
    } catch (const learning_error& error) {
      throw learning_error(std::string{error.what()} + " (the model that says "
                           + name_of(fold) + ")");
    }
  }

  const dataset& data_;
  const walk_options& options_;
  walk_result& into_;
  std::vector<forecast::model_kind> kinds_;
};

named_forecast rules_at(const dataset& data,
                        std::span<const std::uint32_t> rows) {
  named_forecast x;
  x.name = rules_name;
  x.actions.reserve(rows.size());
  for (auto i : rows)
    x.actions.push_back(data.rules[i]);
  return x;
}

void open_accounts(walk_result& x, double cost) {
  for (auto* list : {&x.forecasts, &x.baselines})
    for (auto& forecast : *list) {
      if (forecast.actions.empty())
        forecast.actions = actions_of(forecast.probabilities);
      forecast.daily_returns = account_of(x.samples, forecast.actions, cost);
    }
}

/// How far the Sharpe ratios of what was tried lie apart: the spread that luck
/// chooses from.
double spread_of_trials(const walk_result& x) {
  std::vector<double> ratios;
  for (const auto& forecast : x.forecasts)
    if (auto moments = moments_of(forecast.daily_returns))
      ratios.push_back(sharpe_ratio(*moments));
  return variance_of(ratios).value_or(0.0);
}

std::vector<walk_forward_fold> folds_of(const dataset& data,
                                        const walk_options& options) {
  if (data.size() == 0)
    throw learning_error("too_little_data: no prediction has an outcome yet: "
                         "wait for outcomes, or import bars");
  auto folds = walk_forward(windows_of(data.samples), options.folds);
  if (folds.empty())
    throw learning_error(
      "too_little_data: " + to_string(data.samples.front().day) + " to "
      + to_string(data.samples.back().day) + " has no fold after "
      + std::to_string(options.folds.min_training_days)
      + " days of training: wait for more outcomes, or begin earlier");
  return folds;
}

} // namespace

std::vector<double> account_of(std::span<const forecast_sample> samples,
                               std::span<const trade_action> actions,
                               double cost) {
  std::vector<double> result;
  for (std::size_t i = 0; i < samples.size();) {
    auto sum = 0.0;
    auto first = i;
    for (; i < samples.size() && samples[i].day == samples[first].day; ++i) {
      auto r = samples[i].actual_return.value();
      if (actions[i] == trade_action::buy)
        sum += r - cost;
      else if (actions[i] == trade_action::sell)
        sum += -r - cost;
    }
    result.push_back(std::max(sum / static_cast<double>(i - first), -1.0));
  }
  return result;
}

walk_options walk_options_for(const dataset& data, forecast::model_kind kind,
                              std::uint64_t seed) {
  walk_options options;
  auto& shape = options.training.shape;
  shape.kind = kind;
  shape.symbols = data.symbols;
  for (auto name : recent_bar_channels)
    shape.bar_channels.emplace_back(name);
  options.training.seed = seed;
  return options;
}

walk_forward_options recent_folds(const dataset& data, std::uint32_t folds) {
  std::uint32_t days = 0;
  for (std::size_t i = 0; i < data.samples.size(); ++i)
    days += i == 0 || data.samples[i].day != data.samples[i - 1].day ? 1 : 0;
  auto least = 2 * folds;
  if (days < least)
    throw learning_error("too_little_data: outcomes of " + std::to_string(days)
                         + " days of at least " + std::to_string(least)
                         + ": wait for more outcomes");
  walk_forward_options options;
  options.test_days = days / (2 * folds);
  options.min_training_days = days - folds * options.test_days;
  return options;
}

walk_result walk_forward_over(const dataset& data, const walk_options& options,
                              const walk_progress& progress) {
  auto folds = folds_of(data, options);
  walk_result result;
  fold_runner runner{data, options, result};
  for (std::size_t i = 0; i < folds.size(); ++i) {
    auto share = 1.0 / static_cast<double>(folds.size());
    runner.run(folds[i], i, [&](double done) {
      if (progress)
        progress("walk-forward: " + name_of(folds[i]),
                 (static_cast<double>(i) + done) * share);
    });
  }
  auto run = run_baselines(data.samples, folds);
  result.tested = std::move(run.tested);
  result.baselines = std::move(run.forecasts);
  result.samples = samples_at(data.samples, result.tested);
  result.forecasts.push_back(rules_at(data, result.tested));
  open_accounts(result, options.transaction_cost);
  auto evaluation = options.evaluation;
  if (evaluation.trials > 1 && evaluation.trial_variance == 0.0)
    evaluation.trial_variance = spread_of_trials(result);
  result.report = evaluate_forecasts(result.samples, result.forecasts,
                                     result.baselines, evaluation);
  return result;
}

} // namespace banksia::learning

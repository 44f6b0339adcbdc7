#include "models/scoring/evaluation_report.hpp"

#include "models/scoring/evaluation_parts.hpp"
#include "models/scoring/figures.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace banksia {

namespace {

// -- input --------------------------------------------------------------------

const named_forecast&
reference_among(std::span<const named_forecast> baselines) {
  auto i = std::find_if(baselines.begin(), baselines.end(), [](const auto& x) {
    return x.name == reference_name && !x.probabilities.empty();
  });
  if (i == baselines.end())
    throw std::invalid_argument("no baseline climatology: evaluation: give its "
                                "probabilities on the same samples");
  return *i;
}

void check(std::span<const forecast_sample> samples,
           std::span<const named_forecast* const> forecasts) {
  if (samples.empty())
    throw std::invalid_argument("no samples: evaluation: give evaluated "
                                "forecasts");
  if (auto problem = problem_of(samples))
    throw std::invalid_argument(*problem);
  for (const auto* x : forecasts)
    if (auto problem = problem_of(*x, samples.size()))
      throw std::invalid_argument(*problem);
}

// -- verdict ------------------------------------------------------------------

std::string more_days(const std::optional<std::uint64_t>& needed,
                      std::uint32_t days) {
  if (!needed)
    return "";
  auto more = *needed > days ? *needed - days : 1;
  return ", about " + count_of(more, "more trading day") + " needed";
}

std::string action_clause(const action_evaluation& x) {
  const auto& all = x.all;
  if (all.samples == 0)
    return "never acted";
  auto text = "success " + per_cent(all.success_rate.value)
              + " % vs best constant (always "
              + std::string{to_string(all.best_constant)} + ") "
              + per_cent(all.best_constant_rate.value) + " %, difference "
              + per_cent(all.difference.value, true) + " points"
              + bracket(all.difference.interval, true);
  if (all.skill_shown)
    return text;
  if (!all.difference.interval)
    return text + ", too few days to tell";
  if (all.difference.value <= 0.0)
    return text + ", no advantage to show";
  return text + more_days(x.days_needed, all.days);
}

std::string probability_clause(const probability_evaluation& x) {
  const auto& gain = x.log_loss_gain;
  auto text = "log loss " + decimal(x.scores.log_loss, 4)
              + ", gain over climatology " + decimal(gain.value, 4, true)
              + decimal_bracket(gain.interval, 4, true);
  if (gain.above_zero())
    return text;
  if (!gain.interval)
    return text + ", too few days to tell";
  if (gain.value <= 0.0)
    return text + ", no advantage to show";
  return text + more_days(gain.days_needed, gain.days);
}

bool shows_skill(const action_evaluation& x) { return x.all.skill_shown; }

bool shows_skill(const probability_evaluation& x) {
  return x.log_loss_gain.above_zero();
}

} // namespace

judged_samples judged_samples_of(std::span<const forecast_sample> samples) {
  judged_samples result;
  result.samples = samples;
  result.labels.reserve(samples.size());
  result.rows.reserve(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i == 0 || samples[i].day != samples[i - 1].day)
      ++result.days;
    result.rows.push_back(result.days - 1);
    result.labels.push_back(samples[i].label());
  }
  return result;
}

std::optional<account_evaluation>
evaluate_account(std::span<const double> daily_returns,
                 const evaluation_options& options) {
  auto moments = moments_of(daily_returns);
  if (!moments)
    return std::nullopt;
  account_evaluation result;
  result.moments = *moments;
  auto sharpe = sharpe_ratio(*moments);
  result.sharpe_a_year = annualised(sharpe, options.sessions_per_year);
  result.fall = max_drawdown(daily_returns);
  result.probabilistic = probabilistic_sharpe(
    sharpe, 0.0, moments->periods, moments->skewness, moments->kurtosis);
  // Trials whose spread is not known would deflate by nothing.
  if (options.trials == 1
      || (options.trials > 1 && options.trial_variance > 0.0))
    result.deflated
      = deflated_sharpe(*moments, options.trials, options.trial_variance);
  return result;
}

std::string verdict_of(const forecast_evaluation& x) {
  if (!x.actions && !x.probabilities)
    return "nothing to judge";
  auto part = (x.actions && shows_skill(*x.actions))
              || (x.probabilities && shows_skill(*x.probabilities));
  std::string text = x.skill_shown ? "skill shown: "
                     : part        ? "skill shown in part: "
                                   : "no skill shown: ";
  if (x.actions)
    text += action_clause(*x.actions);
  if (x.actions && x.probabilities)
    text += "; ";
  if (x.probabilities)
    text += probability_clause(*x.probabilities);
  if (x.actions && x.actions->leak.leak_suspected)
    text += "; directions right " + per_cent(x.actions->leak.accuracy)
            + " % of the time: a leak until shown otherwise";
  return text;
}

evaluation_report evaluate_forecasts(std::span<const forecast_sample> samples,
                                     std::span<const named_forecast> forecasts,
                                     std::span<const named_forecast> baselines,
                                     const evaluation_options& options) {
  std::vector<const named_forecast*> all;
  for (auto list : {forecasts, baselines})
    for (const auto& x : list)
      all.push_back(&x);
  check(samples, all);
  const auto& reference = reference_among(baselines);
  const auto judged = judged_samples_of(samples);
  evaluation_report report;
  report.samples = samples.size();
  report.days = judged.days;
  report.first_day = samples.front().day;
  report.last_day = samples.back().day;
  report.trials = options.trials;
  for (auto label : judged.labels)
    report.base_rates[index_of(label)]
      += 1.0 / static_cast<double>(samples.size());
  auto actions = evaluate_actions(judged, all, options);
  auto probabilities = evaluate_probabilities(judged, all, reference, options);
  for (std::size_t k = 0; k < all.size(); ++k) {
    forecast_evaluation x;
    x.name = all[k]->name;
    x.actions = std::move(actions[k]);
    x.probabilities = std::move(probabilities[k]);
    x.account = evaluate_account(all[k]->daily_returns, options);
    x.skill_shown = (x.actions || x.probabilities)
                    && (!x.actions || shows_skill(*x.actions))
                    && (!x.probabilities || shows_skill(*x.probabilities));
    x.verdict = verdict_of(x);
    auto& list = k < forecasts.size() ? report.forecasts : report.baselines;
    list.push_back(std::move(x));
  }
  return report;
}

} // namespace banksia

#include "actors/learning/verdict.hpp"

#include "models/scoring/figures.hpp"
#include "models/scoring/proper_scores.hpp"

#include <algorithm>
#include <cmath>

namespace banksia::learning {

namespace {

const named_forecast& climatology_of(const walk_result& x) {
  return *std::find_if(x.baselines.begin(), x.baselines.end(),
                       [](const named_forecast& y) {
                         return y.name == reference_name;
                       });
}

/// -ln of the probability of the side, given that it moves.
double direction_loss(const class_probabilities& p, move_class side) {
  auto moves = p[index_of(move_class::down)] + p[index_of(move_class::up)];
  auto share = moves > 0.0 ? p[index_of(side)] / moves : 0.5;
  return -std::log(std::max(share, log_loss_clip));
}

mean_estimate direction_gain_of(const walk_result& x,
                                const bootstrap_options& bootstrap) {
  const auto& own = x.model().probabilities;
  const auto& reference = climatology_of(x).probabilities;
  std::vector<trading_date> days;
  std::vector<double> gains;
  for (std::size_t i = 0; i < x.samples.size(); ++i) {
    auto label = x.samples[i].label();
    if (label == move_class::flat)
      continue;
    days.push_back(x.samples[i].day);
    gains.push_back(direction_loss(reference[i], label)
                    - direction_loss(own[i], label));
  }
  return estimate_mean(days, gains, bootstrap);
}

mean_estimate gain_over(const champion_showing& champion,
                        const walk_result& x,
                        const bootstrap_options& bootstrap) {
  std::vector<trading_date> days;
  std::vector<double> gains;
  for (std::size_t i = 0; i < champion.judged.size(); ++i) {
    auto at = champion.judged[i];
    auto label = x.samples[at].label();
    days.push_back(x.samples[at].day);
    gains.push_back(log_loss_of(champion.probabilities[i], label)
                    - log_loss_of(x.model().probabilities[at], label));
  }
  return estimate_mean(days, gains, bootstrap);
}

void require_direction(model_verdict& verdict) {
  const auto& gain = verdict.direction_gain;
  auto holds = gain.above_zero();
  verdict.promote = verdict.promote && holds;
  verdict.reasons.push_back(
    std::string{holds ? "tells direction: " : "not shown to tell direction: "}
    + "log loss gain over climatology among moves "
    + decimal(gain.value, 4, true) + decimal_bracket(gain.interval, 4, true));
}

void require_no_leak(model_verdict& verdict, const forecast_evaluation& model) {
  if (!model.actions || !model.actions->leak.leak_suspected)
    return;
  verdict.leak_suspected = true;
  verdict.promote = false;
  verdict.reasons.push_back(
    "not believed: directions right "
    + per_cent(model.actions->leak.accuracy)
    + " % of the time: a leak until shown otherwise");
}

/// How long it takes to show a gain that is not shown yet.
std::string wait_for(const mean_estimate& gain, std::uint32_t days) {
  if (!gain.interval || !gain.days_needed)
    return "too few days to tell";
  if (gain.value <= 0.0)
    return "no advantage that more days could show";
  auto more = *gain.days_needed > days ? *gain.days_needed - days : 1;
  return "about " + count_of(more, "more trading day") + " needed";
}

std::string text_of(const model_verdict& verdict, std::uint32_t days) {
  const auto& gain = verdict.evidence.gain_over_climatology;
  const auto& direction = verdict.direction_gain;
  if (!gain.above_zero())
    return "no skill shown; " + wait_for(gain, days);
  if (!direction.above_zero())
    return "no skill shown at direction, only at how far prices move; "
           + wait_for(direction, days);
  return "skill shown";
}

} // namespace

champion_showing show_champion(const forecast::forecast_model& champion,
                               const std::string& version, timestamp data_to,
                               const dataset& data, const walk_result& result) {
  champion_showing x;
  x.version = version;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < result.samples.size(); ++i)
    if (result.samples[i].slot > data_to) {
      x.judged.push_back(i);
      rows.push_back(result.tested[i]);
    }
  if (!rows.empty())
    x.probabilities = probabilities_of(champion, data, rows);
  return x;
}

model_verdict judge(const walk_result& result, const champion_showing* champion,
                    const bootstrap_options& bootstrap) {
  model_verdict verdict;
  verdict.evidence
    = gather_promotion_evidence(result.samples, result.model(), nullptr,
                                climatology_of(result), bootstrap);
  if (champion)
    verdict.evidence.gain_over_champion
      = gain_over(*champion, result, bootstrap);
  auto rule = judge_promotion(verdict.evidence);
  verdict.promote = rule.promote;
  verdict.reasons = std::move(rule.reasons);
  verdict.direction_gain = direction_gain_of(result, bootstrap);
  require_direction(verdict);
  require_no_leak(verdict, result.report.forecasts.front());
  verdict.text = text_of(verdict, result.report.days);
  return verdict;
}

} // namespace banksia::learning

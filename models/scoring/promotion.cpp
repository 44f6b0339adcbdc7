#include "models/scoring/promotion.hpp"

#include "models/scoring/evaluation_parts.hpp"
#include "models/scoring/figures.hpp"
#include "models/scoring/proper_scores.hpp"

#include <stdexcept>

namespace banksia {

namespace {

/// Adds the reason and says whether the condition holds.
bool beats(const mean_estimate& gain, const std::string& whom,
           promotion_verdict& verdict) {
  auto figures = "log loss gain over " + whom + " "
                 + decimal(gain.value, 4, true)
                 + decimal_bracket(gain.interval, 4, true) + " over "
                 + count_of(gain.days, "trading day");
  auto holds = gain.above_zero();
  if (holds)
    verdict.reasons.push_back("better than " + whom + ": " + figures);
  else if (!gain.interval)
    verdict.reasons.push_back("not shown better than " + whom
                              + ", too few days to tell: " + figures);
  else
    verdict.reasons.push_back("not shown better than " + whom + ": " + figures);
  return holds;
}

const std::vector<class_probabilities>& sound(const named_forecast& x,
                                              std::size_t samples) {
  if (auto problem = problem_of(x, samples))
    throw std::invalid_argument(*problem);
  if (x.probabilities.empty())
    throw std::invalid_argument("no probabilities: forecast " + x.name
                                + ": promotion compares log losses");
  return x.probabilities;
}

bool broken(const live_quality& x, const demotion_bounds& bounds) {
  return !(x.ece <= bounds.largest_ece)
         || !(x.brier_skill >= bounds.least_brier_skill);
}

} // namespace

std::string promotion_verdict::text() const {
  std::string result = promote ? "promoted: " : "not promoted: ";
  for (std::size_t i = 0; i < reasons.size(); ++i)
    result += (i > 0 ? "; " : "") + reasons[i];
  return result;
}

promotion_verdict judge_promotion(const promotion_evidence& x,
                                  const promotion_bounds& bounds) {
  promotion_verdict verdict;
  verdict.promote = beats(x.gain_over_climatology, "climatology", verdict);
  if (x.gain_over_champion) {
    auto holds = beats(*x.gain_over_champion, "the champion", verdict);
    verdict.promote = verdict.promote && holds;
  } else {
    verdict.reasons.push_back("there is no champion to beat");
  }
  // Written so that a number that is none fails.
  auto calibrated = x.ece <= bounds.largest_ece;
  verdict.reasons.push_back(
    (calibrated ? "calibrated: error " : "not calibrated: error ")
    + decimal(x.ece, 3) + ", bound " + decimal(bounds.largest_ece, 3));
  verdict.promote = verdict.promote && calibrated;
  return verdict;
}

promotion_evidence
gather_promotion_evidence(std::span<const forecast_sample> samples,
                          const named_forecast& challenger,
                          const named_forecast* champion,
                          const named_forecast& climatology,
                          const bootstrap_options& bootstrap,
                          std::uint32_t bins) {
  if (samples.empty())
    throw std::invalid_argument("no samples: promotion: give a walk-forward");
  if (auto problem = problem_of(samples))
    throw std::invalid_argument(*problem);
  const auto& own = sound(challenger, samples.size());
  const auto judged = judged_samples_of(samples);
  std::vector<trading_date> days;
  days.reserve(samples.size());
  for (const auto& x : samples)
    days.push_back(x.day);
  auto gain_over = [&](const named_forecast& other) {
    const auto& theirs = sound(other, samples.size());
    std::vector<double> gains;
    gains.reserve(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i)
      gains.push_back(log_loss_of(theirs[i], judged.labels[i])
                      - log_loss_of(own[i], judged.labels[i]));
    return estimate_mean(days, gains, bootstrap);
  };
  promotion_evidence result;
  result.gain_over_climatology = gain_over(climatology);
  if (champion)
    result.gain_over_champion = gain_over(*champion);
  result.ece = calibration_error(own, judged.labels, bins);
  return result;
}

demotion_verdict judge_demotion(std::span<const live_quality> days,
                                const demotion_bounds& bounds) {
  demotion_verdict verdict;
  for (auto i = days.size(); i > 0 && broken(days[i - 1], bounds); --i)
    ++verdict.days_broken;
  auto patience = std::max(bounds.days, 1u);
  verdict.demote = verdict.days_broken >= patience;
  if (days.empty()) {
    verdict.reason = "no live days yet";
    return verdict;
  }
  const auto& last = days.back();
  auto figures = "calibration error " + decimal(last.ece, 3) + " (bound "
                 + decimal(bounds.largest_ece, 3) + "), Brier skill "
                 + decimal(last.brier_skill, 3, true) + " (bound "
                 + decimal(bounds.least_brier_skill, 3, true) + ")";
  verdict.reason = verdict.days_broken == 0
                     ? "within bounds: " + figures
                     : "out of bounds for "
                         + count_of(verdict.days_broken, "trading day") + " of "
                         + std::to_string(patience) + ": " + figures;
  return verdict;
}

} // namespace banksia

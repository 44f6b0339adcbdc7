#include "actors/ml/judge.hpp"

#include "actors/horizon_band.hpp"
#include "messages/features.hpp"
#include "models/scoring/evaluation_parts.hpp"
#include "models/scoring/proper_scores.hpp"
#include "models/scoring/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace banksia {

namespace {

constexpr std::uint32_t ece_bins = 10;
constexpr int chance_draws = 200;
constexpr std::uint64_t chance_seed = 20'250'701;

/// So many draws are enough for whether a month's gain holds zero.
constexpr bootstrap_options gain_draws{.resamples = 500};

using forecasts_of_model = std::vector<const live_forecast*>;

/// The trading days of the rows, ascending, each once.
std::vector<trading_date> days_of(const forecasts_of_model& rows) {
  std::vector<trading_date> result;
  for (const auto* x : rows)
    if (result.empty() || result.back() != x->day)
      result.push_back(x->day);
  return result;
}

/// How often each class came true before a day, (n + 1) / (N + 3): a third each
/// where nothing is known.
class_probabilities climatology_before(std::span<const live_forecast> rows,
                                       trading_date day) {
  class_probabilities counts{1.0, 1.0, 1.0};
  double all = 3.0;
  std::set<prediction_id> seen; // several models speak of one prediction
  for (const auto& x : rows) {
    if (x.day >= day)
      break;
    if (!seen.insert(x.prediction).second)
      continue;
    counts[index_of(x.label)] += 1.0;
    all += 1.0;
  }
  for (auto& x : counts)
    x /= all;
  return counts;
}

/// The class that a uniform number falls on.
move_class drawn_class(const class_probabilities& p, double u) {
  if (u < p[index_of(move_class::down)])
    return move_class::down;
  return u < p[index_of(move_class::down)] + p[index_of(move_class::flat)]
           ? move_class::flat
           : move_class::up;
}

/// The 0.99 quantile of the calibration error of forecasts that are right about
/// their probabilities. One number is drawn a slot, since its symbols move
/// together.
double error_by_chance(const forecasts_of_model& rows,
                       const std::vector<class_probabilities>& said) {
  splitmix64 random{chance_seed};
  std::vector<double> errors;
  std::vector<move_class> labels(rows.size());
  for (int draw = 0; draw < chance_draws; ++draw) {
    double u = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == 0 || rows[i]->slot != rows[i - 1]->slot)
        u = static_cast<double>(random.next() >> 11) * 0x1p-53;
      labels[i] = drawn_class(said[i], u);
    }
    errors.push_back(calibration_error(said, labels, ece_bins));
  }
  std::sort(errors.begin(), errors.end());
  return quantile_of_sorted(errors, 0.99);
}

/// The figures of one window. @pre rows are not empty
live_window_quality quality_of(const forecasts_of_model& rows,
                               const class_probabilities& climatology,
                               const demotion_bounds& bounds) {
  std::vector<class_probabilities> said;
  std::vector<move_class> labels;
  std::vector<trading_date> days;
  std::vector<double> gains;
  double reference = 0.0;
  for (const auto* x : rows) {
    said.push_back(x->said);
    labels.push_back(x->label);
    days.push_back(x->day);
    auto theirs = brier_of(climatology, x->label);
    reference += theirs;
    gains.push_back(theirs - brier_of(x->said, x->label));
  }
  auto scores = score_probabilities(said, labels);
  live_window_quality result;
  result.day = rows.back()->day;
  result.samples = rows.size();
  result.days = static_cast<std::uint32_t>(days_of(rows).size());
  result.log_loss = scores.log_loss;
  result.brier = scores.brier;
  result.brier_skill = skill_score(
    scores.brier, reference / static_cast<double>(rows.size()));
  result.brier_gain = estimate_mean(days, gains, gain_draws);
  result.ece = calibration_error(said, labels, ece_bins);
  if (result.ece > bounds.largest_ece)
    result.ece_by_chance = error_by_chance(rows, said);
  return result;
}

suspicion directions_of(const forecasts_of_model& rows) {
  std::vector<day_hits> days;
  const trading_date* last = nullptr;
  for (const auto* x : rows) {
    if (!last || *last != x->day)
      days.push_back({});
    last = &x->day;
    auto told = most_likely(x->said);
    if (told == move_class::flat)
      continue;
    ++days.back().told;
    days.back().right += told == move_class::up ? x->actual_return > 0.0
                                                : x->actual_return < 0.0;
  }
  return suspicion_of(days);
}

/// A model's last `last_days` days, each with the window that ends with it.
live_model model_of(std::span<const live_forecast> all,
                    const std::string& version, timestamp since,
                    std::uint32_t last_days, const judge_options& options) {
  forecasts_of_model own;
  for (const auto& x : all)
    if (x.model == version && x.slot >= since)
      own.push_back(&x);
  live_model result;
  result.version = version;
  result.directions = directions_of(own);
  auto days = days_of(own);
  auto first = days.size() - std::min<std::size_t>(days.size(), last_days);
  for (auto i = first; i < days.size(); ++i) {
    auto width = std::min<std::size_t>(i + 1, options.window_days);
    auto from = days[i + 1 - width];
    forecasts_of_model window;
    for (const auto* x : own)
      if (x->day >= from && x->day <= days[i])
        window.push_back(x);
    if (window.size() >= std::max(options.min_samples, 1u))
      result.days.push_back(quality_of(window, climatology_before(all, from),
                                       options.bounds));
  }
  return result;
}

} // namespace

std::vector<live_forecast>
label_rows(std::span<const store::judged_forecast> rows,
           const exchange_calendar& calendar, double band_factor) {
  std::vector<live_forecast> result;
  for (const auto& row : rows) {
    auto day = exchange_calendar::trading_date_of(row.slot);
    if (!day || !std::isfinite(row.actual_return))
      continue;
    auto band = horizon_band(calendar, row.slot, row.horizon_minutes,
                             row.volatility, band_factor);
    live_forecast x;
    x.said = {row.said.down.value(), row.said.flat.value(),
              row.said.up.value()};
    if (!band || problem_of(x.said))
      continue;
    x.prediction = row.prediction;
    x.model = row.said.model_version;
    x.day = *day;
    x.slot = row.slot;
    x.actual_return = row.actual_return;
    x.band = *band;
    x.label = label_of(fraction{row.actual_return}, *band);
    result.push_back(std::move(x));
  }
  return result;
}

live_quality
live_window_quality::counted(const demotion_bounds& bounds) const noexcept {
  live_quality result;
  // Written so that a number that is none counts.
  result.ece = ece <= bounds.largest_ece || ece <= ece_by_chance ? 0.0 : ece;
  auto lost = brier_gain.interval && brier_gain.interval->upper < 0.0;
  auto kept = std::max(brier_skill, bounds.least_brier_skill);
  result.brier_skill = lost || !std::isfinite(brier_skill) ? brier_skill : kept;
  return result;
}

live_judgement judge_live(std::span<const live_forecast> rows,
                          const judged_roles& roles,
                          const judge_options& options) {
  live_judgement result;
  if (!roles.champion.empty()) {
    auto patience = std::max(options.bounds.days, 1u);
    result.champion = model_of(rows, roles.champion, roles.since, patience,
                               options);
    std::vector<live_quality> days;
    for (const auto& x : result.champion->days)
      days.push_back(x.counted(options.bounds));
    result.demotion = judge_demotion(days, options.bounds);
  }
  for (const auto& version : roles.shadows)
    result.shadows.push_back(
      model_of(rows, version, timestamp{}, 1, options));
  return result;
}

std::vector<feature_shift>
shifts_of(const std::map<std::string, drift_reference, std::less<>>& references,
          std::span<const feature_vector> now) {
  std::vector<feature_shift> result;
  for (std::size_t i = 0; i < feature_count; ++i) {
    auto reference = references.find(feature_names[i]);
    if (reference == references.end())
      continue;
    std::vector<double> values;
    for (const auto& x : now)
      values.push_back(x.has(i) ? x.values[i]
                                : std::numeric_limits<double>::quiet_NaN());
    result.push_back({std::string{feature_names[i]},
                      drift_of(reference->second, values)});
  }
  return result;
}

} // namespace banksia

#include "models/scoring/correlation.hpp"
#include "models/scoring/evaluation_parts.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace banksia {

namespace {

/// Columns of the sums by day: first those that all forecasts share.
enum shared : std::size_t {
  count,
  reference_brier,
  rank_y,
  rank_yy,
  shared_end
};
enum own : std::size_t { gain, brier, rank_x, rank_xx, rank_xy, own_end };

constexpr std::size_t column_of(std::size_t forecast, std::size_t column) {
  return shared_end + forecast * own_end + column;
}

/// A rank of `n` made to lie in -1/2 … 1/2: sums stay small.
double centred(double rank, std::size_t n) {
  const auto count = static_cast<double>(n);
  return (rank - (count + 1.0) / 2.0) / count;
}

/// A number of each sample, and their ranks.
struct ranked {
  std::vector<double> values;
  std::vector<double> ranks;

  explicit ranked(std::vector<double> xs)
    : values(std::move(xs)), ranks(ranks_of(values)) {}
};

ranked returns_of(const judged_samples& x) {
  std::vector<double> result;
  result.reserve(x.samples.size());
  for (const auto& sample : x.samples)
    result.push_back(sample.actual_return.value());
  return ranked{std::move(result)};
}

/// p(up) - p(down) of each sample.
ranked leanings_of(const named_forecast& forecast) {
  std::vector<double> result;
  result.reserve(forecast.probabilities.size());
  for (const auto& p : forecast.probabilities)
    result.push_back(p[index_of(move_class::up)]
                     - p[index_of(move_class::down)]);
  return ranked{std::move(result)};
}

/// The rank correlation of forecast `k` from sums of the columns.
std::optional<double> rank_correlation(const std::vector<double>& sums,
                                       std::size_t k) {
  return correlation_of(sums[count], sums[column_of(k, rank_x)], sums[rank_y],
                        sums[column_of(k, rank_xx)], sums[rank_yy],
                        sums[column_of(k, rank_xy)]);
}

/// What a bootstrap drew for one forecast.
struct drawn {
  std::vector<double> gain;
  std::vector<double> brier_skill;
  std::vector<double> rank_ic;
};

/// All sums by day, and what is resampled from them.
class loss_table {
public:
  loss_table(const judged_samples& x, const named_forecast& reference,
             const ranked& returns, std::size_t forecasts)
    : x_(x), reference_(reference),
      sums_(x.days, column_of(forecasts, 0)),
      return_ranks_(returns.ranks) {
    for (std::size_t i = 0; i < x.samples.size(); ++i) {
      auto row = x.rows[i];
      return_ranks_[i] = centred(return_ranks_[i], return_ranks_.size());
      sums_.add(row, count, 1.0);
      sums_.add(row, reference_brier,
                brier_of(reference.probabilities[i], x.labels[i]));
      sums_.add(row, rank_y, return_ranks_[i]);
      sums_.add(row, rank_yy, return_ranks_[i] * return_ranks_[i]);
    }
  }

  void add(std::size_t k, const named_forecast& forecast,
           const std::vector<double>& ranks) {
    for (std::size_t i = 0; i < x_.samples.size(); ++i) {
      auto row = x_.rows[i];
      const auto& p = forecast.probabilities[i];
      auto label = x_.labels[i];
      auto rank = centred(ranks[i], ranks.size());
      sums_.add(row, column_of(k, gain),
                log_loss_of(reference_.probabilities[i], label)
                  - log_loss_of(p, label));
      sums_.add(row, column_of(k, brier), brier_of(p, label));
      sums_.add(row, column_of(k, rank_x), rank);
      sums_.add(row, column_of(k, rank_xx), rank * rank);
      sums_.add(row, column_of(k, rank_xy), rank * return_ranks_[i]);
    }
  }

  /// Daily means of the forecast's loss minus the reference's, in day order.
  std::vector<double> daily_differences(std::size_t k) const {
    std::vector<double> result;
    for (std::uint32_t row = 0; row < x_.days; ++row)
      result.push_back(-sums_.at(row, column_of(k, gain))
                       / sums_.at(row, count));
    return result;
  }

  std::vector<double> totals() const { return sums_.totals(); }

  std::vector<drawn> resample(std::size_t forecasts,
                              const bootstrap_options& options) const {
    std::vector<drawn> result(forecasts);
    sums_.resample(options, [&](const std::vector<double>& sums) {
      for (std::size_t k = 0; k < forecasts; ++k) {
        result[k].gain.push_back(sums[column_of(k, gain)] / sums[count]);
        result[k].brier_skill.push_back(skill_score(
          sums[column_of(k, brier)], sums[reference_brier]));
        if (auto ic = rank_correlation(sums, k))
          result[k].rank_ic.push_back(*ic);
      }
    });
    return result;
  }

private:
  const judged_samples& x_;
  const named_forecast& reference_;
  day_sums sums_;
  std::vector<double> return_ranks_;
};

/// What needs no bootstrap.
probability_evaluation evaluate_alone(const judged_samples& x,
                                      const named_forecast& forecast,
                                      const ranked& leanings,
                                      const ranked& returns,
                                      const evaluation_options& options) {
  const auto& p = forecast.probabilities;
  probability_evaluation result;
  result.scores = score_probabilities(p, x.labels);
  auto top = top_class(p, x.labels);
  sort_by_stated(top);
  result.equal_width = reliability_of(top, binning::equal_width, options.bins);
  result.equal_mass = reliability_of(top, binning::equal_mass, options.bins);
  result.ece = std::max(result.equal_width.expected_error,
                        result.equal_mass.expected_error);
  result.coverage_curve = coverage_curve(std::move(top), options.curve_steps);
  for (auto of : move_classes)
    result.class_ece[index_of(of)]
      = reliability_of(of_class(p, x.labels, of), binning::equal_mass,
                       options.bins)
          .expected_error;
  result.confusion = confusion_of(p, x.labels);
  std::vector<bool> rose(x.labels.size());
  for (std::size_t i = 0; i < rose.size(); ++i)
    rose[i] = x.labels[i] == move_class::up;
  result.plain_ic = pearson(leanings.values, returns.values);
  result.area_up = area_of_ranks(leanings.ranks, rose);
  return result;
}

void set_intervals(probability_evaluation& result, const judged_samples& x,
                   const std::vector<double>& totals, std::size_t k,
                   drawn replicates, const evaluation_options& options) {
  auto blocks = blocks_of(x.days, options.bootstrap.block_days);
  auto& mean = result.log_loss_gain;
  mean.value = totals[column_of(k, gain)] / totals[count];
  mean.interval = percentile_interval(std::move(replicates.gain), blocks);
  mean.samples = x.samples.size();
  mean.days = x.days;
  if (mean.value > 0.0)
    mean.days_needed = days_to_tell_apart(mean, x.days);
  result.brier_skill.value
    = skill_score(totals[column_of(k, brier)], totals[reference_brier]);
  result.brier_skill.interval
    = percentile_interval(std::move(replicates.brier_skill), blocks);
  if (auto ic = rank_correlation(totals, k))
    result.rank_ic = correlation_estimate{
      *ic, percentile_interval(std::move(replicates.rank_ic), blocks)};
}

} // namespace

std::vector<std::optional<probability_evaluation>>
evaluate_probabilities(const judged_samples& x,
                       std::span<const named_forecast* const> forecasts,
                       const named_forecast& reference,
                       const evaluation_options& options) {
  std::vector<std::optional<probability_evaluation>> result(forecasts.size());
  const auto returns = returns_of(x);
  loss_table table{x, reference, returns, forecasts.size()};
  for (std::size_t k = 0; k < forecasts.size(); ++k) {
    if (forecasts[k]->probabilities.empty())
      continue;
    auto leanings = leanings_of(*forecasts[k]);
    table.add(k, *forecasts[k], leanings.ranks);
    result[k]
      = evaluate_alone(x, *forecasts[k], leanings, returns, options);
    result[k]->loss_test
      = diebold_mariano(table.daily_differences(k), options.loss_test);
  }
  const auto totals = table.totals();
  auto replicates = table.resample(forecasts.size(), options.bootstrap);
  for (std::size_t k = 0; k < forecasts.size(); ++k)
    if (result[k])
      set_intervals(*result[k], x, totals, k, std::move(replicates[k]),
                    options);
  return result;
}

double calibration_error(std::span<const class_probabilities> forecasts,
                         std::span<const move_class> labels,
                         std::uint32_t bins) {
  auto top = top_class(forecasts, labels);
  auto width = reliability_of(top, binning::equal_width, bins).expected_error;
  auto mass = reliability_of(std::move(top), binning::equal_mass, bins)
                .expected_error;
  return std::max(width, mass);
}

} // namespace banksia

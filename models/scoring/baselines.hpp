#pragma once

/// Answers that need no model, learned from the training part alone. Who is no
/// better than these knows nothing.

#include "models/scoring/named_forecast.hpp"
#include "models/scoring/walk_forward.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

namespace banksia {

enum class baseline : std::uint8_t {
  always_hold = 0,    ///< HOLD
  best_constant = 1,  ///< of HOLD, BUY, SELL the one right most often by the
                      ///< plan's rule
  majority_class = 2, ///< the class that came true most often
  persistence = 3,    ///< the class of the last return
  reversal = 4,       ///< its mirror image
  half_hour = 5,      ///< the class most frequent in that half hour of the
                      ///< session
  climatology = 6,    ///< how often each class came true
};

inline constexpr std::array baselines{
  baseline::always_hold,    baseline::best_constant, baseline::majority_class,
  baseline::persistence,    baseline::reversal,      baseline::half_hour,
  baseline::climatology};

/// "always_hold", "best_constant", …
std::string_view to_string(baseline x) noexcept;

/// What a baseline says of a sample.
struct baseline_forecast {
  trade_action action = trade_action::hold;
  class_probabilities probabilities{};
};

/// All baselines, fitted on one training part.
///
/// Probabilities say what the rule's knowledge is worth in the training part:
/// how often each class came true where the rule knew the same, drawn towards
/// climatology by `prior_samples`. A constant knows nothing of a sample, so
/// its probabilities are climatology's; persistence and reversal know the
/// same, so theirs are equal, and only their actions differ. Climatology
/// itself has one more sample of each class than it saw (Laplace's rule), so
/// nothing is impossible.
class baseline_set {
public:
  /// Weight of climatology against what was counted, in samples.
  static constexpr double prior_samples = 50.0;

  /// Fits on the samples of these indices.
  /// @throws std::invalid_argument without any
  baseline_set(std::span<const forecast_sample> samples,
               std::span<const std::uint32_t> training);

  baseline_forecast forecast(baseline x,
                             const forecast_sample& sample) const noexcept;

  const class_probabilities& climatology() const noexcept {
    return climatology_;
  }

private:
  using class_counts = std::array<double, move_class_count>;

  class_probabilities shrunk(const class_counts& counts) const noexcept;

  class_probabilities climatology_{};
  trade_action best_constant_ = trade_action::hold;
  /// By the class of the last return.
  std::array<class_probabilities, move_class_count> after_{};
  std::map<std::uint32_t, class_probabilities> by_half_hour_;
};

/// Each baseline over the test samples of all folds, fitted on each fold's own
/// training part: one forecast a sample of `tested`, in its order. Names are
/// those of `to_string`.
struct baseline_run {
  std::vector<std::uint32_t> tested; ///< indices of the samples judged
  std::vector<named_forecast> forecasts;
};

baseline_run run_baselines(std::span<const forecast_sample> samples,
                           std::span<const walk_forward_fold> folds);

/// The samples of these indices, in their order.
std::vector<forecast_sample>
samples_at(std::span<const forecast_sample> samples,
           std::span<const std::uint32_t> indices);

} // namespace banksia

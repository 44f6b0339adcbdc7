#pragma once

/// Whether a challenger replaces the champion, and whether a champion still
/// deserves to serve. Pure rules: what calls them does what they say.

#include "models/scoring/day_blocks.hpp"
#include "models/scoring/named_forecast.hpp"
#include "models/scoring/significance.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace banksia {

// -- promotion ----------------------------------------------------------------

/// A challenger's showing on a purged walk-forward. Gains are the other's log
/// loss minus the challenger's, nats a sample: above 0 is better.
struct promotion_evidence {
  mean_estimate gain_over_climatology;
  std::optional<mean_estimate> gain_over_champion; ///< none: no champion
  double ece = 1.0; ///< of the most likely class, the larger of both binnings
};

struct promotion_bounds {
  double largest_ece = 0.05;
};

struct promotion_verdict {
  bool promote = false;
  /// One a condition, each with its number; those that failed begin with
  /// "not".
  std::vector<std::string> reasons;

  /// "promoted: …" or "not promoted: …" in one line.
  std::string text() const;
};

/// Promotes when both gains have an interval above zero (without a champion
/// the one over climatology) and the calibration error is within its bound.
promotion_verdict judge_promotion(const promotion_evidence& x,
                                  const promotion_bounds& bounds = {});

/// Gathers the evidence from forecasts of the same samples; `champion` may be
/// null.
/// @throws std::invalid_argument where `problem_of` finds one, without samples
///         and when one of them has no probabilities
promotion_evidence
gather_promotion_evidence(std::span<const forecast_sample> samples,
                          const named_forecast& challenger,
                          const named_forecast* champion,
                          const named_forecast& climatology,
                          const bootstrap_options& bootstrap = {},
                          std::uint32_t bins = 10);

// -- demotion -----------------------------------------------------------------

/// A champion's live showing as of one trading day, over whatever window the
/// caller keeps.
struct live_quality {
  double ece = 0.0;
  double brier_skill = 0.0; ///< over climatology
};

struct demotion_bounds {
  double largest_ece = 0.05;
  double least_brier_skill = 0.0;
  std::uint32_t days = 5; ///< in a row, the last ones; 0 is 1
};

struct demotion_verdict {
  bool demote = false;
  std::uint32_t days_broken = 0; ///< in a row, up to the last day
  std::string reason;            ///< why, or why not
};

/// `days` ascend; a number that is not finite breaks its bound.
demotion_verdict judge_demotion(std::span<const live_quality> days,
                                const demotion_bounds& bounds = {});

} // namespace banksia

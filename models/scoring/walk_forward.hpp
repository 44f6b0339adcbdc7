#pragma once

/// Walk-forward folds: train on the past, judge on what follows, and keep out
/// of the training part whatever could carry knowledge across.
///
/// A label takes until `label_end` to become known, so the last samples before
/// a test fold have seen part of it: they are *purged*. Samples right after a
/// test fold have features made of it: they are *embargoed* (López de Prado,
/// "Advances in Financial Machine Learning", 2018, chapter 7). With training on
/// the past alone no later sample is trained on and the embargo takes nothing
/// out; it acts on folds that train on both sides.
///
/// Scalers, thresholds, calibration and the choice of features are fitted on a
/// fold's training part.

#include "messages/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace banksia {

/// When a sample is made and when its label is known. Both ends count: a
/// label that becomes known in the very moment in which a test fold begins
/// reaches into it.
struct label_window {
  timestamp slot;
  timestamp label_end; ///< >= slot
  trading_date day;    ///< the exchange's date of the slot
};

enum class training_window : std::uint8_t {
  expanding,  ///< all of the past
  rolling,    ///< the last `rolling_days` trading days
  both_sides, ///< past and future: purged k-fold, to choose settings with,
              ///< never to judge a forecast
};

struct walk_forward_options {
  training_window window = training_window::expanding;
  std::uint32_t rolling_days = 0; ///< trading days; needed when rolling
  /// Trading days a test fold has; 0: a fold is a calendar year.
  std::uint32_t test_days = 0;
  /// Trading days before the first test fold; >= 1 unless `both_sides`, where
  /// it must be 0 for every day to be tested.
  std::uint32_t min_training_days = 250;
  /// Calendar time that training stays away from what lies after a test fold;
  /// one horizon. Negative is refused.
  micros embargo{0};
  /// Off only to show in a test what a leak does.
  bool purge = true;
};

/// A test fold and what may be trained on for it: indices into the samples,
/// ascending.
struct walk_forward_fold {
  trading_date first_day; ///< of the test fold
  trading_date last_day;  ///< included
  std::vector<std::uint32_t> training;
  std::vector<std::uint32_t> test;
  std::uint32_t purged = 0;    ///< left out: the label reaches into the test
  std::uint32_t embargoed = 0; ///< left out: too soon after the test
};

/// What is wrong with the samples or options; nothing when they are sound.
std::optional<std::string> problem_of(std::span<const label_window> samples,
                                      const walk_forward_options& options);

/// The folds in time order. Samples come in order of `slot`; those of one day
/// are never parted. A fold that nothing is left to train on is not made.
/// @throws std::invalid_argument with the text of `problem_of`
std::vector<walk_forward_fold>
walk_forward(std::span<const label_window> samples,
             const walk_forward_options& options);

} // namespace banksia

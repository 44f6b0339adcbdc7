#pragma once

/// Datasets whose returns follow a known law, so that it is known what can be
/// found in them.

#include "actors/learning/verdict.hpp"

#include <cstdint>

namespace banksia::test {

struct planted_law {
  std::uint64_t seed = 1;
  std::uint32_t days = 600;
  std::uint32_t symbols = 5;
  /// Correlation of a feature that is known at the slot with what the return
  /// is made of; 0: nothing tells the direction.
  double strength = 0.0;
  /// How restless the next day will be shows in a feature; the direction does
  /// not.
  bool restless = false;
};

/// Daily rows of symbols that share half of each day's variance.
learning::dataset plant_rows(const planted_law& law);

/// How often the sign of the return can be told at best:
/// 1/2 + asin(strength) / pi.
double best_accuracy(double strength);

/// Each row's features replaced by those of the symbol's next one: a mistake
/// in telling the time.
void shift_one_bar_ahead(learning::dataset& x);

/// Outcomes dealt out anew among the rows.
void shuffle_outcomes(learning::dataset& x, std::uint64_t seed);

/// A small network and few epochs, over four folds.
learning::walk_options small_walk(const learning::dataset& x,
                                  forecast::model_kind kind);

/// The share of samples whose sign the model tells, with its interval by day.
mean_estimate sign_accuracy(const learning::walk_result& x);

} // namespace banksia::test

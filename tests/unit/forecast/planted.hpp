#pragma once

/// Rows whose outcomes follow a known law, so that the best possible log loss
/// is known too.

#include "models/forecast/train.hpp"

#include <cstdint>
#include <vector>

namespace banksia::test {

inline constexpr std::size_t planted_features = 6; ///< present in each row
inline constexpr std::size_t planted_channels = 2; ///< of each bar

/// What outcomes depend on.
enum class signal {
  features, ///< features 0 and 1, linearly
  product,  ///< the sign of feature 0 × feature 1: no linear model sees it
  bars,     ///< the mean of channel 0 over the last eight bars
  missing,  ///< whether feature 0 is missing; where present it is always zero
  symbol,   ///< which symbol it is
  none,
};

struct planted_rows {
  forecast::training_set set;
  /// By which each outcome was drawn.
  std::vector<forecast::class_numbers> probabilities;

  /// Mean log loss of the law itself: no model can expect less.
  double best_loss() const;
};

/// `rows` rows an hour apart; the first slot is `first_hour` hours after 2020.
planted_rows plant(signal kind, std::size_t rows, std::uint64_t seed,
                   std::int64_t first_hour = 0);

/// Rows that begin when those of `plant` have ended.
inline planted_rows plant_later(signal kind, std::size_t rows,
                                std::uint64_t seed) {
  return plant(kind, rows, seed, 1'000'000);
}

/// Options that fit these rows; small networks, so that tests take seconds.
forecast::training_options small_options(forecast::model_kind kind);

/// Mean log loss of a model's probabilities.
double log_loss(const forecast::forecast_model& model,
                const forecast::training_set& set);

/// The chance that a row that went up gets a higher logit(up) - logit(down)
/// than one that went down.
double up_down_auc(const forecast::forecast_model& model,
                   const forecast::training_set& set);

/// Trains, and fails the test with the reason when that fails.
forecast::forecast_model trained(const forecast::training_options& options,
                                 const planted_rows& set,
                                 const planted_rows& validation);

} // namespace banksia::test

#pragma once

/// What models are worth live: their stored forecasts against what came of them.
/// Pure functions of rows; who calls them reads the store and does what they say.

#include "actors/store/queries.hpp"
#include "models/market/calendar.hpp"
#include "models/scoring/drift.hpp"
#include "models/scoring/labels.hpp"
#include "models/scoring/promotion.hpp"
#include "models/scoring/suspicion.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

struct judge_options {
  double band_factor = label_options{}.band_factor;
  demotion_bounds bounds;
  /// Trading days that a live figure looks back on: a month.
  std::uint32_t window_days = 20;
  /// Fewer forecasts in a window say nothing.
  std::uint32_t min_samples = 50;
};

/// One forecast whose class is known.
struct live_forecast {
  prediction_id prediction;
  std::string model;
  trading_date day; ///< the exchange's date of the slot
  timestamp slot;
  class_probabilities said{};
  move_class label = move_class::flat;
  fraction band; ///< half the flat band that the label follows from
  double actual_return = 0.0;
};

/// Labels stored rows as training does: flat is a return within the band of the
/// prediction's horizon (`horizon_band.hpp`), whenever its outcome came. Rows that
/// cannot be labelled, or whose probabilities are unsound, are left out.
/// @param rows oldest first, as `queries::judged` gives them
std::vector<live_forecast>
label_rows(std::span<const store::judged_forecast> rows,
           const exchange_calendar& calendar, double band_factor);

/// A model's showing over the window that ends with a day.
struct live_window_quality {
  trading_date day; ///< the last of the window
  std::uint64_t samples = 0;
  std::uint32_t days = 0;
  double log_loss = 0.0;
  double brier = 0.0;
  double brier_skill = 0.0; ///< over what climatology knew before the window
  /// Climatology's Brier score minus the model's, with its interval by day.
  mean_estimate brier_gain;
  double ece = 0.0;
  /// What a calibrated forecast exceeds once in a hundred times, where all
  /// symbols of a slot go the same way; 0 where the error is within its bound.
  double ece_by_chance = 0.0;

  /// What counts against a champion: an error that chance explains is none, nor
  /// is a loss whose interval holds zero.
  live_quality counted(const demotion_bounds& bounds) const noexcept;
};

/// What a model has shown while it served or shadowed.
struct live_model {
  std::string version;
  std::vector<live_window_quality> days; ///< ascending; the last ones
  suspicion directions; ///< of its most likely classes up and down
};

/// What is to be said of all models together.
struct live_judgement {
  std::optional<live_model> champion;
  demotion_verdict demotion; ///< of the champion
  std::vector<live_model> shadows;
};

/// Whom to judge.
struct judged_roles {
  std::string champion; ///< empty: none serves
  timestamp since;      ///< from when it serves; what it said before is not held
                        ///< against it
  std::vector<std::string> shadows;
};

/// @param rows ascending by slot, of all models
live_judgement judge_live(std::span<const live_forecast> rows,
                          const judged_roles& roles,
                          const judge_options& options);

/// How the features of now stand to those that a model was trained on.
struct feature_shift {
  std::string feature;
  drift found;
};

/// Bins by the feature's name, from a manifest's `drift`; empty where
/// the manifest has none. What is unsound in it is left out.
std::map<std::string, drift_reference, std::less<>>
feature_references(const boost::json::object& manifest);

/// One a feature of the reference, in the contract's order.
std::vector<feature_shift>
shifts_of(const std::map<std::string, drift_reference, std::less<>>& references,
          std::span<const feature_vector> now);

/// `champion`, `demotion`, `shadows[]`, `drift[]`, `leak_suspected`.
boost::json::object to_json(const live_judgement& x,
                            std::span<const feature_shift> drift);

} // namespace banksia

#pragma once

/// What is judged: samples with what came true, and forecasts of them under a
/// name, whoever made them.

#include "messages/domain.hpp"
#include "messages/time.hpp"
#include "models/scoring/labels.hpp"
#include "models/scoring/move_class.hpp"
#include "models/scoring/walk_forward.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace banksia {

/// A symbol at a slot, and what came of it.
struct forecast_sample {
  std::uint32_t symbol = 0;     ///< any number that tells symbols apart
  trading_date day;             ///< the exchange's date of the slot
  timestamp slot;
  timestamp label_end;          ///< when the horizon ended
  std::uint32_t half_hour = 0;  ///< of the session, 0 the first; daily: 0
  fraction actual_return;       ///< price return over the horizon
  fraction band;                ///< half the flat band, > 0 (`flat_band`)
  /// The return over a horizon that ended by the slot; none: not known.
  std::optional<fraction> last_return;

  /// The class that came true.
  move_class label() const noexcept { return label_of(actual_return, band); }
};

/// The samples' windows, to make folds of.
std::vector<label_window> windows_of(std::span<const forecast_sample> samples);

/// A forecast of each sample. `actions` and `probabilities` are as long as the
/// samples; either may be empty when it has none of that kind.
struct named_forecast {
  std::string name;
  /// BUY, SELL or HOLD; none is an abstention.
  std::vector<trade_action> actions;
  std::vector<class_probabilities> probabilities;
  /// Returns of the account that trades on it, a trading day each, net of
  /// costs; empty: no account.
  std::vector<double> daily_returns;
};

/// What is wrong with samples or forecasts of them; nothing when sound.
std::optional<std::string>
problem_of(std::span<const forecast_sample> samples);
std::optional<std::string> problem_of(const named_forecast& forecast,
                                      std::size_t samples);

/// BUY, SELL or HOLD by the most likely class of each forecast.
std::vector<trade_action>
actions_of(std::span<const class_probabilities> probabilities);

} // namespace banksia

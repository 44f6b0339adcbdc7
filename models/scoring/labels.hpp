#pragma once

/// The class that came true, with a flat band that follows the symbol.

#include "messages/time.hpp"
#include "messages/units.hpp"
#include "models/scoring/move_class.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace banksia {

/// How wide the flat band is and what it is measured on.
struct label_options {
  /// Band in standard deviations of the horizon. A normal move lies within
  /// 0.4307 of them a third of the time, so 0.43 makes three even classes.
  double band_factor = 0.43;
  /// Daily returns that make up the recent volatility.
  std::uint32_t volatility_days = 20;
};

/// A daily return and when it could be known.
struct known_return {
  timestamp known_at;
  fraction value;
};

/// The standard deviation (n - 1) of the last `days` returns known by `at`,
/// a fraction a session. `returns` ascend by `known_at`; later ones are not
/// looked at. None when there are fewer, when one is not finite, and for less
/// than two days.
std::optional<fraction> recent_volatility(std::span<const known_return> returns,
                                          timestamp at, std::uint32_t days);

/// Half the width of the flat band of a horizon in which the market is open
/// `open_minutes` of a session's `session_minutes`:
///
///     factor x volatility x sqrt(open_minutes / session_minutes)
///
/// since the standard deviation of a random walk grows with the square root of
/// the time it walks. None when an input is not a positive, finite number: a
/// horizon without open market has no moves to class.
std::optional<fraction> flat_band(fraction session_volatility,
                                  double open_minutes, double session_minutes,
                                  double band_factor
                                  = label_options{}.band_factor) noexcept;

/// Up from the band on, down from minus the band on, flat between. `band` must
/// be > 0.
move_class label_of(fraction actual_return, fraction band) noexcept;

} // namespace banksia

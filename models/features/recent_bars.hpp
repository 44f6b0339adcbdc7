#pragma once

/// The last bars of a symbol as a recurrent net reads them.

#include "messages/learning.hpp"
#include "models/features/day_bar.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace banksia {

/// Bars that a window reaches back.
inline constexpr std::size_t recent_bars_max = 32;

/// What a window says of a bar; all of them free of the price's level:
/// - `return`: ln(close / close before)
/// - `gap`: ln(open / close before)
/// - `range`: ln(high / low)
/// - `position`: of the close between low (-1) and high (1); 0 where both are one
/// - `volume`: ln(1 + volume) less its mean over the bars kept
inline constexpr std::array<std::string_view, 5> recent_bar_channels{
  "return", "gap", "range", "position", "volume"};

/// Keeps the last bars of one kind: those within the day once there are any,
/// else the daily ones. O(1) a bar; a window costs O(bars kept). Not
/// thread-safe.
class recent_bars {
public:
  /// Takes in a bar that was consumed. A daily one is passed over once bars
  /// within the day are kept.
  void add(bar_interval interval, const day_bar& x);

  /// As if every bar so far had been in the shares and money of now.
  void rescale(const basis_change& change) noexcept;

  /// The window, the newest bar at 31. The oldest bar kept is only what the one
  /// after it is compared with.
  bar_window window() const;

  friend bool operator==(const recent_bars&, const recent_bars&) = default;

private:
  static constexpr std::size_t kept_max = recent_bars_max + 1;

  const day_bar& kept(std::size_t age) const noexcept {
    return bars_[(next_ + kept_max - 1 - age) % kept_max];
  }

  std::array<day_bar, kept_max> bars_{};
  std::size_t next_ = 0; ///< where the next one goes
  std::size_t count_ = 0;
  bool within_day_ = false;
};

/// The values of a window as numbers: bars × channels, zero where no bar is.
/// @pre `is_whole(x)`
std::array<float, recent_bars_max * recent_bar_channels.size()>
values_of(const bar_window& x) noexcept;

/// Whether the values have the length that the channels call for, or none.
bool is_whole(const bar_window& x) noexcept;

} // namespace banksia

#pragma once

/// The last bars of a symbol as a recurrent net reads them.

#include "messages/learning.hpp"
#include "models/features/day_bar.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

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
/// else the daily ones. O(1) a bar. A window costs O(bars kept), but logarithms
/// only of bars that came since the last one: from the first window on, what was
/// worked out is kept, 800 bytes. Not thread-safe, a window neither.
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

  /// What was worked out for windows does not count.
  friend bool operator==(const recent_bars& a, const recent_bars& b) noexcept {
    return a.bars_ == b.bars_ && a.next_ == b.next_ && a.count_ == b.count_
           && a.within_day_ == b.within_day_;
  }

private:
  static constexpr std::size_t kept_max = recent_bars_max + 1;

  /// What a window says of a bar, but that its volume's mean is not taken off.
  struct said {
    std::array<float, recent_bar_channels.size() - 1> of_prices{};
    double log_volume = 0.0;
  };

  std::size_t slot_of(std::size_t age) const noexcept {
    return age < next_ ? next_ - 1 - age : next_ + kept_max - 1 - age;
  }
  void work_out(std::size_t age) const noexcept;

  std::array<day_bar, kept_max> bars_{};
  std::size_t next_ = 0; ///< where the next one goes
  std::size_t count_ = 0;
  bool within_day_ = false;
  mutable std::vector<said> said_;  ///< of all but the newest ones
  mutable std::size_t unsaid_ = 0; ///< how many these are
};

/// The values of a window as numbers: bars × channels, zero where no bar is.
/// @pre `is_whole(x)`
std::array<float, recent_bars_max * recent_bar_channels.size()>
values_of(const bar_window& x) noexcept;

/// Whether the values have the length that the channels call for, or none.
bool is_whole(const bar_window& x) noexcept;

} // namespace banksia

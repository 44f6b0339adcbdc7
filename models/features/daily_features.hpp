#pragma once

/// Indicators of one symbol over daily bars, kept up bar by bar.

#include "models/features/daily_indicators.hpp"
#include "models/features/number_pair.hpp"
#include "models/features/recent_days.hpp"
#include "models/features/window_sum.hpp"

#include <cstdint>

namespace banksia {

/// The state behind `daily_indicators`: some 3,600 bytes, most of them the 250
/// numbers behind the means of 50 and 200 days; O(1) a bar. Sums over 5 and 20
/// closes, volumes and returns are taken afresh, oldest first; the others never
/// subtract (`window_sum`). So none drifts, and equal bars give equal bits
/// however often the process was restarted. Exponential means (EMA, Wilder) hold
/// all bars since the first one added; the two volume lines, which would depend
/// on where a history begins, are taken over their last 20 changes instead.
class daily_features {
public:
  /// Adds a finished daily bar, which must be `usable` (`bar_lineage.hpp`).
  void add_close(const bar& x) noexcept { add_close(to_day_bar(x)); }
  void add_close(const day_bar& x) noexcept;

  /// As if every bar added so far had been given on the new basis, but for
  /// rounding: all that is kept of them is linear in prices or in volumes. O(1).
  void rescale(const basis_change& change) noexcept;

  /// The number of bars added.
  std::uint32_t count() const noexcept { return recent_.count(); }

  /// The last bar added; only when there is one.
  const day_bar& last() const noexcept { return recent_.last(); }

  daily_indicators indicators() const noexcept;

  /// Writes the indicators into `to`, which holds none yet.
  [[gnu::always_inline]] void write(daily_indicators& to) const noexcept;

  /// As they would be after `add_close(x)`, to the bit.
  void write_with(const day_bar& x, daily_indicators& to) const noexcept;

  friend bool operator==(const daily_features&,
                         const daily_features&) = default;

private:
  recent_days recent_;
  /// Of signed volumes, and of volume × return.
  window_sum<20, number_pair> volume_lines_;
  window_sum<50> closes50_;
  window_sum<200> closes200_;
};

inline void daily_features::write(daily_indicators& to) const noexcept {
  if (count() == 0)
    return;
  recent_.write(to);
  if (closes50_.ready())
    to.sma50 = closes50_.mean();
  if (closes200_.ready())
    to.sma200 = closes200_.mean();
  if (volume_lines_.ready()) {
    to.on_balance_volume = volume_lines_.value().first;
    to.volume_price_trend = volume_lines_.value().second;
  }
}

} // namespace banksia

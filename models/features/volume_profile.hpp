#pragma once

/// How a symbol's volume usually spreads over the session, and when in a session
/// something is.

#include "messages/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace banksia {

/// A place in a session, as the exchange calendar sees it.
struct session_time {
  trading_date date{};
  int minute = 0;          ///< minutes since the session's open
  int session_minutes = 0; ///< length of that session, > 0
  /// How long the exchange has been open in its history, up to this place; below
  /// 0: not known. A clock that stands at night and on holidays.
  std::int64_t open_minutes = -1;

  friend bool operator==(const session_time&, const session_time&) = default;
};

/// A day's volume by time of day, while the day runs.
class running_volume {
public:
  static constexpr std::size_t buckets = 24;

  /// Adds the volume of a bar that ends at `end` and began `minutes` before.
  /// Volume before the open counts to the first bucket, after the close to the
  /// last.
  void add(const session_time& end, int minutes, double volume) noexcept;

  /// As if every volume added so far had been `factor` times as large.
  void rescale(double factor) noexcept;

  /// Volume of all bars so far.
  double total() const noexcept;

  /// The share of the day's volume traded by the end of each bucket. Nothing
  /// when there was no volume, or when the bars do not reach from the first
  /// eighth of the session to its last: a feed that came up at noon would else
  /// teach that mornings are silent.
  std::optional<std::array<float, buckets>> shares() const noexcept;

  friend bool operator==(const running_volume&,
                         const running_volume&) = default;

private:
  std::array<double, buckets> volumes_{};
  bool from_open_ = false;
  bool to_close_ = false;
};

/// The mean course of up to 20 days' volume. Sessions are cut into 24 equal
/// parts, so a shortened one compares with full ones. Takes memory only for
/// days that were built from intraday bars: 96 bytes each.
class volume_profile {
public:
  static constexpr std::size_t days_max = 20;

  /// Takes in a finished day; without `shares` the day is left out.
  void add_day(const running_volume& day);

  /// The share of a day's volume usually traded by `at`: the mean over the days
  /// of their share at the ends of the two buckets around `at`, linear between;
  /// without a day, the part of the session that has passed. In (0, 1];
  /// nothing where usually nothing has traded by then.
  std::optional<double> usual_share(const session_time& at) const noexcept;

  std::size_t days() const noexcept { return days_.size(); }

  friend bool operator==(const volume_profile&,
                         const volume_profile&) = default;

private:
  /// The mean share by the end of the first `ended` buckets.
  double share_after(std::size_t ended) const noexcept;

  std::vector<std::array<float, running_volume::buckets>> days_;
};

} // namespace banksia

#pragma once

/// The last closes of intraday bars, found by how long the market has been open.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace banksia {

/// Closes by the exchange's open minutes (`session_time::open_minutes`), a clock
/// that stands while it is closed: an hour before 10:30 is 15:30 of the session
/// before. Reaches back `span_minutes` from the newest close, 241 closes of bars
/// of a minute at most; O(1) a close on average.
class recent_closes {
public:
  static constexpr std::int64_t span_minutes = 240;

  /// Takes in a close. One at the same minute replaces the one before; one
  /// before it, or at an unknown minute (below 0), means that the past is not
  /// known: all are forgotten.
  void add(std::int64_t open_minutes, double close);

  /// As `clear` and then `add`.
  void restart(std::int64_t open_minutes, double close);

  /// Forgets all.
  void clear() noexcept;

  /// The last close at or before that minute; nothing when it is not known.
  std::optional<double> at(std::int64_t open_minutes) const noexcept;

  /// As if every close added so far had been `factor` times as large.
  void rescale(double factor) noexcept;

  std::size_t size() const noexcept { return entries_.size() - first_; }

  friend bool operator==(const recent_closes&, const recent_closes&) = default;

private:
  struct entry {
    std::int64_t minute = 0;
    double close = 0.0;

    friend bool operator==(const entry&, const entry&) = default;
  };

  /// Drops what nothing can ask for any more.
  void trim();

  std::vector<entry> entries_; ///< by minute, the first `first_` dropped
  std::size_t first_ = 0;
};

} // namespace banksia

#pragma once

/// AlphaVantage's time series: a JSON object whose members are the bars' times
/// in a named zone, newest first.

#include "messages/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// A whole document, turned into rows in order of time.
class alpha_vantage_document {
public:
  static constexpr std::size_t max_bytes = 64 * 1024 * 1024;

  /// A bar before its numbers are read. A member that is missing is empty.
  struct entry {
    std::size_t place = 0; ///< from 1, in the text's order
    std::string when;      ///< as it came
    std::optional<trading_date> day;
    std::optional<timestamp> at; ///< in UTC; nothing for a day only
    bool bad_time = false;       ///< no time, or skipped by the zone's clocks
    bool bad_shape = false;      ///< not an object of text or numbers
    std::string open, high, low, close, volume;
    /// Of an adjusted series; empty in others.
    std::string adjusted_close, dividend, split;
    std::string payload; ///< `"time": {…}`
  };

  /// Adds text; false when it is more than `max_bytes`.
  bool feed(std::string_view chunk);

  /// Parses what was fed; the reason when that is impossible.
  std::string parse();

  /// "2. Symbol", empty if not given.
  const std::string& symbol() const noexcept { return symbol_; }

  /// "4. Interval", empty if not given (daily series have none).
  const std::string& interval() const noexcept { return interval_; }

  /// "6. Time Zone".
  const std::string& time_zone() const noexcept { return time_zone_; }

  /// The next row, oldest first, or nullptr.
  const entry* next() noexcept {
    return taken_ < entries_.size() ? &entries_[taken_++] : nullptr;
  }

private:
  std::string text_;
  std::string symbol_;
  std::string interval_;
  std::string time_zone_;
  std::vector<entry> entries_;
  std::size_t taken_ = 0;
};

} // namespace banksia

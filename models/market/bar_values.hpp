#pragma once

/// What is read from a row of any source before it is judged.

#include <cstdint>
#include <string_view>

namespace banksia {

/// Why a row is no bar. The texts are the reasons shown in quarantine.
enum class row_problem : std::uint8_t {
  none,
  bad_date,           ///< not a day, or a time that did not exist
  no_zone,            ///< a time without zone, or no time in an intraday file
  bad_number,         ///< text where a number belongs, or one out of range
  missing_value,      ///< empty, `null`, `nan`: the source had nothing
  bad_symbol,         ///< no symbol, or none that could be
  wrong_column_count, ///< more or fewer fields than the header
  bad_quotes,         ///< a quote that is not closed
  not_utf8,
  line_too_long, ///< over `bar_reader::max_line`; the payload is cut there
  in_progress,   ///< the source shows nothing from after the bar's end
};

/// "", "bad_date", "no_zone", …
std::string_view to_string(row_problem x) noexcept;

/// Open, high, low, close and volume, prices as traded, not yet judged.
struct bar_values {
  double open = 0.0;
  double high = 0.0;
  double low = 0.0;
  double close = 0.0;
  double volume = 0.0;

  friend bool operator==(const bar_values&, const bar_values&) = default;
};

} // namespace banksia

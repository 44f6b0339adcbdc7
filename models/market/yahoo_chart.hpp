#pragma once

/// Yahoo's chart (`/v8/finance/chart/SYMBOL`): one JSON document with what is
/// said of the security, a column of times and columns of values. The format
/// is not documented by Yahoo; what is handled here was seen in recordings.
/// Pure: text in, value out; never throws on bad data.

#include "models/market/feed_answer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// What the document says of the security and of its exchange.
struct yahoo_meta {
  std::string symbol;
  std::string currency; ///< ISO 4217, also where prices came in a minor unit
  double unit_divisor = 1.0; ///< by which prices were divided (GBp: 100)
  std::string exchange;      ///< "ASX"
  std::string instrument;    ///< "EQUITY", "INDEX", "CURRENCY", …
  std::string time_zone;     ///< "Australia/Sydney"
  std::chrono::seconds utc_offset{0}; ///< at the market's last time
  std::string granularity;            ///< "1d", "1m", …
  std::optional<timestamp> market_time; ///< of the last quote
  std::optional<double> market_price;
  /// The regular session that is under way, or else the next or last one.
  std::optional<timestamp> session_start;
  std::optional<timestamp> session_end;
};

/// What was noticed about a document beside the problems of single bars.
enum class chart_problem : std::uint8_t {
  times_missing = 0,    ///< values without times; they were dropped
  length_mismatch = 1,  ///< a column is shorter or longer than the times
  duplicate_time = 2,   ///< the later of two bars was kept
  unordered_time = 3,   ///< bars were put in order
  bad_time = 4,         ///< null, no number, or out of range: bar dropped
  bad_event = 5,        ///< a dividend or split without date or amount
  minor_unit = 6,       ///< prices came in hundredths and were divided
  unknown_zone = 7,     ///< days were made with the offset instead
  several_results = 8,  ///< only the first one was read
};

/// "times_missing", "length_mismatch", …
std::string_view to_string(chart_problem x) noexcept;

struct yahoo_chart {
  feed_status status = feed_status::malformed;
  std::string text; ///< why not ok, printable, at most 200 bytes of theirs
  yahoo_meta meta;  ///< also with no_data
  std::vector<feed_bar> bars; ///< in order of time
  std::vector<feed_dividend> dividends; ///< in order of time
  std::vector<feed_split> splits;       ///< in order of time
  std::vector<chart_problem> problems;  ///< each kind once
};

/// Longer bodies are refused as malformed.
inline constexpr std::size_t yahoo_bytes_max = 32 * 1024 * 1024;

/// More bars than this are refused as malformed.
inline constexpr std::size_t yahoo_bars_max = 200'000;

/// Reads an answer. A bar is final when it has ended by `expected.now` and the
/// source shows a quote from after its end, or `settle` has passed since. The
/// end of a daily bar is that of the session, or of its day where the document
/// speaks of another session. Null values leave the bar with the problem
/// `missing_value`.
yahoo_chart parse_yahoo_chart(int http_status, std::string_view body,
                              const feed_expectation& expected);

} // namespace banksia

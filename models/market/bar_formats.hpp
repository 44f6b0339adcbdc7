#pragma once

/// What the files that hold bars look like, and how to tell them apart. Pure:
/// text in, values out. Reading the rows: `bar_formats_reader.hpp`.

#include "messages/domain.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

/// The kinds of files that are read. In all but the day file the header decides
/// by name which column is which, in any order; unknown columns
/// ("Log_Returns") are ignored.
enum class bar_format : std::uint8_t {
  symbol_csv,         ///< `Date,Open,…`: one symbol a file (Yahoo, yfinance)
  three_line_csv,     ///< yfinance: `Price,…` / `Ticker,…` / `Date,,,,`
  multi_symbol_csv,   ///< `Symbol,Date,Open,…`
  day_file,           ///< no header: Symbol,YYYYMMDD,O,H,L,C,V
  alpha_vantage_json, ///< "Meta Data" and "Time Series (…)"
  yahoo_chart_json,   ///< an answer of `/v8/finance/chart` as it was saved
};

/// Whether the text is one JSON document rather than lines.
constexpr bool is_document(bar_format x) noexcept {
  return x == bar_format::alpha_vantage_json
         || x == bar_format::yahoo_chart_json;
}

std::string_view to_string(bar_format x) noexcept;

/// The columns that are read.
enum class bar_column : std::uint8_t {
  when,
  symbol,
  open,
  high,
  low,
  close,
  volume,
  dividend,
  split,
  adj_close, ///< says what the other prices stand for, is never stored
};

inline constexpr std::size_t bar_column_count = 10;

/// "date", "symbol", "open", … as in headers.
std::string_view to_string(bar_column x) noexcept;

/// Which field of a line holds which column; -1 where the file has none.
using bar_columns = std::array<std::int8_t, bar_column_count>;

constexpr std::int8_t field_of(const bar_columns& columns,
                               bar_column x) noexcept {
  return columns[static_cast<std::size_t>(x)];
}

/// What `detect_bars` found out: all that a `bar_reader` needs. An importer may
/// change `symbol` and `interval` before it reads.
struct bar_source {
  bar_format format = bar_format::symbol_csv;
  /// The symbol of all rows; empty where each row names its own, or where
  /// neither text nor name tell (each row is then a `bad_symbol`).
  std::string symbol;
  /// The length of the bars: said in the text or the name; or daily, because
  /// the rows have dates or local midnights only; or the smallest gap between
  /// the first rows. Nothing where none of these tells.
  std::optional<bar_interval> interval;
  /// The first rows run backwards in time. Quality rules need the rows in
  /// order, so an importer must turn such a file round.
  bool newest_first = false;
  std::size_t header_lines = 0; ///< physical lines before the first data row
  std::size_t field_count = 0;  ///< fields of a well-formed row
  bar_columns columns{};
};

/// Either a source, or why the text holds no bars ("not bar data: …").
struct bar_detection {
  std::optional<bar_source> source;
  std::string error; ///< what was found instead; empty with a source
};

/// Recognises the format from the first bytes of a file (64 KiB are plenty,
/// fewer than that must be the whole file) and its name, which may include
/// folders. A text file without rows is fine as long as it has a header.
bar_detection detect_bars(std::string_view first_bytes,
                          std::string_view file_name);

// -- symbols and names --------------------------------------------------------

/// Writes the symbol meant by `code` to `out`; false when it cannot be one. A
/// bare ASX code (2 to 6 letters and digits) becomes `CODE.AX`; what begins
/// with `^`, or contains `=`, `-` or a dot, stays as it is.
bool normalize_symbol(std::string_view code, std::string& out);

/// The symbol that a file is named after: `CBA.csv`, `CBA.AX_data.csv` and
/// `alphavantage_1min_CBA.AX_2018-06-18.json` give `CBA.AX`, `^GSPC.csv` gives
/// `^GSPC`, `AUDUSD=X_15m.csv` gives `AUDUSD=X`. Nothing for names that are no
/// code (`prices.csv`, `20200224.csv`): a guess would file prices under a
/// security that they do not belong to. Lower case is understood with a suffix
/// (`cba.ax.csv`) and in three letters (`cba.csv`).
std::optional<std::string> symbol_from_filename(std::string_view file_name);

/// Reads "1d", "daily", "15m", "15min", "60m", "1h".
std::optional<bar_interval> interval_from_text(std::string_view text);

/// The interval that a part of a file name tells: `AUDUSD=X_15m.csv`.
std::optional<bar_interval> interval_from_filename(std::string_view file_name);

} // namespace banksia

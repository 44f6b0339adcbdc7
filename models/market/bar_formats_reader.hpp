#pragma once

/// Reads the rows of a bar file, whatever its format, chunk by chunk. Every
/// data row of the text comes out, the broken ones with their problem, so that
/// an importer can account for each.

#include "models/market/bar_formats.hpp"
#include "models/market/bar_formats_chart.hpp"
#include "models/market/bar_formats_json.hpp"
#include "models/market/bar_formats_text.hpp"
#include "models/market/bar_values.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

/// One data row. The views hold until the reader's next call.
struct raw_row {
  std::size_t line = 0;  ///< from 1; of JSON the row's place in the text
  std::string_view text; ///< as it came, without line end (may be any bytes)
  std::string_view symbol;
  std::optional<trading_date> day; ///< as the source writes it, in its own zone
  std::optional<timestamp> at;     ///< start of the bar, where the text tells
  bool midnight = true;            ///< a day only, or midnight in its zone
  bar_values values;
  std::optional<double> dividend;
  std::optional<double> split;
  std::optional<double> adj_close;
  row_problem problem = row_problem::none;
  std::string_view field; ///< which field has the problem: "close", or empty
};

/// Use: `feed` a chunk, call `next` until it gives nullptr, feed the next one;
/// after the last `finish`, and `next` until nullptr; then look at `error`.
/// Memory does not grow with the text except for JSON, which is held whole and
/// refused beyond the bound of its document. Lines may lie across
/// chunks. A CSV row must be one line: a line feed within quotes ends it.
class bar_reader {
public:
  /// Longer lines come out as one `line_too_long` row.
  static constexpr std::size_t max_line = 64 * 1024;

  explicit bar_reader(bar_source source);

  /// The chunk must stay valid until `next` has given nullptr.
  void feed(std::string_view chunk);

  /// Tells that there is no more text.
  void finish();

  /// The next row, or nullptr: feed more, or all is read.
  const raw_row* next();

  /// Why the text as a whole could not be read (JSON that is cut off), empty
  /// otherwise; rows given before stay good.
  const std::string& error() const noexcept { return error_; }

  const bar_source& source() const noexcept { return source_; }

private:
  bool is_intraday() const noexcept;
  bool take_line(std::string_view& line);
  void read_line(std::string_view line);
  void read_fields();
  void read_symbol();
  void read_number(bar_column column, double& out);
  void read_optional(bar_column column, std::optional<double>& out);
  void fail(row_problem problem, std::string_view field);
  const raw_row* next_of_document();
  const raw_row* next_of_chart();

  bar_source source_;
  std::string_view chunk_;
  std::string carry_;     ///< a line's beginning, from earlier chunks
  bool carry_done_ = false; ///< `carry_` was given out
  bool overlong_ = false; ///< the line in `carry_` is being cut
  bool line_cut_ = false; ///< the line given out was cut
  bool finished_ = false;
  std::size_t line_ = 0;
  bar_text::field_list fields_;
  std::string symbol_code_; ///< the last row's code, to normalise it just once
  std::string symbol_;
  raw_row row_;
  alpha_vantage_document document_;
  yahoo_chart_document chart_;
  std::string error_;
};

} // namespace banksia

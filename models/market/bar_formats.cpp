#include "models/market/bar_formats.hpp"

#include "models/market/bar_formats_reader.hpp"
#include "models/market/bar_formats_text.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

namespace banksia {

using bar_text::field_list;
using bar_text::field_state;
using bar_text::lower;
using bar_text::printable;

namespace {

constexpr std::array<std::string_view, 6> format_names{
  "symbol_csv", "three_line_csv",     "multi_symbol_csv",
  "day_file",   "alpha_vantage_json", "yahoo_chart_json"};

constexpr std::array<std::string_view, bar_column_count> column_names{
  "date", "symbol", "open", "high", "low", "close", "volume", "dividends",
  "stock splits", "adj close"};

/// How much of an unexpected text an error shows.
constexpr std::size_t shown_bytes = 60;

bar_detection refused(std::string found) {
  return {std::nullopt, "not bar data: " + std::move(found)};
}

// -- what is no text ----------------------------------------------------------

/// Says what the bytes are if they cannot be a table or JSON; else empty.
std::string other_content(std::string_view text) {
  if (text.empty())
    return "the file is empty";
  if (text.starts_with("SQLite format 3"))
    return "an SQLite database";
  if (text.starts_with("\x1F\x8B"))
    return "gzip data inside what should be text: unpack it once more";
  if (text.starts_with("PK\x03\x04"))
    return "a ZIP archive (or spreadsheet): export it as CSV";
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return "UTF-16 text: save it as UTF-8";
  if (text.find('\0') != text.npos)
    return "binary data: " + printable(text, 16);
  auto body = text.substr(std::min(text.find_first_not_of(" \t\r\n"),
                                   text.size()));
  if (body.empty())
    return "nothing but blank lines";
  if (body.front() == '<')
    return "HTML or XML, perhaps an error page: "
           + printable(body, shown_bytes);
  return {};
}

// -- lines of the sample ------------------------------------------------------

struct sample_line {
  std::size_t number = 0; ///< from 1
  std::string_view text;
};

/// The lines that are not blank, up to `limit`.
std::vector<sample_line> lines_of(std::string_view text, std::size_t limit) {
  std::vector<sample_line> result;
  for (std::size_t number = 1; !text.empty() && result.size() < limit;
       ++number) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (!bar_text::trimmed(line).empty())
      result.push_back({number, line});
  }
  return result;
}

// -- headers ------------------------------------------------------------------

std::optional<bar_column> column_named(std::string_view header) {
  using named = std::pair<std::string_view, bar_column>;
  static constexpr std::array<named, 14> names{
    {{"date", bar_column::when},
     {"datetime", bar_column::when},
     {"timestamp", bar_column::when},
     {"symbol", bar_column::symbol},
     {"ticker", bar_column::symbol},
     {"code", bar_column::symbol},
     {"open", bar_column::open},
     {"high", bar_column::high},
     {"low", bar_column::low},
     {"close", bar_column::close},
     {"volume", bar_column::volume},
     {"dividends", bar_column::dividend},
     {"stock splits", bar_column::split},
     {"adj close", bar_column::adj_close}}};
  auto name = lower(header);
  for (const auto& [text, column] : names)
    if (text == name)
      return column;
  return std::nullopt;
}

struct header_columns {
  bar_columns columns;
  bool repeated = false; ///< a name stands there twice
};

header_columns read_header(const field_list& fields) {
  header_columns result;
  result.columns.fill(-1);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto column = column_named(fields[i]);
    if (!column)
      continue;
    auto& field = result.columns[static_cast<std::size_t>(*column)];
    result.repeated = result.repeated || field >= 0;
    field = static_cast<std::int8_t>(i);
  }
  return result;
}

/// The names of the columns that a bar needs and the header lacks.
std::string missing_columns(const bar_columns& columns, bool needs_date) {
  std::string result;
  auto check = [&](bar_column column, std::string_view name) {
    if (field_of(columns, column) >= 0)
      return;
    result += result.empty() ? "" : ", ";
    result += name;
  };
  if (needs_date)
    check(bar_column::when, "Date");
  check(bar_column::open, "Open");
  check(bar_column::high, "High");
  check(bar_column::low, "Low");
  check(bar_column::close, "Close");
  return result;
}

// -- three lines of header ----------------------------------------------------

/// Whether these are yfinance's three lines, whose first column is the time.
bool has_three_lines(const std::vector<sample_line>& lines) {
  if (lines.size() < 3)
    return false;
  field_list fields;
  if (!fields.split(lines[1].text) || lower(fields[0]) != "ticker")
    return false;
  return fields.split(lines[2].text)
         && column_named(fields[0]) == bar_column::when;
}

bar_detection three_line_source(const std::vector<sample_line>& lines) {
  field_list names;
  field_list tickers;
  if (!names.split(lines[0].text) || names.size() > field_list::max_fields
      || !tickers.split(lines[1].text) || tickers.size() != names.size())
    return refused("three header lines of different lengths");
  auto header = read_header(names);
  if (auto missing = missing_columns(header.columns, false); !missing.empty())
    return refused("three header lines without " + missing);
  for (std::size_t i = 2; i < tickers.size(); ++i)
    if (tickers[i] != tickers[1] || header.repeated)
      return refused("several symbols side by side ("
                     + printable(tickers[1], 20)
                     + ", " + printable(tickers[i], 20)
                     + "): save one file for each");
  bar_source result;
  result.format = bar_format::three_line_csv;
  result.header_lines = lines[2].number;
  result.field_count = names.size();
  result.columns = header.columns;
  result.columns[static_cast<std::size_t>(bar_column::when)] = 0;
  if (!normalize_symbol(tickers[1], result.symbol))
    return refused("the Ticker line names no symbol but \""
                   + printable(tickers[1], 20) + '"');
  return {std::move(result), {}};
}

// -- one line of header, or none ----------------------------------------------

bool is_day_file_line(std::string_view line) {
  field_list fields;
  std::string symbol;
  bar_text::day_and_time when;
  double number = 0.0;
  if (!fields.split(line) || fields.size() != 7
      || !normalize_symbol(fields[0], symbol)
      || bar_text::parse_when(fields[1], when) != field_state::ok)
    return false;
  return bar_text::parse_number(fields[5], number) == field_state::ok;
}

bar_source day_file_source() {
  bar_source result;
  result.format = bar_format::day_file;
  result.field_count = 7;
  result.columns = {1, 0, 2, 3, 4, 5, 6, -1, -1, -1};
  return result;
}

bar_detection table_source(std::string_view text) {
  // Read as one line, such a file would pass for a header without rows.
  if (text.find('\r') < text.size() - 1 && text.find('\n') == text.npos)
    return refused("lines that end in carriage returns only: convert them to"
                   " line feeds");
  constexpr std::size_t probed_lines = 20;
  auto lines = lines_of(text, probed_lines);
  if (has_three_lines(lines))
    return three_line_source(lines);
  auto like_day_file = static_cast<std::size_t>(
    std::count_if(lines.begin(), lines.end(),
                  [](const auto& x) { return is_day_file_line(x.text); }));
  field_list fields;
  auto split = fields.split(lines[0].text);
  auto shown = '"' + printable(lines[0].text, shown_bytes) + '"';
  if (!split || fields.size() == 1)
    return refused("text without columns: " + shown);
  if (fields.size() > field_list::max_fields)
    return refused("a table of more than 64 columns: " + shown);
  auto header = read_header(fields);
  auto missing = missing_columns(header.columns, true);
  if (!missing.empty()) {
    if (2 * like_day_file >= lines.size())
      return {day_file_source(), {}};
    return refused("a table without " + missing + "; its first line is "
                   + shown);
  }
  if (header.repeated)
    return refused("a table that names a column twice: " + shown);
  bar_source result;
  result.format = field_of(header.columns, bar_column::symbol) >= 0
                    ? bar_format::multi_symbol_csv
                    : bar_format::symbol_csv;
  result.header_lines = lines[0].number;
  result.field_count = fields.size();
  result.columns = header.columns;
  return {std::move(result), {}};
}

// -- JSON ---------------------------------------------------------------------

/// The text of `"…name": "text"`, without parsing the whole.
std::string_view member_text(std::string_view text, std::string_view name) {
  auto pos = text.find(name);
  if (pos == text.npos)
    return {};
  auto begin = text.find('"', text.find(':', pos));
  auto end = begin == text.npos ? begin : text.find('"', begin + 1);
  return end == text.npos ? std::string_view{}
                          : text.substr(begin + 1, end - begin - 1);
}

/// Whether the document's first member is "chart", and has a result.
bool is_chart(std::string_view text) {
  text = bar_text::without_bom(text);
  for (std::string_view part : {"{", "\"chart\""}) {
    auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos || !text.substr(begin).starts_with(part))
      return false;
    text.remove_prefix(begin + part.size());
  }
  return text.find("\"meta\"") != text.npos;
}

bar_detection chart_source(std::string_view text) {
  auto granularity = member_text(text, "\"dataGranularity\"");
  bar_source result;
  result.format = bar_format::yahoo_chart_json;
  result.interval = interval_from_text(granularity);
  if (!result.interval)
    return refused("a chart of an interval that is not kept: \""
                   + printable(granularity, 20) + '"');
  // Yahoo's own codes: one without a suffix is no code of the ASX.
  result.symbol = member_text(text, "\"symbol\"");
  return {std::move(result), {}};
}

bar_detection json_source(std::string_view text) {
  if (is_chart(text))
    return chart_source(text);
  constexpr std::string_view series = "Time Series (";
  auto pos = text.find(series);
  if (text.find("\"Meta Data\"") == text.npos || pos == text.npos)
    return refused("JSON, but neither a Yahoo chart nor an AlphaVantage"
                   " time series: "
                   + printable(text, shown_bytes));
  auto length = text.substr(pos + series.size());
  bar_source result;
  result.format = bar_format::alpha_vantage_json;
  result.interval = interval_from_text(length.substr(0, length.find(')')));
  if (!result.interval)
    return refused("a time series of an interval that is not kept: \""
                   + printable(length.substr(0, length.find(')')), 20) + '"');
  if (!normalize_symbol(member_text(text, "2. Symbol\""), result.symbol))
    result.symbol.clear();
  return {std::move(result), {}};
}

// -- what only the rows tell --------------------------------------------------

std::optional<bar_interval> interval_of_gap(std::int64_t micros_between) {
  for (auto x : {bar_interval::m1, bar_interval::m5, bar_interval::m15,
                 bar_interval::m30, bar_interval::m60})
    if (micros_between == std::int64_t{minutes_of(x)} * 60'000'000)
      return x;
  return std::nullopt;
}

/// Looks at the order and distance of the sample's rows.
void look_at_rows(bar_source& source, std::string_view text) {
  // The last line is rather cut off, unless there is no other.
  if (auto end = text.rfind('\n'); end != text.npos)
    text = text.substr(0, end + 1);
  bar_reader reader{source};
  reader.feed(text);
  auto days_only = true;
  std::size_t backwards = 0;
  std::size_t forwards = 0;
  std::int64_t gap = 0;
  std::optional<timestamp> before;
  auto rows_with_day = 0;
  auto visit = [&](const raw_row& row) {
    if (!row.day)
      return;
    ++rows_with_day;
    days_only = days_only && row.midnight;
    auto now = row.at ? *row.at : timestamp{std::chrono::sys_days{*row.day}};
    auto step = before ? to_micros(now) - to_micros(*before) : 0;
    before = now;
    forwards += step > 0;
    backwards += step < 0;
    if (step != 0 && (gap == 0 || std::abs(step) < gap))
      gap = std::abs(step);
  };
  while (const auto* row = reader.next())
    visit(*row);
  reader.finish();
  while (const auto* row = reader.next())
    visit(*row);
  source.newest_first = backwards > forwards;
  if (!source.interval && rows_with_day > 0)
    source.interval = days_only ? bar_interval::d1 : interval_of_gap(gap);
}

} // namespace

std::string_view to_string(bar_format x) noexcept {
  return format_names[static_cast<std::size_t>(x)];
}

std::string_view to_string(bar_column x) noexcept {
  return column_names[static_cast<std::size_t>(x)];
}

bar_detection detect_bars(std::string_view first_bytes,
                          std::string_view file_name) {
  if (auto found = other_content(first_bytes); !found.empty())
    return refused(std::move(found));
  auto text = bar_text::without_bom(first_bytes);
  auto body = text.substr(std::min(text.find_first_not_of(" \t\r\n"),
                                   text.size()));
  if (body.empty())
    return refused("the file is empty but for a byte order mark");
  auto is_json = body.front() == '{' || body.front() == '[';
  auto result = is_json ? json_source(body) : table_source(text);
  if (!result.source)
    return result;
  auto& source = *result.source;
  auto rows_name_symbol = field_of(source.columns, bar_column::symbol) >= 0;
  if (source.symbol.empty() && (is_json || !rows_name_symbol))
    source.symbol = symbol_from_filename(file_name).value_or("");
  if (is_json)
    return result; // the reader puts its rows in order
  source.interval = interval_from_filename(file_name);
  look_at_rows(source, text);
  return result;
}

} // namespace banksia

#pragma once

/// Reads files of recorded series, adjusted closes and capital gains included,
/// for the tests of the rules that judge whole series.

#include "models/market/repair/judge_series.hpp"
#include "recorded_days.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace banksia::test {

inline double number_in(const fields& row, int column, double otherwise) {
  if (column < 0 || static_cast<std::size_t>(column) >= row.size())
    return otherwise;
  const auto& text = row[static_cast<std::size_t>(column)];
  char* end = nullptr;
  auto value = std::strtod(text.c_str(), &end);
  return end == text.c_str() ? std::numeric_limits<double>::quiet_NaN()
                             : value;
}

/// The time of a row: midnight UTC of its date when the file has days, else
/// the instant. Nothing when the field is neither.
inline std::optional<timestamp> time_in(std::string text, bool daily) {
  if (daily) {
    auto day = parse_date(text.substr(0, 10));
    return day ? std::optional{timestamp{std::chrono::sys_days{*day}}}
               : std::nullopt;
  }
  std::replace(text.begin(), text.end(), ' ', 'T');
  return parse_rfc3339(text);
}

/// The rows of a file with one header line that names its columns, oldest
/// first. A bar is known `length` after its time.
inline std::vector<series_row>
read_series(const std::filesystem::path& file, bool daily = true,
            micros length = std::chrono::days{1}) {
  std::ifstream in{file};
  std::string line;
  std::getline(in, line);
  auto names = split(line);
  auto column = [&](std::string_view name) {
    auto x = std::find(names.begin(), names.end(), name);
    return x == names.end() ? -1 : static_cast<int>(x - names.begin());
  };
  constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<series_row> rows;
  while (std::getline(in, line)) {
    auto text = split(line);
    auto at = time_in(text.front(), daily);
    if (!at)
      continue;
    series_row row;
    row.at = *at;
    row.known_at = *at + length;
    row.values = {number_in(text, column("Open"), nan),
                  number_in(text, column("High"), nan),
                  number_in(text, column("Low"), nan),
                  number_in(text, column("Close"), nan),
                  number_in(text, column("Volume"), nan)};
    row.adj_close = number_in(text, column("Adj Close"), nan);
    row.dividend = number_in(text, column("Dividends"), 0.0);
    row.split = number_in(text, column("Stock Splits"), 0.0);
    row.capital_gain = number_in(text, column("Capital Gains"), 0.0);
    rows.push_back(row);
  }
  if (rows.size() > 1 && rows.front().at > rows.back().at)
    std::reverse(rows.begin(), rows.end());
  return rows;
}

} // namespace banksia::test

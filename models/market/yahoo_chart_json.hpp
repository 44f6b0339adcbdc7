#pragma once

/// The first half of reading Yahoo's chart: its JSON as columns. Used by
/// yahoo_chart.cpp alone.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::yahoo_json {

/// A value of a column.
struct cell {
  enum class kind : std::uint8_t { number, null, bad };

  double number = 0.0;
  kind is = kind::null;
};

using column = std::vector<cell>;

/// A dividend or a split. What is missing is null.
struct event {
  cell date, amount, numerator, denominator;
};

/// What stands in the document, by the names that it has there.
struct document {
  bool has_chart = false;
  bool has_result = false;
  bool has_error = false;
  std::string error_code, error_text;
  std::map<std::string, std::string, std::less<>> texts; ///< of meta
  std::map<std::string, cell, std::less<>> numbers;      ///< of meta
  column times, open, high, low, close, volume, adjusted;
  std::vector<event> dividends, splits;
  std::size_t results = 0;
};

/// Reads JSON into columns without building a tree. Numbers are rounded
/// correctly (Boost.JSON 1.81 itself may miss by a unit in the last place).
/// Says what is wrong, or nothing.
std::string read(std::string_view body, document& out);

} // namespace banksia::yahoo_json

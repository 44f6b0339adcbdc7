#pragma once

/// The first half of reading Yahoo's chart: its JSON as columns. Used by
/// yahoo_chart.cpp alone.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::yahoo_json {

/// A value of a column in 8 bytes, because a chart has tens of thousands: a
/// number, or one of two NaN, which JSON cannot express.
class cell {
public:
  constexpr cell() noexcept = default; ///< null
  constexpr explicit cell(double x) noexcept : bits_(std::bit_cast<bits>(x)) {}

  /// What is neither a number nor null.
  static constexpr cell bad() noexcept {
    cell result;
    result.bits_ = bad_bits;
    return result;
  }

  constexpr bool is_null() const noexcept { return bits_ == null_bits; }
  constexpr bool is_bad() const noexcept { return bits_ == bad_bits; }
  constexpr bool is_number() const noexcept { return !is_null() && !is_bad(); }
  constexpr double number() const noexcept {
    return std::bit_cast<double>(bits_);
  }

private:
  using bits = std::uint64_t;

  static constexpr bits null_bits = 0x7FF8'0000'0000'0001;
  static constexpr bits bad_bits = 0x7FF8'0000'0000'0002;

  bits bits_ = null_bits;
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

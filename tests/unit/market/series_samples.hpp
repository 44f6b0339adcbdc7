#pragma once

/// A small series for the tests of single rules, and what came of it.

#include "models/market/repair/judge_series.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace banksia::test {


inline constexpr auto missing = std::numeric_limits<double>::quiet_NaN();

inline timestamp day(std::size_t i) {
  return timestamp{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}}
         + std::chrono::days{static_cast<int>(i)};
}

/// A share near 50 that moves by a half to one per cent a day, up and down, on
/// volumes that never repeat.
inline series_row plain(std::size_t i) {
  auto wave = static_cast<double>(i * 7 % 11) / 11.0 - 0.5;
  auto close = 50.0 * (1.0 + 0.015 * wave);
  series_row row;
  row.at = day(i);
  row.known_at = day(i + 1);
  row.values = {close * 1.001, close * 1.008, close * 0.993, close,
                123'457.0 + 1'001.0 * static_cast<double>(i)};
  row.adj_close = close;
  return row;
}

inline std::vector<series_row> plain_series(std::size_t size = 80) {
  std::vector<series_row> result;
  for (std::size_t i = 0; i < size; ++i)
    result.push_back(plain(i));
  return result;
}

inline void scale(std::vector<series_row>& rows, std::size_t first,
                  std::size_t end, double by) {
  for (auto i = first; i < end; ++i)
    for (auto field : {series_field::open, series_field::high,
                       series_field::low, series_field::close,
                       series_field::adj_close})
      field_of(rows[i], field) *= by;
}

inline std::string reasons(const series_verdict& x) {
  std::string result;
  for (const auto& f : x.findings)
    result += (result.empty() ? "" : " ") + std::string{reason_of(f)};
  return result;
}

inline bool near(double a, double b) {
  return std::abs(a - b) <= 1e-6 * std::abs(b) + 1e-12;
}

/// Whether the accepted rows are those of `want`.
inline bool is_restored(const series_verdict& x,
                        const std::vector<series_row>& want) {
  for (std::size_t i = 0; i < want.size(); ++i)
    for (std::size_t f = 0; f < series_field_count; ++f) {
      auto field = static_cast<series_field>(f);
      if (!near(field_of(x.rows[i], field), field_of(want[i], field)))
        return false;
    }
  return true;
}

} // namespace banksia::test

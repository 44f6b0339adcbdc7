#pragma once

/// Spoils clean series on purpose, by seed, and says what should be found.

#include "models/market/repair/judge_series.hpp"

#include <cmath>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace banksia::test {

enum class injected : std::uint8_t {
  unit_field,
  unit_row,
  unit_block_start,
  unit_block_middle,
  unit_block_end,
  unit_adjusted,
  split_missed,
  split_missed_part,
  split_false,
  split_field,
  split_undeclared,
  spike,
  spike_high,
  spike_close,
  zero_price,
  negative_close,
  negative_volume,
  not_a_number,
  stale_copy,
  flat_fill,
  high_low_swapped,
  duplicate_row,
  out_of_order,
  dividend_large,
  dividend_small,
  dividend_adjusted_small,
  dividend_unadjusted,
  dividend_phantom,
  dividend_before_split,
  gain_twice,
};

inline constexpr std::size_t injected_count = 30;

std::string_view to_string(injected x) noexcept;

/// Whether the error is about dividends, and so needs a series that has some
/// together with adjusted closes.
bool needs_dividends(injected x) noexcept;

/// A spoiled series.
struct spoiled_series {
  std::vector<series_row> rows;
  /// What should come out, row by row; those in `lost` should be refused.
  std::vector<series_row> truth;
  std::size_t first = 0; ///< of the rows that are spoiled
  std::size_t count = 0;
  bool refuse = false;  ///< they should be refused
  bool approximate = false; ///< the true value is nowhere in the series
  std::vector<series_rule> rules; ///< those that may find it
};

/// Spoils a copy of a clean series of at least 120 rows. Nothing when the
/// series has not what the error needs.
std::optional<spoiled_series> inject(const std::vector<series_row>& clean,
                                     injected kind, std::uint64_t seed);

} // namespace banksia::test

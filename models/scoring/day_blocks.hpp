#pragma once

/// The bootstrap by trading day: numbers are summed a day, and whole days are
/// drawn anew. The symbols of a day move together, so a sample is not what may
/// be drawn.
///
/// Days are taken as independent when `block_days` is 1. A horizon of several
/// days makes neighbours share part of their outcome; then runs of
/// `block_days` consecutive days are drawn, the last day followed by the first
/// (circular block bootstrap: Politis and Romano, "A circular block-resampling
/// procedure for stationary data", 1992).

#include "messages/time.hpp"
#include "models/scoring/random.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace banksia {

/// How intervals are drawn.
struct bootstrap_options {
  std::uint32_t resamples = 2000; ///< 0: no intervals, hence no skill shown
  std::uint64_t seed = 20'250'701;
  std::uint32_t block_days = 1; ///< consecutive days drawn together; 0 is 1
};

/// The number of blocks that so many days make, rounded down.
constexpr std::uint32_t blocks_of(std::uint32_t days,
                                  std::uint32_t block_days) noexcept {
  return days / std::max(block_days, 1u);
}

/// Distinct trading days in order; a row each.
class day_index {
public:
  /// `days` in any order, with repetitions.
  explicit day_index(std::vector<trading_date> days);

  std::uint32_t size() const noexcept {
    return static_cast<std::uint32_t>(days_.size());
  }

  /// The row of a day, which must be among those given.
  std::uint32_t row_of(trading_date day) const noexcept;

  trading_date day(std::uint32_t row) const noexcept { return days_[row]; }

private:
  std::vector<trading_date> days_; ///< ascending, distinct
};

/// Adds `cells` to `sums`, which share no memory. Eight at a time, since the
/// compiler makes vector instructions of a loop whose length it knows, and a
/// bootstrap spends its time here.
template <class Sum, class Number>
void add_row(Sum* __restrict sums, const Number* __restrict cells,
             std::size_t columns) {
  constexpr std::size_t width = 8;
  std::size_t column = 0;
  for (; column + width <= columns; column += width)
    for (std::size_t i = 0; i < width; ++i)
      sums[column + i] += static_cast<Sum>(cells[column + i]);
  for (; column < columns; ++column)
    sums[column] += static_cast<Sum>(cells[column]);
}

/// Draws the rows of `table` (each of `columns` numbers) with replacement, as
/// many as there are, `options.resamples` times, and calls `visit` with the
/// sums of the columns of what was drawn. The same table and options always
/// give the same draws. Without rows nothing is drawn.
template <class Sum, class Number, class Visit>
void resample_rows(const std::vector<Number>& table, std::size_t columns,
                   const bootstrap_options& options, Visit visit) {
  if (columns == 0 || table.empty())
    return;
  const auto rows = static_cast<std::uint32_t>(table.size() / columns);
  const auto block = std::clamp(options.block_days, 1u, rows);
  splitmix64 random{options.seed};
  std::vector<std::uint32_t> drawn(rows);
  std::vector<Sum> sums(columns);
  for (std::uint32_t resample = 0; resample < options.resamples; ++resample) {
    std::fill(drawn.begin(), drawn.end(), 0);
    for (std::uint32_t n = 0; n < rows;) {
      auto first = random.below(rows);
      for (std::uint32_t i = 0; i < block && n < rows; ++i, ++n)
        ++drawn[(first + i) % rows];
    }
    std::fill(sums.begin(), sums.end(), Sum{});
    for (std::uint32_t row = 0; row < rows; ++row) {
      const auto* cells = &table[row * columns];
      for (auto times = drawn[row]; times > 0; --times)
        add_row(sums.data(), cells, columns);
    }
    visit(static_cast<const std::vector<Sum>&>(sums));
  }
}

/// Sums of doubles by day (rows) and column.
class day_sums {
public:
  day_sums(std::uint32_t days, std::size_t columns)
    : columns_(columns), cells_(days * columns) {}

  void add(std::uint32_t row, std::size_t column, double x) noexcept {
    cells_[row * columns_ + column] += x;
  }

  double at(std::uint32_t row, std::size_t column) const noexcept {
    return cells_[row * columns_ + column];
  }

  /// The sums of all columns over all days.
  std::vector<double> totals() const;

  /// Calls `visit(const std::vector<double>&)` with each resample's sums.
  template <class Visit>
  void resample(const bootstrap_options& options, Visit visit) const {
    resample_rows<double>(cells_, columns_, options, visit);
  }

private:
  std::size_t columns_;
  std::vector<double> cells_; ///< [day][column]
};

} // namespace banksia

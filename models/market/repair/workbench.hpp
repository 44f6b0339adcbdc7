#pragma once

/// What the groups of rules share while they judge one series. Internal to
/// models/market/repair.

#include "models/market/repair/judge_series.hpp"

#include <cmath>

namespace banksia::repair {

inline constexpr double log_unit = 4.605170185988092; ///< ln 100

/// The series under judgement: rows are changed in place, each change noted.
class workbench {
public:
  workbench(std::span<const series_row> rows, const series_context& context);

  const series_context& context() const noexcept { return *context_; }
  const series_row& row(std::size_t i) const { return out_.rows[i]; }
  std::size_t size() const noexcept { return out_.rows.size(); }
  bool is_live(std::size_t i) const { return !out_.refused[i]; }
  bool has_adjusted() const noexcept { return has_adjusted_; }

  /// The rows not refused, ascending; made anew by `collect_live`.
  const std::vector<std::size_t>& live() const noexcept { return live_; }
  void collect_live();

  /// Adds a finding; gives its position.
  std::size_t add(const finding& x);

  /// Adds a finding that refuses row `i`; gives its position.
  std::size_t refuse(std::size_t i, series_rule rule, timestamp known_at,
              double expected = 0.0,
                     double measured = 0.0, double scale = 0.0);

  /// Sets a field and notes the change; nothing when it has that value.
  void change(std::size_t finding, std::size_t row, series_field field,
              double to);

  /// When row `i` is known, or the last row if there are fewer.
  timestamp known_at(std::size_t i) const;

  finding& at(std::size_t i) { return out_.findings[i]; }

  series_verdict finish() && { return std::move(out_); }

private:
  const series_context* context_;
  series_verdict out_;
  std::vector<std::size_t> live_;
  bool has_adjusted_ = false;
};

/// The split that a row declares; 1 for none, and for what cannot be one.
inline double split_of(const series_row& row) noexcept {
  constexpr double most = 1e5;
  return row.split >= 1.0 / most && row.split <= most ? row.split : 1.0;
}

// -- robust statistics --------------------------------------------------------

/// The median; reorders its argument. NaN for nothing.
double median_of(std::span<double> x);

/// The log of the middle of the positive prices of a bar; NaN without any.
double log_level(const bar_values& x) noexcept;

/// The usual one of some |log returns|: the larger of 1.4826 × median and 0.6 ×
/// 90th percentile, at least 0.4 %. The second speaks for securities whose
/// price mostly stands still. Reorders its argument.
double step_scale(std::span<double> steps);

/// The usual step between the closes of live rows.
double usual_step(const workbench& bench);

/// The smallest change between two closes in a row among live positions
/// [first, end); 0 when there is none. A price of a few ticks moves by a third
/// and back without any error.
double smallest_change(const workbench& bench, std::size_t first,
                       std::size_t end);

/// The same over the forty rows before live position `k`, or the first forty:
/// prices that were divided by a later split have larger ticks.
double tick_near(const workbench& bench, std::size_t k);

/// The usual step of up to `reach` live rows before live position `k`; where
/// these are fewer than ten, of some after it too.
double usual_step_before(const workbench& bench, std::size_t k,
                         std::size_t reach);

// -- groups of rules, in the order they run -----------------------------------

void refuse_rows(workbench& bench);      ///< times, sessions, `judge_row`
void judge_other_symbols(workbench& bench);
void repair_fields(workbench& bench);    ///< single prices 100 or k times off
void repair_blocks(workbench& bench);    ///< bars 100 or k times off
void judge_spikes(workbench& bench);
void judge_other_source(workbench& bench);
void repair_row_order(workbench& bench); ///< fills and widens bars
void repair_dividends(workbench& bench);

} // namespace banksia::repair

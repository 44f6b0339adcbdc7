#pragma once

/// From the verdict on a series to what becomes of each of its bars: what an
/// import, a live feed and `POST /data/validate` act on.

#include "models/market/repair/series.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace banksia {

/// What became of one bar of a judged series.
struct row_outcome {
  quality_action action = quality_action::accept;
  std::string_view reason;  ///< of static storage; empty when accepted
  /// Whether a rule of rows (`judge_row`) gave the reason: those have judged
  /// the row when it came, with what came before it.
  bool by_row_rule = false;
  /// From when on the verdict counts: the latest of the rows behind it.
  timestamp known_at;
  /// As repaired; as they came when accepted or refused.
  bar_values values;
};

/// One outcome a row, in the order of `as_they_came`, which are the rows that
/// were judged. Changes of dividends, splits and adjusted closes change no bar.
///
/// A bar that several findings changed has the reason of the first that is no
/// rule of rows (these only widen what another rule moved), and is known when
/// the last of them is.
std::vector<row_outcome>
outcomes_of(std::span<const series_row> as_they_came,
            const series_verdict& verdict);

/// Whether a price or the volume of a bar, not an action or an adjustment.
bool is_bar_field(series_field x) noexcept;

/// The fields in which two bars differ, of `to`'s values.
struct value_difference {
  series_field field = series_field::open;
  double from = 0.0;
  double to = 0.0;
};
std::vector<value_difference> differences(const bar_values& from,
                                          const bar_values& to);

} // namespace banksia

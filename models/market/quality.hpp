#pragma once

/// What is done with a row that could be read: accepted, repaired, or kept
/// apart. A verdict on one row depends on that row and earlier ones only, so a
/// replay comes to the verdicts that a live system would have come to.

#include "messages/market.hpp"
#include "models/market/bar_formats_reader.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace banksia {

// -- bars ---------------------------------------------------------------------

/// The values of a bar, as the rules take them.
bar_values values_of(const bar& x) noexcept;

/// Gives a bar the values.
void put(bar& x, const bar_values& values) noexcept;

// -- verdicts -----------------------------------------------------------------

enum class quality_action : std::uint8_t { accept, repair, quarantine };

std::string_view to_string(quality_action x) noexcept;

/// The rule that decided. The texts are the reasons kept with the row.
enum class quality_rule : std::uint8_t {
  none,            ///< nothing to object
  malformed,       ///< the parser's `row_problem`; its text is the reason
  market_closed,   ///< quarantine: no session at that time
  not_finite,      ///< quarantine: infinity or NaN
  negative_volume, ///< quarantine
  not_positive,    ///< close <= 0: quarantine; open, high or low <= 0: repair
  stale_copy,      ///< quarantine: an open day repeats the row before
  ohlc_order,      ///< repair: high or low does not enclose open and close
};

/// One changed field.
struct field_repair {
  bar_column field = bar_column::open;
  double from = 0.0;
  double to = 0.0;

  friend bool operator==(const field_repair&, const field_repair&) = default;
};

/// The verdict on one row, with all that makes it traceable.
struct quality_verdict {
  quality_action action = quality_action::accept;
  quality_rule rule = quality_rule::none;
  row_problem problem = row_problem::none; ///< with `malformed`
  /// The row equals the one before it: on a closed day the sign of a source
  /// that fills holidays.
  bool is_copy = false;
  bar_values values; ///< to be stored; as they came unless repaired
  std::array<field_repair, 4> repairs{};
  std::size_t repair_count = 0;
};

/// The reason code: "" when accepted, else the rule's or the problem's name.
std::string_view reason_of(const quality_verdict& verdict) noexcept;

// -- rules --------------------------------------------------------------------

/// What the rules remember of a symbol and interval. To judge rows that begin
/// in the middle of a history, fill it from the last row before them.
struct seen_rows {
  std::optional<timestamp> last_at;     ///< of the row below
  bar_values last;                      ///< the row before, as it came
  std::optional<double> accepted_close; ///< the last close not in quarantine
};

/// Judges a row that was read without problem. `at` orders the rows of a
/// symbol: the bar's start, or the date's midnight for a daily one. Rows at or
/// after `at` are never compared with. `market_open`: whether the exchange had
/// a session then.
///
/// - A copy equals the row before in all five values. It is stale, not chance,
///   when high > low and the volume has four significant digits, or is 0 with
///   three distinct prices: penny stocks do repeat a price and a round volume.
/// - Repairs never touch the close. An open <= 0 becomes the previous close,
///   held between low and high, or the close if there is none.
quality_verdict judge_row(const bar_values& values, timestamp at,
                          bool market_open, const seen_rows& seen);

/// The verdict on a row that could not be read.
quality_verdict judge_malformed(const raw_row& row);

/// Takes a judged row into memory; one that is not later than the last is
/// ignored.
void remember(seen_rows& seen, const bar_values& as_it_came, timestamp at,
              const quality_verdict& verdict);

// -- against what is stored ---------------------------------------------------

/// How a row relates to a stored bar of the same symbol, interval and start.
enum class reconciliation : std::uint8_t {
  fresh,         ///< nothing is stored there
  duplicate,     ///< equal in all five values
  keep_stored,   ///< they differ, the stored one stays
  take_incoming, ///< they differ, the incoming one replaces it
};

/// Two different bars of one slot: the one with volume wins over the one
/// without, otherwise the stored one stays, so that importing the same files
/// again changes nothing. The caller keeps the loser as the conflict.
reconciliation reconcile(const std::optional<bar_values>& stored,
                         const bar_values& incoming) noexcept;

/// The five counts of an import; each row read is in exactly one.
enum class row_class : std::uint8_t {
  stored,
  duplicate,
  merged,
  repaired,
  quarantined,
};

std::string_view to_string(row_class x) noexcept;

/// Quarantined goes before all; then equal or merged with what is stored; a
/// repaired row counts as repaired only when it is new.
row_class classify(quality_action action, reconciliation against) noexcept;

} // namespace banksia

#pragma once

/// The newest bars of a live series, judged together by the rules of series
/// each time that more come. Pure: times are passed in, market time all of
/// them.

#include "messages/protocol.hpp"
#include "models/market/calendar.hpp"
#include "models/market/quality.hpp"
#include "models/market/row_outcomes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// A bar that has just come, judged by the rules of rows.
struct fresh_bar {
  bar content; ///< as those rules left it, `known_at` as it will be stored
  bar_values as_came;
  std::string_view reason; ///< of their repair; of static storage, or empty
};

/// What the rules say of some bars.
struct window_verdict {
  std::vector<bar> bars;                ///< to be stored, oldest first
  std::vector<bar_repair> repairs;      ///< how they were derived
  std::vector<bar_revision> revisions;  ///< of these or of earlier bars
  std::vector<quarantined_row> refused; ///< also those withdrawn later
  /// Each bar that came is in one of these; an earlier one that a later bar
  /// showed to be wrong is counted once more.
  std::uint64_t accepted = 0;
  std::uint64_t repaired = 0;
  std::uint64_t quarantined = 0;
};

class live_window {
public:
  /// Bars kept for those that come next. The rules look back at twenty.
  static constexpr std::size_t bars_max = 300;

  /// What is stored already: the newest bars and revisions of a series, in the
  /// order of the store.
  void recall(const std::vector<bar>& stored,
              const std::vector<bar_revision>& revisions);

  /// Judges bars that follow those it has. A verdict known with a bar is in the
  /// bar; one that needs a later bar is a revision, known when that bar is, and
  /// not before `now` for a bar that is stored already. What it said once it
  /// does not take back: the bars behind it may have left the window.
  window_verdict judge(std::vector<fresh_bar> fresh,
                       const std::vector<corporate_action>& actions,
                       const exchange_calendar& calendar, timestamp now);

private:
  struct kept_bar {
    bar content; ///< as served: with the last word on it
    bar_values as_came;
    bool withdrawn = false;
    bool is_new = false;
    std::string_view reason; ///< of the repair that it came with
  };

  std::vector<series_row> rows() const;
  static bool rule(kept_bar& x, const row_outcome& y, timestamp now,
                   window_verdict& into);
  static void come(kept_bar& x, window_verdict& into);
  static void revise(kept_bar& x, const row_outcome& y, timestamp known_at,
                     window_verdict& into);

  std::vector<kept_bar> bars_;
};

/// What a bar said, for quarantine.
std::string quarantined_text(timestamp opened_at, const bar_values& x);

} // namespace banksia

#pragma once

/// The index's closes, and the market context they give.

#include "messages/domain.hpp"
#include "models/decision/rule_parameters.hpp"
#include "models/features/bar_lineage.hpp"

#include <array>
#include <cstdint>

namespace banksia {

/// Keeps the last six sessions' closes of an index. Sessions are numbered by
/// the exchange calendar so that a gap shows. Within a day, the newest intraday
/// close counts as the day's. Not thread-safe.
class market_context_state {
public:
  /// Takes in a bar of the index, from the session `session_ordinal`. Refused,
  /// with the state unchanged: `out_of_order` (an earlier session, an intraday
  /// bar that overlaps the one before, any bar of a session whose daily bar was
  /// taken), `unusable` (the close is not a positive number; an index's other
  /// fields are not used, and are often wrong).
  bar_use add(const bar& index_bar, int session_ordinal);

  /// The context for a cycle of `interval` in session `session_ordinal`.
  /// NEUTRAL and flagged, without stress or lineage, when
  /// - fewer than 6 closes are known,
  /// - the newest is not of that session (an intraday cycle may also use the
  ///   session before),
  /// - the close 5 bars before it lies more than `context_sessions_max`
  ///   sessions before `session_ordinal`.
  /// Volatility = sample standard deviation of the last 5 returns ×
  /// √`sessions_per_year`.
  market_context at(int session_ordinal, bar_interval interval,
                    const rule_parameters& p) const;

  /// Hash over every bar taken in, in order; 0 before the first.
  std::uint64_t lineage() const noexcept { return lineage_.value(); }

  friend bool operator==(const market_context_state&,
                         const market_context_state&) = default;

private:
  static constexpr std::size_t window = 6;

  struct session_close {
    int ordinal = 0;
    double close = 0.0;

    friend bool operator==(const session_close&,
                           const session_close&) = default;
  };

  bool fit_for(int session_ordinal, bar_interval interval,
               const rule_parameters& p) const noexcept;

  std::array<session_close, window> closes_{}; ///< newest last
  std::size_t count_ = 0;                      ///< of them, up to `window`
  timestamp until_;          ///< end of the newest session's last bar
  bool newest_whole_ = false; ///< its daily bar was taken
  bar_lineage lineage_;
};

} // namespace banksia

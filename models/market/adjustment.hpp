#pragma once

/// Corporate actions over bars as traded: splits, dividends, renamed codes.
/// Everything is *as of* a time: an action that becomes known later changes
/// nothing that was computed earlier, so neither a backtest nor an outcome can
/// look ahead through an adjusted price.

#include "messages/domain.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

// -- actions ------------------------------------------------------------------

/// What is wrong with an action: a value that is not finite and positive.
/// Empty when all is well. The functions below leave such actions out.
std::string_view problem_of(const corporate_action& x) noexcept;

/// A close as traded.
struct traded_close {
  timestamp opened_at;
  timestamp known_at;
  double close = 0.0;
};

/// The price of a bar, as traded and adjusted.
struct adjusted_close {
  timestamp opened_at;
  double traded = 0.0;
  double split_adjusted = 0.0; ///< in today's shares
  double fully_adjusted = 0.0; ///< and with dividends reinvested
};

// -- factors ------------------------------------------------------------------

/// What one share at `entry` has become at `exit` by splits in
/// (entry, exit], known by `as_of`: the product of their values; 1 without
/// any, and when `exit` is not after `entry`. The price return is then
/// `exit_price * factor / entry_price - 1`.
double split_factor(std::span<const corporate_action> actions, timestamp entry,
                    timestamp exit, timestamp as_of);

/// What one share's worth at `entry` has become per share's price at `exit`
/// when each dividend buys shares at the close before its ex-date, less the
/// dividend (CRSP's and Yahoo's rule: a factor 1 − dividend / close before).
/// `split_factor` times 1 / ∏ (1 − dividend / close before). The total return
/// is `exit_price * factor / entry_price - 1`.
///
/// The close before is the last of `closes` (ascending by `opened_at`) that
/// opened before the ex-date and is known by `as_of`; a dividend without one,
/// or not smaller than it, is left out.
double total_return_factor(std::span<const corporate_action> actions,
                           std::span<const traded_close> closes,
                           timestamp entry, timestamp exit, timestamp as_of);

/// The closes known by `as_of`, adjusted for what is known and effective by
/// then, so that the last one is as traded. `closes` ascend by `opened_at`.
std::vector<adjusted_close>
adjust(std::span<const traded_close> closes,
       std::span<const corporate_action> actions, timestamp as_of);

// -- a running series ------------------------------------------------------------

/// How prices and volumes of the past are to be told after an action.
struct basis_change {
  double prices = 1.0;  ///< times this
  double volumes = 1.0; ///< times this

  friend bool operator==(const basis_change&, const basis_change&) = default;
};

/// The change by actions that take effect between two bars of a series, the
/// first of which closed at `close_before` as traded. What `adjust` does to all
/// closes before, given what has happened since the last bar.
basis_change change_of_basis(std::span<const corporate_action> actions,
                             double close_before);

/// The order in which actions take effect: by time, splits first.
bool effective_before(const corporate_action& a,
                      const corporate_action& b) noexcept;

// -- renamed codes ------------------------------------------------------------

/// From `effective_at` on, what was `from` trades as `to`.
struct renaming {
  std::string from;
  std::string to;
  timestamp effective_at;
  timestamp known_at;
};

/// The code at time `at` of the security that has the code `symbol` at time
/// `from`, by the renamings known by `as_of`; backwards as well as forwards. A
/// code given to another company later is another security: only renamings
/// between the two times count, each at most once.
std::string symbol_at(std::span<const renaming> renamings,
                      std::string_view symbol, timestamp from, timestamp at,
                      timestamp as_of);

} // namespace banksia

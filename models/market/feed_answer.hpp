#pragma once

/// What the answers of all price sources have in common.

#include "messages/domain.hpp"
#include "models/market/bar_values.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// What a source's answer is, whatever form the source says it in.
enum class feed_status : std::uint8_t {
  ok = 0,
  no_data = 1,      ///< understood, but there are no bars
  not_found = 2,    ///< no such symbol
  rate_limited = 3, ///< asked too often
  unauthorized = 4, ///< no key, a bad one, or one that may not do this
  bad_request = 5,  ///< the source refuses what was asked for
  unavailable = 6,  ///< the source has trouble of its own
  unexpected = 7,   ///< another symbol, interval or currency than asked for
  malformed = 8,    ///< not what this source is known to answer
};

/// "ok", "no_data", "not_found", …
std::string_view to_string(feed_status x) noexcept;

/// Whether the same request may be answered well a little later.
constexpr bool is_passing(feed_status x) noexcept {
  return x == feed_status::rate_limited || x == feed_status::unavailable
         || x == feed_status::malformed;
}

/// What an answer is checked against. `now` is the wall clock, which a live
/// source speaks of.
struct feed_expectation {
  std::string symbol;                   ///< empty: any
  std::optional<bar_interval> interval; ///< nothing: any that we know
  std::string currency;                 ///< ISO 4217, empty: any
  timestamp now;
  /// A bar whose end lies so far back is final even where the source shows no
  /// later trade. Free quotes of the ASX are 20 minutes late.
  micros settle = std::chrono::minutes{60};
};

/// A bar as the source gave it, not yet judged.
struct feed_bar {
  /// Start of the bar as the source says it. Of a daily bar that is still
  /// growing it may be the last trade: `day` is what counts there.
  timestamp at;
  trading_date day{}; ///< in the exchange's zone
  bar_values values;  ///< prices as traded, in whole units of the currency
  std::optional<double> adjusted_close;
  bool is_final = false; ///< false: the source may still change it
  row_problem problem = row_problem::none;
  std::string_view field; ///< which field has the problem: "close", or empty
};

struct feed_dividend {
  timestamp at;
  double amount = 0.0; ///< a share, in whole units of the currency
};

struct feed_split {
  timestamp at;
  double numerator = 1.0; ///< new shares …
  double denominator = 1.0; ///< … for so many old ones
};

/// The currency in which a symbol trades by its suffix (`.AX`: AUD), empty
/// where that is not known.
std::string_view currency_of_symbol(std::string_view symbol) noexcept;

/// A currency as sources write it, and by what prices in it are to be divided
/// to be in whole units: "GBp" is {"GBP", 100}.
struct currency_unit {
  std::string code;
  double divisor = 1.0;
};

/// Knows the minor units GBp, GBX, ZAc, ZAX and ILA; all else is taken as
/// it is.
currency_unit unit_of_currency(std::string_view code);

} // namespace banksia

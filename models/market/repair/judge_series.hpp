#pragma once

/// Judges a whole series of bars at once. Where `judge_row` knows a row's past
/// only, these rules also look at what came after: a price that is 100 times
/// off is told from a crash by the bars that follow. Each finding carries the
/// time from which on it could be known, so that a replay applies it no
/// sooner.
///
/// The rules rest on ratios of medians, scaled by the series' own usual step;
/// none knows a file, a symbol or a date. What public descriptions of Yahoo's
/// errors say (the yfinance project's "Price repair" page) is the list of
/// errors to look for; the methods are our own.

#include "models/market/repair/series.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>

namespace banksia {

/// What the prices of a series stand for.
enum class price_basis : std::uint8_t {
  as_traded,      ///< they step at a split and at a dividend
  split_adjusted, ///< earlier bars are divided by later splits (Yahoo's Close)
  fully_adjusted, ///< for dividends too: no step at an ex-date
};

/// Another series at the same times, to compare with. Ascending.
struct peer_close {
  timestamp at;
  double close = 0.0;
};

/// The closes of another security, on the same basis of prices.
struct peer_series {
  std::string symbol;
  std::span<const peer_close> closes;
};

/// Which groups of rules run. Off is for tests and for sources that are known
/// to be free of an error.
struct series_rules {
  bool rows = true;      ///< times, sessions, `judge_row`, flat fills
  bool levels = true;    ///< units, splits, breaks
  bool spikes = true;    ///< spikes, other sources, other symbols
  bool dividends = true; ///< dividends and adjusted closes
};

struct series_context {
  price_basis basis = price_basis::split_adjusted;
  /// Whether the exchange had a session at a row's `at`; empty: always.
  std::function<bool(timestamp)> market_open;
  /// How many sessions lie strictly between the sessions of two rows' `at`;
  /// empty: missing rows are not looked for.
  std::function<std::size_t(timestamp, timestamp)> sessions_between;
  /// The series should reach to here; nothing: its last row is its end.
  std::optional<timestamp> expected_until;
  /// The same symbol from another source, ascending; only `at`, `known_at` and
  /// `values` are looked at.
  std::span<const series_row> other_source;
  std::span<const peer_series> other_symbols;
  series_rules rules;
};

/// Judges rows in the order they came, oldest first. Deterministic; time and
/// memory grow with the number of rows. Any values are allowed, NaN included;
/// what cannot be judged is left as it is.
series_verdict judge_series(std::span<const series_row> rows,
                            const series_context& context = {});

/// The rows that may be stored: not refused, as repaired, in order of time.
std::vector<series_row> accepted_rows(const series_verdict& verdict);

} // namespace banksia

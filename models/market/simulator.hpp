#pragma once

/// A seeded market for the demo and for tests: correlated securities and an
/// index, regimes, opening gaps, a day's usual shape, headlines. Pure: the
/// same settings and sessions give the same bytes on the same build.
///
/// The model, per session and minute: a log return is
///   beta × market + load × sector + own − ½ variance,
/// each factor normal. Of a full session's variance 35 % falls into the
/// opening gap, 63 % into the session (more at its ends than in the middle)
/// and 2 % into the closing auction. The market's volatility follows the
/// regime, and both it and a security's own vary from day to day, so returns
/// have fat tails. Bars of every length are folded from the same minutes:
/// the market does not change with the interval it is looked at.

#include "messages/domain.hpp"
#include "models/market/simulator_headlines.hpp"
#include "models/market/simulator_profiles.hpp"
#include "models/market/simulator_regimes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace banksia::simulation {

/// One trading session, as the exchange calendar dates it.
struct sim_session {
  trading_date date;
  timestamp opens_at;
  timestamp closes_at;
  timestamp auction_ends_at; ///< when the closing price is known
};

/// What the market is made of.
struct simulator_settings {
  std::uint64_t seed = 1;
  std::vector<std::string> symbols;
  std::string index_symbol = "^AXJO"; ///< empty: no index
  bar_interval interval = bar_interval::m5; ///< of the intraday bars, not d1
  fraction annual_volatility{0.13}; ///< of the market factor, in the long run
  /// Multiplies the drift of the regimes. At 1 a bull market rises; as regimes
  /// last, a past return then says a little of the next (some 1 % of its
  /// variance). 0: nothing in a past price tells of a future one.
  real regime_drift{1.0};
  /// Planted predictability. The headlines of a session carry a common tone
  /// (plus noise); this share of the variance of the security's *own* return
  /// over the next session, gap included, is explained by that tone. Own
  /// variance is about a third of the whole. 0: headlines tell of the past
  /// alone.
  fraction signal_strength{0.0};
  /// The chance of an intraday bar to be spoiled, for tests of quality rules.
  fraction bad_bar_probability{0.0};
  /// Take the place of `profile_of` for the symbols they name.
  std::vector<symbol_profile> profiles;
};

/// What is wrong with the settings and what to do; nothing when all is well.
std::optional<std::string> problem_of(const simulator_settings& settings);

/// What is wrong with a session by itself; nothing when all is well.
std::optional<std::string> problem_of(const sim_session& session);

/// One session of the whole market.
struct simulated_session {
  regime mood = regime::calm;
  /// Intraday bars of all symbols and the index by (known_at, symbol in the
  /// order of the settings, index last). A bar is known at its end; the last
  /// holds the closing auction and is known when that ends.
  std::vector<bar> bars;
  /// One bar per symbol, then the index: the fold of its clean intraday bars.
  std::vector<bar> daily;
  std::vector<headline> headlines; ///< by (known_at, symbol)
  /// Positions in `bars` of those spoiled on purpose: a price in cents, high
  /// and low exchanged, a price of zero, or a negative volume.
  std::vector<std::size_t> spoiled;
};

/// The market. Holds the prices between two sessions; a copy is a snapshot.
/// After a restart, construct it anew and `skip` what has passed: the series
/// goes on as if nothing had happened. Not thread-safe.
class market_simulator {
public:
  /// Throws std::invalid_argument with the text of `problem_of`.
  explicit market_simulator(simulator_settings settings);

  /// Simulates a session and moves on. Throws std::invalid_argument when
  /// there is a `problem_of` it or it is not after the last one; the state is
  /// unchanged then.
  simulated_session next(const sim_session& session);

  /// Moves over sessions without making their bars; errors like `next`, with
  /// the sessions before the faulty one passed.
  void skip(std::span<const sim_session> sessions);

  /// The daily bars of the sessions in time order; moves past them.
  std::vector<bar> daily_history(std::span<const sim_session> sessions);

  /// Profiles in the order of output, the index last.
  std::vector<symbol_profile> profiles() const;

  const simulator_settings& settings() const noexcept { return settings_; }

private:
  /// A security between two sessions.
  struct security {
    symbol_profile profile;
    std::uint64_t subject = 0;  ///< hash of the symbol
    std::uint64_t sector = 0;   ///< hash of the sector's name
    bool is_index = false;
    double log_price = 0.0;     ///< unrounded
    double log_activity = 0.0;  ///< of volume, slowly changing
    double tone = 0.0;          ///< of the last session's headlines
    double last_own = 0.0;      ///< own return, in deviations
  };

  /// What a session's securities share.
  struct session_plan;
  /// One security's way through a session.
  struct session_path;

  void expect_later(const sim_session& session) const;
  session_plan plan_for(const sim_session& session) const;
  session_path path_of(const security& x, const session_plan& plan) const;
  std::vector<session_path> advance(const session_plan& plan);
  std::vector<bar> bars_of(const security& x, const session_plan& plan,
                           const session_path& path) const;
  void write_headlines(simulated_session& result, const session_plan& plan,
                       const std::vector<session_path>& paths) const;
  void spoil(simulated_session& result, const session_plan& plan) const;

  simulator_settings settings_;
  std::vector<security> securities_;
  std::optional<regime> regime_;
  std::optional<sim_session> last_;
};

} // namespace banksia::simulation

#pragma once

/// The morning's and the evening's analysis of a run, put together from what the
/// store says as of a time. Pure: equal inputs give equal documents. Returns are
/// fractions, times market time unless they say otherwise.

#include "messages/domain.hpp"
#include "messages/protocol.hpp"
#include "models/market/calendar.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace banksia::analysis {

// -- the morning ------------------------------------------------------------------

/// One symbol before the open.
struct symbol_morning {
  std::string symbol;
  bool halted = false;
  std::optional<double> last_price;
  std::optional<timestamp> last_known_at; ///< of its newest bar
  std::optional<double> last_move;  ///< daily return of the last session
  std::optional<double> volatility; ///< standard deviation of daily returns
  std::optional<double> sentiment;  ///< decayed mean of 72 hours, -1 … 1
  std::vector<headline> news;       ///< since the last close, newest first
  std::vector<corporate_action> ex_today;
};

struct morning_inputs {
  timestamp as_of;
  session day;           ///< that is about to begin
  timestamp last_close;  ///< end of the session before; news count from then on
  timestamp last_open;   ///< its open: who has not traded since is stale
  market_context context; ///< as a cycle at the open would see it by now
  std::string champion;   ///< model that serves; empty: the rules do
  std::vector<symbol_morning> symbols;
};

/// Headlines of a symbol that are told in full.
inline constexpr std::size_t headlines_told = 5;
/// A mean sentiment below is none to speak of.
inline constexpr double strong_sentiment = 0.2;
/// A last move below is none to speak of; in daily standard deviations.
inline constexpr double large_move = 1.0;

/// `kind, as_of, session, market, model, news_since, symbols[], watch[]`. Each
/// entry of `watch` has `symbol` and `reasons[]` with `code` and `text`.
boost::json::object morning(const morning_inputs& x);

// -- the evening ------------------------------------------------------------------

/// An outcome at the primary horizon that became final during the day.
struct day_outcome {
  prediction_id prediction;
  std::string symbol;
  timestamp slot;
  trade_action action = trade_action::none;
  double confidence = 0;
  double actual_return = 0;
  bool success = false;
  bool is_void = false;
  std::uint32_t sessions_elapsed = 0;
};

struct evening_inputs {
  timestamp as_of;
  session day; ///< that has ended
  timestamp since; ///< end of the session before
  std::uint64_t completed = 0; ///< in time
  std::uint64_t late = 0;
  std::uint64_t missed = 0;
  std::uint64_t owed = 0; ///< still to be made
  std::map<std::string, std::uint64_t> missed_by_reason;
  std::map<std::string, std::uint64_t> by_action; ///< "BUY", …
  std::map<std::string, std::uint64_t> abstained; ///< by reason
  std::vector<day_outcome> outcomes;
  std::uint64_t bars = 0; ///< that became known during the day
  std::map<std::string, std::uint64_t> quarantined; ///< by reason, since the
                                                    ///< evening before
  std::map<std::string, std::uint64_t> repaired;    ///< by reason
  std::uint64_t revised = 0;
  std::optional<model_record> champion;
  std::optional<training_record> training; ///< the last that has ended
  /// Restarts by path since the evening before, most first.
  std::vector<std::pair<std::string, std::uint64_t>> restarts;
  std::uint64_t escalations = 0;
  // Where the next evening goes on counting what bears no market time.
  std::map<std::string, std::uint64_t> quarantined_ever; ///< by reason
  std::int64_t last_supervision_event = 0;
};

/// Hits and misses told.
inline constexpr std::size_t extremes_told = 3;

/// `kind, as_of, session, cycles, predictions, outcomes, hits[], misses[], data,
/// model, training, supervision, counted_to`.
boost::json::object evening(const evening_inputs& x);

// -- both -------------------------------------------------------------------------

/// `date, opens_at, closes_at, half_day`.
boost::json::object session_json(const session& x);

/// An analysis for people. @throws std::exception for a document of another form
std::string to_text(const boost::json::object& x);

} // namespace banksia::analysis

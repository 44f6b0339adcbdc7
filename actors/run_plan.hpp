#pragma once

/// What every actor of a run agrees on. Made once by the topology; immutable.

#include "messages/domain.hpp"
#include "models/decision/policy.hpp"
#include "models/decision/rule_parameters.hpp"
#include "models/features/market_board.hpp"
#include "models/market/calendar.hpp"
#include "models/market/context_series.hpp"
#include "models/sentiment/sources.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace banksia {

/// When the work that is done once a day or so is due. What is not set is not
/// done: of a replay, nothing is unless it was asked for.
struct daily_plan {
  /// UTC time of day, on every `training_days`-th calendar day, also on those
  /// without a session.
  std::optional<std::chrono::minutes> training_at;
  std::uint32_t training_days = 1;
  std::optional<std::chrono::minutes> morning; ///< so long before the open
  /// So long after the closing auction has ended.
  std::optional<std::chrono::minutes> evening;
};

struct run_plan {
  std::string run = "live"; ///< or the replay's name
  bar_interval interval = bar_interval::m30; ///< of the cycles; also in the ids
  bar_interval data_interval = bar_interval::m5; ///< of the bars that are traded on
  std::vector<std::string> symbols; ///< positions are the symbol indexes
  std::string index_symbol;         ///< empty: no context, NEUTRAL and flagged
  /// Series of other markets that the run knows, each once.
  std::vector<context_series> context;
  bool news = true; ///< headlines are known; a replay has them where it is told
  std::vector<std::uint32_t> horizons_minutes; ///< ascending
  std::uint32_t primary_horizon_minutes = 240;
  std::chrono::minutes stale_after{90}; ///< of market time; then a symbol abstains
  rule_parameters rules;
  sentiment::source_table sources = sentiment::default_sources();
  exchange_calendar calendar;
  std::string model_version = "rules-1"; ///< of the rules
  policy_parameters policy;
  double flat_band = 0.43; ///< `label_options::band_factor`
  bool forecasts = false; ///< models are asked: symbols give them their bars
  daily_plan daily;
};

using shared_plan = std::shared_ptr<const run_plan>;

/// When a session is predicted: slots as the calendar says, or at the end of
/// the closing auction on a daily interval.
std::vector<timestamp> slots_of(const run_plan& plan, const session& s);

/// When an outcome of that horizon is due: on daily bars at the end of the next
/// session, else at slot + horizon, one day meaning the same time next session.
/// Nothing beyond the end of the calendar.
std::optional<timestamp> due_at(const run_plan& plan, timestamp slot,
                                std::uint32_t horizon_minutes);

/// The horizon in sessions, for the expected magnitude: the open minutes inside
/// it over those of a whole session.
double horizon_sessions(const run_plan& plan, timestamp slot,
                        std::uint32_t horizon_minutes);

/// The number of the session of that day; below 0: there is none.
int session_ordinal(const run_plan& plan, timestamp t);

/// The opening of the first session whose bars the market's values at `slot` may
/// need.
timestamp market_begin(const run_plan& plan, timestamp slot);

/// What the market's values are asked for at a slot.
market_moment moment_of(const run_plan& plan, timestamp slot);

/// The order in which bars are applied, whatever order they came in: a shorter
/// bar before the daily one that becomes known with it.
bool applied_before(const bar& a, const bar& b) noexcept;

} // namespace banksia

#pragma once

/// From configuration to what actors agree on.

#include "actors/run_plan.hpp"
#include "actors/store/ledger.hpp"
#include "config/settings.hpp"

namespace banksia {

/// The exchange's calendar, or its trading days with fixed UTC hours.
/// @throws commands::command_error with exit 78 for impossible hours
exchange_calendar calendar_from(const config::settings& x);

/// The daily work of a replay that trains: trainings, no analysis.
daily_plan training_plan(const config::settings& x);

/// The plan of a live node: intraday cycles, horizons of one hour, the
/// evaluation delay (primary) and a day; all daily work.
run_plan live_plan(const config::settings& x);

/// The plan of a replay over bars of that interval.
run_plan replay_plan(const config::settings& x, bar_interval interval);

/// What predictions are made with: configuration text and hash, build.
store::provenance provenance_from(const config::settings& x);

} // namespace banksia

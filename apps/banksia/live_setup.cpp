#include "apps/banksia/live_setup.hpp"

#include "actors/feeds/recalled_quality.hpp"
#include "actors/store/history.hpp"
#include "actors/store/journal_records.hpp"
#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"
#include "apps/common/command.hpp"
#include "apps/banksia/outside.hpp"
#include "apps/common/settings_plan.hpp"
#include "apps/common/signals.hpp"
#include "runtime/supervision/fault_rules.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace banksia {

namespace {

using commands::command_error;
namespace json = boost::json;

bool simulated(const config::settings& x) {
  return x.price_source == config::price_source::simulator;
}

/// What must stay the same while a run goes on in one database.
std::string parameters_of(const config::settings& x, const run_plan& plan) {
  json::array symbols;
  for (const auto& symbol : plan.symbols)
    symbols.emplace_back(symbol);
  json::object out{{"index_symbol", plan.index_symbol}, {"symbols", symbols}};
  if (simulated(x))
    out["simulation"] = {{"seed", x.simulation_seed},
                         {"start", to_string(x.simulation_start)},
                         {"history_days", x.simulation_history_days},
                         {"interval_minutes", x.simulation_interval_minutes}};
  // Only where there are, so that the runs of before go on.
  if (simulated(x) && x.simulation_intraday_days > 0)
    out["simulation"].as_object()["intraday_days"] = x.simulation_intraday_days;
  return json::serialize(out);
}

const session& session_from(const exchange_calendar& calendar,
                            trading_date date) {
  auto found = calendar.sessions_between(date, exchange_calendar::last_date);
  if (!found || found->empty())
    throw command_error(commands::exit_bad_config,
                        "no session from " + to_string(date)
                          + " on: configuration, key simulation_start: give a "
                            "date from 1997 to 2030");
  return found->front();
}

simulation::simulator_settings market_of(const config::settings& x,
                               const run_plan& plan) {
  simulation::simulator_settings result;
  result.seed = x.simulation_seed;
  result.symbols = plan.symbols;
  result.index_symbol = plan.index_symbol;
  result.interval = plan.data_interval;
  return result;
}

simulation_start simulation_of(const config::settings& x, const run_plan& plan,
                               const session& first) {
  simulation_start start;
  start.settings = market_of(x, plan);
  start.history_sessions = x.simulation_history_days;
  start.intraday_sessions = x.simulation_intraday_days;
  const auto& calendar = plan.calendar;
  auto position = calendar.session_index(first.date).value_or(0);
  if (position < x.simulation_history_days)
    throw command_error(commands::exit_bad_config,
                        "the history would begin before 1997: configuration, "
                        "key simulation_history_days: give fewer days or a "
                        "later simulation_start");
  start.first_session
    = calendar.sessions()[position - x.simulation_history_days].date;
  if (auto problem = simulation::problem_of(start.settings))
    throw command_error(commands::exit_bad_config, *problem);
  return start;
}

bool has_bars(store::queries& ask, const run_plan& plan,
              const std::string& symbol) {
  for (auto interval : {bar_interval::d1, plan.data_interval})
    if (!ask.bars_between(symbol, interval, std::nullopt, std::nullopt, 1)
           .empty())
      return true;
  return false;
}

/// The outside world, its sources judged as before the restart.
outside_world outside_for(const config::settings& x,
                          const std::filesystem::path& data_dir,
                          const node_setup& setup, storage::database& db) {
  auto result = outside_of(x, data_dir, wall_time,
                           std::make_shared<feed_board>());
  std::vector<std::string> names;
  for (const auto& source : result.sources)
    names.push_back(name_of(source));
  auto symbols = setup.listed->now()->symbols();
  symbols.push_back(setup.plan->index_symbol);
  recall_quality(*result.board, db, names, symbols, setup.plan->data_interval);
  return result;
}

/// Which cycles may have been made before a context series told anything.
/// @param stood_at market time of the run so far; nothing: it is a new one
void add_decided(node_setup& setup, store::queries& ask,
                 std::optional<timestamp> stood_at) {
  const auto& run = setup.plan->run;
  auto ended = ask.last_ended_slot(run);
  // A new run owes nothing from before its start.
  auto goes_on = ended || stood_at || !ask.owed_cycles(run).empty();
  for (auto& x : setup.outside->context) {
    x.decided_before = ended;
    x.begins_at = goes_on ? setup.clock.start - setup.grace
                          : setup.clock.start;
  }
}

clock_options clock_of(const config::settings& x, const run_plan& plan,
                       std::optional<timestamp> stood_at) {
  clock_options clock;
  clock.wall = wall_time;
  clock.speed = x.clock_speed;
  clock.step = std::chrono::minutes{minutes_of(plan.data_interval)};
  if (x.clock == config::clock_source::live) {
    clock.mode = clock_mode::live;
    clock.start = wall_time();
    return clock;
  }
  clock.mode = clock_mode::accelerated;
  clock.start = stood_at.value_or(
    session_from(plan.calendar, x.simulation_start).opens_at);
  return clock;
}

} // namespace

node_setup live_setup(const config::settings& x,
                      const std::filesystem::path& database,
                      const std::filesystem::path& data_dir) {
  auto plan = live_plan(x);
  auto db = store::open_for_writing(database);
  store::ledger ledger{db};
  // Else whoever reads at the start what is owed would not know of it.
  store::take_over_journal(db, ledger);
  auto parameters = parameters_of(x, plan);
  auto known = ledger.register_run(plan.run, "live", parameters);
  if (simulated(x) && known != parameters)
    throw command_error(commands::exit_bad_config,
                        "the database holds another simulated market: "
                          + database.string()
                          + ": set another database_path, or the symbols and "
                            "simulation_… settings it was made with");
  store::queries ask{db};
  auto run = ask.run(plan.run);
  node_setup setup;
  setup.clock = clock_of(x, plan, run ? run->market_time : std::nullopt);
  setup.database = database;
  setup.provenance = provenance_from(x);
  setup.rebuild_from_store = true;
  setup.plan = std::make_shared<run_plan>(plan);
  setup.listed = std::make_shared<roster>(
    setup.plan, listings_of(plan.symbols, ask.listings(end_of_time)));
  if (simulated(x)) {
    auto start = simulation_of(x, plan,
                               session_from(plan.calendar,
                                            x.simulation_start));
    start.after = ask.watermark("simulator").value_or(timestamp{});
    start.settings.symbols = setup.listed->now()->first_codes();
    // One that was added is without a past when a crash came in between.
    for (const auto& code : start.settings.symbols)
      if (!has_bars(ask, plan, code))
        start.missing.insert(code);
    setup.rebuilt_until = start.after;
    setup.simulation = std::move(start);
  } else if (x.price_source == config::price_source::live) {
    setup.outside = outside_for(x, data_dir, setup, db);
  } else {
    setup.rebuilt_until = setup.clock.start;
    setup.follow_imports = true;
  }
  setup.readers = x.read_only_connections;
  setup.cycle_deadline = std::chrono::milliseconds{x.cycle_deadline_ms};
  setup.grace = std::chrono::minutes{x.catch_up_grace_minutes};
  if (setup.outside)
    add_decided(setup, ask, run ? run->market_time : std::nullopt);
  // Older slots are missed. What was known by then is made part of a symbol's
  // state at once; else years of bars would wait in memory for the first slot.
  setup.settled = setup.clock.start - setup.grace;
  setup.analyses = true;
  setup.maintains = true;
  setup.sweep_every = std::chrono::minutes{x.evaluation_interval_minutes};
  return setup;
}

node_setup role_setup(const config::settings& x,
                      const std::filesystem::path& database) {
  auto plan = live_plan(x);
  node_setup setup;
  setup.clock = clock_of(x, plan, std::nullopt);
  setup.database = database;
  setup.provenance = provenance_from(x);
  setup.plan = std::make_shared<run_plan>(plan);
  std::vector<listing_change> changes;
  try {
    auto db = store::open_for_reading(database);
    store::queries ask{db};
    changes = ask.listings(end_of_time);
  } catch (const storage::storage_error&) {
    // The core makes it, or is asked once it is reached.
  }
  setup.listed = std::make_shared<roster>(
    setup.plan, listings_of(plan.symbols, std::move(changes)));
  if (simulated(x)) {
    simulation_start start;
    start.settings = market_of(x, plan);
    setup.simulation = std::move(start);
  }
  return setup;
}

void add_faults(node_setup& setup, probe_board& probes) {
  try {
    auto plan = faults_from_environment();
    probes.faults = plan;
    if (plan && setup.clock.wall)
      setup.clock.wall = [plan, wall = setup.clock.wall] {
        return wall() + plan->clock_offset();
      };
  } catch (const std::invalid_argument& error) {
    throw command_error(commands::exit_bad_config, error.what());
  }
}

} // namespace banksia

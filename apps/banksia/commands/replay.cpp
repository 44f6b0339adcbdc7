#include "apps/banksia/commands/commands.hpp"

#include "actors/intake/import_bars.hpp"
#include "actors/intake/import_files.hpp"
#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"
#include "apps/banksia/commands/replay_inputs.hpp"
#include "apps/banksia/node.hpp"
#include "apps/banksia/replay_models.hpp"
#include "apps/common/settings_plan.hpp"
#include "apps/common/signals.hpp"
#include "models/market/bar_formats.hpp"
#include "runtime/json/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <iostream>
#include <map>

namespace banksia::commands {

namespace {

namespace json = boost::json;

/// What the user asked for.
struct replay_options {
  config_options config;
  database_option database;
  std::vector<std::string> bars;
  std::string index;
  replay_inputs more;
  std::string from;
  std::string to;
  std::vector<std::string> symbols;
  std::string interval = "1d";
  std::uint64_t seed = 1;
  bool train = false;
  bool as_json = false;
};

/// A replay, ready to run.
struct prepared_replay {
  std::filesystem::path file;
  node_setup setup;
  timestamp first;
  timestamp last;
  std::optional<tls::credentials> network; ///< to its processes, if it has any
};

trading_date date_of(const std::string& text, std::string_view option) {
  if (auto date = parse_date(text)) {
    if (exchange_calendar::covers(*date))
      return *date;
    throw command_error(exit_usage, "the calendar covers 1997 to 2030: "
                                      + std::string{option} + " " + text
                                      + ": give a date in those years");
  }
  throw command_error(exit_usage, "not a date: " + std::string{option} + " "
                                    + text + ": write YYYY-MM-DD");
}

/// Imports what is not in the store yet; stops where a file is no data.
void import_files(const replay_options& options, storage::database& db,
                  const exchange_calendar& calendar, bar_interval interval) {
  intake::import_options import;
  for (const auto& path : options.bars)
    import.paths.emplace_back(path);
  import.only_symbols = options.symbols;
  import.received_at = wall_time();
  import.interval = interval;
  intake::import_bars(db, calendar, import);
  if (options.index.empty())
    return;
  import.paths = {options.index};
  import.only_symbols.clear();
  intake::import_bars(db, calendar, import);
}

/// The symbol of the index's file.
std::string index_symbol_of(const std::string& path) {
  if (path.empty())
    return {};
  auto symbol
    = symbol_from_filename(std::filesystem::path{path}.filename().string());
  if (!symbol)
    throw command_error(exit_usage, "the file's name tells no symbol: --index "
                                      + path + ": name it like XJO.csv");
  return *symbol;
}

/// The run's name and parameters. `--to` stays out: a longer replay of the same
/// run goes on where the shorter one ended.
json::object parameters_of(const run_plan& plan, const replay_options& options,
                           const store::provenance& made_with) {
  json::array symbols;
  for (const auto& x : plan.symbols)
    symbols.emplace_back(x);
  json::object result{{"from", options.from},
                      {"interval", std::string{to_string(plan.interval)}},
                      {"symbols", symbols},
                      {"index_symbol", plan.index_symbol},
                      {"seed", options.seed},
                      {"configuration", made_with.configuration_hash},
                      {"model_version", plan.model_version}};
  // Only where it is, so that the runs of before keep their names.
  if (options.train) {
    result["train"] = true;
    result["forecasts"] = true; // by what it has trained
  }
  if (plan.news)
    result["news"] = true;
  if (!plan.context.empty()) {
    json::array names;
    for (auto x : plan.context)
      names.emplace_back(to_string(x));
    result["context"] = std::move(names);
  }
  return result;
}

std::vector<std::string> symbols_in_store(storage::database& db,
                                          bar_interval interval,
                                          const std::string& index) {
  store::queries ask{db};
  auto symbols = ask.symbols_with_bars(interval);
  std::erase(symbols, index);
  std::erase_if(symbols, [](const std::string& x) {
    return context_series_of(x).has_value();
  });
  return symbols;
}

/// The market time span that the two dates mean: whole days in Sydney.
std::pair<timestamp, timestamp> span_of(const exchange_calendar& calendar,
                                        trading_date from, trading_date to) {
  auto sessions = calendar.sessions_between(from, to);
  if (!sessions || sessions->empty())
    throw command_error(exit_usage, "no session from " + to_string(from)
                                      + " to " + to_string(to)
                                      + ": --from and --to: give a span with "
                                        "a trading day in it");
  return {sessions->front().opens_at, sessions->back().auction_ends_at};
}

prepared_replay prepare_replay(const replay_options& options) {
  auto from = date_of(options.from, "--from");
  auto to = date_of(options.to, "--to");
  auto interval = parse_interval(options.interval);
  if (!interval)
    throw command_error(exit_usage, "no such interval: --interval "
                                      + options.interval
                                      + ": use 1m, 5m, 15m, 30m, 60m or 1d");
  auto settings = options.config.load().values;
  auto plan = replay_plan(settings, *interval);
  plan.symbols.clear();
  context_files(options.more.context); // what is wrong there, before any work
  auto span = span_of(plan.calendar, from, to);
  for (const auto& x : options.symbols)
    plan.symbols.push_back(intake::symbol_of_option(x, "--symbols"));
  plan.index_symbol = index_symbol_of(options.index);
  if (options.train && settings.ml == config::model_service::off)
    throw command_error(exit_bad_config,
                        "nothing trains with ml = \"off\": --train: set "
                        "ml=on");
  if (options.train) {
    plan.daily = training_plan(settings);
    plan.forecasts = true;
  }
  prepared_replay ready;
  ready.file = options.database.file(options.config, settings);
  auto db = store::open_for_writing(ready.file);
  import_files(options, db, plan.calendar, *interval);
  if (plan.symbols.empty())
    plan.symbols = symbols_in_store(db, *interval, plan.index_symbol);
  if (plan.symbols.empty())
    throw command_error(exit_bad_data, "no bars of " + options.interval
                                         + " to replay: --bars: give files "
                                           "with bars of that interval");
  take_inputs(plan, options.more, options.config, settings, db);
  ready.setup.provenance = provenance_from(settings);
  auto parameters = json::serialize(
    parameters_of(plan, options, ready.setup.provenance));
  plan.run = "replay-" + sha256_hex(parameters).substr(0, 16);
  store::ledger ledger{db};
  ledger.register_run(plan.run, "replay", parameters);
  store::queries ask{db};
  auto resume = ask.last_ended_slot(plan.run);
  ready.setup.plan = std::make_shared<run_plan>(std::move(plan));
  ready.setup.database = ready.file;
  ready.setup.clock.mode = clock_mode::replay;
  std::tie(ready.setup.clock.start, ready.setup.clock.end) = span;
  ready.setup.settled = std::max(resume.value_or(span.first), span.first);
  ready.setup.publish = false;
  ready.setup.readers = 1;
  ready.setup.cycle_deadline = std::chrono::milliseconds{0};
  ready.setup.backoff = {}; // somebody waits
  ready.setup.retries.at_most = 0; // and it would fail again
  if (options.train) {
    recall_models(replay_models(ready.file, ready.setup.plan->run), ask,
                  ready.setup.plan->run);
    ready.network = add_replay_models(ready.setup, settings);
  }
  return ready;
}

/// Where a replay's time went.
struct time_spent {
  double seconds = 0; ///< of the wall, from the start of the command
  double import = 0;  ///< of the wall, a part of `seconds`
  /// In the handlers of each kind of actor; they overlap. `symbol` is the sum
  /// over all symbols, and so on.
  std::map<std::string, double> busy;
};

std::map<std::string, double> busy_by_kind(const probe_board& probes) {
  std::map<std::string, double> result;
  probes.each([&](const probe& x) {
    auto kind = x.path.substr(0, x.path.find('/'));
    // Reading and writing are different kinds of work.
    if (kind == "store")
      kind = x.path.substr(0, x.path.find('/', kind.size() + 1));
    result[kind] += static_cast<double>(x.processing_ns.load()) / 1e9;
  });
  return result;
}

void print_summary(const replay_options& options, const run_plan& plan,
                   const std::filesystem::path& file, std::uint64_t bars,
                   const time_spent& spent) {
  auto db = store::open_for_reading(file);
  store::queries ask{db};
  auto totals = ask.totals(plan.run);
  auto digest = ask.digest(plan.run);
  if (options.as_json) {
    json::object busy;
    for (const auto& [kind, seconds] : spent.busy)
      busy[kind] = seconds;
    json::object out{{"run", plan.run},
                     {"cycles", totals.cycles},
                     {"missed", totals.missed},
                     {"predictions", totals.predictions},
                     {"abstentions", totals.abstentions},
                     {"outcomes", totals.outcomes},
                     {"bars", bars},
                     {"seconds", spent.seconds},
                     {"import_seconds", spent.import},
                     {"busy_seconds", std::move(busy)},
                     {"digest", digest}};
    std::cout << json_text(out) << '\n';
    return;
  }
  std::cout << "run          " << plan.run << '\n'
            << "cycles       " << totals.cycles << " (" << totals.missed
            << " missed: no data)\n"
            << "predictions  " << totals.predictions << '\n'
            << "abstentions  " << totals.abstentions << '\n'
            << "outcomes     " << totals.outcomes << '\n'
            << "bars         " << bars << " in " << spent.seconds << " s\n"
            << "digest       " << digest << '\n';
}

int replay(const replay_options& options) {
  signal_block signals;
  auto begun = std::chrono::steady_clock::now();
  auto since = [begun] {
    std::chrono::duration<double> passed
      = std::chrono::steady_clock::now() - begun;
    return passed.count();
  };
  auto ready = prepare_replay(options);
  time_spent spent;
  spent.import = since();
  schedule_status last;
  ready.setup.finished = [&](const schedule_status& x) { last = x; };
  node running{0, ready.network};
  ready.setup.store_failed
    = [&](const storage::storage_error& error) { running.end_by(error); };
  if (ready.network)
    end_without_models(ready.setup, running);
  running.start(ready.setup, [](const supervision_event& x) {
    if (x.event == "child_terminated")
      std::cerr << "banksia: " << x.child << " ended: " << x.reason
                << ": it is started again\n";
  });
  auto waiter = signals.on_stop([&] { running.request_stop(); });
  auto how = running.wait();
  running.stop(std::chrono::seconds{30});
  if (how == node_end::gave_up)
    throw command_error(exit_gave_up, "supervision gave up: "
                                        + running.give_up_reason()
                                        + ": look above for what ended it");
  if (how == node_end::store_failed)
    throw running.store_failure();
  if (how == node_end::models_failed)
    throw command_error(exit_unavailable,
                        "no models to go on with: --train: "
                          + running.give_up_reason()
                          + ": mend that; the same command goes on from here");
  if (how == node_end::stopped)
    throw command_error(exit_failed, "stopped before the end: the same "
                                     "command goes on from here");
  spent.seconds = since();
  spent.busy = busy_by_kind(running.probes());
  print_summary(options, *ready.setup.plan, ready.file, last.bars, spent);
  return exit_done;
}

} // namespace

void add_replay(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "replay", "run the actors over recorded bars in virtual time");
  auto options = std::make_shared<replay_options>();
  options->config.add_to(*command);
  options->database.add_to(*command);
  command->add_option("--bars", options->bars, "files or folders of bars")
    ->required();
  command->add_option("--index", options->index, "file of the market index");
  options->more.add_to(*command);
  command->add_option("--from", options->from, "first day, YYYY-MM-DD")
    ->required();
  command->add_option("--to", options->to, "last day, inclusive")->required();
  command->add_option("--symbols", options->symbols, "A,B: only these")
    ->delimiter(',');
  command->add_option("--interval", options->interval, "1d, 30m, … (1d)");
  command->add_option("--seed", options->seed, "part of the run's identity");
  command->add_flag("--train", options->train,
                    "train each day, as a live node does, and predict by "
                    "the models that earn it");
  command->add_flag("--json", options->as_json, "print one JSON document");
  command->footer("Run again on the same --db, it resumes.\n"
                  "Example:\n  banksia replay --bars prices/ --index XJO.csv "
                  "--from 1998-01-01 --to 2022-12-30 --db sqlite:out.db");
  command->callback([options, &chosen] {
    chosen = [options] { return replay(*options); };
  });
}

} // namespace banksia::commands

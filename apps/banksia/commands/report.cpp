#include "apps/banksia/commands/command.hpp"

#include "actors/store/queries.hpp"
#include "apps/banksia/commands/output.hpp"
#include "config/value.hpp"
#include "models/market/calendar.hpp"
#include "models/market/sydney.hpp"
#include "models/scoring/report_json.hpp"
#include "models/scoring/report_text.hpp"

#include <boost/json/object.hpp>

#include <iostream>

namespace banksia::commands {

namespace {

namespace json = boost::json;

struct report_options {
  config_options config;
  database_option database;
  std::optional<int> days;
  std::string run;
  std::string symbol;
  bool as_json = false;
};

/// What a report is about.
struct report_scope {
  std::optional<std::string> run; ///< none: the store has no run yet
  std::string symbol;             ///< empty: all
  std::optional<int> days;
  std::optional<trading_date> first; ///< of the samples
  std::optional<trading_date> last;
};

std::string find_symbol(storage::database& db, const std::string& run,
                        const std::string& wanted) {
  if (wanted.empty())
    return wanted;
  auto query = db.prepare("SELECT DISTINCT symbol FROM predictions "
                          "WHERE run = ?");
  query.bind_all(run);
  std::vector<std::string> known;
  while (query.step())
    known.emplace_back(query.text(0));
  return known_symbol(wanted, known, "no predictions of it in run " + run);
}

std::optional<std::string> find_run(storage::database& db,
                                    const std::string& wanted) {
  store::queries ask{db};
  if (wanted.empty())
    return ask.newest_run();
  if (ask.run(wanted))
    return wanted;
  auto query = db.prepare("SELECT run FROM runs ORDER BY run LIMIT 10");
  std::string known;
  while (query.step())
    known += (known.empty() ? "" : ", ") + std::string{query.text(0)};
  throw command_error(exit_failed, "no such run: --run " + wanted
                                     + (known.empty()
                                          ? ": the database has none yet"
                                          : ": it has " + known));
}

/// A slot that has no date in Sydney within the known years gets one that the
/// report counts as unusable.
trading_date day_of(timestamp slot) {
  return exchange_calendar::trading_date_of(slot).value_or(trading_date{});
}

std::vector<scored_sample> samples_of(const std::vector<store::scored_row>& rows,
                                      report_counts& counts) {
  std::vector<scored_sample> samples;
  for (const auto& x : rows) {
    if (x.is_void) {
      ++counts.void_outcomes;
      continue;
    }
    scored_sample s;
    s.symbol = x.symbol;
    s.slot = x.slot;
    s.day = day_of(x.slot);
    s.action = x.action;
    s.confidence = fraction{x.confidence};
    s.actual_return = fraction{x.actual_return};
    s.success = x.success;
    s.sessions_elapsed = x.sessions_elapsed;
    s.open_minutes = x.open_minutes;
    samples.push_back(std::move(s));
  }
  return samples;
}

/// Midnight in Sydney at which the span begins that ends with the newest
/// outcome's day.
std::optional<timestamp> begin_of(const std::vector<store::scored_row>& rows,
                                  std::optional<int> days) {
  if (!days || rows.empty())
    return std::nullopt;
  auto newest = std::chrono::sys_days{day_of(rows.back().slot)};
  return from_sydney(newest - std::chrono::days{*days - 1}, micros{0});
}

void count_predictions(storage::database& db, const report_scope& scope,
                       std::optional<timestamp> from, report_counts& counts) {
  auto query = db.prepare(
    "SELECT coalesce(sum(abstained = 0), 0), coalesce(sum(abstained), 0) "
    "FROM predictions WHERE run = ?1 AND timestamp >= ?2 "
    "AND (?3 = '' OR symbol = ?3)");
  query.bind_all(*scope.run,
                 from ? to_micros(*from)
                      : std::numeric_limits<std::int64_t>::min(),
                 scope.symbol);
  query.step();
  counts.predictions = static_cast<std::uint64_t>(query.integer(0));
  counts.abstentions = static_cast<std::uint64_t>(query.integer(1));
}

performance_report judge(storage::database& db, report_scope& scope) {
  report_counts counts;
  std::vector<scored_sample> samples;
  if (scope.run) {
    store::queries ask{db};
    auto rows = ask.scored(*scope.run, std::nullopt, scope.symbol);
    auto from = begin_of(rows, scope.days);
    if (from)
      std::erase_if(rows, [&](const auto& x) { return x.slot < *from; });
    samples = samples_of(rows, counts);
    count_predictions(db, scope, from, counts);
    if (!rows.empty()) {
      scope.first = day_of(rows.front().slot);
      scope.last = day_of(rows.back().slot);
    }
  }
  return make_report(samples, counts);
}

json::value text_or_null(const std::optional<trading_date>& x) {
  return x ? json::value{json::string{to_string(*x)}} : nullptr;
}

void print(const report_scope& scope, const performance_report& report,
           bool as_json) {
  if (as_json) {
    auto out = to_json(report).as_object();
    out["run"] = scope.run ? json::value{json::string{*scope.run}} : nullptr;
    out["symbol"]
      = scope.symbol.empty() ? nullptr : json::value{json::string{scope.symbol}};
    out["first_day"] = text_or_null(scope.first);
    out["last_day"] = text_or_null(scope.last);
    print_json(out);
    return;
  }
  if (scope.run)
    std::cout << "run " << *scope.run;
  if (!scope.symbol.empty())
    std::cout << ", " << scope.symbol;
  if (scope.first)
    std::cout << ", " << to_string(*scope.first) << " to "
              << to_string(*scope.last);
  if (scope.run)
    std::cout << '\n';
  std::cout << to_text(report);
}

int report(const report_options& options) {
  auto settings = options.config.load().values;
  auto db = open_store(options.database.file(options.config, settings));
  report_scope scope;
  scope.run = find_run(db, options.run);
  scope.symbol
    = scope.run ? find_symbol(db, *scope.run, options.symbol) : options.symbol;
  scope.days = options.days;
  auto made = judge(db, scope);
  print(scope, made, options.as_json);
  return exit_done;
}

} // namespace

void add_report(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "report", "how often predictions were right, beside the best constant");
  auto options = std::make_shared<report_options>();
  options->config.add_to(*command);
  options->database.add_to(*command);
  command
    ->add_option("--days", options->days,
                 "only so many calendar days, back from the newest outcome")
    ->check(CLI::Range(1, 36500));
  command->add_option("--run", options->run,
                      "live or a replay's name (default: the newest)");
  command->add_option("--symbol", options->symbol, "only this symbol");
  command->add_flag("--json", options->as_json, "print one JSON document");
  command->footer("Examples:\n"
                  "  banksia report --db sqlite:out.db\n"
                  "  banksia report --days 30 --symbol CBA.AX --json");
  command->callback([options, &chosen] {
    chosen = [options] { return report(*options); };
  });
}

} // namespace banksia::commands

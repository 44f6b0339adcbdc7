#include "apps/banksia/commands/commands.hpp"

#include "actors/services/forecast_performance.hpp"
#include "actors/services/performance.hpp"
#include "apps/common/output.hpp"
#include "apps/common/settings_plan.hpp"
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
  std::optional<std::int64_t> days;
  std::string run;
  std::string symbol;
  bool as_json = false;
};

std::string find_symbol(storage::database& db, const std::string& run,
                        const std::string& wanted) {
  if (wanted.empty())
    return wanted;
  auto query = db.prepare("SELECT DISTINCT symbol FROM prediction_counts "
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

void print(const report_options& options, const std::optional<std::string>& run,
           const std::string& symbol, const performance_report& report,
           const std::optional<forecast_performance>& forecasts) {
  if (options.as_json) {
    auto out = to_json(report).as_object();
    if (forecasts)
      put(out, *forecasts);
    out["run"] = run ? json::value(*run) : json::value(nullptr);
    out["symbol"] = symbol.empty() ? json::value(nullptr)
                                   : json::value(symbol);
    out["last_days"] = options.days ? json::value(*options.days)
                                    : json::value(nullptr);
    print_json(out);
    return;
  }
  if (run)
    std::cout << "run " << *run << (symbol.empty() ? "" : ", ") << symbol
              << '\n';
  std::cout << to_text(report);
  if (forecasts)
    std::cout << to_text(*forecasts);
}

int report(const report_options& options) {
  auto settings = options.config.load().values;
  auto db = open_store(options.database.file(options.config, settings));
  auto run = find_run(db, options.run);
  auto symbol = run ? find_symbol(db, *run, options.symbol) : std::string{};
  auto days = options.days.value_or(report_days_max);
  auto made = run ? report_of(db, *run, days, symbol) : make_report({}, {});
  std::optional<forecast_performance> forecasts;
  if (run)
    forecasts = forecasts_of(db, *run, days, symbol, calendar_from(settings),
                             settings.flat_band);
  print(options, run, symbol, made, forecasts);
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
    ->check(CLI::Range(std::int64_t{1}, report_days_max));
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

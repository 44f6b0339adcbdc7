#include "actors/intake/import_bars.hpp"
#include "actors/learning/results.hpp"
#include "actors/store/schema.hpp"
#include "apps/banksia-ml/commands/commands.hpp"
#include "apps/banksia-ml/learning_input.hpp"
#include "apps/common/context_files.hpp"
#include "apps/common/output.hpp"
#include "apps/common/settings_plan.hpp"
#include "models/forecast/numeric_environment.hpp"

#include <boost/json/object.hpp>

#include <cstdlib>
#include <iostream>
#include <utility>

namespace banksia::commands {

namespace {

namespace json = boost::json;

struct evaluate_options {
  config_options config;
  database_option database;
  std::vector<std::string> bars;
  std::vector<std::string> context; ///< NAME=PATH each
  std::string run;
  std::string from;
  std::string to;
  std::vector<std::string> symbols;
  std::optional<std::string> index;
  std::string interval = "1d";
  std::string kind;
  std::uint64_t seed = 1;
  std::uint32_t min_training_days = 500;
  std::uint32_t test_days = 0;
  std::uint32_t trials = 0;
  bool as_json = false;
};

/// A folder that goes with its owner.
class scratch_folder {
public:
  scratch_folder() {
    auto name = (std::filesystem::temp_directory_path() / "banksia-XXXXXX")
                  .string();
    if (mkdtemp(name.data()) == nullptr)
      throw command_error(exit_failed, "cannot make a temporary folder: " + name
                                         + ": set TMPDIR to one that can be "
                                           "written");
    path_ = name;
  }
  ~scratch_folder() {
    std::error_code code;
    std::filesystem::remove_all(path_, code);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  std::filesystem::path file() const { return path_ / "bars.db"; }

private:
  std::filesystem::path path_;
};

trading_date date_of(const std::string& text, std::string_view option) {
  auto date = parse_date(text);
  if (!date || !exchange_calendar::covers(*date))
    throw command_error(exit_usage, "not a date of 1997 to 2030: "
                                      + std::string{option} + " " + text
                                      + ": write YYYY-MM-DD");
  return *date;
}

bar_interval interval_of(const evaluate_options& options) {
  if (auto found = parse_interval(options.interval))
    return *found;
  throw command_error(exit_usage, "no such interval: --interval "
                                    + options.interval
                                    + ": use 1m, 5m, 15m, 30m, 60m or 1d");
}

/// The first and the last moment that the two dates mean.
learning::dataset_options span_of(const evaluate_options& options,
                                  const exchange_calendar& calendar) {
  auto from = date_of(options.from, "--from");
  auto to = date_of(options.to, "--to");
  auto sessions = calendar.sessions_between(from, to);
  if (!sessions || sessions->empty())
    throw command_error(exit_usage, "no session from " + options.from + " to "
                                      + options.to
                                      + ": --from and --to: give a span with "
                                        "a trading day in it");
  learning::dataset_options x;
  x.from = sessions->front().opens_at;
  x.as_of = sessions->back().auction_ends_at;
  return x;
}

void import_into(const std::filesystem::path& file,
                 const evaluate_options& options,
                 const config::settings& settings) {
  auto calendar = calendar_from(settings);
  auto db = store::open_for_writing(file);
  intake::import_options import;
  for (const auto& path : options.bars)
    import.paths.emplace_back(path);
  import.received_at = span_of(options, calendar).as_of;
  import.interval = interval_of(options);
  intake::import_bars(db, calendar, import);
  for (const auto& [series, path] : context_files(options.context))
    import_context(db, calendar, series, path, import.received_at);
}

std::vector<context_series> context_of(const evaluate_options& options) {
  std::vector<context_series> result;
  for (const auto& [series, path] : context_files(options.context))
    result.push_back(series);
  return result;
}

learning_input open_input(const evaluate_options& options,
                          const config::settings& settings,
                          const scratch_folder& scratch) {
  auto file = options.database.file(options.config, settings);
  if (!options.bars.empty()) {
    file = scratch.file();
    import_into(file, options, settings);
  }
  if (!options.run.empty())
    return learning_input{file, options.run, std::nullopt};
  return learning_input{file, settings, interval_of(options), options.symbols,
                        options.index.value_or(settings.index_symbol),
                        context_of(options)};
}

json::object made_with(const learning::walk_options& walk) {
  auto found = forecast::current_numeric_environment();
  return {{"kind", json::string{to_string(walk.training.shape.kind)}},
          {"seed", walk.training.seed},
          {"library", found.library},
          {"capability", found.capability},
          {"blas", found.blas}};
}

void print_made_with(const learning::walk_options& walk) {
  auto found = forecast::current_numeric_environment();
  std::cout << "\nmade with\n  " << to_string(walk.training.shape.kind)
            << ", seed " << walk.training.seed << "; " << found.library << ", "
            << found.capability << ", " << found.blas << '\n';
}

int evaluate(const evaluate_options& options) {
  if (!options.bars.empty() && !options.run.empty())
    throw command_error(exit_usage, "both --bars and --run: a run lies in a "
                                    "database: give --db");
  // Nothing is written to a database that was given.
  if (!context_files(options.context).empty() && options.bars.empty())
    throw command_error(exit_usage, "--context without --bars: a run has the "
                                    "series that it was made with: give "
                                    "--bars");
  auto settings = options.config.load().values;
  scratch_folder scratch;
  auto input = open_input(options, settings, scratch);
  auto kind = kind_named(options.kind.empty() ? input.settings().model_kind
                                              : options.kind);
  auto span = span_of(options, input.plan().calendar);
  span.flat_band = input.settings().flat_band;
  auto data = input.read(span);
  auto walk = learning::walk_options_for(data, kind, options.seed);
  walk.folds.min_training_days = options.min_training_days;
  walk.folds.test_days = options.test_days;
  walk.transaction_cost = input.settings().transaction_cost;
  walk.evaluation.trials = options.trials + 1;
  std::string told;
  auto shown = learning::walk_forward_over(
    data, walk, [&told](const std::string& stage, double) {
      if (std::exchange(told, stage) != stage)
        std::cerr << stage << '\n';
    });
  auto verdict = learning::judge(shown, nullptr);
  if (options.as_json) {
    auto out = learning::to_json(data, shown, verdict);
    out["made_with"] = made_with(walk);
    print_json(out);
  } else {
    std::cout << learning::to_text(data, shown, verdict);
    print_made_with(walk);
  }
  return exit_done;
}

} // namespace

void add_evaluate(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "evaluate",
    "the walk-forward report: what forecasts would have been worth");
  auto options = std::make_shared<evaluate_options>();
  options->config.add_to(*command);
  options->database.add_to(*command);
  command->add_option("--bars", options->bars,
                      "files or folders of bars, in place of a database");
  add_context_option(*command, options->context);
  command->add_option("--run", options->run,
                      "a run of the database, with its settings, in place of "
                      "its bars alone");
  command->add_option("--from", options->from, "first day, YYYY-MM-DD")
    ->required();
  command->add_option("--to", options->to, "last day, inclusive")->required();
  command->add_option("--symbols", options->symbols, "A,B: only these")
    ->delimiter(',');
  command->add_option("--index", options->index,
                      "the index's symbol (index_symbol)");
  command->add_option("--interval", options->interval, "1d, 30m, … (1d)");
  command->add_option("--kind", options->kind,
                      "logistic, mlp, recurrent, ensemble (model_kind)");
  command->add_option("--seed", options->seed, "of weights and order (1)");
  command
    ->add_option("--min-training-days", options->min_training_days,
                 "trading days before the first fold (500)")
    ->check(CLI::Range(1u, 100'000u));
  command->add_option("--test-days", options->test_days,
                      "trading days a fold has; 0: a calendar year (0)");
  command->add_option("--trials", options->trials,
                      "variants tried before this one (0)");
  command->add_flag("--json", options->as_json, "print one JSON document");
  command->footer("Example:\n"
                  "  banksia-ml evaluate --bars prices/ --index XJO.AX --from "
                  "1998-01-01 --to 2022-12-30 --kind mlp");
  command->callback([options, &chosen] {
    chosen = [options] { return evaluate(*options); };
  });
}

} // namespace banksia::commands

#include "actors/learning/error.hpp"
#include "actors/learning/final_model.hpp"
#include "actors/learning/results.hpp"
#include "apps/banksia-ml/commands/commands.hpp"
#include "apps/banksia-ml/learning_input.hpp"
#include "apps/banksia-ml/model_output.hpp"
#include "apps/common/output.hpp"
#include "apps/common/version.hpp"
#include "config/text.hpp"
#include "runtime/process/lifeline.hpp"

#include <boost/json/object.hpp>

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <iostream>

namespace banksia::commands {

namespace {

namespace json = boost::json;

/// Folds of the walk-forward that decides: the last half of the days.
constexpr std::uint32_t judged_folds = 4;

struct train_options {
  config_options config;
  database_option database;
  std::string run = "live";
  std::string as_of;
  std::string output;
  std::uint64_t seed = 1;
  std::string kind;
  std::optional<std::uint32_t> days;
  std::string champion;
  std::uint32_t trials = 0;
  bool as_json = false;

  bool has_settings() const {
    return !config.config_file.empty() || !config.environment.empty()
           || !config.set.empty();
  }
};

/// Tells how far the work is: a line for each per cent and each new stage.
class progress_lines {
public:
  explicit progress_lines(bool as_json) : as_json_(as_json) {}

  void tell(const std::string& stage, double progress) {
    if (stage == stage_ && progress < told_ + 0.01)
      return;
    stage_ = stage;
    told_ = progress;
    if (as_json_)
      print_json(json::object{{"stage", stage}, {"progress", progress}});
    else
      std::cout << static_cast<int>(100.0 * progress) << " %  " << stage
                << '\n';
    std::cout.flush();
  }

private:
  bool as_json_;
  std::string stage_;
  double told_ = 0.0;
};

/// What a training came to.
struct trained {
  std::filesystem::path file;
  forecast::model_manifest manifest;
  learning::model_verdict verdict;
  json::object report;
};

timestamp time_of(const std::string& text) {
  if (auto t = parse_rfc3339(text))
    return *t;
  throw command_error(exit_usage, "not a time: --as-of " + text
                                    + ": write it like 2025-07-01T08:00:00Z");
}

learning_input open_input(const train_options& options) {
  std::optional<config::settings> given;
  if (options.has_settings())
    given = options.config.load().values;
  auto file = options.database.url.empty()
                ? options.database.file(options.config,
                                        options.config.load().values)
                : options.database.file(options.config, {});
  return learning_input{file, options.run, std::move(given)};
}

learning::dataset_options
dataset_options_for(const train_options& options,
                    const config::settings& settings, timestamp as_of) {
  learning::dataset_options x;
  x.as_of = as_of;
  x.flat_band = settings.flat_band;
  if (auto days = options.days.value_or(settings.training_days); days > 0)
    x.from = as_of - std::chrono::days{days};
  return x;
}

std::optional<learning::champion_showing>
showing_of(const train_options& options, const learning::dataset& data,
           const learning::walk_result& shown) {
  if (options.champion.empty())
    return std::nullopt;
  auto champion = read_model(options.champion);
  return learning::show_champion(champion.model, champion.manifest.version,
                                 champion.manifest.data_to, data, shown);
}

trained train_model(const train_options& options, timestamp as_of,
                    progress_lines& progress) {
  progress.tell("opening the database", 0.0);
  auto input = open_input(options);
  const auto& settings = input.settings();
  auto kind = kind_named(options.kind.empty() ? settings.model_kind
                                              : options.kind);
  auto data = input.read(dataset_options_for(options, settings, as_of),
                         [&](double done) {
                           progress.tell("reading bars", 0.1 * done);
                         });
  auto walk = learning::walk_options_for(data, kind, options.seed);
  walk.folds = learning::recent_folds(data, judged_folds);
  walk.transaction_cost = settings.transaction_cost;
  walk.evaluation.trials = options.trials + 1;
  auto shown = learning::walk_forward_over(
    data, walk, [&](const std::string& stage, double done) {
      progress.tell(stage, 0.1 + 0.7 * done);
    });
  progress.tell("judging", 0.8);
  auto champion = showing_of(options, data, shown);
  trained made;
  made.verdict = learning::judge(shown, champion ? &*champion : nullptr);
  learning::model_origin origin;
  origin.trained_at = as_of;
  origin.trials = options.trials + 1;
  origin.configuration_hash = config::configuration_hash(settings);
  origin.build = build_text();
  auto content = learning::final_model(
    data, walk, shown, made.verdict, origin, [&](double done) {
      progress.tell("training the model on all rows", 0.82 + 0.17 * done);
    });
  progress.tell("writing the model", 0.99);
  made.file = write_model(options.output, content);
  made.manifest = std::move(content.manifest);
  made.report = learning::to_json(data, shown, made.verdict);
  return made;
}

json::array texts(const std::vector<std::string>& x) {
  return json::array(x.begin(), x.end());
}

int tell_done(const train_options& options, const trained& x) {
  if (options.as_json) {
    print_json(json::object{
      {"result",
       {{"status", "done"},
        {"reason", ""},
        {"model_file", x.file.string()},
        {"model_version", x.manifest.version},
        {"manifest", forecast::to_json(x.manifest)},
        {"promote", x.verdict.promote},
        {"reasons", texts(x.verdict.reasons)},
        {"report", x.report}}}});
    return exit_done;
  }
  std::cout << "model    " << x.file.string() << '\n'
            << "verdict  " << x.verdict.text << '\n'
            << "promote  " << (x.verdict.promote ? "yes" : "no") << '\n';
  for (const auto& reason : x.verdict.reasons)
    std::cout << "         " << reason << '\n';
  return exit_done;
}

int tell_failed(const train_options& options, const std::string& reason) {
  if (options.as_json)
    print_json(json::object{{"result",
                             {{"status", "failed"},
                              {"reason", reason},
                              {"model_file", ""},
                              {"model_version", ""},
                              {"manifest", nullptr},
                              {"promote", false},
                              {"reasons", json::array{}},
                              {"report", nullptr}}}});
  std::cerr << "banksia-ml: training failed: " << reason << '\n';
  return exit_failed;
}

/// A training whose node is gone ends by then.
constexpr std::chrono::seconds orphan_limit{2};

int train(const train_options& options) {
  auto parent = process::lifeline::watch(
    process::lifeline::take(), [] { ::kill(::getpid(), SIGTERM); },
    orphan_limit);
  // What the caller got wrong is an error of usage; what the data or the disk
  // do not give is a training that failed.
  auto as_of = time_of(options.as_of);
  if (!options.kind.empty())
    kind_named(options.kind);
  progress_lines progress{options.as_json};
  try {
    return tell_done(options, train_model(options, as_of, progress));
  } catch (const command_error& error) {
    if (error.code() != exit_failed)
      throw;
    return tell_failed(options, error.what());
  } catch (const std::exception& error) {
    return tell_failed(options, error.what());
  }
}

} // namespace

void add_train(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "train", "trains a model on a run, judges it and writes its file");
  auto options = std::make_shared<train_options>();
  options->config.add_to(*command);
  options->database.add_to(*command);
  command->add_option("--run", options->run, "live or a replay's name (live)");
  command
    ->add_option("--as-of", options->as_of,
                 "market time; what became known later is not used")
    ->required();
  command->add_option("--output", options->output, "folder for the file")
    ->required();
  command->add_option("--seed", options->seed, "of weights and order (1)");
  command->add_option("--kind", options->kind,
                      "logistic, mlp, recurrent, ensemble (the run's "
                      "model_kind)");
  command->add_option("--days", options->days,
                      "of history; 0: all (the run's training_days)");
  command->add_option("--champion", options->champion,
                      "file of the model that it would replace");
  command->add_option("--trials", options->trials,
                      "variants tried before this one (0)");
  command->add_flag("--json", options->as_json, "one JSON object a line");
  command->footer(
    "Settings are those that the run's newest prediction was made with, unless "
    "--config, --env or --set give others.\n"
    "Example:\n"
    "  banksia-ml train --db data/trading_predictions.db --as-of "
    "2025-07-01T08:00:00Z --output models --json");
  command->callback([options, &chosen] {
    chosen = [options] { return train(*options); };
  });
}

} // namespace banksia::commands

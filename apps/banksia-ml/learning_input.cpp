#include "apps/banksia-ml/learning_input.hpp"

#include "apps/common/output.hpp"
#include "apps/common/settings_plan.hpp"
#include "apps/common/stored_plan.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace banksia {

namespace {

using commands::command_error;
namespace json = boost::json;

std::unique_ptr<storage::database>
open_database(const std::filesystem::path& file) {
  return std::make_unique<storage::database>(commands::open_store(file));
}

store::stored_prediction newest_prediction(store::queries& ask,
                                           const std::string& run) {
  store::list_filter filter;
  filter.run = run;
  filter.limit = 1;
  auto found = ask.predictions(filter);
  if (found.empty())
    throw command_error(commands::exit_failed,
                        "no prediction of the run yet: run " + run
                          + ": wait for one, or give --config");
  return std::move(found.front());
}

/// The parameters that the run was registered with; empty where they cannot be
/// read or say nothing.
json::object parameters_of(store::queries& ask, const std::string& run) {
  auto row = ask.run(run);
  if (!row)
    throw command_error(commands::exit_failed,
                        "no such run: " + run
                          + ": banksia report tells the newest one");
  json::error_code code;
  auto found = json::parse(row->parameters, code);
  return code || !found.is_object() ? json::object{} : found.get_object();
}

run_plan plan_of_run(const config::settings& settings, const std::string& run,
                     const json::object& parameters) {
  run_plan plan;
  if (run == "live") {
    plan = live_plan(settings);
  } else {
    auto text = parameters.if_contains("interval");
    auto interval = text && text->is_string()
                      ? parse_interval(std::string{text->get_string()})
                      : std::nullopt;
    plan = replay_plan(settings, interval.value_or(bar_interval::d1));
  }
  plan.run = run;
  take_parameters(plan, parameters);
  return plan;
}

} // namespace

learning_input::learning_input(const std::filesystem::path& file,
                               const std::string& run,
                               std::optional<config::settings> settings)
  : db_(open_database(file)) {
  store::queries ask{*db_};
  auto parameters = parameters_of(ask, run);
  settings_ = settings ? *std::move(settings)
                       : stored_settings(ask, newest_prediction(ask, run));
  plan_ = plan_of_run(settings_, run, parameters);
}

learning_input::learning_input(const std::filesystem::path& file,
                               const config::settings& settings,
                               bar_interval interval,
                               std::vector<std::string> symbols,
                               std::string index_symbol,
                               std::vector<context_series> context)
  : db_(open_database(file)), settings_(settings),
    plan_(replay_plan(settings, interval)) {
  plan_.run = "evaluate";
  plan_.index_symbol = std::move(index_symbol);
  plan_.context = std::move(context);
  store::queries ask{*db_};
  auto known = ask.symbols_with_bars(interval);
  std::erase(known, plan_.index_symbol);
  std::erase_if(known, [](const std::string& x) {
    return context_series_of(x).has_value();
  });
  if (known.empty())
    throw command_error(commands::exit_bad_data,
                        "no bars of " + std::string{to_string(interval)}
                          + ": " + file.string()
                          + ": import some with banksia import bars");
  plan_.symbols.clear();
  for (const auto& x : symbols)
    plan_.symbols.push_back(
      commands::known_symbol(x, known, "no bars of that interval"));
  if (plan_.symbols.empty())
    plan_.symbols = std::move(known);
}

learning::dataset
learning_input::read(const learning::dataset_options& options,
                     const learning::dataset_progress& progress) {
  store::queries ask{*db_};
  return learning::make_dataset(learning::source_from(ask, plan_,
                                                      options.as_of),
                                options, progress);
}

forecast::model_kind kind_named(const std::string& text) {
  if (auto kind = forecast::parse_model_kind(text))
    return *kind;
  throw command_error(commands::exit_usage,
                      "no such kind of model: --kind " + text
                        + ": use logistic, mlp, recurrent or ensemble");
}

} // namespace banksia

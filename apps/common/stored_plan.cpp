#include "apps/common/stored_plan.hpp"

#include "apps/common/command.hpp"
#include "apps/common/settings_plan.hpp"
#include "config/loader.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace banksia {

namespace {

using commands::command_error;
namespace json = boost::json;

/// The parameters that the run was registered with; empty for a run that nobody
/// registered.
json::object parameters_of(store::queries& ask, const std::string& run) {
  auto row = ask.run(run);
  if (!row)
    return {};
  json::error_code code;
  auto parameters = json::parse(row->parameters, code);
  if (code || !parameters.is_object())
    throw command_error(commands::exit_failed,
                        "the parameters of the run are damaged: run " + run
                          + ": restore the database from a backup");
  return std::move(parameters.get_object());
}

std::vector<std::string> texts_of(const json::object& from,
                                  std::string_view name) {
  std::vector<std::string> result;
  auto found = from.if_contains(name);
  if (!found || !found->is_array())
    return result;
  for (const auto& x : found->get_array())
    if (x.is_string())
      result.emplace_back(x.get_string());
  return result;
}

} // namespace

void take_parameters(run_plan& plan, const json::object& from) {
  if (auto index = from.if_contains("index_symbol");
      index && index->is_string())
    plan.index_symbol = index->get_string();
  if (from.contains("symbols"))
    plan.symbols = texts_of(from, "symbols");
  for (const auto& name : texts_of(from, "context"))
    if (auto series = parse_context_series(name))
      plan.context.push_back(*series);
  if (auto news = from.if_contains("news"))
    plan.news = news->is_bool() && news->get_bool();
}

config::settings stored_settings(store::queries& ask,
                                 const store::stored_prediction& x) {
  auto text = ask.configuration_text(x.configuration_id);
  auto loaded = config::load_text(text, "stored configuration");
  if (text.empty() || !loaded)
    throw command_error(commands::exit_failed,
                        "the configuration it was made with cannot be read: "
                        "prediction "
                          + to_string(x.content.id)
                          + ": use the version of banksia that made it");
  return loaded.loaded->values;
}

shared_plan stored_plan(store::queries& ask,
                        const store::stored_prediction& x) {
  auto settings = stored_settings(ask, x);
  auto plan = x.run == "live" ? live_plan(settings)
                              : replay_plan(settings, x.content.interval);
  plan.run = x.run;
  auto configured = plan.symbols;
  take_parameters(plan, parameters_of(ask, x.run));
  // What a live run follows changes, and only the table of changes says how.
  if (x.run == "live")
    plan.symbols = std::move(configured);
  return std::make_shared<const run_plan>(std::move(plan));
}

} // namespace banksia

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

/// The index that the run was started with; the configuration's where the run
/// does not say.
std::string index_symbol_of(store::queries& ask, const std::string& run,
                            const std::string& configured) {
  auto row = ask.run(run);
  if (!row)
    return configured;
  json::error_code code;
  auto parameters = json::parse(row->parameters, code);
  auto fields = code ? nullptr : parameters.if_object();
  if (!fields)
    throw command_error(commands::exit_failed,
                        "the parameters of the run are damaged: run " + run
                          + ": restore the database from a backup");
  auto index = fields->if_contains("index_symbol");
  auto symbol = index ? index->if_string() : nullptr;
  return symbol ? std::string{*symbol} : configured;
}

} // namespace

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
  plan.index_symbol = index_symbol_of(ask, x.run, plan.index_symbol);
  return std::make_shared<const run_plan>(std::move(plan));
}

} // namespace banksia

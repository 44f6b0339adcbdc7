#include "apps/banksia/commands/commands.hpp"

#include "actors/registry/registry_folder.hpp"
#include "apps/common/output.hpp"
#include "apps/common/signals.hpp"
#include "models/forecast/registry_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <functional>
#include <iomanip>
#include <iostream>

namespace banksia::commands {

namespace {

namespace json = boost::json;
using forecast::registry_entry;
using forecast::registry_state;

struct models_options {
  config_options config;
  std::string version;
  std::string reason;
  bool as_json = false;
};

exit_code code_for(registry_fault fault) {
  return fault == registry_fault::damaged ? exit_bad_data : exit_failed;
}

registry_folder folder_of(const models_options& x) {
  auto settings = x.config.load().values;
  return registry_folder{x.config.under_data_dir(settings.models_folder)};
}

forecast::change_order order_of(const models_options& x) {
  return {wall_time(), "operator",
          x.reason.empty() ? std::string{"asked for at the command line"}
                           : x.reason};
}

// -- printing -----------------------------------------------------------------------

/// As in registry.json, by version.
json::array entries_json(const registry_state& x) {
  return json::parse(forecast::to_text(x)).as_object().at("models").as_array();
}

json::value name_or_null(const registry_entry* x) {
  // Braces would make an array of it.
  return x == nullptr ? json::value(nullptr) : json::value(x->version);
}

json::object list_json(const registry_state& x) {
  return {{"champion", name_or_null(x.champion())},
          {"rollback_target", name_or_null(x.rollback_target())},
          {"models", entries_json(x)}};
}

void print_metric(const registry_entry& x, const char* name) {
  auto found = x.metrics.find(name);
  std::cout << std::setw(9);
  if (found == x.metrics.end())
    std::cout << "-";
  else
    std::cout << std::fixed << std::setprecision(4) << found->second.value;
}

void print_list(const registry_folder& folder, const registry_state& x) {
  if (x.entries().empty()) {
    std::cout << "no models in " << folder.root().string()
              << ": the rules predict\n";
    return;
  }
  std::size_t width = 7;
  for (const auto& entry : x.entries())
    width = std::max(width, entry.version.size());
  auto column = static_cast<int>(width);
  std::cout << std::left << std::setw(column) << "version"
            << "  status      since                 " << std::right
            << " log loss    brier      ece\n";
  for (const auto& entry : x.entries()) {
    std::cout << std::left << std::setw(column) << entry.version << "  "
              << std::setw(10) << to_string(entry.status()) << "  "
              << std::setw(22) << to_rfc3339(entry.since()) << std::right;
    for (auto name : {"log_loss", "brier", "ece"})
      print_metric(entry, name);
    std::cout << '\n';
  }
  if (x.champion() == nullptr)
    std::cout << "no champion: the rules predict\n";
}

void print_manifest(const forecast::model_manifest& x) {
  auto line = [](const char* name) -> std::ostream& {
    return std::cout << std::left << std::setw(11) << name << std::right;
  };
  line("trained on") << x.rows << " rows, stopped and calibrated on "
                     << x.validation_rows << ", from "
                     << to_rfc3339(x.data_from) << " to "
                     << to_rfc3339(x.data_to) << '\n';
  line("rows' hash") << x.data_hash << '\n';
  line("symbols");
  for (const auto& symbol : x.shape.symbols)
    std::cout << (&symbol == x.shape.symbols.data() ? "" : ", ") << symbol;
  std::cout << '\n';
  line("features") << "version " << x.feature_set << ", drift kept of "
                   << x.drift.size() << '\n';
  line("seed") << x.seed << '\n';
  line("settings") << x.configuration_hash << '\n';
  line("made by") << x.build << ", " << x.library << ", " << x.capability
                  << ", " << x.blas << '\n';
}

void print_entry(const registry_entry& x,
                 const forecast::model_manifest& manifest) {
  std::cout << x.version << ": " << to_string(x.status()) << ", "
            << forecast::to_string(x.kind) << ", " << x.bytes << " bytes, "
            << x.trials << (x.trials == 1 ? " variant" : " variants")
            << " tried\n";
  print_manifest(manifest);
  for (const auto& [name, metric] : x.metrics) {
    std::cout << "  " << std::left << std::setw(18) << name << std::right << ' '
              << metric.value;
    if (metric.interval)
      std::cout << " [" << metric.interval->lower << ", "
                << metric.interval->upper << "]";
    std::cout << '\n';
  }
  for (const auto& change : x.history)
    std::cout << to_rfc3339(change.at) << " " << to_string(change.kind)
              << " by " << change.by << ": " << change.reason << '\n';
}

// -- what is done -------------------------------------------------------------------

int list(const models_options& options) {
  auto folder = folder_of(options);
  auto state = folder.read();
  if (options.as_json)
    print_json(list_json(state));
  else
    print_list(folder, state);
  return exit_done;
}

/// Reads the file too: one that was changed is refused by name.
int show(const models_options& options) {
  auto folder = folder_of(options);
  auto state = folder.read();
  auto manifest = folder.load(options.version).manifest;
  const auto& entry = *state.find(options.version);
  if (!options.as_json) {
    print_entry(entry, manifest);
    return exit_done;
  }
  auto at = static_cast<std::size_t>(&entry - state.entries().data());
  auto out = entries_json(state).at(at).as_object();
  out["manifest"] = forecast::to_json(manifest);
  print_json(out);
  return exit_done;
}

int tell(const models_options& options, const registry_state& state,
         const std::string& what) {
  if (options.as_json) {
    print_json(list_json(state));
    return exit_done;
  }
  const auto* champion = state.champion();
  std::cout << what << "; "
            << (champion == nullptr ? std::string{"no champion: rules predict"}
                                    : "champion: " + champion->version)
            << '\n';
  return exit_done;
}

/// Who has not been looked at yet becomes a shadow on the way.
int promote(const models_options& options) {
  auto folder = folder_of(options);
  auto order = order_of(options);
  // A champion whose file is spoilt would serve nobody.
  folder.load(options.version);
  auto state = folder.read();
  const auto* entry = state.find(options.version);
  if (entry != nullptr && entry->status() == forecast::model_status::candidate)
    folder.shadow(options.version, order);
  return tell(options, folder.promote(options.version, order), "promoted");
}

int roll_back(const models_options& options) {
  auto folder = folder_of(options);
  auto named = options.version.empty() ? std::nullopt
                                       : std::optional{options.version};
  auto state = folder.read();
  const auto* target = named ? state.find(*named) : state.rollback_target();
  if (target != nullptr)
    folder.load(target->version);
  return tell(options, folder.roll_back(named, order_of(options)),
              "rolled back");
}

int archive(const models_options& options) {
  return tell(options,
              folder_of(options).archive(options.version, order_of(options)),
              "archived");
}

using work = int (*)(const models_options&);

/// How the version is given.
enum class naming { none, required, optional };

struct verb {
  const char* name;
  const char* says;
  naming version;
  bool changes;
  work does;
};

constexpr verb verbs[] = {
  {"list", "all models and their status", naming::none, false, list},
  {"show", "one model: metrics, history, manifest", naming::required, false,
   show},
  {"promote", "make a model the champion", naming::required, true, promote},
  {"rollback", "back to the champion before, or to a named one",
   naming::optional, true, roll_back},
  {"archive", "put a model that is not champion aside", naming::required, true,
   archive},
};

int done(const work& does, const models_options& options) {
  try {
    return does(options);
  } catch (const registry_failure& error) {
    throw command_error(code_for(error.fault()), error.what());
  }
}

void add_verb(CLI::App& models, const verb& x, action& chosen) {
  auto command = models.add_subcommand(x.name, x.says);
  auto options = std::make_shared<models_options>();
  options->config.add_to(*command);
  if (x.version != naming::none) {
    auto named = command->add_option("version", options->version,
                                     "as models list shows it");
    if (x.version == naming::required)
      named->required();
  }
  if (x.changes)
    command->add_option("--reason", options->reason,
                        "why, for the model's history");
  command->add_flag("--json", options->as_json, "print one JSON document");
  command->callback([options, does = x.does, &chosen] {
    chosen = [options, does] { return done(does, *options); };
  });
}

} // namespace

void add_models(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "models", "the registry of models: which one forecasts, and how it came");
  command->require_subcommand(1);
  for (const auto& x : verbs)
    add_verb(*command, x, chosen);
  command->footer("A running node follows within a second, without a restart.\n"
                  "\nExamples:\n"
                  "  banksia models list\n"
                  "  banksia models promote 20250701T080000Z-mlp-1a2b3c4d\n"
                  "  banksia models rollback --reason 'worse than the rules'");
}

} // namespace banksia::commands

#include "apps/banksia/commands/commands.hpp"
#include "apps/banksia/commands/forecast_again.hpp"
#include "apps/banksia/replay_models.hpp"

#include "actors/symbol/recompute.hpp"
#include "apps/common/output.hpp"
#include "apps/common/stored_plan.hpp"
#include "apps/common/version.hpp"
#include "messages/json.hpp"

#include <boost/json/value_from.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>

namespace banksia::commands {

namespace {

namespace json = boost::json;

struct explain_options {
  config_options config;
  database_option database;
  std::string id;
  bool as_json = false;
};

/// A stored prediction with why it was made and whether it can be made again.
struct explained {
  std::string run;
  recomputation again;
  std::vector<factor> factors;
  /// What spoke for up against down, by model.
  std::map<std::string, forecast_reasons> reasons;
  std::vector<headline> headlines; ///< the last ones that it could know
  bool different_build = false;

  /// The same build owes the same bits, another one the same numbers.
  bool reproduced() const {
    return again.identical() || (different_build && again.within_tolerance());
  }
};

/// So many headlines are shown.
constexpr std::int64_t headlines_shown = 5;

/// A replay's models lie beside its database, those of a node are its own.
std::filesystem::path models_of(const explain_options& options,
                                const config::settings& settings,
                                const std::string& run) {
  auto own = options.config.under_data_dir(settings.models_folder);
  if (run == "live")
    return own;
  auto beside
    = replay_models(options.database.file(options.config, settings), run);
  return std::filesystem::exists(beside) ? beside : own;
}

explained explain_stored(
  store::queries& ask, const std::string& id,
  const std::function<std::filesystem::path(const std::string& run)>& models) {
  auto stored = ask.prediction_by_id(id);
  if (!stored)
    throw command_error(exit_failed,
                        "no such prediction: " + id
                          + ": give an id of this database; banksia report "
                            "tells its run");
  auto plan = stored_plan(ask, *stored);
  explained x;
  x.run = stored->run;
  forecast_repeater repeater{models(stored->run)};
  x.again = recompute(ask, *stored, plan,
                      [&](class_forecast& said, const forecast_row& row) {
                        return repeater.repeat(said, row);
                      });
  x.reasons = repeater.reasons();
  const auto& p = stored->content;
  if (x.again.headlines > 0)
    x.headlines = ask.headlines(p.symbol, p.slot, headlines_shown);
  x.factors = explain(stored->content, plan->policy, plan->rules);
  x.different_build
    = x.again.stored_build != build_text() || repeater.elsewhere();
  return x;
}

json::object to_json(const std::map<std::string, forecast_reasons>& reasons) {
  json::object out;
  for (const auto& [model, x] : reasons) {
    json::object parts;
    for (const auto& [name, part] : x.parts)
      parts[name] = part;
    out[model] = {{"score", x.score}, {"parts", std::move(parts)}};
  }
  return out;
}

json::array to_json(const std::vector<headline>& headlines) {
  json::array out;
  for (const auto& x : headlines)
    out.push_back(banksia::to_json(x));
  return out;
}

json::object json_of(const explained& x) {
  json::array differences;
  for (const auto& d : x.again.fields.differences)
    differences.push_back({{"field", d.field},
                           {"stored", d.stored},
                           {"recomputed", d.recomputed},
                           {"within_tolerance", d.within_tolerance}});
  const auto& p = x.again.stored;
  return {{"identical", x.again.identical()},
          {"different_build", x.different_build},
          {"within_tolerance", x.again.within_tolerance()},
          {"compared", x.again.fields.compared},
          {"differences", std::move(differences)},
          {"unchecked", json::value_from(x.again.unchecked)},
          {"run", x.run},
          {"prediction", banksia::to_json(p)},
          {"context", banksia::to_json(p.context)},
          {"inputs",
           {{"bars", p.input_count},
            {"lineage", to_hex(0, p.input_lineage).substr(16)},
            {"bars_read", x.again.bars},
            {"headlines_read", x.again.headlines},
            {"index_bars_read", x.again.index_bars}}},
          {"build", x.again.stored_build},
          {"attributions", to_json(x.reasons)},
          {"headlines", to_json(x.headlines)},
          {"factors", commands::to_json(std::span{x.factors})}};
}

void print_features(std::ostream& out, const feature_vector& x) {
  out << "features    ";
  std::size_t missing = 0;
  for (std::size_t i = 0; i < feature_count; ++i)
    missing += x.has(i) ? 0 : 1;
  out << feature_count - missing << " present, " << missing << " missing\n";
  for (std::size_t i = 0; i < feature_count; ++i)
    if (x.has(i))
      out << "  " << std::left << std::setw(32) << feature_names[i]
          << std::right << x.values[i] << '\n';
}

void print_verdict(std::ostream& out, const explained& x) {
  const auto& fields = x.again.fields;
  if (!x.again.had_inputs)
    out << (x.again.stored.reason == abstain_reason::halted
              ? "The symbol was halted, as the stored changes of listings say: "
              : "The symbol did not answer in time: ")
        << "only its market context can be made again.\n";
  if (x.different_build)
    out << "made by     " << x.again.stored_build << "\nthis is     "
        << build_text() << '\n';
  out << "recomputed  " << fields.compared << " fields from the stored bars: ";
  if (x.again.identical())
    out << "identical, bit for bit\n";
  else
    out << fields.differences.size() << " differ"
        << (x.reproduced() ? ", all within what another build may\n" : "\n");
  for (const auto& model : x.again.unchecked)
    out << "  taken for granted: the forecast of " << model << '\n';
  for (const auto& d : fields.differences)
    out << "  " << d.field << ": stored " << d.stored << ", recomputed "
        << d.recomputed << (d.within_tolerance ? " (within 1e-6)" : "")
        << '\n';
}

/// The features that count most.
void print_reasons(std::ostream& out, const explained& x) {
  constexpr std::size_t shown = 8;
  for (const auto& [model, reasons] : x.reasons) {
    out << "speaks for up against down in " << model << ": " << reasons.score
        << " in all\n";
    auto count = std::min(shown, reasons.parts.size());
    for (std::size_t i = 0; i < count; ++i)
      out << "  " << std::left << std::setw(32) << reasons.parts[i].first
          << std::right << std::showpos << reasons.parts[i].second
          << std::noshowpos << '\n';
  }
}

void print_headlines(std::ostream& out, const explained& x) {
  for (const auto& news : x.headlines)
    out << "headline    " << to_rfc3339(news.known_at) << "  " << news.title
        << " (" << news.source << ")\n";
}

void print(const explained& x) {
  auto& out = std::cout;
  const auto& p = x.again.stored;
  out << "prediction  " << to_string(p.id) << '\n'
      << "made for    " << p.symbol << " at " << to_rfc3339(p.slot) << ", run "
      << x.run << ", " << to_string(p.interval) << " cycles, model "
      << p.model_version << '\n';
  print_decision(out, p);
  out << "inputs      " << p.input_count << " bars, lineage "
      << to_hex(0, p.input_lineage).substr(16) << "; read again: "
      << x.again.bars << " bars, " << x.again.headlines << " headlines, "
      << x.again.index_bars << " index bars\n";
  print_verdict(out, x);
  print_factors(out, x.factors);
  print_reasons(out, x);
  print_headlines(out, x);
  print_features(out, p.features);
}

int explain_command(const explain_options& options) {
  auto id = parse_id<prediction_id>(options.id);
  if (!id)
    throw command_error(exit_bad_data, "not a prediction's id: " + options.id
                                         + ": give its 32 hex digits");
  auto settings = options.config.load().values;
  auto db = open_store(options.database.file(options.config, settings));
  store::queries ask{db};
  auto x = explain_stored(ask, to_string(*id), [&](const std::string& run) {
    return models_of(options, settings, run);
  });
  if (options.as_json)
    print_json(json_of(x));
  else
    print(x);
  return x.reproduced() ? exit_done : exit_failed;
}

} // namespace

void add_explain(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "explain", "why a prediction was made; made again and compared");
  auto options = std::make_shared<explain_options>();
  options->config.add_to(*command);
  options->database.add_to(*command);
  command->add_option("PREDICTION_ID", options->id, "32 hex digits")
    ->required();
  command->add_flag("--json", options->as_json, "print one JSON document");
  command->footer("Exit code 1 tells that it could not be made again alike.\n"
                  "Example:\n  banksia explain "
                  "00061b4bdb0f4000a1b2c3d4e5f60718 --db sqlite:out.db");
  command->callback([options, &chosen] {
    chosen = [options] { return explain_command(*options); };
  });
}

} // namespace banksia::commands

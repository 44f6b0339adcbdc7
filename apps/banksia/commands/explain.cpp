#include "apps/banksia/commands/commands.hpp"

#include "actors/symbol/recompute.hpp"
#include "apps/common/output.hpp"
#include "apps/common/stored_plan.hpp"
#include "apps/common/version.hpp"
#include "messages/json.hpp"

#include <boost/json/value_from.hpp>

#include <iomanip>
#include <iostream>

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
  bool different_build = false;

  /// The same build owes the same bits, another one the same numbers.
  bool reproduced() const {
    return again.identical() || (different_build && again.within_tolerance());
  }
};

explained explain_stored(store::queries& ask, const std::string& id) {
  auto stored = ask.prediction_by_id(id);
  if (!stored)
    throw command_error(exit_failed,
                        "no such prediction: " + id
                          + ": give an id of this database; banksia report "
                            "tells its run");
  auto plan = stored_plan(ask, *stored);
  explained x;
  x.run = stored->run;
  x.again = recompute(ask, *stored, plan);
  x.factors = explain(stored->content, plan->policy, plan->rules);
  x.different_build = x.again.stored_build != build_text();
  return x;
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
          {"prediction", to_json(p)},
          {"context", to_json(p.context)},
          {"inputs",
           {{"bars", p.input_count},
            {"lineage", to_hex(0, p.input_lineage).substr(16)},
            {"bars_read", x.again.bars},
            {"headlines_read", x.again.headlines},
            {"index_bars_read", x.again.index_bars}}},
          {"build", x.again.stored_build},
          {"factors", to_json(x.factors)}};
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
  auto x = explain_stored(ask, to_string(*id));
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

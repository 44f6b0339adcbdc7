#include "apps/banksia/commands/commands.hpp"

#include "actors/analyst/analysis.hpp"
#include "actors/analyst/stored_analysis.hpp"
#include "actors/scheduler/job_walk.hpp"
#include "apps/common/output.hpp"

#include <boost/json/object.hpp>

#include <iostream>

namespace banksia::commands {

namespace {

namespace json = boost::json;

struct analysis_options {
  config_options config;
  database_option database;
  std::string kind; ///< empty: both
  std::string date;
  bool as_json = false;
};

std::optional<trading_date> date_of(const std::string& text) {
  if (text.empty())
    return std::nullopt;
  if (auto date = parse_date(text))
    return date;
  throw command_error(exit_usage, "not a date: --date " + text
                                    + ": write YYYY-MM-DD");
}

void print(const json::value& stored) {
  std::cout << analysis::to_text(stored.at("analysis").as_object());
  const auto& newer = stored.at("newer");
  if (newer.is_null())
    return;
  auto text = [&](const char* field) {
    return std::string_view{newer.at(field).as_string()};
  };
  std::cout << "newer       due at " << text("due_at") << ": "
            << text("status");
  if (!text("reason").empty())
    std::cout << ": " << text("reason");
  std::cout << '\n';
}

[[noreturn]] void refuse_none(const analysis_options& options,
                              const std::filesystem::path& file) {
  auto what = options.kind.empty() ? "no analysis"
                                   : "no " + options.kind + " analysis";
  auto of = options.date.empty() ? "" : " of " + options.date;
  throw command_error(exit_failed,
                      what + of + ": " + file.string()
                        + ": a node that runs makes one before each session "
                          "and one behind it: banksia run");
}

int show(const analysis_options& options) {
  auto date = date_of(options.date);
  auto settings = options.config.load().values;
  auto file = options.database.file(options.config, settings);
  auto db = open_store(file);
  store::queries ask{db};
  json::object found;
  auto some = false;
  for (auto kind : {morning_job, evening_job}) {
    if (!options.kind.empty() && options.kind != kind)
      continue;
    auto& x = found[kind] = analysis::stored(ask, "live", kind, date);
    some = some || !x.is_null();
  }
  if (!some)
    refuse_none(options, file);
  if (options.as_json) {
    print_json(found);
    return exit_done;
  }
  auto first = true;
  for (const auto& [kind, x] : found) {
    if (x.is_null())
      continue;
    if (!std::exchange(first, false))
      std::cout << '\n';
    print(x);
  }
  return exit_done;
}

} // namespace

void add_analysis(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "analysis", "the market's morning and evening, as the node wrote them");
  auto options = std::make_shared<analysis_options>();
  options->config.add_to(*command);
  options->database.add_to(*command);
  command
    ->add_option("kind", options->kind, "morning or evening (default: both)")
    ->check(CLI::IsMember({"morning", "evening"}));
  command->add_option("--date", options->date,
                      "of that session, YYYY-MM-DD (default: the newest)");
  command->add_flag("--json", options->as_json, "print one JSON document");
  command->footer("Examples:\n"
                  "  banksia analysis\n"
                  "  banksia analysis evening --date 2025-07-01 --json");
  command->callback([options, &chosen] {
    chosen = [options] { return show(*options); };
  });
}

} // namespace banksia::commands

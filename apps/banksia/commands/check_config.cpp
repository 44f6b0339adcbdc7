#include "apps/banksia/commands/commands.hpp"

#include "apps/common/output.hpp"
#include "config/keys.hpp"
#include "config/reference.hpp"
#include "config/text.hpp"

#include <boost/json/object.hpp>

#include <iostream>

namespace banksia::commands {

namespace {

namespace json = boost::json;

json::value json_of(const config::value& x) {
  if (auto list = std::get_if<std::vector<std::string>>(&x)) {
    json::array out;
    for (const auto& word : *list)
      out.emplace_back(word);
    return out;
  }
  if (auto text = std::get_if<std::string>(&x))
    return json::string{*text};
  if (auto number = std::get_if<double>(&x))
    return *number;
  return std::get<std::int64_t>(x);
}

json::object json_of(const config::configuration& x) {
  json::object out;
  for (const auto& entry : x.effective)
    out[entry.key] = {{"value", json_of(read(x.values,
                                             *config::find_key(entry.key)))},
                      {"origin", entry.origin}};
  return out;
}

struct check_options {
  config_options config;
  bool as_json = false;
  bool reference = false;
};

int check_config(const check_options& options) {
  if (options.reference) {
    std::cout << config::config_reference_markdown();
    return exit_done;
  }
  auto loaded = options.config.load();
  if (options.as_json)
    print_json(json_of(loaded));
  else
    std::cout << effective_text(loaded);
  return exit_done;
}

} // namespace

void add_check_config(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand(
    "check-config", "print the effective configuration and its origins");
  auto options = std::make_shared<check_options>();
  options->config.add_to(*command);
  auto as_json
    = command->add_flag("--json", options->as_json, "print one JSON document");
  command
    ->add_flag("--reference", options->reference,
               "print what every key means, as Markdown")
    ->excludes(as_json);
  command->footer("Exit code 78 tells that nothing would start with it.\n"
                  "Examples:\n"
                  "  banksia check-config --env demo\n"
                  "  banksia check-config --config banksia.toml --json\n"
                  "  banksia check-config --reference");
  command->callback([options, &chosen] {
    chosen = [options] { return check_config(*options); };
  });
}

} // namespace banksia::commands

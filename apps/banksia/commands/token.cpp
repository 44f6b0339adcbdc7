#include "apps/banksia/commands/commands.hpp"

#include "apps/common/output.hpp"
#include "apps/common/secrets.hpp"
#include "config/token_entry.hpp"
#include "messages/ids.hpp"

#include <boost/json/object.hpp>

#include <iostream>

namespace banksia::commands {

namespace {

struct token_options {
  std::string name;
  std::string scope;
  bool as_json = false;
};

int create(const token_options& options) {
  auto token = random_token();
  auto entry = options.name + ":" + options.scope + ":" + sha256_hex(token);
  if (!config::parse_token_entry(entry))
    throw command_error(exit_usage,
                        "no name for a token: --name: use up to 40 letters, "
                        "digits, dots, dashes and underscores");
  if (options.as_json)
    print_json(boost::json::object{{"name", options.name},
                                   {"scope", options.scope},
                                   {"token", token},
                                   {"entry", entry}});
  else
    std::cout << token << "\n\n"
              << "This is shown once: give it to who needs it. Into the node's "
                 "configuration goes\n\n"
              << "api_tokens = [\"" << entry << "\"]\n";
  return exit_done;
}

} // namespace

void add_token(CLI::App& app, action& chosen) {
  auto command = app.add_subcommand("token", "tokens for the HTTP services");
  command->require_subcommand(1);
  auto made = command->add_subcommand(
    "create", "make a token; the configuration gets its hash alone");
  auto options = std::make_shared<token_options>();
  made->add_option("--name", options->name, "whose it is, for the audit")
    ->required();
  made
    ->add_option("--scope", options->scope,
                 "read, operate (also changes) or admin (also models, symbols)")
    ->required()
    ->check(CLI::IsMember({"read", "operate", "admin"}));
  made->add_flag("--json", options->as_json, "print one JSON document");
  made->footer("Examples:\n"
               "  banksia token create --name grafana --scope read\n"
               "  banksia token create --name deploy --scope admin --json");
  made->callback([options, &chosen] {
    chosen = [options] { return create(*options); };
  });
}

} // namespace banksia::commands

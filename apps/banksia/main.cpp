/// The `banksia` program: one command a file in `commands/`.

#include "apps/banksia/commands/commands.hpp"
#include "apps/common/program.hpp"
#include "apps/common/version.hpp"

namespace {

using namespace banksia::commands;

constexpr add_command all_commands[] = {
  add_run,    add_replay,  add_predict,   add_import,
  add_report, add_explain, add_sentiment, add_calendar,
  add_analysis, add_check_config, add_doctor, add_models, add_db,
  add_token,
};

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Banksia: supervised actors that predict ASX stocks", "banksia"};
  app.set_version_flag("--version", std::string{banksia::version_text()});
  app.require_subcommand(1);
  app.footer("Examples:\n"
             "  banksia run --env demo\n"
             "  banksia import bars prices/\n"
             "  banksia replay --bars prices/ --from 2020-01-01 "
             "--to 2020-12-31 --db sqlite:out.db\n"
             "  banksia report --db sqlite:out.db\n"
             "  banksia COMMAND --help");
  return run_program(app, all_commands, argc, argv);
}

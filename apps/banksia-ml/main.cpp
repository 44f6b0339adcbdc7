/// The `banksia-ml` program: what needs LibTorch. The node starts it; a person
/// may too.

#include "apps/banksia-ml/commands/commands.hpp"
#include "apps/common/program.hpp"
#include "apps/common/version.hpp"

namespace {

using namespace banksia::commands;

constexpr add_command all_commands[] = {add_environment, add_evaluate,
                                        add_train};

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Banksia's machine learning: trains models and forecasts",
               "banksia-ml"};
  app.set_version_flag("--version", std::string{banksia::version_text()});
  app.require_subcommand(1);
  app.footer("Examples:\n"
             "  banksia-ml environment\n"
             "  banksia-ml evaluate --bars prices/ --from 1998-01-01 --to "
             "2022-12-30\n"
             "  banksia-ml COMMAND --help");
  return run_program(app, all_commands, argc, argv);
}

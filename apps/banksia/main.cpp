/// The `banksia` program: one command a file in `commands/`.

#include "actors/intake/bad_input.hpp"
#include "apps/banksia/commands/command.hpp"
#include "apps/banksia/version.hpp"
#include "runtime/storage/sqlite.hpp"

#include <iostream>

namespace {

using namespace banksia;
using namespace banksia::commands;

constexpr add_command all_commands[] = {
  add_run,    add_replay,  add_predict,   add_import,
  add_report, add_explain, add_sentiment, add_calendar,
  add_check_config, add_doctor,
};

exit_code code_for(storage::failure kind) {
  switch (kind) {
    case storage::failure::corrupt:
      return exit_bad_data;
    case storage::failure::busy:
      return exit_unavailable;
    default:
      return exit_failed;
  }
}

std::string_view advice_for(storage::failure kind) {
  switch (kind) {
    case storage::failure::busy:
      return "another process writes to it: wait, or stop that process";
    case storage::failure::full:
      return "the disk is full: free some space";
    case storage::failure::io:
      return "the device failed: check the disk";
    case storage::failure::read_only:
      return "make the file and its folder writable for this user";
    case storage::failure::cannot_open:
      return "check that the folder exists and this user may use it";
    case storage::failure::corrupt:
      return "give a Banksia database, or restore one from a backup";
    default:
      return "this is a defect of banksia: please report it";
  }
}

/// Errors have one line each and the program's name before it, once.
int fail(exit_code code, std::string text) {
  constexpr std::string_view prefix = "banksia: ";
  if (!text.starts_with(prefix))
    text.insert(0, prefix);
  std::cerr << text << '\n';
  return code;
}

int run_command(const action& chosen) {
  try {
    return chosen();
  } catch (const command_error& error) {
    return fail(error.code(), error.what());
  } catch (const intake::bad_input& error) {
    return fail(exit_bad_data, error.what());
  } catch (const storage::storage_error& error) {
    return fail(code_for(error.kind()),
                std::string{error.what()} + ": "
                  + std::string{advice_for(error.kind())});
  } catch (const std::exception& error) {
    return fail(exit_failed, error.what());
  }
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Banksia: supervised actors that predict ASX stocks", "banksia"};
  app.set_version_flag("--version", std::string{version_text()});
  app.require_subcommand(1);
  app.footer("Examples:\n"
             "  banksia run --env demo\n"
             "  banksia import bars prices/\n"
             "  banksia replay --bars prices/ --from 2020-01-01 "
             "--to 2020-12-31 --db sqlite:out.db\n"
             "  banksia report --db sqlite:out.db\n"
             "  banksia COMMAND --help");
  action chosen;
  for (auto add : all_commands)
    add(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0)
      return app.exit(error);
    return fail(exit_usage, std::string{error.what()}
                              + ": command line: banksia --help lists "
                                "commands and options");
  }
  return run_command(chosen);
}

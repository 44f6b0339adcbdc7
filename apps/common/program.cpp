#include "apps/common/program.hpp"

#include "actors/intake/bad_input.hpp"
#include "runtime/storage/sqlite.hpp"

#include <iostream>

namespace banksia::commands {

namespace {

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
    case storage::failure::schema:
      return {}; // the text says it
    default:
      return "this is a defect of banksia: please report it";
  }
}

/// Errors have one line each and the program's name before it, once.
int fail(const std::string& program, exit_code code, std::string text) {
  if (!text.starts_with(program + ": ") && !text.starts_with("banksia: "))
    text.insert(0, program + ": ");
  std::cerr << text << '\n';
  return code;
}

int run_command(const std::string& program, const action& chosen) {
  try {
    return chosen();
  } catch (const command_error& error) {
    return fail(program, error.code(), error.what());
  } catch (const intake::bad_input& error) {
    return fail(program, exit_bad_data, error.what());
  } catch (const storage::storage_error& error) {
    std::string text = error.what();
    if (auto advice = advice_for(error.kind()); !advice.empty())
      text.append(": ").append(advice);
    return fail(program, code_for(error.kind()), std::move(text));
  } catch (const std::exception& error) {
    return fail(program, exit_failed, error.what());
  }
}

} // namespace

int run_program(CLI::App& app, std::span<const add_command> all, int argc,
                char** argv) {
  const auto program = app.get_name();
  action chosen;
  for (auto add : all)
    add(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0)
      return app.exit(error);
    return fail(program, exit_usage,
                std::string{error.what()} + ": command line: " + program
                  + " --help lists commands and options");
  }
  return run_command(program, chosen);
}

} // namespace banksia::commands

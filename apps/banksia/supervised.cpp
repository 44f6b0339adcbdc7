#include "apps/banksia/supervised.hpp"

#include "apps/common/command.hpp"
#include "runtime/process/keeper.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string_view>

namespace banksia {

namespace {

/// As the kernel keeps it: `CLI` does not.
std::vector<std::string> own_command_line() {
  std::vector<std::string> result;
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  for (std::string argument; std::getline(in, argument, '\0');)
    result.push_back(argument);
  // Where it lies: a name that was found through PATH once may lead elsewhere.
  std::error_code failed;
  auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed || result.empty())
    throw process::process_error("cannot find the own program: /proc/self: "
                                 + failed.message()
                                 + ": mount /proc, or leave --supervised out");
  result.front() = program.string();
  return result;
}

} // namespace

std::vector<std::string>
unsupervised(std::vector<std::string> command_line) {
  auto is_ours = [](std::string_view x) {
    return x == "--supervised" || x.starts_with("--supervised=");
  };
  command_line.erase(std::remove_if(command_line.begin() + 1,
                                    command_line.end(), is_ours),
                     command_line.end());
  return command_line;
}

int run_supervised(std::chrono::milliseconds drain_limit) {
  process::process_spec program;
  program.command = unsupervised(own_command_line());
  program.capture = false;
  process::keeper_options with;
  with.name = "the node";
  // It ends by itself when draining takes too long; that comes first.
  with.stop_limit = drain_limit + std::chrono::seconds{5};
  with.code_failed = commands::exit_failed;
  with.code_gave_up = commands::exit_gave_up;
  with.restarts.final_codes
    = {commands::exit_done,        commands::exit_usage,
       commands::exit_bad_data,    commands::exit_unavailable,
       commands::exit_gave_up,     commands::exit_bad_config};
  with.say = [](const std::string& what) {
    // Whole, so that no line of the node comes between.
    std::cerr << "banksia: " + what + '\n' << std::flush;
  };
  return process::keep_running(program, with);
}

} // namespace banksia

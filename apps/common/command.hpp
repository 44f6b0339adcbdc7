#pragma once

/// What every command shares: exit codes, errors in one line, the options that
/// several of them take.

#include "config/loader.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace banksia::commands {

/// The contract's exit codes.
enum exit_code : int {
  exit_done = 0,
  exit_failed = 1,
  exit_usage = 2,
  exit_bad_data = 65,
  exit_unavailable = 69, ///< a needed service is away
  exit_gave_up = 70,     ///< supervision gave up
  exit_again = 75,       ///< the watchdog ended the process
  exit_bad_config = 78,
};

/// Ends a command with one line on stderr: what: where: what to do.
class command_error : public std::runtime_error {
public:
  command_error(exit_code code, const std::string& text)
    : std::runtime_error(text), code_(code) {}

  exit_code code() const noexcept { return code_; }

private:
  exit_code code_;
};

/// `--config`, `--env`, `--set`, `--data-dir`.
struct config_options {
  std::string config_file;
  std::string environment;
  std::vector<std::string> set;
  std::string data_dir; ///< option, else BANKSIA_DATA_DIR, else "."

  void add_to(CLI::App& app);

  /// Loads and checks. @throws command_error with exit 78, all errors in it, or
  /// when the data folder does not exist
  config::configuration load() const;

  /// An absolute path for one relative to the data folder.
  std::filesystem::path under_data_dir(const std::filesystem::path& x) const;
};

/// `--db URL`, else DATABASE_URL, else the configured path.
struct database_option {
  std::string url;

  void add_to(CLI::App& app);

  /// @throws command_error with exit 78 for a URL we cannot open
  std::filesystem::path file(const config_options& options,
                             const config::settings& settings) const;
};

/// A command: its subcommand is added to `app`, and what it does is put into
/// `action` when the user chose it. The action returns the exit code.
using action = std::function<int()>;
using add_command = void (*)(CLI::App& app, action& chosen);

} // namespace banksia::commands

#include "apps/common/command.hpp"

#include "actors/store/schema.hpp"

#include <cstdlib>
#include <map>

extern char** environ;

namespace banksia::commands {

namespace {

std::map<std::string, std::string> environment_map() {
  std::map<std::string, std::string> result;
  for (auto entry = environ; *entry != nullptr; ++entry) {
    std::string_view text{*entry};
    if (auto equals = text.find('='); equals != std::string_view::npos)
      result.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

} // namespace

void config_options::add_to(CLI::App& app) {
  app.add_option("--config", config_file, "TOML file with settings");
  app.add_option("--env", environment,
                 "profile: development, staging, production, demo");
  // One value each time: what follows may be a file or symbol.
  app.add_option("--set", set, "one setting, key=value; may be repeated")
    ->take_all()
    ->allow_extra_args(false);
  app.add_option("--data-dir", data_dir,
                 "folder of data, logs and models (default: .)")
    ->envname("BANKSIA_DATA_DIR");
}

config::configuration config_options::load() const {
  // Made by hand once: a misspelt folder would be a new, empty node.
  if (!data_dir.empty() && !std::filesystem::is_directory(data_dir))
    throw command_error(exit_bad_config,
                        "no such folder: --data-dir " + data_dir
                          + ": make it first (mkdir -p) or give another one");
  config::sources from;
  if (!environment.empty())
    from.profile = environment;
  if (!config_file.empty())
    from.file = config_file;
  from.environment = environment_map();
  from.set = set;
  auto result = config::load(from);
  if (!result) {
    auto text = config::to_string(result.errors);
    text.pop_back(); // the last line's end: who prints an error adds it
    throw command_error(exit_bad_config, text);
  }
  return std::move(*result.loaded);
}

std::filesystem::path
config_options::under_data_dir(const std::filesystem::path& x) const {
  return x.is_absolute() ? x : std::filesystem::path{data_dir} / x;
}

void database_option::add_to(CLI::App& app) {
  app.add_option("--db", url, "database: sqlite:PATH or a bare path")
    ->envname("DATABASE_URL");
}

std::filesystem::path
database_option::file(const config_options& options,
                      const config::settings& settings) const {
  if (url.empty())
    return options.under_data_dir(settings.database_path);
  try {
    return store::database_file(url);
  } catch (const std::invalid_argument& error) {
    throw command_error(exit_bad_config, error.what());
  }
}

} // namespace banksia::commands

#pragma once

/// What training and evaluation learn from: a database, whose run it is, and
/// the settings that its predictions were made with.

#include "actors/learning/dataset.hpp"
#include "apps/common/command.hpp"
#include "config/settings.hpp"
#include "models/forecast/options.hpp"
#include "runtime/storage/sqlite.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace banksia {

/// An open database and what to make of it. Reads only.
class learning_input {
public:
  /// A run's data, by its newest stored configuration, or by `settings` where
  /// they are given.
  /// @throws storage::storage_error; commands::command_error with exit 1 when
  ///         the file or the run is not there
  learning_input(const std::filesystem::path& file, const std::string& run,
                 std::optional<config::settings> settings);

  /// Imported bars, as a replay over them would predict.
  /// @param symbols those to learn from; empty: all that have bars but the
  ///        index and series of other markets
  /// @param context series whose bars are there too
  learning_input(const std::filesystem::path& file,
                 const config::settings& settings, bar_interval interval,
                 std::vector<std::string> symbols, std::string index_symbol,
                 std::vector<context_series> context = {});

  const run_plan& plan() const noexcept { return plan_; }
  const config::settings& settings() const noexcept { return settings_; }

  learning::dataset read(const learning::dataset_options& options,
                         const learning::dataset_progress& progress = {});

private:
  std::unique_ptr<storage::database> db_;
  config::settings settings_;
  run_plan plan_;
};

/// The kind that the text names. @throws commands::command_error with exit 2
forecast::model_kind kind_named(const std::string& text);

} // namespace banksia

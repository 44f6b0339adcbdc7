#include "apps/banksia/replay_models.hpp"

#include "actors/registry/registry_folder.hpp"
#include "actors/scheduler/job_walk.hpp"
#include "apps/banksia/training.hpp"
#include "apps/common/command.hpp"
#include "apps/common/programs.hpp"
#include "runtime/tls/error.hpp"

#include <unistd.h>

namespace banksia {

namespace {

namespace fs = std::filesystem;
using commands::command_error;

/// The newest ones say whether the models are there.
constexpr std::int64_t trainings_read = 20;

/// Whoever explains a prediction needs its model: none is deleted.
constexpr std::chrono::days kept_for{365 * 100};

/// Of a job whose trainer is away; a training that failed is not tried again,
/// since it would fail again.
constexpr job_retries retries{3, std::chrono::milliseconds{200}, true};

fs::path folder_of(const fs::path& database) {
  return fs::absolute(database.string() + ".models");
}

void require_models(const registry_folder& folder, store::queries& ask,
                    const std::string& run) {
  auto known = folder.read();
  for (const auto& x : ask.trainings(trainings_read)) {
    if (x.run != run || x.status != "done")
      continue;
    if (!known.find(x.model_version)
        || !fs::exists(folder.file_of(x.model_version)))
      throw command_error(commands::exit_bad_data,
                          "a model of this run is gone: " + x.model_version
                            + ": " + folder.root().string()
                            + ": restore the folder that belongs to the "
                              "database, or begin with a new --db");
  }
}

} // namespace

fs::path replay_models(const fs::path& database, const std::string& run) {
  return folder_of(database) / run;
}

void recall_models(const fs::path& models, store::queries& ask,
                   const std::string& run) {
  registry_folder folder{models};
  // A training of that time may have ended, and its job not yet.
  timestamp behind{};
  for (const auto& newest : ask.jobs(run, std::string{training_job}, 1))
    behind = newest.due_at + micros{1};
  try {
    if (fs::exists(models))
      folder.rewind(behind);
    require_models(folder, ask, run);
  } catch (const registry_failure& error) {
    throw command_error(error.fault() == registry_fault::damaged
                          ? commands::exit_bad_data
                          : commands::exit_failed,
                        error.what());
  }
}

tls::credentials add_replay_models(node_setup& to, const config::settings& x) {
  auto program = program_beside("banksia-ml");
  if (::access(program.c_str(), X_OK) != 0)
    throw command_error(commands::exit_unavailable,
                        "no program " + program.string()
                          + ": --train: install it beside banksia");
  auto models = replay_models(to.database, to.plan->run);
  auto keys = folder_of(to.database) / "tls";
  try {
    fs::create_directories(models);
    tls::ensure_material(keys, tls::wall_clock::now());
  } catch (const tls::tls_error& error) {
    throw command_error(commands::exit_failed, error.what());
  } catch (const fs::filesystem_error& error) {
    throw command_error(commands::exit_failed,
                        "cannot make the folder of models: " + models.string()
                          + ": " + error.code().message());
  }
  add_training(to, x, models);
  to.training->replayed.emplace();
  to.training->retention.archived_for = kept_for;
  to.retries = retries;
  auto& service = to.model_service.emplace();
  service.command = {program.string(), "serve",  "--models",
                     models.string(),  "--tls",  keys.string()};
  service.models = models;
  service.patience.emplace();
  return tls::credentials_of(keys, "node");
}

void end_without_models(node_setup& setup, node& running) {
  auto end = [&running](const std::string& why) { running.end_by_models(why); };
  setup.job_lost = end;
  setup.training->replayed->lost = end;
  setup.model_service->patience->lost = end;
}

} // namespace banksia

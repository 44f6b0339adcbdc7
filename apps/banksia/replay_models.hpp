#pragma once

/// The models of a replay that trains: where they lie, and what they are asked by.

#include "actors/store/queries.hpp"
#include "apps/banksia/node.hpp"
#include "config/settings.hpp"
#include "runtime/tls/material.hpp"

#include <filesystem>
#include <string>

namespace banksia {

/// The folder of a run's models: beside its database and each run's by itself,
/// never among those that serve.
std::filesystem::path replay_models(const std::filesystem::path& database,
                                    const std::string& run);

/// Makes the models those that the store knows: what came behind its newest
/// training, as when the database is an older one, is forgotten.
/// @throws commands::command_error where models that the run goes on with are
///         gone
void recall_models(const std::filesystem::path& models, store::queries& ask,
                   const std::string& run);

/// Lets a replay train, and predict by what it promotes. Its training and its
/// forecasts are the same however fast anything is and whatever is begun again.
/// @pre the plan has the run's name
/// @returns what the node shows to its processes
/// @throws commands::command_error when that cannot be
tls::credentials add_replay_models(node_setup& to, const config::settings& x);

/// Ends the node when its models cannot be had. @pre `add_replay_models`
void end_without_models(node_setup& setup, node& running);

} // namespace banksia

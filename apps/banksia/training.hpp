#pragma once

/// Whether and how a node trains models.

#include "actors/ml/training_desk.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <optional>

namespace banksia {

/// What the trainer of a live node is made from; nothing where the configuration
/// wants no models. The program `banksia-ml` is looked for beside the one that
/// runs; where it lacks, each training fails and says so.
/// @param data_dir what relative paths of the configuration lie under
std::optional<trainer_setup> training_of(const config::settings& x,
                                         const exchange_calendar& calendar,
                                         const std::filesystem::path& database,
                                         const std::filesystem::path& data_dir);

} // namespace banksia

#pragma once

/// `ml/forecaster`: runs in `banksia-ml`, on a thread of its own, since LibTorch
/// takes its time. One request after the other, so that a swap of models comes
/// between two of them and none sees half of it.

#include "actors/ml/model_shelf.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <filesystem>
#include <memory>

namespace banksia {

struct forecaster_state {
  static inline const char* name = "forecaster";

  std::unique_ptr<model_shelf> shelf;
};

using forecaster_self = shell<forecaster_state, traced_forecaster_actor>;

/// Loads the models of a folder at its start.
traced_forecaster_actor::behavior_type
forecaster(forecaster_self* self, std::shared_ptr<probe> watched,
           std::filesystem::path models);

} // namespace banksia

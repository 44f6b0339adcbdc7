#pragma once

/// `ml/forecaster`: runs in `banksia-ml`, on a thread of its own, since LibTorch
/// takes its time. One request after the other, so that a swap of models comes
/// between two of them and none sees half of it.

#include "actors/ml/model_shelf.hpp"
#include "messages/carried.hpp"
#include "runtime/supervision/shell.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace banksia {

struct forecaster_state {
  static inline const char* name = "forecaster";

  std::unique_ptr<model_shelf> shelf;
};

using forecaster_self = shell<forecaster_state, counting_forecaster_actor>;

/// Loads the models of a folder at its start.
/// @param counts of the process, but for what the actor counts itself
counting_forecaster_actor::behavior_type
forecaster(forecaster_self* self, std::shared_ptr<probe> watched,
           std::filesystem::path models,
           std::function<process_counts()> counts);

} // namespace banksia

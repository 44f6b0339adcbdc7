#pragma once

/// Whether a model reads the bars of this build. Without LibTorch: the node asks
/// it of a file, before it has anything measured against that.

#include "models/forecast/options.hpp"

#include <string>

namespace banksia {

/// Why a model of that shape cannot read what messages and data sets carry: its
/// bars have other values. Empty: it can.
std::string channel_problem(const forecast::model_shape& shape);

} // namespace banksia

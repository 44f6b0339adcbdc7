#pragma once

#include "apps/banksia/topology.hpp"

namespace banksia {

/// The children of `ml`, as far as they are wanted: `ml/process`, `ml/gate`,
/// `ml/trainer`.
std::vector<child_spec> model_children(const node_setup& x, directory& names);

} // namespace banksia

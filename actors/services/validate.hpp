#pragma once

/// `POST /data/validate`: what the rules of quality say of bars that are shown.
/// It reads and changes nothing.

#include "actors/services/bridge.hpp"

namespace banksia {

http::response validate_bars(bridge_self* self, const http::request& what);

} // namespace banksia

#ifndef BANKSIA_MESSAGES_CAF_PCH_HPP
#define BANKSIA_MESSAGES_CAF_PCH_HPP

/// What nearly every file with actors includes; precompiled once.
///
/// The headers in here have guards: GCC knows a `#pragma once` header of a
/// precompiled one again by its time, which differs from clone to clone, so one
/// that ccache brings would be read twice.

#include <caf/all.hpp>

#include "messages/actors.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#endif // BANKSIA_MESSAGES_CAF_PCH_HPP

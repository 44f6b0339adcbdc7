#pragma once

/// What nearly every file with actors includes; precompiled once.

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

#pragma once

/// Bars as they are served: with the last word that was said of each, and
/// without those that were withdrawn.

#include "messages/domain.hpp"
#include "models/market/adjustment.hpp"
#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace banksia::store {

/// The newest `limit` bars of a symbol in [from, to), oldest first, with the
/// values of the last revision known by `as_of`. A bar keeps its own `known_at`
/// and source; the verdict of a revised one is "repaired".
/// @param oldest_bars the first `limit` of the span, not the last
std::vector<bar> served_bars(storage::database& db, std::string_view symbol,
                             bar_interval interval,
                             std::optional<timestamp> from,
                             std::optional<timestamp> to, std::int64_t limit,
                             timestamp as_of, bool oldest_bars = false);

/// The closes of the served bars that opened at `from` or later, oldest first.
std::vector<traded_close> served_closes(storage::database& db,
                                        std::string_view symbol,
                                        bar_interval interval, timestamp from,
                                        timestamp as_of);

} // namespace banksia::store

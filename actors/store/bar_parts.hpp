#pragma once

/// A series of bars read in parts, each too short to keep others waiting.

#include "messages/domain.hpp"
#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace banksia::store {

/// Rows that one part looks at: a few milliseconds where they come from the
/// disk.
inline constexpr std::int64_t part_bars = 1000;

/// Before any bar.
timestamp before_all_bars() noexcept;

struct bar_part {
  std::vector<bar> bars;
  std::optional<timestamp> next; ///< where the next part begins; none: the end
};

/// The first bars of a symbol that opened at `from` or later and are known by
/// `until`, oldest first. Of all parts together: what was stored before the
/// first one is there, what is stored meanwhile may be.
/// @throws storage::storage_error
bar_part bars_part(storage::database& db, std::string_view symbol,
                   bar_interval interval, timestamp from, timestamp until,
                   std::int64_t rows_max = part_bars);

} // namespace banksia::store

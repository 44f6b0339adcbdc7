#pragma once

/// The share of invalid points of a live source, as the store remembers it.

#include "actors/feeds/feed_board.hpp"
#include "runtime/storage/sqlite.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// What has become of the newest points of a source in the order in which they
/// came: its bars of these symbols, the rows of it that were refused, and its
/// bars that later ones showed to be wrong, each of which counts once more.
/// As much as the running share is over.
running_quality recalled_quality(storage::database& db,
                                 std::string_view source,
                                 const std::vector<std::string>& symbols,
                                 bar_interval data_interval);

/// Puts that on the board for each source, so that a node that starts again
/// judges them as the one before did.
void recall_quality(feed_board& into, storage::database& db,
                    const std::vector<std::string>& sources,
                    const std::vector<std::string>& symbols,
                    bar_interval data_interval);

} // namespace banksia

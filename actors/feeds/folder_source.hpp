#pragma once

#include "actors/feeds/feed_board.hpp"
#include "actors/feeds/folder_book.hpp"
#include "actors/run_plan.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace banksia {

/// All that a watched folder is made from.
struct folder_setup {
  std::filesystem::path folder;
  /// Elapsed time between two looks: a file that is the same in both is whole.
  std::chrono::milliseconds look_every{2000};
  folder_limits limits;
  std::function<timestamp()> wall;
  std::shared_ptr<feed_board> board; ///< may be null
};

/// What a folder says to itself beside what others say to it.
using folder_source_behavior = price_source_actor::extend<
  // Look at the folder, or read its next file.
  caf::reacts_to<wire::next_atom>>;

/// `feed/prices/folder`. Promises: each request is answered from the files that
/// are whole; a file that cannot be read is named and stops nothing. It reads
/// files in its handlers, so it is placed where it may block.
struct folder_source_state {
  static inline const char* name = "folder_source";

  folder_setup setup;
  std::optional<folder_book> book;
};

using folder_source_self = shell<folder_source_state, folder_source_behavior>;

folder_source_behavior::behavior_type
folder_source(folder_source_self* self, std::shared_ptr<probe> watched,
              shared_plan plan, folder_setup setup);

/// The symbols that a run wants bars of, its index included.
std::set<std::string> symbols_of_run(const run_plan& plan);

/// What is wrong with the files, in one line; empty when nothing is.
std::string trouble_of(const folder_book::summary& x);

} // namespace banksia

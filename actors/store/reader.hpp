#pragma once

#include "actors/store/journal_view.hpp"
#include "actors/store/queries.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <filesystem>
#include <memory>

namespace banksia {

/// `store/reader/n`. Runs detached, on a read-only connection of its own: WAL
/// lets it read a snapshot while the writer writes.
struct store_reader_state {
  static inline const char* name = "store_reader";

  std::unique_ptr<storage::database> db;
  std::unique_ptr<store::queries> queries;
  std::unique_ptr<store::journal_view> journal;

  /// What the writer has promised by now. Comes before a query of the database,
  /// see `journal_view`.
  const store::journal_view& promised() {
    journal->look();
    return *journal;
  }
};

using store_reader_self = shell<store_reader_state, store_reader_actor>;

store_reader_actor::behavior_type
store_reader(store_reader_self* self, std::shared_ptr<probe> watched,
             std::filesystem::path file);

} // namespace banksia

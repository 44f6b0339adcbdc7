#pragma once

#include "actors/store/journal_view.hpp"
#include "actors/store/queries.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <caf/typed_response_promise.hpp>

#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace banksia {

/// What a reader is asked, and its word to itself to go on with what is long.
using reading_actor
  = store_reader_actor::extend<caf::reacts_to<wire::next_atom>>;

/// A series that is being read, part by part.
struct series_reading {
  std::string symbol;
  bar_interval interval = bar_interval::d1;
  timestamp from; ///< as asked
  timestamp until;
  timestamp next; ///< where the next part begins
  /// What the journal held of it before the first part.
  std::vector<bar> promised;
  std::vector<bar> bars;
  caf::typed_response_promise<std::vector<bar>> answer;
};

/// `store/reader/n`. Runs detached, on a read-only connection of its own: WAL
/// lets it read a snapshot while the writer writes. Whole series are read one
/// after the other and in parts, between which it answers what is short.
class store_reader_state {
public:
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

  /// Who waits for a reading is told that it will not come from this one.
  ~store_reader_state();

  /// Takes up a reading, whose first part is not read yet.
  /// @returns whether `read_part` must be called
  bool begin(series_reading x);

  /// Reads the next part of the oldest reading, and answers where it was the
  /// last one.
  /// @returns whether more is left to read
  /// @throws storage::storage_error
  bool read_part();

  /// That have begun and not ended.
  std::size_t readings() const noexcept { return under_way_.size(); }

private:
  std::deque<series_reading> under_way_;
};

using store_reader_self = shell<store_reader_state, reading_actor>;

reading_actor::behavior_type
store_reader(store_reader_self* self, std::shared_ptr<probe> watched,
             std::filesystem::path file);

} // namespace banksia

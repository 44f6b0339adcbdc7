#pragma once

#include "actors/store/ledger.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <caf/typed_response_promise.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace banksia {

/// Told when a group could not be committed; on the writer's thread.
using store_failure_handler
  = std::function<void(const storage::storage_error&)>;

/// `store/writer`. Runs detached: it blocks on the disk.
///
/// Promises: an answer means that the rows are on disk (`synchronous=FULL`).
/// Group commit: all that waited in the mailbox together is one transaction,
/// hence one fsync; a record is never split over two. A record that contradicts
/// the schema is refused alone: its neighbours are written again without it.
class store_writer_state {
public:
  using promise = caf::typed_response_promise<commit_receipt>;

  static inline const char* name = "store_writer";

  store_writer_state() = default;
  store_writer_state(const store_writer_state&) = delete;
  store_writer_state& operator=(const store_writer_state&) = delete;
  /// Whoever waits for a commit is told at once that it will not come.
  ~store_writer_state();

  /// @param failed told of each failed group; may be empty
  /// @throws storage::storage_error
  void open(const std::filesystem::path& file,
            const store::provenance& made_with, store_failure_handler failed);

  /// Writes inside the open transaction; the answer waits for the commit.
  /// @returns true when the caller must arrange for a commit
  template <class Record>
  bool accept(Record record, std::optional<promise> answer = {}) {
    auto kept = std::make_shared<const Record>(std::move(record));
    return accept({std::move(answer),
                   [kept](store::ledger& into) { return into.write(*kept); },
                   {}});
  }

  /// Commits the open transaction, then answers everyone in it. A failure
  /// rolls the whole group back and fails all of it: senders try again.
  void commit();

  component_health health() const;

  /// The connection, for whoever puts obstacles in its way.
  storage::database& database() { return *db_; }

  /// Transactions committed since the start.
  std::uint64_t commits() const noexcept { return commits_; }

private:
  /// A record inside the open transaction. It is kept, so that it can be
  /// written again when a neighbour spoils the transaction.
  struct waiting {
    std::optional<promise> answer; ///< none: nobody waits for it
    std::function<commit_receipt(store::ledger&)> write;
    commit_receipt receipt;
  };

  bool accept(waiting x);

  /// Writes the group again, each record in a savepoint of its own, and refuses
  /// those that contradict the schema. Savepoints cost a tenth of the speed,
  /// hence only then.
  /// @throws storage::storage_error
  void write_one_by_one();

  /// Whether the record itself is at fault, not the database.
  static bool is_of_record(storage::failure kind) noexcept {
    return kind == storage::failure::constraint;
  }

  static caf::error as_error(const storage::storage_error& error);

  /// @returns true when this call opened the transaction
  /// @throws storage::storage_error
  bool begin();
  void fail(const storage::storage_error& error);

  store_failure_handler failed_;
  std::unique_ptr<storage::database> db_;
  std::unique_ptr<store::ledger> ledger_;
  std::optional<storage::transaction> open_;
  std::vector<waiting> pending_;
  std::string trouble_; ///< of the last commit; empty when it went well
  std::uint64_t commits_ = 0;
};

using store_writer_self = shell<store_writer_state, store_writer_actor>;

store_writer_actor::behavior_type
store_writer(store_writer_self* self, std::shared_ptr<probe> watched,
             std::filesystem::path file, store::provenance made_with,
             store_failure_handler failed);

} // namespace banksia

#pragma once

#include "actors/store/ledger.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <caf/typed_response_promise.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace banksia {

/// `store/writer`. Runs detached: it blocks on the disk.
///
/// Promises: an answer means that the rows are on disk (`synchronous=FULL`).
/// Group commit: all that waited in the mailbox together is one transaction,
/// hence one fsync; a record is never split over two. A record that contradicts
/// the schema is refused alone.
class store_writer_state {
public:
  using promise = caf::typed_response_promise<commit_receipt>;

  static inline const char* name = "store_writer";

  store_writer_state() = default;
  store_writer_state(const store_writer_state&) = delete;
  store_writer_state& operator=(const store_writer_state&) = delete;
  /// Whoever waits for a commit is told at once that it will not come.
  ~store_writer_state();

  /// @throws storage::storage_error
  void open(const std::filesystem::path& file,
            const store::provenance& made_with);

  /// Writes inside the open transaction; the answer waits for the commit.
  /// @returns true when the caller must arrange for a commit
  template <class Record>
  bool accept(const Record& record, promise answer) {
    auto opened = false;
    try {
      opened = begin();
      storage::savepoint part{*db_};
      auto receipt = ledger_->write(record);
      part.release();
      pending_.push_back({answer, receipt});
    } catch (const storage::storage_error& error) {
      if (is_of_record(error.kind())) {
        // Else one bad record would fail its neighbours at every try again.
        answer.deliver(as_error(error));
        return opened;
      }
      pending_.push_back({answer, {}});
      fail(error);
      return false;
    }
    return opened;
  }

  bool accept(const supervision_report& report);

  /// Commits the open transaction, then answers everyone in it. A failure
  /// rolls the whole group back and fails all of it: senders try again.
  void commit();

  component_health health() const;

  /// The connection, for whoever puts obstacles in its way.
  storage::database& database() { return *db_; }

  /// Transactions committed since the start.
  std::uint64_t commits() const noexcept { return commits_; }

private:
  struct waiting {
    promise answer;
    commit_receipt receipt;
  };

  /// Whether the record itself is at fault, not the database.
  static bool is_of_record(storage::failure kind) noexcept {
    return kind == storage::failure::constraint;
  }

  static caf::error as_error(const storage::storage_error& error);

  /// @returns true when this call opened the transaction
  /// @throws storage::storage_error
  bool begin();
  void fail(const storage::storage_error& error);

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
             std::filesystem::path file, store::provenance made_with);

} // namespace banksia

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
/// hence one fsync; a record is never split over two.
class store_writer_state {
public:
  using promise = caf::typed_response_promise<commit_receipt>;

  static inline const char* name = "store_writer";

  /// @throws storage::storage_error
  void open(const std::filesystem::path& file,
            const store::provenance& made_with);

  /// Writes inside the open transaction; the answer waits for the commit.
  /// @returns true when the caller must arrange for a commit
  template <class Record>
  bool accept(const Record& record, promise answer) {
    auto opened = begin();
    try {
      pending_.push_back({answer, ledger_->write(record)});
    } catch (const storage::storage_error& error) {
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

  /// Transactions committed since the start.
  std::uint64_t commits() const noexcept { return commits_; }

private:
  struct waiting {
    promise answer;
    commit_receipt receipt;
  };

  /// @returns true when this call opened the transaction
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

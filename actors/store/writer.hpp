#pragma once

#include "actors/store/journal_records.hpp"
#include "messages/actors.hpp"
#include "runtime/supervision/shell.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace banksia {

/// Told when a group could not be committed; on the writer's thread.
using store_failure_handler
  = std::function<void(const storage::storage_error&)>;

/// How a reason of the component `database` begins while nothing can be kept:
/// neither the database nor the journal takes it.
inline constexpr std::string_view nothing_is_stored = "nothing can be stored: ";

/// Elapsed time between two looks at a database that is away.
inline constexpr std::chrono::milliseconds database_pause{500};

/// `store/writer`. Runs detached: it blocks on the disk.
///
/// Promises: an answer means that the rows are on disk (`synchronous=FULL`).
/// Group commit: all that waited in the mailbox together is one transaction,
/// hence one fsync; a record is never split over two. A record that contradicts
/// the schema is refused alone: its neighbours are written again without it.
///
/// A writer without a failure handler (a live node's) outlives its database:
/// while that is away (locked, full, not writable) groups go to a journal
/// beside it, whose fsync is as good as a commit, and from there in order into
/// the database when it is back. Nothing overtakes what lies in the journal.
class store_writer_state {
public:
  using promise = caf::typed_response_promise<commit_receipt>;

  static inline const char* name = "store_writer";

  store_writer_state() = default;
  store_writer_state(const store_writer_state&) = delete;
  store_writer_state& operator=(const store_writer_state&) = delete;
  /// Whoever waits for a commit is told at once that it will not come.
  ~store_writer_state();

  /// Takes over first what an earlier writer left in the journal.
  /// @param failed told of each failed group; empty: the journal is used
  /// @throws storage::storage_error
  void open(const std::filesystem::path& file, store::provenance made_with,
            store_failure_handler failed);

  /// Writes inside the open group; the answer waits for the commit.
  /// @returns true when the caller must arrange for a commit
  template <class Record>
  bool accept(Record record, std::optional<promise> answer = {}) {
    if constexpr (std::is_same_v<Record, clock_mark>)
      market_time_ = record.market_time;
    return accept({std::move(answer),
                   std::make_unique<kept_record<Record>>(std::move(record)),
                   {}});
  }

  /// Commits the open group, then answers everyone in it. Where neither the
  /// database nor the journal takes it, all of it fails: senders try again.
  void commit();

  /// Looks whether a database that was away is back, and moves a part of the
  /// journal into it.
  /// @returns true when it is back and more is left to move
  /// @throws storage::storage_error of what waiting does not mend
  bool retry();

  component_health health() const;

  /// Whether the journal stands in for the database.
  bool is_away() const noexcept { return away_.has_value(); }

  /// The connection, for whoever puts obstacles in its way.
  /// @pre the database is not away, or away by a lock
  storage::database& database() { return *db_; }

  store::journal& journal() { return *journal_; }

  /// Transactions committed since the start.
  std::uint64_t commits() const noexcept { return commits_; }

  bool retry_due = false; ///< a message to look again is under way

private:
  /// A record that waits for its commit. It is kept, so that it can be written
  /// again: alone, or to the journal.
  struct kept {
    virtual ~kept() = default;
    virtual commit_receipt write(store::ledger& into) const = 0;
    virtual void append(store::journal& to) const = 0;
  };

  template <class Record>
  struct kept_record : kept {
    explicit kept_record(Record x) : content(std::move(x)) {}

    commit_receipt write(store::ledger& into) const override {
      return into.write(content);
    }

    void append(store::journal& to) const override {
      store::append(to, content);
    }

    Record content;
  };

  struct waiting {
    std::optional<promise> answer; ///< none: nobody waits for it
    std::unique_ptr<kept> record;
    commit_receipt receipt;
    /// The span that it came in, and who records it; null: in none.
    telemetry::trace_context from = telemetry::current_context();
    telemetry::tracer* spans = telemetry::current_trace() != nullptr
                                 ? telemetry::current_trace()->to
                                 : nullptr;
  };

  bool accept(waiting x);

  /// Writes the last record into the open transaction.
  /// @throws storage::storage_error
  void write_last();

  /// Writes the group again, each record in a savepoint of its own, and refuses
  /// those that contradict the schema. Savepoints cost a tenth of the speed,
  /// hence only then.
  /// @throws storage::storage_error
  void write_one_by_one();

  /// Whether the record itself is at fault, not the database.
  static bool is_of_record(storage::failure kind) noexcept {
    return kind == storage::failure::constraint;
  }

  /// Whether the database may come back by itself.
  static bool is_absence(storage::failure kind) noexcept;

  static caf::error as_error(const storage::storage_error& error);

  /// @throws storage::storage_error
  void connect();
  void register_provenance();
  void open_group();

  /// Commits to the database within the spans of all records of the group.
  /// @throws storage::storage_error
  void commit_group();

  /// The group that the database did not take goes to the journal.
  void divert(const storage::storage_error& error);
  void leave(const storage::storage_error& error);
  void come_back();
  void append_to_journal(const kept& x);
  void sync_journal();
  void answer_all();
  void fail(const storage::storage_error& error);

  std::filesystem::path file_;
  store::provenance made_with_;
  store_failure_handler failed_;
  std::unique_ptr<storage::database> db_; ///< none: it must be opened again
  std::unique_ptr<store::ledger> ledger_;
  std::optional<storage::transaction> open_;
  std::vector<waiting> pending_;
  bool commit_due_ = false; ///< a commit message is under way
  std::optional<store::journal> journal_;
  store::journal_drain drain_;
  std::optional<std::string> away_; ///< why, while the database is away
  bool provenance_kept_ = false;       ///< the journal knows `made_with_`
  bool provenance_registered_ = false; ///< the ledger does
  std::optional<timestamp> market_time_; ///< as of the last clock mark
  std::optional<timestamp> away_since_;  ///< market time
  std::string trouble_; ///< of the last commit; empty when it went well
  std::uint64_t commits_ = 0;
};

using store_writer_self = shell<store_writer_state, store_writer_actor>;

store_writer_actor::behavior_type
store_writer(store_writer_self* self, std::shared_ptr<probe> watched,
             std::filesystem::path file, store::provenance made_with,
             store_failure_handler failed);

} // namespace banksia

#pragma once

/// What the writer's records look like in the journal: as they cross the wire,
/// each struct beginning with its version.

#include "actors/store/journal.hpp"
#include "actors/store/ledger.hpp"
#include "messages/wire.hpp"

#include <variant>

namespace banksia::store {

/// What a payload is. The numbers are on disk: append, never reorder.
enum class record_kind : std::uint16_t {
  provenance = 1, ///< what the predictions behind it were made with
  cycle = 2,
  owed = 3,
  outcomes = 4,
  bars = 5,
  headlines = 6,
  clock = 7,
  supervision = 8,
  quarantine = 9,
  repairs = 10,
  actions = 11,
  listings = 12,
  revisions = 13,
};

void append(journal& to, const provenance& x);
void append(journal& to, const cycle_record& x);
void append(journal& to, const std::vector<cycle_slot>& x);
void append(journal& to, const outcome_batch& x);
void append(journal& to, const bar_batch& x);
void append(journal& to, const headline_batch& x);
void append(journal& to, const clock_mark& x);
void append(journal& to, const supervision_report& x);
void append(journal& to, const quarantine_batch& x);
void append(journal& to, const bar_repair_batch& x);
void append(journal& to, const bar_revision_batch& x);
void append(journal& to, const corporate_action_batch& x);
void append(journal& to, const listing_change_batch& x);

using journal_record
  = std::variant<provenance, cycle_record, std::vector<cycle_slot>,
                 outcome_batch, bar_batch, headline_batch, clock_mark,
                 supervision_report, quarantine_batch, bar_repair_batch,
                 bar_revision_batch, corporate_action_batch,
                 listing_change_batch>;

/// @throws storage::storage_error misuse: a kind or version of another build
journal_record decode(const journal_entry& x);

/// Writes what an entry holds.
/// @throws storage::storage_error
void write(const journal_entry& x, ledger& into);

/// The entry as a person reads it.
std::string describe(const journal_entry& x);

/// Moves a journal into a database: in order, each transaction bounded, so that
/// the writer's thread stays free for who writes meanwhile. May be broken off
/// at any time: what is written twice changes nothing.
class journal_drain {
public:
  /// Of one transaction.
  static constexpr std::uint64_t step_records = 256;
  static constexpr std::uint64_t step_bytes = 8 << 20;

  /// Begins with the oldest record again: the ledger is another one.
  void restart() noexcept { at_ = {}; }

  /// One transaction. A record that contradicts the schema goes to quarantine:
  /// it was acknowledged, so it must not vanish, nor hold up what follows.
  /// @returns whether more is left
  /// @throws storage::storage_error
  bool step(const journal& from, storage::database& db, ledger& into);

  /// Records moved since the start, those moved again among them.
  std::uint64_t replayed() const noexcept { return replayed_; }

  /// Records that went to quarantine.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  std::uint64_t move(const journal& from, journal::position& at,
                     storage::database& db, ledger& into, bool one_by_one);
  void move_alone(const journal& from, const journal_entry& x,
                  storage::database& db, ledger& into);

  journal::position at_;
  std::uint64_t replayed_ = 0;
  std::uint64_t refused_ = 0;
};

/// Moves what a crash left beside a database into it, and removes the file.
/// @returns the records moved
/// @throws storage::storage_error
std::uint64_t take_over_journal(storage::database& db, ledger& into);

} // namespace banksia::store

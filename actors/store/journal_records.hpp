#pragma once

/// What the writer's records look like in the journal: as they cross the wire,
/// each struct beginning with its version.

#include "actors/store/journal.hpp"
#include "actors/store/ledger.hpp"
#include "messages/wire.hpp"

#include <caf/binary_serializer.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace banksia::store {

template <class Inspector>
auto inspect(Inspector& f, provenance& x) {
  return f(caf::meta::type_name("provenance"), x.configuration_hash,
           x.configuration_text, x.build);
}

/// What may lie in the journal. A type's position, from 1 on, is its kind on
/// disk: append, never reorder. `provenance` is what the predictions behind it
/// were made with.
using journal_record
  = std::variant<provenance, cycle_record, std::vector<cycle_slot>,
                 outcome_batch, bar_batch, headline_batch, clock_mark,
                 supervision_report, quarantine_batch, bar_repair_batch,
                 corporate_action_batch, listing_change_batch,
                 bar_revision_batch, job_record, training_record,
                 model_record, service_sample_batch>;

namespace detail {

template <class Record, std::size_t... I>
consteval std::uint16_t position(std::index_sequence<I...>) {
  return static_cast<std::uint16_t>(
    ((std::is_same_v<Record, std::variant_alternative_t<I, journal_record>>
        ? I + 1
        : 0)
     + ...));
}

} // namespace detail

/// The kind on disk of a record's type.
template <class Record>
inline constexpr std::uint16_t kind_of = detail::position<Record>(
  std::make_index_sequence<std::variant_size_v<journal_record>>{});

/// @throws storage::storage_error
template <class Record>
void append(journal& to, const Record& x) {
  static_assert(kind_of<Record> != 0, "no record of the journal");
  std::vector<char> payload;
  // No actor is in a record, hence no system is needed.
  caf::binary_serializer sink{nullptr, payload};
  if (sink(const_cast<Record&>(x)))
    throw storage::storage_error(storage::failure::misuse,
                                 "cannot write a record as bytes");
  to.append(kind_of<Record>, payload);
}

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

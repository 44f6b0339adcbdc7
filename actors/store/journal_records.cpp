#include "actors/store/journal_records.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/deep_to_string.hpp>

namespace banksia::store {

using storage::failure;
using storage::storage_error;

namespace {

template <class... Ts>
void save(journal& to, record_kind kind, const Ts&... xs) {
  std::vector<char> payload;
  // No actor is in a record, hence no system is needed.
  caf::binary_serializer sink{nullptr, payload};
  if (auto err = sink(const_cast<Ts&>(xs)...))
    throw storage_error(failure::misuse, "cannot write a record as bytes");
  to.append(static_cast<std::uint16_t>(kind), payload);
}

[[noreturn]] void refuse(const journal_entry& x) {
  throw storage_error(failure::misuse,
                      "record " + std::to_string(x.sequence)
                        + " of the journal is of a kind or version that this "
                          "build does not know: use the newer build");
}

template <class... Ts>
void load(const journal_entry& x, Ts&... xs) {
  caf::binary_deserializer source{nullptr, x.payload.data(),
                                  x.payload.size()};
  if (source(xs...) || source.remaining() > 0)
    refuse(x);
}

template <class Record>
Record loaded(const journal_entry& x) {
  Record record;
  load(x, record);
  return record;
}

} // namespace

void append(journal& to, const provenance& x) {
  save(to, record_kind::provenance, x.configuration_hash, x.configuration_text,
       x.build);
}

void append(journal& to, const cycle_record& x) {
  save(to, record_kind::cycle, x);
}

void append(journal& to, const std::vector<cycle_slot>& x) {
  save(to, record_kind::owed, x);
}

void append(journal& to, const outcome_batch& x) {
  save(to, record_kind::outcomes, x);
}

void append(journal& to, const bar_batch& x) {
  save(to, record_kind::bars, x);
}

void append(journal& to, const headline_batch& x) {
  save(to, record_kind::headlines, x);
}

void append(journal& to, const clock_mark& x) {
  save(to, record_kind::clock, x);
}

void append(journal& to, const supervision_report& x) {
  save(to, record_kind::supervision, x);
}

void append(journal& to, const quarantine_batch& x) {
  save(to, record_kind::quarantine, x);
}

void append(journal& to, const bar_repair_batch& x) {
  save(to, record_kind::repairs, x);
}

void append(journal& to, const bar_revision_batch& x) {
  save(to, record_kind::revisions, x);
}

void append(journal& to, const corporate_action_batch& x) {
  save(to, record_kind::actions, x);
}

void append(journal& to, const listing_change_batch& x) {
  save(to, record_kind::listings, x);
}

journal_record decode(const journal_entry& x) {
  switch (static_cast<record_kind>(x.kind)) {
    case record_kind::provenance: {
      provenance record;
      load(x, record.configuration_hash, record.configuration_text,
           record.build);
      return record;
    }
    case record_kind::cycle:
      return loaded<cycle_record>(x);
    case record_kind::owed:
      return loaded<std::vector<cycle_slot>>(x);
    case record_kind::outcomes:
      return loaded<outcome_batch>(x);
    case record_kind::bars:
      return loaded<bar_batch>(x);
    case record_kind::headlines:
      return loaded<headline_batch>(x);
    case record_kind::clock:
      return loaded<clock_mark>(x);
    case record_kind::supervision:
      return loaded<supervision_report>(x);
    case record_kind::quarantine:
      return loaded<quarantine_batch>(x);
    case record_kind::repairs:
      return loaded<bar_repair_batch>(x);
    case record_kind::revisions:
      return loaded<bar_revision_batch>(x);
    case record_kind::actions:
      return loaded<corporate_action_batch>(x);
    case record_kind::listings:
      return loaded<listing_change_batch>(x);
  }
  refuse(x);
}

void write(const journal_entry& x, ledger& into) {
  std::visit(
    [&]<class Record>(const Record& record) {
      if constexpr (std::is_same_v<Record, provenance>)
        into.set_provenance(record);
      else
        into.write(record);
    },
    decode(x));
}

std::string describe(const journal_entry& x) {
  return std::visit(
    []<class Record>(const Record& record) {
      if constexpr (std::is_same_v<Record, provenance>)
        return "provenance " + record.configuration_hash;
      else
        return caf::deep_to_string(record);
    },
    decode(x));
}

// -- moving into the database -------------------------------------------------------

bool journal_drain::step(const journal& from, storage::database& db,
                         ledger& into) {
  auto at = at_;
  std::uint64_t moved = 0;
  try {
    moved = move(from, at, db, into, false);
  } catch (const storage_error& error) {
    if (error.kind() != failure::constraint)
      throw;
    at = at_;
    moved = move(from, at, db, into, true);
  }
  at_ = at;
  replayed_ += moved;
  return at_.sequence < from.records();
}

std::uint64_t journal_drain::move(const journal& from, journal::position& at,
                                  storage::database& db, ledger& into,
                                  bool one_by_one) {
  storage::transaction all{db};
  std::uint64_t moved = 0;
  for (std::uint64_t bytes = 0; moved < step_records && bytes < step_bytes;
       ++moved) {
    auto entry = from.next(at);
    if (!entry)
      break;
    bytes += entry->payload.size();
    if (one_by_one)
      move_alone(from, *entry, db, into);
    else
      write(*entry, into);
  }
  all.commit();
  return moved;
}

void journal_drain::move_alone(const journal& from, const journal_entry& x,
                               storage::database& db, ledger& into) {
  storage::savepoint part{db};
  try {
    write(x, into);
    part.release();
    return;
  } catch (const storage_error& error) {
    if (error.kind() != failure::constraint)
      throw;
    part.roll_back();
    into.write_quarantine("journal", from.file().filename().string(),
                          static_cast<std::int64_t>(x.sequence), "",
                          error.what(), describe(x), timestamp{});
    ++refused_;
  }
}

std::uint64_t take_over_journal(storage::database& db, ledger& into) {
  journal left{journal_file(db.file())};
  if (!left.recover())
    return 0;
  journal_drain drain;
  while (drain.step(left, db, into))
    ; // each step is bounded, and nobody adds to this journal
  left.remove();
  return drain.replayed();
}

} // namespace banksia::store

#include "actors/store/journal_records.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/deep_to_string.hpp>

#include <array>

namespace banksia::store {

using storage::failure;
using storage::storage_error;

namespace {

[[noreturn]] void refuse(const journal_entry& x) {
  throw storage_error(failure::misuse,
                      "record " + std::to_string(x.sequence)
                        + " of the journal is of a kind or version that this "
                          "build does not know: use the newer build");
}

template <std::size_t I>
journal_record loaded(const journal_entry& x) {
  std::variant_alternative_t<I, journal_record> record;
  caf::binary_deserializer source{nullptr, x.payload.data(),
                                  x.payload.size()};
  if (source(record) || source.remaining() > 0)
    refuse(x);
  return record;
}

/// Reads a record by its kind.
constexpr auto readers = []<std::size_t... I>(std::index_sequence<I...>) {
  return std::array{&loaded<I>...};
}(std::make_index_sequence<std::variant_size_v<journal_record>>{});

} // namespace

journal_record decode(const journal_entry& x) {
  if (x.kind == 0 || x.kind > readers.size())
    refuse(x);
  return readers[x.kind - 1](x);
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

#pragma once

/// What the writer keeps while the database is away: an append-only file beside
/// it. No file in normal operation.
///
/// The file: a header (magic, version, checksum), then frames (length of the
/// payload, checksum, sequence from 1, kind, payload), all little-endian. A
/// frame counts when it is whole, its checksum is right and its sequence is the
/// next one; the file ends before the first that does not count.

#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace banksia::store {

/// One record as it lies in the journal.
struct journal_entry {
  std::uint64_t sequence = 0; ///< 1 for the oldest
  std::uint16_t kind = 0;     ///< what the payload is; see `record_kind`
  std::vector<char> payload;
};

/// `data/x.db` → `data/x.db.journal`.
std::filesystem::path journal_file(const std::filesystem::path& database);

/// How much lies in a journal.
struct journal_extent {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0; ///< of the file, with header and frames
};

/// Looks at somebody else's journal, without its checksums; zeros when there is
/// none.
journal_extent measure_journal(const std::filesystem::path& file);

/// An append-only file with group commit. One thread; one journal a file.
class journal {
public:
  static constexpr std::uint32_t version = 1;
  static constexpr std::uint64_t bytes_max_default = 256 << 20;

  /// Touches nothing.
  explicit journal(std::filesystem::path file,
                   std::uint64_t bytes_max = bytes_max_default);
  ~journal();
  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;

  /// Takes over what an earlier process left. A torn or damaged tail is cut off
  /// at the last record that counts, and kept in `<file>.cut`.
  /// @returns whether there are records
  /// @throws storage_error misuse: of a newer build; corrupt: no journal
  bool recover();

  /// Looks at a journal that another object writes: only `next` may follow, and
  /// finds what was there at this time.
  /// @returns whether there are records
  /// @throws storage_error as `recover`
  bool look();

  /// Looks once more. Where the file goes on that the last look saw, only what
  /// was added since is read, and positions in it stay good; else as `look`.
  /// @returns whether positions stay good
  /// @throws storage_error as `recover`
  bool look_again();

  /// Whether the file that was opened is the one behind the name, and holds
  /// what it held.
  bool goes_on() const;

  // -- writing ------------------------------------------------------------------

  /// Adds a record to the open group.
  /// @throws storage_error full: the file would exceed its bound
  void append(std::uint16_t kind, std::span<const char> payload);

  /// Makes the open group durable. A failure leaves the file as it was before
  /// the group, and the group is gone: nothing of it was promised to anybody.
  /// @throws storage_error
  void sync();

  /// Forgets the open group.
  void discard() noexcept;

  /// Removes the file; the records are gone.
  /// @throws storage_error
  void remove();

  // -- reading ------------------------------------------------------------------

  /// Where a reader stands: before the record after `sequence`.
  struct position {
    std::uint64_t sequence = 0;
    std::uint64_t offset = 0; ///< 0: before the first
  };

  /// The next durable record; nothing behind the last.
  /// @throws storage_error corrupt: what was written does not come back
  std::optional<journal_entry> next(position& at) const;

  // -- properties -----------------------------------------------------------------

  /// Durable records.
  std::uint64_t records() const noexcept { return records_; }

  /// Of the file, as far as it is durable.
  std::uint64_t bytes() const noexcept { return bytes_; }

  /// Bytes that `recover` has cut off.
  std::uint64_t cut_bytes() const noexcept { return cut_bytes_; }

  /// A bound from now on; what is there already stays.
  void bytes_max(std::uint64_t x) noexcept { bytes_max_ = x; }

  const std::filesystem::path& file() const noexcept { return file_; }

private:
  bool open(int flags);
  void scan(std::uint64_t size); ///< counts what counts, behind what did
  void create();
  void abandon() noexcept; ///< of a file without records
  void close() noexcept;
  void keep_tail(std::uint64_t from, std::uint64_t size) const noexcept;
  void cut(std::uint64_t size);

  std::filesystem::path file_;
  std::uint64_t bytes_max_;
  int handle_ = -1;
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t last_ = 0; ///< where the newest record lies that was scanned
  std::uint32_t last_checksum_ = 0;
  std::uint64_t cut_bytes_ = 0;
  std::vector<char> group_;          ///< frames that are not durable
  std::uint64_t group_records_ = 0;
};

} // namespace banksia::store

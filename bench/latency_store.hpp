#pragma once

/// A database as a node has it after years: cycles, predictions with what came
/// of them, bars and headlines. Written through our own ledger, so that sums
/// and indexes are those of a node. Deterministic.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace banksia::bench {

struct stored_years {
  std::uint64_t predictions = 10'000'000; ///< at least so many; whole cycles
  std::uint32_t symbols = 7;              ///< of a cycle; the first are ours
  std::uint32_t interval_minutes = 1;     ///< between cycles
};

/// The symbols of a store of that width: those that a node follows unless told
/// otherwise, then made-up ones.
std::vector<std::string> symbols_of(const stored_years& what);

/// What was written. Times are microseconds since 1970 UTC.
struct written_rows {
  std::uint64_t cycles = 0;
  std::uint64_t predictions = 0;
  std::uint64_t abstentions = 0; ///< among the predictions
  std::uint64_t outcomes = 0;
  std::uint64_t bars = 0;
  std::uint64_t headlines = 0;
  std::int64_t first_slot = 0;
  std::int64_t last_slot = 0;
};

/// Writes them to a new file. The run `live` stands at the end of the last
/// session with cycles; bars go on for some sessions, for a node that goes on.
/// @param told the predictions written so far, now and then
/// @throws storage::storage_error
written_rows write_years(const std::filesystem::path& file,
                         const stored_years& what,
                         const std::function<void(std::uint64_t)>& told = {});

} // namespace banksia::bench

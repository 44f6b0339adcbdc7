#pragma once

/// The rows that both sides of the store benchmark write.

#include "actors/store/ledger.hpp"
#include "messages/protocol.hpp"

#include <filesystem>
#include <vector>

namespace banksia::bench {

/// Symbols of a cycle, hence predictions.
inline constexpr std::size_t symbols_of_a_cycle = 7;

/// Evaluations that each prediction owes.
inline constexpr std::size_t horizons_of_a_prediction = 3;

/// Cycles half an hour apart, each with its predictions and obligations, every
/// field filled. Deterministic.
std::vector<cycle_record> make_cycles(std::size_t count);

/// What both sides say their predictions were made with.
store::provenance made_with();

/// Writes `cycles` with prepared statements alone, `cycles_per_commit` in one
/// transaction, with the writer's schema and settings. Texts and blobs are
/// made before the clock starts: nothing is timed but SQLite.
/// @returns seconds
double write_bare(const std::filesystem::path& file,
                  const std::vector<cycle_record>& cycles,
                  std::size_t cycles_per_commit);

} // namespace banksia::bench

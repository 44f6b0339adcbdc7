#pragma once

/// The series of bars that a prediction is made from, as the store has them.

#include "actors/run_plan.hpp"
#include "actors/store/queries.hpp"

#include <string>
#include <vector>

namespace banksia {

/// Whether it is a run of now, not a replay.
bool is_live(const run_plan& plan);

/// The kinds of bars that the run is made of.
std::vector<bar_interval> intervals_of(const run_plan& plan);

/// Bars of all those kinds that opened at `from` or later and are known by
/// `until`, in the order in which they are applied.
std::vector<bar> read_bars(store::queries& ask, const run_plan& plan,
                           const std::string& symbol, timestamp from,
                           timestamp until);

/// Their revisions known by then.
std::vector<bar_revision> read_revisions(store::queries& ask,
                                         const run_plan& plan,
                                         const std::string& symbol,
                                         timestamp until);

/// The index's series, as far as a market context needs it.
struct index_series {
  std::vector<bar> bars;
  std::vector<bar_revision> revisions;
};

/// What makes the same market context as of the slot as the whole series does,
/// but for its lineage, which is over all bars: the last months, or all where
/// those do not make one. Nothing without an index.
index_series read_recent_index(store::queries& ask, const run_plan& plan,
                               timestamp slot);

} // namespace banksia

#pragma once

/// Reads what an analysis is made of. Plain and synchronous, without actors.

#include "actors/analyst/analysis.hpp"
#include "actors/run_plan.hpp"
#include "runtime/storage/sqlite.hpp"

#include <stdexcept>

namespace banksia::analysis {

/// Why an analysis as of that time makes no sense.
class no_session : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// @throws no_session when the calendar knows none that ended before `t`
const session& last_session_before(const exchange_calendar& calendar,
                                   timestamp t);

/// What is known before the first session that opens after `as_of`. Symbols are
/// those that are followed as of then, halted ones included.
/// @param plan its symbols are the configured ones
/// @throws no_session, storage::storage_error
morning_inputs read_morning(storage::database& db, const shared_plan& plan,
                            timestamp as_of);

/// What became of the last session that ended by `as_of`.
/// @throws no_session, storage::storage_error
evening_inputs read_evening(storage::database& db, const shared_plan& plan,
                            timestamp as_of);

} // namespace banksia::analysis

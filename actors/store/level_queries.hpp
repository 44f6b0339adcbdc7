#pragma once

/// What the service levels are made of, as sums that the ledger keeps. Each query
/// is a range of a primary key: its cost depends on the window, not on how much
/// the store holds.

#include "messages/domain.hpp"
#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::store {

/// Outcomes evaluated in an hour of market time.
struct outcome_hour {
  timestamp hour;
  std::int64_t horizon_minutes = 0;
  std::int64_t evaluated = 0;
  std::int64_t late = 0; ///< by more than an hour
  micros lag_max{0};     ///< from due to stored
  std::int64_t samples = 0;
  std::int64_t success = 0;
  std::int64_t buy_right = 0; ///< how often always BUY would have been right
  std::int64_t sell_right = 0;
  std::int64_t hold_right = 0;
};

/// Bars that feeds delivered in an hour.
struct data_hour {
  timestamp hour;
  std::int64_t points = 0;
  std::int64_t repaired = 0;
  std::int64_t refused = 0;
};

/// What a service did in an hour of the wall clock.
struct service_hour {
  std::string service;
  timestamp hour;
  timestamp began; ///< of the first span in it
  double ready_seconds = 0.0;
  std::int64_t requests = 0;
  double request_seconds = 0.0;
  std::int64_t slow_requests = 0;
  std::int64_t resident_bytes_max = 0;
  std::int64_t queries = 0;
  double query_seconds = 0.0;
  std::int64_t slow_queries = 0;
};

/// CPU use in one span.
struct service_span {
  timestamp time; ///< its end
  double seconds = 0.0;
  double cpu_seconds = 0.0;
  double cpu_capacity = 0.0;
};

struct cycle_end {
  timestamp slot;
  std::string status;
};

// All ascending by time; from `from` on. @throws storage::storage_error

std::vector<outcome_hour> outcome_hours(storage::database& db,
                                        std::string_view run, timestamp from);

/// The newest hour in which something of a run was evaluated.
std::optional<timestamp> newest_outcome_hour(storage::database& db,
                                             std::string_view run);
std::vector<data_hour> data_hours(storage::database& db, timestamp from,
                                  timestamp until);
std::vector<service_hour> service_hours(storage::database& db,
                                        std::string_view service,
                                        timestamp from);
std::vector<service_span> service_spans(storage::database& db,
                                        std::string_view service,
                                        timestamp from);
std::vector<cycle_end> cycle_ends(storage::database& db, std::string_view run,
                                  timestamp from);

/// When the evaluation that a run has owed the longest became due. Reads what is
/// open and nothing else.
std::optional<timestamp> oldest_due(storage::database& db,
                                    std::string_view run);

/// Those that have ever been sampled.
std::vector<std::string> sampled_services(storage::database& db);

/// End of the newest span of a service.
std::optional<timestamp> newest_sample(storage::database& db,
                                       std::string_view service);

} // namespace banksia::store

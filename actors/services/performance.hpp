#pragma once

/// The honest performance report over what the store holds.

#include "actors/store/queries.hpp"
#include "models/market/calendar.hpp"
#include "models/scoring/report.hpp"

#include <cstdint>
#include <string_view>

namespace banksia {

inline constexpr std::int64_t report_days_absent = 30;
inline constexpr std::int64_t report_days_max = 36'500;

/// The report of a run's last `days` days, counted back from its newest outcome
/// at the primary horizon; `symbol` empty: of all.
/// @throws storage::storage_error
performance_report report_of(storage::database& db, std::string_view run,
                             std::int64_t days, std::string_view symbol,
                             const bootstrap_options& options = {});

} // namespace banksia

#pragma once

/// The performance report as JSON, with the field names that scripts read.

#include "models/scoring/report.hpp"

#include <boost/json/value.hpp>

namespace banksia {

/// `samples, success_rate, always_hold_rate, best_constant, best_constant_rate,
/// difference, difference_interval[2], skill_shown, days, days_needed,
/// coverage, by_action{BUY, SELL, HOLD}`, the intervals of the rates as
/// `…_interval[2]`, `by_open_minutes[]`, `directional`, `leak_suspected`,
/// `excluded`, `predictions`, `abstentions`, `success_disagreements`. What is
/// not known (a rate without samples, an interval of too few days) is null;
/// an interval is always an array of two. `message` says in words what the
/// headline is.
boost::json::value to_json(const performance_report& report);

} // namespace banksia

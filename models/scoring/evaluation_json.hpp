#pragma once

/// The evaluation as JSON.

#include "models/scoring/evaluation_report.hpp"
#include "models/scoring/promotion.hpp"

#include <boost/json/value.hpp>

namespace banksia {

/// `samples, days, first_day, last_day, base_rates{down, flat, up}, trials,
/// forecasts[], baselines[]`; each forecast has `name, skill_shown, verdict`,
/// `actions{}` and `probabilities{}` (null where it has none) and `account{}`.
/// What is not known is null; an interval is always an array of two.
boost::json::value to_json(const evaluation_report& report);

/// `promote, reasons[], text`.
boost::json::value to_json(const promotion_verdict& verdict);

} // namespace banksia

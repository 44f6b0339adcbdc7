#pragma once

/// A decision in words and numbers, for people.

#include "messages/domain.hpp"
#include "models/decision/policy.hpp"
#include "models/decision/rule_parameters.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace banksia {

/// Which side a factor counts for.
enum class factor_side : std::uint8_t { both = 0, buy = 1, sell = 2 };

/// "both", "buy", "sell".
std::string_view to_string(factor_side x) noexcept;

/// One thing that a decision took into account. Values are as that side sees
/// them: for SELL rsi, macd_hist and sentiment are mirrored.
struct factor {
  std::string name; ///< "technical", "gate.sentiment", …
  factor_side side = factor_side::both;
  double value = 0.0;        ///< what was seen or scored
  double weight = 0.0;       ///< by what it counted; 0: not at all
  double contribution = 0.0; ///< what it added, or by what it multiplied
  bool present = true;       ///< false: missing, its value means nothing
  std::string text;          ///< one line for a person

  friend bool operator==(const factor&, const factor&) = default;
};

/// Every factor of a decision, first the market's, then those of BUY, then those
/// of SELL:
/// - `market.trend`, `market.volatility`, `market.stress`
/// - `points.base`, `points.sma`, `points.rsi`: contributions are points of T
/// - `technical`, `news`, `volume`, `risk`: value is the score, weight as
///   applied, contribution = weight × score
/// - `confidence.base`, `confidence.trend`, `confidence.stress`: added, then
///   multiplied; `confidence`: the result, its weight the threshold
/// - `gate.…`: value what was seen, weight what it had to exceed, contribution
///   1 where it holds, else 0; `strong`: 1 or 0
std::vector<factor> explain(const decision_trace& trace,
                            const market_context& context,
                            const rule_parameters& p);

/// Every factor of a decision by forecast, with the numbers it was decided by:
/// - `market.trend`, `market.volatility`, `market.stress`
/// - `forecast.down`, `forecast.flat`, `forecast.up`: probabilities; `magnitude`,
///   `outlying`
/// - `expected_return`; for each side `gain`: value × weight less the cost, with
///   the context's multiplier as weight; `cost`
/// - for each side `confidence`, its weight the threshold, contribution 1 where
///   it is reached; `hold.confidence`
std::vector<factor> explain(const class_forecast& said,
                            const market_context& context,
                            const policy_parameters& policy,
                            const rule_parameters& p);

/// The factors of a stored decision, by whom it was made; none of an abstention
/// of the rules.
std::vector<factor> explain(const prediction& x, const policy_parameters& policy,
                            const rule_parameters& p);

} // namespace banksia

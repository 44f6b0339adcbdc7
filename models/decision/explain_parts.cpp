#include "models/decision/explain_parts.hpp"

#include <cstdio>

namespace banksia::explain_parts {

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4g", x);
  return text;
}

void add_market(std::vector<factor>& to, const market_context& context) {
  auto present = !context.flagged;
  auto change = context.trend_return.value();
  auto volatility = context.volatility.value();
  auto stress = context.stress.value();
  std::string trend{to_string(context.trend)};
  to.push_back({"market.trend", factor_side::both, change, 0.0, 0.0, present,
                present ? "index return over 5 sessions " + number(change)
                            + ": " + trend
                        : "no usable index data: " + trend + " assumed"});
  to.push_back({"market.volatility", factor_side::both, volatility, 0.0, 0.0,
                present,
                present ? "index volatility a year " + number(volatility)
                        : std::string{"no usable index data"}});
  to.push_back({"market.stress", factor_side::both, stress, 1.0, stress,
                present, "confidence × " + number(stress)});
}

} // namespace banksia::explain_parts

#pragma once

/// What all explanations share.

#include "models/decision/explain.hpp"

#include <string>
#include <vector>

namespace banksia::explain_parts {

/// A number as a person reads it; the exact one is in the factor.
std::string number(double x);

/// Appends the factors `market.…`.
void add_market(std::vector<factor>& to, const market_context& context);

} // namespace banksia::explain_parts

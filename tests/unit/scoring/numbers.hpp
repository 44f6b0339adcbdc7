#pragma once

/// What the tests of the statistics share.

#include "models/scoring/random.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace banksia::scoring_test {

inline bool near(double a, double b, double tolerance) {
  return std::abs(a - b) <= tolerance;
}

/// Uniform in [0, 1).
inline double uniform(splitmix64& random) {
  return static_cast<double>(random.next() >> 11) * 0x1p-53;
}

/// Standard normal (Box and Muller).
inline double normal(splitmix64& random) {
  auto radius = std::sqrt(-2.0 * std::log(1.0 - uniform(random)));
  return radius * std::cos(2.0 * std::numbers::pi * uniform(random));
}

/// What `call` throws as std::invalid_argument; empty when it does not.
template <class Call>
std::string refusal_of(Call call) {
  try {
    call();
  } catch (const std::invalid_argument& x) {
    return x.what();
  }
  return "";
}

} // namespace banksia::scoring_test

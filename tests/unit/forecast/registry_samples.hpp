#pragma once

#include "models/forecast/registry_state.hpp"

#include <chrono>
#include <string>

namespace banksia::test {

/// `day` days after 2025.
inline timestamp day(int n) {
  using namespace std::chrono;
  return sys_days{year{2025} / 1 / 1} + days{n};
}

inline forecast::change_order order(int n, std::string reason = "because") {
  return {day(n), "tester", std::move(reason)};
}

inline forecast::registry_entry entry(std::string version) {
  forecast::registry_entry x;
  x.version = std::move(version);
  x.sha256 = std::string(64, 'a');
  x.bytes = 1000;
  x.trials = 3;
  x.metrics["log_loss"] = {1.05, interval95{1.0, 1.1}};
  return x;
}

/// The status of a model as text; "" when there is none.
inline std::string status(const forecast::registry_state& x,
                          std::string_view version) {
  const auto* found = x.find(version);
  return found == nullptr ? "" : std::string{to_string(found->status())};
}

/// A model that was made champion on day `n`.
inline void crown(forecast::registry_state& x, const std::string& version,
                  int n) {
  x.add(entry(version), order(n));
  x.shadow(version, order(n));
  x.promote(version, order(n));
}

} // namespace banksia::test

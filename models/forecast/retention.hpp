#pragma once

/// Which models are kept.

#include "models/forecast/registry_state.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace banksia::forecast {

struct retention_rules {
  std::size_t deprecated_kept = 5; ///< former champions, the latest
  std::size_t shadows_kept = 3;    ///< the newest
  std::size_t candidates_kept = 3; ///< the newest
  std::chrono::days archived_for{90}; ///< before an archived model is deleted
};

/// One model that goes.
struct retention_step {
  std::string version;
  std::string reason;

  friend bool operator==(const retention_step&, const retention_step&) = default;
};

struct retention_plan {
  std::vector<retention_step> archive; ///< status changes; the file stays
  std::vector<retention_step> remove;  ///< file and entry go

  friend bool operator==(const retention_plan&, const retention_plan&) = default;
};

/// What the rules say at `now`. Never the champion, nor whom a rollback would
/// restore.
retention_plan plan_retention(const registry_state& x,
                              const retention_rules& rules, timestamp now);

} // namespace banksia::forecast

#include "runtime/process/restart_policy.hpp"

#include <algorithm>

namespace banksia::process {

using kind = restart_decision::kind;

restart_decision
restart_policy::ended(const std::optional<process_exit>& exit,
                      time_point started, time_point now) {
  const auto& final = limits_.final_codes;
  if (exit && exit->code >= 0
      && std::find(final.begin(), final.end(), exit->code) != final.end())
    return {kind::pass_on, {}};
  if (exit && now - started >= limits_.backoff.reset_after)
    failures_ = 0;
  if (!restarts_.spend(now, limits_.intensity, limits_.period))
    return {kind::give_up, {}};
  return {kind::start_again, next_delay()};
}

std::chrono::milliseconds restart_policy::next_delay() {
  auto longest = longest_pause(limits_.backoff, failures_++);
  return std::chrono::milliseconds{static_cast<std::int64_t>(
    random_() * static_cast<double>(longest.count()))};
}

} // namespace banksia::process

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
  if (exit && now - started >= limits_.healthy_after)
    failures_ = 0;
  while (!restarts_.empty() && now - restarts_.front() > limits_.period)
    restarts_.pop_front();
  if (restarts_.size() >= limits_.intensity)
    return {kind::give_up, {}};
  restarts_.push_back(now);
  return {kind::start_again, next_delay()};
}

std::chrono::milliseconds restart_policy::next_delay() {
  if (failures_++ == 0)
    return {};
  // 2^20 times any base is beyond any cap.
  auto doublings = std::min<std::uint32_t>(failures_ - 2, 20);
  auto ceiling = std::min<double>(static_cast<double>(limits_.cap.count()),
                                  static_cast<double>(limits_.base.count())
                                    * static_cast<double>(1u << doublings));
  return std::chrono::milliseconds{
    static_cast<std::int64_t>(random_() * ceiling)};
}

} // namespace banksia::process

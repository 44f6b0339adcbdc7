#include "actors/services/health_board.hpp"

#include "messages/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace banksia {

health_state overall(std::span<const component_health> components) noexcept {
  auto is = [&](health_state state) {
    return [state](const component_health& x) { return x.state == state; };
  };
  if (std::all_of(components.begin(), components.end(),
                  is(health_state::unhealthy)))
    return health_state::unhealthy;
  if (std::all_of(components.begin(), components.end(),
                  is(health_state::healthy)))
    return health_state::healthy;
  return health_state::degraded;
}

boost::json::object health_json(std::span<const component_health> components) {
  boost::json::array list;
  for (const auto& x : components)
    list.push_back(to_json(x));
  return {{"status", to_string(overall(components))},
          {"components", std::move(list)}};
}

void health_board::set(std::vector<component_health> components,
                       std::uint64_t now_ns) {
  std::lock_guard guard{mutex_};
  for (const auto& x : components) {
    auto before = std::find_if(
      components_.begin(), components_.end(),
      [&](const auto& y) { return y.component == x.component; });
    if (before == components_.end() || before->state == x.state)
      continue;
    history_.push_front({x.component, before->state, x.state, x.reason,
                         now_ns});
    if (history_.size() > history_max)
      history_.pop_back();
  }
  components_ = std::move(components);
  set_at_ns_ = now_ns;
}

std::vector<health_change> health_board::history() const {
  std::lock_guard guard{mutex_};
  return {history_.begin(), history_.end()};
}

std::optional<double> health_board::age_seconds(std::uint64_t now_ns) const {
  std::lock_guard guard{mutex_};
  if (components_.empty())
    return std::nullopt;
  return now_ns > set_at_ns_
           ? static_cast<double>(now_ns - set_at_ns_) / 1e9
           : 0.0;
}

std::vector<component_health>
health_board::components(std::uint64_t now_ns) const {
  std::lock_guard guard{mutex_};
  auto result = components_;
  if (now_ns > set_at_ns_ && now_ns - set_at_ns_ > fresh_ns)
    for (auto& x : result) {
      x.state = health_state::unhealthy;
      x.reason = "the health monitor is silent";
    }
  return result;
}

component_health health_board::component(std::string_view name,
                                         std::uint64_t now_ns) const {
  for (auto& x : components(now_ns))
    if (x.component == name)
      return std::move(x);
  component_health unknown;
  unknown.component = name;
  unknown.state = health_state::unhealthy;
  unknown.reason = "not heard of yet";
  return unknown;
}

} // namespace banksia

#pragma once

/// The health monitor beside parts that a test makes up. Include after
/// CAF_SUITE.

#include "actors/services/health.hpp"
#include "tests/unit/actors/peers.hpp"

#include <algorithm>
#include <string>

namespace banksia::actors_test {

struct monitored : actors_fixture {
  shared_context context = std::make_shared<service_context>();

  /// From now on the part behind `path` says this of the component.
  void says(const std::string& path, const std::string& component,
            health_state state = health_state::healthy,
            const std::string& reason = {}) {
    component_health x;
    x.component = component;
    x.state = state;
    x.reason = reason;
    stand_in(path)->reply = always<wire::health_atom>(x);
  }

  /// What a monitor that starts now says of the component.
  component_health told_of(const std::string& component) {
    context->setup.names = &names;
    context->setup.probes = std::make_shared<probe_board>();
    context->setup.plan = intraday_plan();
    auto monitor = publish("health", sys.spawn(health_monitor,
                                               std::make_shared<probe>("health"),
                                               context));
    sched.run();
    auto all
      = ask<std::vector<component_health>>(monitor, wire::health_atom_v);
    CAF_REQUIRE(all->has_value());
    auto at = std::find_if(
      (*all)->begin(), (*all)->end(),
      [&](const auto& x) { return x.component == component; });
    CAF_REQUIRE(at != (*all)->end());
    return *at;
  }
};

} // namespace banksia::actors_test

#include "actors/services/health_relay.hpp"

#include "actors/services/bridge.hpp"
#include "runtime/supervision/watchdog.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

constexpr std::chrono::milliseconds round_pause{1000};
/// While something is out of order: who waits for it shall not wait for us.
constexpr std::chrono::milliseconds trouble_pause{100};
constexpr std::chrono::seconds answer_limit{2};

component_health component_of(std::string_view name, std::string trouble) {
  component_health x;
  x.component = name;
  if (!trouble.empty())
    x.state = health_state::unhealthy;
  x.reason = std::move(trouble);
  return x;
}

void show(health_relay_self* self) {
  auto& state = self->state;
  state.told = state.all();
  state.context->health.set(state.told, monotonic_ns());
}

void ask_core(health_relay_self* self) {
  auto& state = self->state;
  const auto& setup = state.context->setup;
  auto slot = setup.names->slot(std::string{core_health_name});
  auto target = caf::actor_cast<health_actor>(slot->current());
  if (!target || setup.core->trouble() || std::exchange(state.asking, true))
    return;
  self->request(target, answer_limit, wire::health_atom_v)
    .then(
      [self](std::vector<component_health>& x) {
        self->state.asking = false;
        self->state.heard = std::move(x);
        show(self);
      },
      [self](caf::error&) {
        // Its heart is looked after by the link: that may still beat.
        auto& state = self->state;
        state.asking = false;
        for (auto& x : state.heard) {
          x.state = health_state::unhealthy;
          x.reason = "no answer from the core's health";
        }
        show(self);
      });
}

/// The service's own bridge, which reads the database here.
void ask_own(health_relay_self* self) {
  auto& state = self->state;
  const auto& setup = state.context->setup;
  std::string path{common_bridge(setup)};
  auto target = caf::actor_cast<bridge_actor>(setup.names->slot(path)
                                                ->current());
  auto name = own_component(setup);
  if (!target) {
    state.own = component_of(name, path + " is not running");
    return;
  }
  if (std::exchange(state.asking_own, true))
    return;
  self->request(target, answer_limit, wire::health_atom_v)
    .then(
      [self, name](component_health& x) {
        self->state.asking_own = false;
        x.component = name;
        self->state.own = std::move(x);
        show(self);
      },
      [self, name, path](caf::error&) {
        self->state.asking_own = false;
        self->state.own = component_of(name, "no answer from " + path);
        show(self);
      });
}

} // namespace

std::vector<component_health> health_relay_state::all() const {
  auto result = heard;
  auto trouble = context->setup.core->trouble();
  if (trouble)
    for (auto& x : result) {
      x.state = health_state::unhealthy;
      x.reason = "unknown: " + *trouble;
    }
  auto put = [&](component_health x) {
    std::erase_if(result, [&](const component_health& y) {
      return y.component == x.component;
    });
    result.push_back(std::move(x));
  };
  put(component_of(core_component, trouble.value_or("")));
  if (own)
    put(*own);
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
    return a.component < b.component;
  });
  return result;
}

health_actor::behavior_type health_relay(health_relay_self* self,
                                         std::shared_ptr<probe> watched,
                                         shared_context context) {
  prepare(self, std::move(watched));
  self->state.context = std::move(context);
  self->send(self, wire::next_atom_v);
  return {
    [self](wire::health_atom) { return self->state.told; },
    [self](wire::next_atom) {
      ask_core(self);
      ask_own(self);
      show(self);
      auto trouble = overall(self->state.told) != health_state::healthy;
      self->delayed_send(self, trouble ? trouble_pause : round_pause,
                         wire::next_atom_v);
    },
  };
}

} // namespace banksia

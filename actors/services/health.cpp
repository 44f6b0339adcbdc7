#include "actors/services/health.hpp"

#include "actors/listings/keeper.hpp"
#include "actors/services/bridge.hpp"
#include "messages/json.hpp"
#include "runtime/json/text.hpp"
#include "runtime/supervision/watchdog.hpp"

#include <algorithm>

namespace banksia {

namespace {

constexpr std::chrono::milliseconds round_pause{1000};
/// While something is out of order, say at the start, it is looked after more
/// often: who waits for it shall not wait for us.
constexpr std::chrono::milliseconds trouble_pause{100};
constexpr std::chrono::seconds answer_limit{2};
constexpr std::chrono::milliseconds heartbeat_pause{100};

bool is_same(const std::vector<component_health>& a,
             const std::vector<component_health>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

void publish_changes(health_self* self) {
  auto& state = self->state;
  auto slot = state.context->setup.names->slot("event_bus");
  auto bus = caf::actor_cast<event_bus_actor>(slot->current());
  for (const auto& x : state.heard) {
    auto before = std::find_if(
      state.published.begin(), state.published.end(),
      [&](const auto& y) { return y.component == x.component; });
    if (!bus || (before != state.published.end() && *before == x))
      continue;
    event told;
    told.kind = "health";
    told.subject = x.component;
    told.payload = json_text(to_json(x));
    self->send(bus, std::move(told));
  }
}

void end_round(health_self* self) {
  auto& state = self->state;
  std::sort(state.heard.begin(), state.heard.end(),
            [](const auto& a, const auto& b) {
              return a.component < b.component;
            });
  state.context->health.set(state.heard, monotonic_ns());
  if (!is_same(state.heard, state.published))
    publish_changes(self);
  state.published = std::move(state.heard);
  auto trouble = overall(state.published) != health_state::healthy;
  self->delayed_send(self, trouble ? trouble_pause : round_pause,
                     wire::next_atom_v);
}

void answered(health_self* self, component_health x) {
  self->state.hear(std::move(x));
  if (--self->state.awaited == 0)
    end_round(self);
}

component_health unhealthy(std::string component, std::string reason) {
  component_health x;
  x.component = std::move(component);
  x.state = health_state::unhealthy;
  x.reason = std::move(reason);
  return x;
}

/// Asks the actor behind a name; its silence is an answer too.
template <class Interface>
void ask(health_self* self, const std::string& path,
         const std::string& component) {
  auto slot = self->state.context->setup.names->slot(path);
  auto target = caf::actor_cast<Interface>(slot->current());
  if (!target) {
    self->state.hear(unhealthy(component, path + " is not running"));
    return;
  }
  ++self->state.awaited;
  self->request(target, answer_limit, wire::health_atom_v)
    .then(
      [self, component](component_health& x) {
        // The asker names it: a reader and the writer are one database.
        x.component = component;
        answered(self, std::move(x));
      },
      [self, path, component](caf::error&) {
        answered(self, unhealthy(component, "no answer from " + path));
      });
}

void ask_feeds(health_self* self) {
  auto& setup = self->state.context->setup;
  auto found = false;
  for (const auto& path : setup.feed_paths)
    if (setup.names->slot(path)->generation() > 0) {
      found = true;
      ask<price_feed_actor>(self, path, "feeds");
    }
  if (!found)
    self->state.hear(unhealthy("feeds", "no price feed was started"));
}

/// Models are a part of the engine that predicts: without them it predicts by
/// rules, degraded. The trainer is another component, and may be well then.
void ask_models(health_self* self) {
  const auto& setup = self->state.context->setup;
  if (setup.names->slot("ml/gate")->generation() > 0)
    ask<forecast_gate_actor>(self, "ml/gate", "prediction_engine");
  else if (!setup.models_away.empty())
    self->state.hear({1, "prediction_engine", health_state::degraded,
                      "rules predict: " + setup.models_away});
}

/// It is silent while it is at work, which is no trouble of the database; one
/// that stays at work the watchdog ends.
void ask_maintenance(health_self* self) {
  std::string path{"store/maintenance"};
  auto target = caf::actor_cast<analyst_actor>(
    self->state.context->setup.names->slot(path)->current());
  if (!target) {
    self->state.hear(unhealthy("database", path + " is not running"));
    return;
  }
  ++self->state.awaited;
  self->request(target, answer_limit, wire::health_atom_v)
    .then([self](component_health& x) { answered(self, std::move(x)); },
          [self](caf::error&) {
            answered(self, {1, "database", health_state::degraded,
                            "its daily care is under way"});
          });
}

void begin_round(health_self* self) {
  auto& state = self->state;
  state.heard.clear();
  state.awaited = 1; // this round itself, until all are asked
  ask<cycle_actor>(self, "cycle", "prediction_engine");
  ask<evaluator_actor>(self, "evaluator", "outcome_evaluator");
  ask<scheduler_actor>(self, "scheduler", "scheduler");
  ask<store_writer_actor>(self, "store/writer", "database");
  ask<store_reader_actor>(self, "store/reader/1", "database");
  if (state.context->setup.roles.has(node_role::dashboard))
    ask<bridge_actor>(self, std::string{dashboard_bridge}, "dashboard");
  ask_models(self);
  ask_feeds(self);
  if (state.context->setup.trains)
    ask<trainer_actor>(self, "ml/trainer", "ml_trainer");
  if (state.context->setup.listed)
    ask<listings_actor>(self, "listings", "symbols");
  // Only a node that analyses has one.
  if (state.context->setup.names->slot("analyst")->generation() > 0)
    ask<analyst_actor>(self, "analyst", "analyst");
  if (state.context->setup.names->slot("store/maintenance")->generation() > 0)
    ask_maintenance(self);
  state.hear(state.symbols());
  state.hear_parts();
  state.hear_stuck(monotonic_ns());
  if (--state.awaited == 0)
    end_round(self);
}

} // namespace

void health_state_keeper::hear(component_health x) {
  auto known = std::find_if(heard.begin(), heard.end(), [&](const auto& y) {
    return y.component == x.component;
  });
  if (known == heard.end())
    heard.push_back(std::move(x));
  else if (x.state < known->state)
    *known = std::move(x);
}

component_health health_state_keeper::symbols() const {
  component_health result;
  result.component = "symbols";
  std::size_t away = 0;
  std::string troubled;
  const auto& setup = context->setup;
  std::vector<std::string> followed = setup.plan->symbols;
  if (setup.listed) {
    auto listed = setup.listed->now();
    followed.clear();
    for (auto index : listed->predicted_at(setup.listed->time()))
      followed.push_back(listed->symbols()[index]);
  }
  for (const auto& ticker : followed) {
    auto slot = setup.names->slot("symbol/" + ticker);
    away += slot->current() ? 0 : 1;
    if (slot->in_trouble())
      troubled += (troubled.empty() ? "" : ", ") + ticker;
  }
  if (away > 0) {
    result.state = away == followed.size() ? health_state::unhealthy
                                           : health_state::degraded;
    result.reason = std::to_string(away) + " of "
                    + std::to_string(followed.size())
                    + " symbols are not running";
  } else if (!troubled.empty()) {
    result.state = health_state::degraded;
    result.reason = "failing again and again: " + troubled;
  }
  return result;
}

namespace {

std::string component_of(std::string_view path) {
  if (path == "cycle" || path == "ml/gate" || path == "ml/process")
    return "prediction_engine";
  if (path == "evaluator")
    return "outcome_evaluator";
  if (path == "scheduler" || path == "analyst")
    return std::string{path};
  if (path.starts_with("store"))
    return "database";
  if (path == "ml/trainer")
    return "ml_trainer";
  if (path.starts_with("feed"))
    return "feeds";
  if (path.starts_with("symbol") || path == "listings")
    return "symbols";
  return "dashboard";
}

} // namespace

void health_state_keeper::hear_stuck(std::uint64_t now_ns) {
  for (const auto& x :
       stuck_actors(*context->setup.probes, busy_trouble, now_ns))
    hear(unhealthy(component_of(x.path),
                   x.path + " has been busy with one message for "
                     + std::to_string(x.busy.count() / 1000) + " s"));
}

void health_state_keeper::hear_parts() {
  auto now = context->elapsed();
  auto degraded = [this](std::string component, std::string reason) {
    hear({1, std::move(component), health_state::degraded, std::move(reason)});
  };
  for (auto part : context->parts.all())
    if (auto why = part->trouble(now); !why.empty())
      degraded(part->component(), std::move(why));
  if (auto why = context->gates.trouble(); !why.empty())
    degraded("dashboard", std::move(why));
}

health_actor::behavior_type health_monitor(health_self* self,
                                           std::shared_ptr<probe> watched,
                                           shared_context context) {
  prepare(self, std::move(watched));
  self->state.context = std::move(context);
  self->send(self, wire::next_atom_v);
  return {
    [self](wire::health_atom) { return self->state.published; },
    [self](wire::next_atom) { begin_round(self); },
  };
}

heartbeat_actor::behavior_type heartbeat(heartbeat_self* self,
                                         std::shared_ptr<probe> watched,
                                         shared_context context) {
  prepare(self, std::move(watched));
  self->send(self, wire::next_atom_v);
  return {
    [self, context](wire::next_atom) {
      context->heartbeat_ns.store(monotonic_ns());
      self->delayed_send(self, heartbeat_pause, wire::next_atom_v);
    },
  };
}

} // namespace banksia

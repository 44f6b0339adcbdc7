#include "cluster/core_gate.hpp"

#include "actors/services/health_relay.hpp"
#include "runtime/logging/log.hpp"

#include <algorithm>
#include <array>

namespace banksia {

namespace {

constexpr std::array<std::string_view, 9> shared_names{
  "evaluator",      "event_bus",    "health",  "listings",  "ml/gate",
  "ml/trainer",     "scheduler",    "store/reader/1", "store/writer"};

/// Starts of hashes are enough to tell two apart.
std::string short_form(const std::string& hash) {
  return hash.substr(0, 12);
}

/// To all that are linked: what one is told counts as told to each.
void tell_changes(core_gate_self* self) {
  auto changed = self->state.changes();
  if (changed.names.empty())
    return;
  for (const auto& link : self->state.links)
    self->send(link, changed);
}

core_state state_of(const core_gate_state& state) {
  core_state result;
  result.links = state.links.size();
  if (!state.setup.feeds)
    return result;
  for (const auto& [name, x] : state.setup.feeds->all()) {
    core_feed feed;
    feed.feed = name;
    feed.breaker = x.breaker;
    feed.calls = x.calls;
    feed.accepted = x.accepted;
    feed.repaired = x.repaired;
    feed.quarantined = x.quarantined;
    feed.points = x.quality.points();
    feed.invalid = x.quality.invalid();
    feed.last_answer = x.last_answer;
    feed.trouble = x.trouble;
    result.feeds.push_back(std::move(feed));
  }
  return result;
}

core_welcome welcome(core_gate_self* self, const core_hello& shown,
                     const core_link_actor& link) {
  auto& state = self->state;
  core_welcome answer;
  if (auto why = refusal_of(state.setup.expected, shown))
    answer.refusal = *why;
  else if (state.links.size() >= core_gate_state::links_max)
    answer.refusal = "the core tells "
                     + std::to_string(core_gate_state::links_max)
                     + " processes already: stop some";
  if (!answer.refusal.empty()) {
    logging::log_warn("core/gate", "a process is refused",
                      {{"roles", shown.roles}, {"reason", answer.refusal}});
    return answer;
  }
  logging::log_info("core/gate", "a process is told the names",
                    {{"roles", shown.roles}});
  tell_changes(self);
  if (std::find(state.links.begin(), state.links.end(), link)
      == state.links.end()) {
    self->monitor(link);
    state.links.push_back(link);
  }
  self->send(link, state.all());
  return answer;
}

} // namespace

bool is_shared(std::string_view path) {
  return std::find(shared_names.begin(), shared_names.end(), path)
         != shared_names.end();
}

std::string name_elsewhere(const std::string& path) {
  return path == "health" ? std::string{core_health_name} : path;
}

std::optional<std::string> refusal_of(const core_hello& expected,
                                      const core_hello& shown) {
  if (shown.application != expected.application)
    return "another application: " + shown.application + ", not "
           + expected.application;
  if (shown.schema != expected.schema)
    return "another version: its database has schema "
           + std::to_string(shown.schema) + ", the core's "
           + std::to_string(expected.schema)
           + ": run the same version of banksia";
  if (shown.configuration != expected.configuration)
    return "another configuration: " + short_form(shown.configuration)
           + ", not the core's " + short_form(expected.configuration)
           + ": start both with the same --config, --env and --set";
  return std::nullopt;
}

core_names core_gate_state::changes() {
  core_names result;
  setup.names->each([&](const actor_slot& slot) {
    if (!is_shared(slot.path()))
      return;
    auto& known = told[slot.path()];
    core_name now;
    now.path = slot.path();
    // Before the handle: what comes in between is seen at the next look.
    now.generation = slot.generation();
    auto current = slot.current();
    // One stand-in for one actor: another would be news.
    now.handle = behind[slot.path()] == current ? known.handle
                 : current && setup.before_others
                   ? setup.before_others(current)
                   : current;
    behind[slot.path()] = current;
    now.in_trouble = slot.in_trouble();
    if (now == known)
      return;
    known = now;
    result.names.push_back(std::move(now));
  });
  return result;
}

core_names core_gate_state::all() const {
  core_names result;
  for (const auto& [path, x] : told)
    result.names.push_back(x);
  return result;
}

core_gate_actor::behavior_type core_gate(core_gate_self* self,
                                         std::shared_ptr<probe> watched,
                                         core_gate_setup setup) {
  prepare(self, std::move(watched));
  self->state.setup = std::move(setup);
  self->set_down_handler([self](caf::down_msg& down) {
    std::erase_if(self->state.links, [&](const core_link_actor& x) {
      return x.address() == down.source;
    });
  });
  if (self->state.setup.publish)
    self->state.setup.publish(caf::actor_cast<core_gate_actor>(self));
  self->send(self, wire::next_atom_v);
  return {
    [self](const core_hello& shown, const core_link_actor& link) {
      return welcome(self, shown, link);
    },
    [self](wire::status_atom) { return state_of(self->state); },
    [self](wire::next_atom) {
      tell_changes(self);
      self->delayed_send(self, self->state.setup.look_pause,
                         wire::next_atom_v);
    },
  };
}

} // namespace banksia

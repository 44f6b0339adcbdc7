#include "cluster/core_link.hpp"

#include "actors/store/history.hpp"
#include "cluster/core_gate.hpp"
#include "runtime/logging/log.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace banksia {

core_link_state::~core_link_state() {
  clear();
  if (setup.view)
    setup.view->set_away("core/link is not running");
}

void core_link_state::fill(const core_names& told) {
  for (const auto& x : told.names) {
    // A core may be of another build: what it shares too much is not taken.
    if (!is_shared(x.path))
      continue;
    auto& known = filled[x.path];
    auto slot = setup.names->slot(name_elsewhere(x.path));
    slot->set_in_trouble(x.in_trouble);
    if (known.handle != x.handle || known.generation != x.generation)
      slot->publish(x.handle && setup.from_here ? setup.from_here(x.handle)
                                                : x.handle);
    known = x;
  }
}

void core_link_state::clear() {
  for (const auto& [path, x] : std::exchange(filled, {})) {
    auto slot = setup.names->slot(name_elsewhere(path));
    slot->set_in_trouble(false);
    slot->clear();
  }
  if (setup.feeds)
    setup.feeds->replace({});
}

namespace {

/// One clock alone: a look that is to come is a try where the core has gone
/// meanwhile.
void look_in(core_link_self* self, std::chrono::milliseconds pause) {
  if (!std::exchange(self->state.is_scheduled, true))
    self->delayed_send(self, pause, wire::next_atom_v);
}

void try_later(core_link_self* self) {
  auto& state = self->state;
  state.pause = state.pause.count() == 0
                  ? state.setup.first_pause
                  : std::min(state.pause * 2, state.setup.longest_pause);
  look_in(self, state.pause);
}

/// It is away from now on: nobody waits for what cannot come.
void lose(core_link_self* self, const std::string& why) {
  auto& state = self->state;
  if (state.gate)
    self->demonitor(state.gate.address());
  state.gate = nullptr;
  ++state.tries;
  state.clear();
  state.setup.view->set_away(why);
  if (std::exchange(state.trouble, why) != why)
    logging::log_warn("core/link", "the core is away", {{"reason", why}});
}

void failed(core_link_self* self, const std::string& why) {
  lose(self, why);
  try_later(self);
}

// -- the connection -----------------------------------------------------------------

void welcomed(core_link_self* self) {
  auto& state = self->state;
  state.trouble.clear();
  state.pause = {};
  logging::log_info("core/link", "the core is reached");
  look_in(self, state.setup.look_pause);
}

void say_hello(core_link_self* self, const core_gate_actor& gate) {
  auto& state = self->state;
  // Before the answer comes: names may overtake it.
  state.gate = gate;
  self->monitor(gate);
  auto number = state.tries;
  self
    ->request(gate, caf::duration{state.setup.answer_limit}, state.setup.hello,
              core_link_actor{caf::actor_cast<core_link_actor>(self)})
    .then(
      [self, number](const core_welcome& x) {
        if (self->state.tries != number)
          return;
        if (x.refusal.empty())
          welcomed(self);
        else
          failed(self, "it refuses this process: " + x.refusal);
      },
      [self, number](caf::error& error) {
        if (self->state.tries == number)
          failed(self, "it does not answer: " + self->system().render(error));
      });
}

void connected(core_link_self* self, const caf::strong_actor_ptr& found,
               const std::set<std::string>& interface) {
  auto wanted
    = self->system().message_types(caf::detail::type_list<core_gate_actor>{});
  if (!found || !self->system().assignable(interface, wanted))
    failed(self, "what listens there is no core of this version of banksia");
  else
    say_hello(self, caf::actor_cast<core_gate_actor>(found));
}

void connect(core_link_self* self) {
  auto& state = self->state;
  auto place = state.setup.place();
  if (place.port == 0) {
    failed(self, place.trouble);
    return;
  }
  auto where = place.host + ":" + std::to_string(place.port);
  auto number = state.tries;
  self
    ->request(state.setup.network(self->system()),
              caf::duration{state.setup.connect_limit},
              caf::connect_atom::value, place.host, place.port)
    .then(
      [=](const caf::node_id&, const caf::strong_actor_ptr& found,
          const std::set<std::string>& interface) {
        if (self->state.tries == number)
          connected(self, found, interface);
      },
      [=](caf::error& error) {
        if (self->state.tries == number)
          failed(self, "cannot connect to " + where + ": "
                         + self->system().render(error));
      });
}

// -- looks --------------------------------------------------------------------------

void take_listings(core_link_self* self,
                   const std::vector<listing_change>& changes) {
  auto& state = self->state;
  if (changes.size() == state.changes)
    return;
  state.changes = changes.size();
  state.setup.listed->end_change(std::make_shared<listings>(
    listings_of(state.setup.configured, changes)));
}

void ask_listings(core_link_self* self) {
  auto& state = self->state;
  if (!state.setup.listed)
    return;
  auto reader = caf::actor_cast<store_reader_actor>(
    state.setup.names->slot("store/reader/1")->current());
  if (!reader)
    return;
  self
    ->request(reader, caf::duration{state.setup.answer_limit},
              wire::listing_atom_v, end_of_time)
    .then(
      [self](const std::vector<listing_change>& x) { take_listings(self, x); },
      [](caf::error&) {
        // It is asked again at the next look.
      });
}

std::map<std::string, feed_facts> facts_of(const core_state& told) {
  std::map<std::string, feed_facts> result;
  for (const auto& x : told.feeds) {
    auto& facts = result[x.feed];
    facts.breaker = x.breaker;
    facts.calls = x.calls;
    facts.accepted = x.accepted;
    facts.repaired = x.repaired;
    facts.quarantined = x.quarantined;
    // A share does not say in which order they came.
    auto points = std::min<std::uint64_t>(x.points, running_quality::window);
    for (std::uint64_t i = 0; i < points; ++i)
      facts.quality.add(i >= x.invalid);
    facts.last_answer = x.last_answer;
    facts.trouble = x.trouble;
  }
  return result;
}

/// Whether the core still answers: its heart beats on another thread than its
/// work.
void look(core_link_self* self) {
  auto& state = self->state;
  auto number = state.tries;
  ask_listings(self);
  self
    ->request(state.gate, caf::duration{state.setup.answer_limit},
              wire::status_atom_v)
    .then(
      [self, number](const core_state& x) {
        if (self->state.tries != number)
          return;
        if (self->state.setup.feeds)
          self->state.setup.feeds->replace(facts_of(x));
        look_in(self, self->state.setup.look_pause);
      },
      [self, number](caf::error& error) {
        if (self->state.tries == number)
          failed(self, "it does not answer: " + self->system().render(error));
      });
}

component_health health_of(const core_link_state& state) {
  component_health x;
  x.component = "core";
  if (auto why = state.setup.view->trouble()) {
    x.state = health_state::unhealthy;
    x.reason = *why;
  }
  return x;
}

} // namespace

core_link_actor::behavior_type core_link(core_link_self* self,
                                         std::shared_ptr<probe> watched,
                                         core_link_setup setup) {
  prepare(self, std::move(watched));
  self->state.setup = std::move(setup);
  self->set_down_handler([self](caf::down_msg& down) {
    if (self->state.gate && down.source == self->state.gate.address())
      failed(self, "it is gone: " + self->system().render(down.reason));
  });
  self->send(self, wire::next_atom_v);
  return {
    [self](const core_names& x) {
      auto& state = self->state;
      auto gate = caf::actor_cast<caf::strong_actor_ptr>(state.gate);
      if (!gate || self->current_sender() != gate)
        return;
      state.fill(x);
      state.setup.view->set_reached();
      ask_listings(self);
    },
    [self](wire::next_atom) {
      self->state.is_scheduled = false;
      if (self->state.gate)
        look(self);
      else
        connect(self);
    },
    [self](wire::health_atom) { return health_of(self->state); },
  };
}

} // namespace banksia

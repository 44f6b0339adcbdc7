#include "actors/ml/gate.hpp"

#include "actors/ml/gate_parts.hpp"
#include "actors/tracing/crossing.hpp"
#include "actors/tracing/work.hpp"
#include "runtime/logging/log.hpp"

#include <caf/all.hpp>
#include <caf/openssl/manager.hpp>

#include <set>
#include <utility>

namespace banksia {

using namespace gate_parts;

gate_state::~gate_state() {
  for (auto& [key, x] : pending)
    x.answer.deliver(caf::make_error(caf::sec::request_receiver_down));
}

namespace {

forecast_answer failure(std::uint64_t number, std::string why) {
  forecast_answer x;
  x.number = number;
  x.failure = std::move(why);
  return x;
}

forecaster_status status_of(const gate_state& state) {
  if (state.remote)
    return state.last;
  forecaster_status x;
  x.reason = state.away_because;
  return x;
}

void settle(gate_self* self, std::uint64_t key, forecast_answer answer) {
  auto found = self->state.pending.find(key);
  if (found == self->state.pending.end())
    return; // told already that there is none
  auto asked = std::move(found->second);
  self->state.pending.erase(found);
  asked.answer.deliver(std::move(answer));
}

/// It is away from now on: nobody waits for what cannot come.
void lose(gate_self* self, const std::string& why) {
  auto& state = self->state;
  if (!state.remote)
    return;
  logging::log_warn("ml/gate",
                    state.setup.patience
                      ? "the forecaster is away: it is waited for"
                      : "the forecaster is away: rules predict",
                    {{"reason", why}});
  self->demonitor(state.remote.address());
  state.remote = nullptr;
  state.remote_counts = nullptr;
  state.away_because = why;
  state.reloading = state.asking_status = false;
  if (state.setup.patience) {
    keep_pending(self);
    return;
  }
  for (auto& [key, x] : std::exchange(state.pending, {}))
    x.answer.deliver(failure(x.number, why));
}

/// The process runs, and yet it is of no use.
void give_up_on(gate_self* self, std::uint64_t generation,
                const std::string& why) {
  auto& state = self->state;
  lose(self, why);
  state.given_up = generation;
  state.away_because = why;
  if (state.setup.service->get().generation != generation)
    return; // that one is gone, and the next one is not to blame
  if (state.setup.end_process)
    state.setup.end_process(why);
}

// -- the connection -----------------------------------------------------------------

} // namespace

void gate_parts::reload(gate_self* self,
                        std::function<void(const forecaster_status&)> told) {
  auto& state = self->state;
  // Before it is read there: what changes meanwhile is seen at the next look.
  auto stamp = state.setup.registry_stamp ? state.setup.registry_stamp() : 0;
  auto generation = state.connected_to;
  state.reloading = true;
  self
    ->request(state.remote, caf::duration{state.setup.silence_limit},
              wire::reload_atom_v)
    .then(
      [=](forecaster_status& x) {
        auto& state = self->state;
        if (generation != state.connected_to || !state.remote) {
          if (told)
            told(x);
          return;
        }
        state.reloading = false;
        state.stamp = stamp;
        if (x.champion != state.last.champion)
          logging::log_info("ml/gate", "the champion has changed",
                            {{"model", x.champion}});
        for (const auto& refused : x.refused)
          logging::log_warn("ml/gate", "a model is refused",
                            {{"reason", refused}});
        state.last = std::move(x);
        if (told)
          told(state.last);
      },
      [=](caf::error& error) {
        auto& state = self->state;
        if (generation == state.connected_to)
          state.reloading = false;
        if (told) {
          forecaster_status x;
          x.reason = self->system().render(error);
          told(x);
        }
      });
}

namespace {

void connected(gate_self* self, std::uint64_t generation,
               const caf::strong_actor_ptr& found,
               const std::set<std::string>& interface) {
  auto& state = self->state;
  auto wanted
    = self->system().message_types(caf::detail::type_list<forecaster_actor>{});
  if (!found || !self->system().assignable(interface, wanted)) {
    give_up_on(self, generation,
               "what listens there is no forecaster of this build");
    return;
  }
  auto can = [&](auto what) {
    return self->system().assignable(interface,
                                     self->system().message_types(what));
  };
  auto carries = can(caf::detail::type_list<carried_forecaster_actor>{});
  auto remote = caf::actor_cast<caf::actor>(found);
  if (carries)
    remote = to_far(remote);
  state.remote = caf::actor_cast<forecaster_actor>(remote);
  state.remote_counts = nullptr;
  if (carries)
    state.remote_counts = caf::actor_cast<counting_forecaster_actor>(remote);
  state.remote_traces
    = !carries && can(caf::detail::type_list<traced_forecaster_actor>{});
  state.connected_to = generation;
  state.failures = 0;
  state.last = {};
  self->monitor(state.remote);
  logging::log_info("ml/gate", "the forecaster is there");
  if (state.setup.patience)
    send_pending(self);
  else
    reload(self, {});
}

void not_connected(gate_self* self, std::uint64_t generation,
                   const caf::error& error) {
  auto& state = self->state;
  state.away_because = "cannot connect to banksia-ml: "
                       + self->system().render(error);
  state.failures = state.failed_at == generation ? state.failures + 1 : 1;
  state.failed_at = generation;
  if (state.failures >= gate_state::failures_max)
    give_up_on(self, generation, state.away_because);
}

void connect(gate_self* self, service_port::place to) {
  auto& state = self->state;
  state.connecting = true;
  self
    ->request(state.setup.network(self->system()),
              caf::duration{state.setup.connect_limit},
              caf::connect_atom::value, std::string{"127.0.0.1"}, to.port)
    .then(
      [=](const caf::node_id&, const caf::strong_actor_ptr& found,
          const std::set<std::string>& interface) {
        self->state.connecting = false;
        connected(self, to.generation, found, interface);
      },
      [=](caf::error& error) {
        self->state.connecting = false;
        not_connected(self, to.generation, error);
      });
}

// -- looks --------------------------------------------------------------------------

/// Whether it still answers: its heart beats on another thread than its work.
void ask_status(gate_self* self) {
  auto& state = self->state;
  if (std::exchange(state.asking_status, true))
    return;
  auto generation = state.connected_to;
  self
    ->request(state.remote, caf::duration{state.setup.silence_limit},
              wire::status_atom_v)
    .then(
      [=](forecaster_status& x) {
        auto& state = self->state;
        if (generation != state.connected_to || !state.remote)
          return;
        state.asking_status = false;
        state.last = std::move(x);
      },
      [=](caf::error& error) {
        auto& state = self->state;
        if (generation == state.connected_to && state.remote)
          give_up_on(self, generation,
                     "banksia-ml does not answer: "
                       + self->system().render(error));
      });
}

/// Silence is noticed by who asks for the status.
void ask_counts(gate_self* self) {
  auto& state = self->state;
  if (!state.remote_counts || !state.setup.counted)
    return;
  self
    ->request(state.remote_counts, caf::duration{state.setup.silence_limit},
              wire::health_atom_v)
    .then([self](const process_counts& x) { self->state.setup.counted(x); },
          [](caf::error&) {});
}

void look(gate_self* self) {
  auto& state = self->state;
  if (state.setup.patience)
    look_at_patience(self);
  auto place = state.setup.service->get();
  if (state.remote && place.generation != state.connected_to)
    lose(self, "banksia-ml was started again");
  if (!state.remote) {
    if (place.generation != 0 && place.port == 0)
      state.away_because = "banksia-ml is starting";
    if (place.port != 0 && place.generation != state.given_up
        && !state.connecting)
      connect(self, place);
    return;
  }
  if (!state.setup.patience && state.setup.registry_stamp && !state.reloading
      && state.setup.registry_stamp() != state.stamp)
    reload(self, {});
  ask_status(self);
  ask_counts(self);
}

// -- questions ----------------------------------------------------------------------

caf::typed_response_promise<forecast_answer>
forward(gate_self* self, forecast_request& request) {
  auto& state = self->state;
  auto promise = self->make_response_promise<
    caf::typed_response_promise<forecast_answer>>();
  auto number = request.number;
  if (!state.remote || state.pending.size() >= gate_state::pending_max) {
    promise.deliver(failure(number, state.remote ? "too many requests at once"
                                                 : state.away_because));
    return promise;
  }
  auto key = state.next_key++;
  state.pending.emplace(key, gate_state::asked{number, promise});
  auto answered = [=](forecast_answer& answer) {
    settle(self, key, std::move(answer));
  };
  auto failed = [=](caf::error& error) {
    auto late = error == caf::sec::request_timeout;
    settle(self, key,
           failure(number,
                   late ? "no forecast within "
                            + std::to_string(
                              self->state.setup.deadline.count())
                            + " ms"
                        : self->system().render(error)));
  };
  caf::duration limit{state.setup.deadline};
  // Nobody waits there any longer than here, or than who asks here.
  asking_scope caller{handled_deadline()};
  asking_scope in_time{
    monotonic_ns()
    + static_cast<deadline_ns>(
      std::chrono::nanoseconds{state.setup.deadline}.count())};
  if (state.remote_traces && telemetry::current_trace() != nullptr)
    self
      ->request(caf::actor_cast<traced_forecaster_actor>(state.remote), limit,
                std::move(request), mark_here())
      .then(answered, failed);
  else
    self->request(state.remote, limit, std::move(request))
      .then(answered, failed);
  return promise;
}

caf::typed_response_promise<forecaster_status> forward_reload(gate_self* self) {
  auto promise = self->make_response_promise<
    caf::typed_response_promise<forecaster_status>>();
  if (!self->state.remote) {
    promise.deliver(status_of(self->state));
    return promise;
  }
  reload(self, [promise](const forecaster_status& x) mutable {
    promise.deliver(x);
  });
  return promise;
}

component_health health_of(const gate_state& state) {
  component_health x;
  x.component = "prediction_engine";
  if (!state.remote)
    x.reason = "rules predict: " + state.away_because;
  else if (!state.last.refused.empty())
    x.reason = "a model is refused: " + state.last.refused.front();
  if (!x.reason.empty())
    x.state = health_state::degraded;
  return x;
}

} // namespace

caf::actor tls_network(caf::actor_system& system) {
  return caf::actor_cast<caf::actor>(system.openssl_manager().actor_handle());
}

forecast_gate_actor::behavior_type forecast_gate(gate_self* self,
                                                 std::shared_ptr<probe> watched,
                                                 gate_setup setup) {
  prepare(self, std::move(watched));
  self->state.setup = std::move(setup);
  self->set_down_handler([self](caf::down_msg& down) {
    if (self->state.remote && down.source == self->state.remote.address())
      lose(self, "banksia-ml is gone");
  });
  self->send(self, wire::next_atom_v);
  return {
    [self](forecast_request& x) {
      return self->state.setup.patience ? wait_for(self, x) : forward(self, x);
    },
    [self](wire::reload_atom) { return forward_reload(self); },
    [self](wire::status_atom) { return status_of(self->state); },
    [self](wire::next_atom) {
      look(self);
      // Others may ask for a look too: they keep no clock going.
      if (self->current_sender() == self->ctrl())
        self->delayed_send(self, self->state.setup.look_pause,
                           wire::next_atom_v);
    },
    [self](wire::health_atom) { return health_of(self->state); },
  };
}

} // namespace banksia

#include "actors/ml/gate_parts.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace banksia {

namespace {

/// Requests that the remote has at most. It answers one after the other, and is
/// asked how it is meanwhile: that question must not wait for long.
constexpr std::size_t sent_max = 8;

gate_state::time_point now_of(gate_self* self) {
  return self->clock().now();
}

/// Nobody is answered any more: whoever waits would go on with another answer
/// than the one that is owed.
void lose_all(gate_self* self, const std::string& why) {
  auto& state = self->state;
  if (std::exchange(state.lost, true))
    return;
  if (state.setup.patience->lost)
    state.setup.patience->lost(why);
}

void answered(gate_self* self, std::uint64_t key, forecast_answer answer) {
  auto& state = self->state;
  auto found = state.pending.find(key);
  if (found == state.pending.end())
    return; // a second answer, from before it was asked again
  state.heard = now_of(self);
  if (std::exchange(found->second.sent, false))
    --state.sent;
  // The forecaster alone says so: of a model, or of all that it holds.
  if (!answer.failure.empty()) {
    lose_all(self, answer.failure);
    return;
  }
  auto promise = std::move(found->second.answer);
  state.pending.erase(found);
  promise.deliver(std::move(answer));
  gate_parts::send_pending(self);
}

void send(gate_self* self, std::uint64_t key) {
  auto& state = self->state;
  auto& x = state.pending.at(key);
  x.sent = true;
  ++state.sent;
  auto generation = state.connected_to;
  self
    ->request(state.remote, caf::duration{state.setup.patience->limit},
              x.request)
    .then(
      [=](forecast_answer& answer) { answered(self, key, std::move(answer)); },
      [=](caf::error&) {
        // Of one that is gone: it is asked again anyway. One that stays is
        // ended by its silence, or by the limit of patience.
        auto& state = self->state;
        auto found = state.pending.find(key);
        if (found == state.pending.end() || !found->second.sent
            || generation != state.connected_to || !state.remote)
          return;
        found->second.sent = false;
        --state.sent;
      });
}

} // namespace

caf::typed_response_promise<forecast_answer>
gate_parts::wait_for(gate_self* self, forecast_request& x) {
  auto& state = self->state;
  auto promise = self->make_response_promise<
    caf::typed_response_promise<forecast_answer>>();
  // Without a registry there are no models, whoever is asked.
  if (state.setup.registry_stamp && state.setup.registry_stamp() == 0) {
    forecast_answer nobody;
    nobody.number = x.number;
    promise.deliver(std::move(nobody));
    return promise;
  }
  if (state.pending.empty())
    state.heard = now_of(self);
  gate_state::asked asked;
  asked.number = x.number;
  asked.answer = promise;
  asked.request = std::move(x);
  state.pending.emplace(state.next_key++, std::move(asked));
  send_pending(self);
  return promise;
}

void gate_parts::send_pending(gate_self* self) {
  auto& state = self->state;
  if (!state.remote || state.reloading || state.lost || state.pending.empty())
    return;
  // Whoever changes the registry waits for all cycles first, so what it says now
  // is what it says until these are answered.
  auto stamp = state.setup.registry_stamp ? state.setup.registry_stamp() : 0;
  if (stamp != state.stamp) {
    // One that could not be asked is asked again at the next look.
    reload(self, [self](const forecaster_status& x) {
      if (x.reachable)
        send_pending(self);
    });
    return;
  }
  if (!state.last.refused.empty()) {
    lose_all(self, "a model cannot be used: " + state.last.refused.front());
    return;
  }
  for (auto& [key, x] : state.pending) {
    if (state.sent >= sent_max)
      return;
    if (!x.sent)
      send(self, key);
  }
}

void gate_parts::keep_pending(gate_self* self) {
  auto& state = self->state;
  for (auto& [key, x] : state.pending)
    x.sent = false;
  state.sent = 0;
  // The next one is asked to read the registry before anything else.
  state.stamp = 0;
}

void gate_parts::look_at_patience(gate_self* self) {
  auto& state = self->state;
  if (state.pending.empty() || state.lost)
    return;
  auto limit = state.setup.patience->limit;
  if (now_of(self) - state.heard >= limit) {
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
    lose_all(self, "no forecast for " + std::to_string(seconds.count()) + " s: "
                     + (state.remote ? "banksia-ml is silent"
                                     : state.away_because));
    return;
  }
  send_pending(self);
}

} // namespace banksia

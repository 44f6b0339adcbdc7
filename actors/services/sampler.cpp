#include "actors/services/sampler.hpp"

#include "actors/services/routes.hpp"
#include "actors/store/outbox.hpp"
#include "runtime/telemetry/process_metrics.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

/// For the child process to say how much memory it holds.
constexpr std::chrono::seconds answer_limit{2};

/// Of samples about the process that runs the models.
constexpr std::string_view models_service = "ml/process";

process_use used_now() {
  process_use result;
  if (auto reading = telemetry::read_process()) {
    result.cpu_seconds = reading->cpu_seconds;
    result.resident_bytes
      = static_cast<std::uint64_t>(reading->resident_memory_bytes);
  }
  result.processors = telemetry::processors();
  return result;
}

void send_oldest(sampler_self* self) {
  auto& state = self->state;
  if (state.waiting.empty() || std::exchange(state.under_way, true))
    return;
  self->request(state.writer.get(), commit_limit, state.waiting.front())
    .then(
      [self](const commit_receipt&) {
        auto& state = self->state;
        state.under_way = false;
        if (!state.waiting.empty())
          state.waiting.pop_front();
        send_oldest(self);
      },
      [self](caf::error&) {
        self->delayed_send(self, commit_retry_pause, wire::rebuild_atom_v);
      });
}

void store(sampler_self* self, service_sample_batch x) {
  // While the oldest one is under way it is not the one that goes.
  if (!self->state.keep(std::move(x)))
    self->state.context->metrics
      .counter_of("banksia_service_samples_dropped_total",
                  "Spans of which nothing could be stored.")
      .add();
  send_oldest(self);
}

/// Asks the child process too, where there is one, before the span is stored.
void end_span(sampler_self* self) {
  auto& state = self->state;
  const auto& setup = state.context->setup;
  auto batch = std::make_shared<service_sample_batch>(
    state.end_span(setup.wall(), used_now()));
  // Where the core is another process, it asks.
  auto target = !setup.core && setup.names->slot("ml/gate")->current()
                  ? state.gate.get()
                  : forecast_gate_actor{};
  if (!target || state.ended) {
    store(self, std::move(*batch));
    return;
  }
  self->request(target, answer_limit, wire::status_atom_v)
    .then(
      [self, batch](const forecaster_status& x) {
        if (x.reachable && x.resident_bytes > 0) {
          service_sample models;
          models.service = models_service;
          models.time = batch->samples.front().time;
          models.seconds = batch->samples.front().seconds;
          models.resident_bytes = x.resident_bytes;
          batch->samples.push_back(std::move(models));
        }
        store(self, std::move(*batch));
      },
      [self, batch](caf::error&) { store(self, std::move(*batch)); });
}

} // namespace

void sampler_state::begin(std::uint64_t now_ns, const process_use& used) {
  looked_ns_ = now_ns;
  cpu_seconds_ = used.cpu_seconds;
}

void sampler_state::look(std::uint64_t now_ns, bool is_ready) {
  auto passed = now_ns > looked_ns_
                  ? static_cast<double>(now_ns - looked_ns_) / 1e9
                  : 0.0;
  looked_ns_ = now_ns;
  seconds_ += passed;
  ready_seconds_ += is_ready ? passed : 0.0;
}

bool sampler_state::is_over(std::chrono::seconds length, bool is_last) const {
  return seconds_ > 0.0
         && (is_last || seconds_ >= static_cast<double>(length.count()));
}

service_sample_batch sampler_state::end_span(timestamp time,
                                             const process_use& used) {
  auto result = context->meter.take();
  for (auto& x : result.samples) {
    x.time = time;
    x.seconds = real{seconds_};
  }
  auto& node = result.samples.front();
  node.service = context->setup.process_name;
  node.ready_seconds = real{ready_seconds_};
  node.resident_bytes = used.resident_bytes;
  node.cpu_seconds = real{std::max(used.cpu_seconds - cpu_seconds_, 0.0)};
  node.cpu_capacity = real{seconds_ * used.processors};
  cpu_seconds_ = used.cpu_seconds;
  seconds_ = 0.0;
  ready_seconds_ = 0.0;
  return result;
}

bool sampler_state::keep(service_sample_batch x) {
  waiting.push_back(std::move(x));
  if (waiting.size() <= waiting_max)
    return true;
  // The first one may be under way; its answer removes it.
  waiting.erase(waiting.begin() + 1);
  return false;
}

sampler_actor::behavior_type sampler(sampler_self* self,
                                     std::shared_ptr<probe> watched,
                                     shared_context context) {
  prepare(self, std::move(watched));
  auto& state = self->state;
  auto& names = *context->setup.names;
  state.writer = names.name<store_writer_actor>("store/writer");
  state.gate = names.name<forecast_gate_actor>("ml/gate");
  state.context = std::move(context);
  state.begin(monotonic_ns(), used_now());
  if (state.context->setup.wall)
    self->send(self, wire::next_atom_v);
  return {
    [self](wire::next_atom) {
      auto& state = self->state;
      const auto& context = *state.context;
      if (state.ended)
        return;
      auto drains = context.draining.load();
      state.look(monotonic_ns(), is_ready(context));
      if (state.is_over(context.setup.sample_every, drains)) {
        state.ended = drains;
        end_span(self);
      }
      self->delayed_send(self, sampler_tick, wire::next_atom_v);
    },
    [self](wire::rebuild_atom) {
      self->state.under_way = false;
      send_oldest(self);
    },
  };
}

} // namespace banksia

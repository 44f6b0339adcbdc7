#include "actors/ml/trainer_parts.hpp"

#include "actors/store/outbox.hpp"
#include "messages/json_learning.hpp"
#include "runtime/json/text.hpp"
#include "runtime/logging/log.hpp"

namespace banksia::trainer_parts {

namespace {

namespace json = boost::json;

/// For a forecaster to read the registry again; it looks by itself too.
constexpr std::chrono::seconds reload_limit{10};

void publish_as(trainer_self* self, timestamp time, std::string kind,
                std::string subject, const json::object& payload) {
  auto& bus = self->state.wiring.bus;
  if (!bus)
    return;
  event told;
  told.time = time;
  told.kind = std::move(kind);
  told.subject = std::move(subject);
  told.payload = json_text(payload);
  bus.tell(self, std::move(told));
}

void publish_model(trainer_self* self, const model_record& x) {
  auto payload = to_json(x);
  payload.erase("manifest");
  publish_as(self, x.changed_at, "model", x.model_version, payload);
}

void reload_gate(trainer_self* self) {
  auto& gate = self->state.wiring.gate;
  if (!gate || !gate.get())
    return;
  self->request(gate.get(), reload_limit, wire::reload_atom_v)
    .then([](const forecaster_status&) {}, [](caf::error&) {});
}

void report_demotion(trainer_self* self, const judged_now& x) {
  auto text = "the champion " + x.demoted
              + " is demoted, the rules serve: " + x.reason;
  logging::log_warn(std::string{path}, text);
  if (!self->state.wiring.report)
    return;
  supervision_event told;
  told.supervisor = "ml";
  told.child = "ml/forecaster";
  told.event = "escalated";
  told.reason = text;
  told.ancestors = {"ml", "root"};
  self->state.wiring.report(told);
}

void alarm(trainer_self* self, const std::string& text, timestamp at) {
  if (text == self->state.suspected)
    return;
  self->state.suspected = text;
  if (text.empty())
    return;
  logging::log_warn(std::string{path}, "too good to be true: " + text);
  publish_as(self, at, "suspicion", "ml", {{"reason", text}});
}

} // namespace

void write_next(trainer_self* self) {
  auto& state = self->state;
  if (state.writing || state.writes.empty())
    return;
  state.writing = true;
  auto send = [self](const auto& record) {
    self->request(self->state.wiring.writer.get(), commit_limit, record)
      .then(
        [self](const commit_receipt&) {
          auto& state = self->state;
          state.writing = false;
          auto then = std::move(state.writes.front().then);
          state.writes.pop_front();
          if (then)
            then();
          write_next(self);
        },
        // The next look tries again.
        [self](caf::error&) { self->state.writing = false; });
  };
  std::visit(send, state.writes.front().record);
}

void write(trainer_self* self, trainer_state::owed_write x) {
  auto& state = self->state;
  // Of a training that goes on only the newest word counts.
  if (auto* now = std::get_if<training_record>(&x.record))
    for (auto i = state.writing ? 1u : 0u; i < state.writes.size(); ++i) {
      auto& queued = state.writes[i];
      auto* before = std::get_if<training_record>(&queued.record);
      if (before && !queued.then && before->training_id == now->training_id) {
        queued = std::move(x);
        write_next(self);
        return;
      }
    }
  state.writes.push_back(std::move(x));
  write_next(self);
}

void publish(trainer_self* self, const training_record& x) {
  publish_as(self, x.ended_at, "training", x.training_id, summary_json(x));
}

void tell_registry(trainer_self* self) {
  auto& state = self->state;
  auto stamp = state.desk->registry_stamp();
  if (stamp == state.stamp)
    return;
  auto effect = state.desk->mirror();
  if (effect.trouble != state.mirror_trouble && !effect.trouble.empty())
    logging::log_warn(std::string{path},
                      "the store does not know what the registry says: "
                        + effect.trouble);
  state.mirror_trouble = effect.trouble;
  if (!effect.trouble.empty())
    return;
  state.stamp = stamp;
  for (auto& x : effect.changed)
    write(self, {x, [self, x] { publish_model(self, x); }});
  reload_gate(self);
}

json::object judge(trainer_self* self, timestamp at) {
  auto judged = self->state.desk->judge(at);
  if (!judged.trouble.empty()) {
    logging::log_warn(std::string{path},
                      "models cannot be judged: " + judged.trouble);
    return {{"trouble", judged.trouble}};
  }
  if (!judged.demoted.empty()) {
    report_demotion(self, judged);
    judged.content["demoted"] = judged.demoted;
  }
  alarm(self, judged.suspected, at);
  return judged.content;
}

component_health health_of(const trainer_state& x,
                           std::optional<timestamp> market_time) {
  component_health result;
  result.component = "ml_trainer";
  auto degrade = [&](std::string why) {
    result.state = health_state::degraded;
    result.reason = std::move(why);
  };
  auto since = x.last_success ? x.last_success : x.first_seen;
  auto limit = x.desk->setup().stale_after;
  if (!x.recovered)
    degrade("the database does not say what was trained");
  else if (x.last && x.last->status == "failed")
    degrade("the last training failed: " + x.last->reason);
  else if (limit && market_time && since && *market_time - *since > *limit)
    degrade("no training has succeeded since " + to_rfc3339(*since));
  else if (!x.suspected.empty())
    degrade(x.suspected);
  return result;
}

} // namespace banksia::trainer_parts

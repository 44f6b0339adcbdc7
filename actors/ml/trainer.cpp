#include "actors/ml/trainer.hpp"

#include "actors/ml/trainer_parts.hpp"
#include "runtime/json/text.hpp"
#include "runtime/logging/log.hpp"
#include "runtime/storage/sqlite.hpp"

#include <algorithm>

namespace banksia {

using namespace trainer_parts;

trainer_state::~trainer_state() {
  auto leave = [](work& x) {
    for (auto& promise : x.askers)
      promise.deliver(caf::make_error(caf::sec::request_receiver_down));
    for (auto& promise : x.orders)
      promise.deliver(caf::make_error(caf::sec::request_receiver_down));
  };
  if (current)
    leave(*current);
  for (auto& x : waiting)
    leave(x);
}

namespace {

namespace json = boost::json;
using work = trainer_state::work;

/// The cause of the daily ones.
const std::string scheduled = "schedule";

/// Progress goes to the store so often at most; a new stage at once.
constexpr std::chrono::seconds store_pause{2};

/// For the market time of an end.
constexpr std::chrono::seconds time_limit{1};

caf::error not_now(std::string text) {
  return caf::make_error(caf::sec::runtime_error, "trainer", std::move(text));
}

trainer_state::time_point now_of(trainer_self* self) {
  return self->clock().now();
}

// -- the end of a training --------------------------------------------------------

/// The job as it ends with its training. Whoever gave it stores that.
job_record ended_job(job_record job, const training_record& x,
                     const json::object& judgement) {
  job.status = x.status == "done" ? "done" : "failed";
  job.reason = x.status == "done" ? std::string{} : x.reason;
  job.ended_at = x.ended_at;
  job.result = json_text(json::object{{"training_id", x.training_id},
                                      {"model_version", x.model_version},
                                      {"promoted", x.promoted},
                                      {"judgement", judgement}});
  return job;
}

void ended(trainer_self* self) {
  auto& state = self->state;
  auto of = std::move(*state.current);
  state.current.reset();
  state.settling = false;
  const auto& record = of.record;
  state.last = record;
  if (record.status == "done")
    state.last_success = record.ended_at;
  state.spans.end(record);
  publish(self, record);
  auto text = "training " + record.training_id + " " + record.status + ": "
              + record.reason;
  if (record.status == "failed")
    logging::log_warn(std::string{path}, text);
  else
    logging::log_info(std::string{path}, text);
  auto judgement = judge(self, record.ended_at);
  tell_registry(self);
  for (auto& promise : of.askers)
    promise.deliver(ended_job(*of.job, record, judgement));
  of.askers.clear();
  begin_next(self);
}

void complete(trainer_self* self, const training_end& end, timestamp at) {
  auto& state = self->state;
  auto& of = *state.current;
  state.desk->settle(of.record, end, std::max(at, of.record.requested_at));
  auto refused = end.how == training_end::kind::done
                   && of.record.status == "failed";
  if (is_begun_again(self, end, refused ? of.record.reason : std::string{}))
    return;
  if (auto trouble = state.desk->retain(of.record.ended_at); !trouble.empty())
    logging::log_warn(std::string{path}, "old models are kept: " + trouble);
  write(self, {of.record, [self] { ended(self); }});
}

/// Market time comes from the scheduler; one that is silent leaves the time of the
/// order.
void settle(trainer_self* self, const training_end& end) {
  auto& state = self->state;
  if (state.process && state.process->garbage() > 0)
    logging::log_warn(std::string{path}, "the training wrote what nobody reads",
                      {{"lines", state.process->garbage()}});
  state.process.reset();
  state.settling = true;
  auto asked_at = state.current->record.requested_at;
  if (!state.wiring.scheduler || !state.wiring.scheduler.get()) {
    complete(self, end, asked_at);
    return;
  }
  self->request(state.wiring.scheduler.get(), time_limit, wire::status_atom_v)
    .then([=](const schedule_status& x) { complete(self, end, x.market_time); },
          [=](caf::error&) { complete(self, end, asked_at); });
}

/// Sets the timer of the next look, unless one as early is set.
void look_soon(trainer_self* self) {
  auto& state = self->state;
  const auto& setup = state.desk->setup();
  auto busy = state.current || !state.waiting.empty() || !state.writes.empty();
  auto pause = busy ? setup.look_every : setup.idle_every;
  auto now = now_of(self);
  if (now < state.next_look && state.next_look <= now + pause)
    return;
  state.next_look = now + pause;
  self->delayed_send(self, pause, wire::next_atom_v);
}

/// Null: nothing is traced.
telemetry::tracer* tracer_of(trainer_self* self) {
  const auto& watched = self->own_probe();
  return watched ? watched->spans.get() : nullptr;
}

training_end failure(std::string reason) {
  training_end end;
  end.reason = std::move(reason);
  return end;
}

// -- its beginning ----------------------------------------------------------------

} // namespace

void trainer_parts::start(trainer_self* self) {
  auto& state = self->state;
  auto& of = *state.current;
  ++of.tries;
  if (of.cancelled) {
    training_end end;
    end.how = training_end::kind::cancelled;
    end.reason = "cancelled";
    settle(self, end);
    return;
  }
  try {
    state.process = state.desk->begin(
      of.record, now_of(self), [](std::string_view line) {
        logging::log_warn(std::string{path}, std::string{line});
      });
  } catch (const std::exception& error) {
    settle(self, failure(error.what()));
    return;
  }
  state.spans.begin(tracer_of(self), of.asked_in, of.record);
  of.record.status = "running";
  of.record.stage = "starting";
  logging::log_info(std::string{path},
                    "training " + of.record.training_id + " runs",
                    {{"pid", static_cast<std::int64_t>(state.process->pid())}});
  publish(self, of.record);
  write(self, {of.record, {}});
  look_soon(self);
}

namespace {

/// What it has said since the last look.
void hear_progress(trainer_self* self) {
  auto& state = self->state;
  auto& record = state.current->record;
  const auto& process = *state.process;
  auto progress = fraction{process.progress()};
  if (process.stage().empty()
      || (process.stage() == record.stage && progress == record.progress))
    return;
  auto new_stage = process.stage() != record.stage;
  if (new_stage)
    state.spans.enter(process.stage());
  record.stage = process.stage();
  record.progress = progress;
  publish(self, record);
  auto now = now_of(self);
  if (!new_stage && now - state.stored_at < store_pause)
    return;
  state.stored_at = now;
  write(self, {record, {}});
}

/// Closes what the one before has left, and takes up what it owed.
/// @returns false when the store does not answer
bool recover(trainer_self* self) {
  auto& state = self->state;
  stored_trainings stored;
  try {
    stored = state.desk->read_trainings();
  } catch (const storage::storage_error& error) {
    logging::log_warn(std::string{path}, error.what());
    return false;
  }
  state.last = stored.last;
  state.last_success = stored.last_success;
  for (auto& x : stored.open) {
    // That of a replay comes again with its job, when its time has.
    if (x.status == "owed" && state.desk->setup().replayed)
      continue;
    if (x.status == "owed") {
      work owed;
      owed.record = std::move(x);
      owed.stored = true;
      state.waiting.push_back(std::move(owed));
      continue;
    }
    x.status = "failed";
    x.reason = "the node ended";
    state.last = x;
    write(self, {x, [self, x] { publish(self, x); }});
  }
  return true;
}

void look(trainer_self* self) {
  auto& state = self->state;
  if (!state.recovered)
    state.recovered = recover(self);
  if (state.process) {
    telemetry::trace_scope within{state.spans.to(), state.spans.context()};
    auto end = state.process->look(now_of(self));
    hear_progress(self);
    if (end)
      settle(self, *end);
  }
  write_next(self);
  if (!state.current)
    tell_registry(self);
  begin_next(self);
  look_soon(self);
}

// -- orders -----------------------------------------------------------------------

/// The one that runs, or the first that waits.
const training_record* under_way(const trainer_state& state) {
  if (state.current)
    return &state.current->record;
  return state.waiting.empty() ? nullptr : &state.waiting.front().record;
}

caf::result<training_record> order(trainer_self* self, const std::string& cause,
                                   timestamp at) {
  auto& state = self->state;
  if (auto known = under_way(state))
    return *known;
  if (!state.recovered)
    return not_now("the database does not say what was trained: try again");
  work x;
  try {
    x.record = state.desk->make_training(cause, at);
  } catch (const storage::storage_error& error) {
    return not_now(error.what());
  }
  auto promise
    = self->make_response_promise<trainer_state::record_promise>();
  x.orders.push_back(promise);
  x.asked_in = telemetry::current_context();
  state.waiting.push_back(std::move(x));
  begin_next(self);
  look_soon(self);
  return promise;
}

work* work_of(trainer_state& state, const job_record& x) {
  // One that was read as owed at the start belongs to the job that ordered it.
  auto is_it = [&](const work& y) {
    return y.job ? y.job->due_at == x.due_at && y.job->kind == x.kind
                 : y.record.cause == scheduled
                     && y.record.requested_at == x.due_at;
  };
  if (state.current && is_it(*state.current))
    return &*state.current;
  auto at = std::find_if(state.waiting.begin(), state.waiting.end(), is_it);
  return at == state.waiting.end() ? nullptr : &*at;
}

caf::result<job_record> take_job(trainer_self* self, const job_record& x) {
  auto& state = self->state;
  state.first_seen = std::min(state.first_seen.value_or(x.due_at), x.due_at);
  if (!state.recovered)
    return not_now("the database does not say what was trained: try again");
  work made;
  auto known = work_of(state, x);
  try {
    if (!known) {
      // The word of it was lost on its way.
      if (auto done = state.desk->succeeded(scheduled, x.due_at))
        return ended_job(x, *done, judge_again(self, *done));
      made.record = state.desk->make_training(scheduled, x.due_at);
    }
  } catch (const storage::storage_error& error) {
    return not_now(error.what());
  }
  if (!known && state.waiting.size() >= trainer_state::waiting_max)
    return not_now("too many trainings wait");
  auto& of = known ? *known : made;
  of.job = x;
  of.askers.push_back(
    self->make_response_promise<trainer_state::job_promise>());
  auto answer = of.askers.back();
  if (!known) {
    made.asked_in = telemetry::current_context();
    state.waiting.push_back(std::move(made));
    begin_next(self);
    look_soon(self);
  }
  return answer;
}

bool cancel(trainer_self* self, const std::string& id) {
  auto& state = self->state;
  if (!state.current || state.current->record.training_id != id
      || state.settling)
    return false;
  if (state.process)
    state.process->cancel(now_of(self));
  else
    state.current->cancelled = true;
  return true;
}

training_record latest(const trainer_state& state) {
  if (auto x = under_way(state))
    return *x;
  return state.last.value_or(training_record{});
}

caf::result<component_health> tell_health(trainer_self* self) {
  const auto& state = self->state;
  if (!state.wiring.scheduler || !state.wiring.scheduler.get())
    return health_of(state, std::nullopt);
  auto promise = self->make_response_promise<
    caf::typed_response_promise<component_health>>();
  self->request(state.wiring.scheduler.get(), time_limit, wire::status_atom_v)
    .then(
      [self, promise](const schedule_status& x) mutable {
        auto& state = self->state;
        state.first_seen = state.first_seen.value_or(x.market_time);
        promise.deliver(health_of(state, x.market_time));
      },
      [self, promise](caf::error&) mutable {
        promise.deliver(health_of(self->state, std::nullopt));
      });
  return promise;
}

} // namespace

void trainer_parts::begin_next(trainer_self* self) {
  auto& state = self->state;
  if (state.current || !state.recovered || state.waiting.empty())
    return;
  state.current = std::move(state.waiting.front());
  state.waiting.pop_front();
  // Not in the trace of the one before, whose end this may be.
  telemetry::trace_scope within{tracer_of(self), state.current->asked_in};
  auto begin = [self] {
    auto& of = *self->state.current;
    for (auto& promise : std::exchange(of.orders, {}))
      promise.deliver(of.record);
    publish(self, of.record);
    start(self);
  };
  if (state.current->stored)
    begin();
  else
    write(self, {state.current->record, begin});
}

trainer_actor::behavior_type trainer(trainer_self* self,
                                     std::shared_ptr<probe> watched,
                                     trainer_setup setup,
                                     trainer_wiring wiring) {
  prepare(self, std::move(watched));
  self->state.desk = std::make_unique<training_desk>(std::move(setup));
  self->state.wiring = std::move(wiring);
  self->send(self, wire::next_atom_v);
  return {
    [self](wire::train_atom, const std::string& cause, timestamp at) {
      return order(self, cause, at);
    },
    [self](const job_record& x) { return take_job(self, x); },
    [self](wire::cancel_atom, const std::string& id) {
      return cancel(self, id);
    },
    [self](wire::status_atom) { return latest(self->state); },
    [self](wire::next_atom) { look(self); },
    [self](wire::health_atom) { return tell_health(self); },
  };
}

} // namespace banksia

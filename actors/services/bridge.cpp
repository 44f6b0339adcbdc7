#include "actors/services/bridge.hpp"

#include "actors/services/asking.hpp"
#include "actors/services/problem_types.hpp"
#include "actors/store/history.hpp"
#include "actors/store/schema.hpp"
#include "actors/tracing/work.hpp"
#include "runtime/http/negotiation.hpp"
#include "runtime/storage/interruption.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

http::response problem_of_store(bridge_self* self,
                                const storage::storage_error& error) {
  auto& state = self->state;
  auto is_late = state.context->elapsed() >= state.deadline;
  // A connection that failed is not used again.
  if (is_late) {
    state.drop_database();
    return http::problem(problems::deadline_passed,
                         "the database was not done within the time that "
                         "this request was given: ask for less, or give it "
                         "more");
  }
  state.forget_database(error.what());
  state.trouble = error.what();
  auto result = http::problem(problems::database_away,
                              "the database does not answer: "
                                + std::string{error.what()});
  result.headers.emplace_back("Retry-After", "1");
  return result;
}

/// The problem that an exception stands for.
http::response problem_of_exception(bridge_self* self) {
  try {
    throw;
  } catch (const request_refused& refused) {
    return refused.answer();
  } catch (const store_not_asked& error) {
    asked_in_vain x{asked_in_vain::cause::failing, "store", error.what(),
                    error.why().retry_after};
    return problem_of(x, "try again");
  } catch (const storage::storage_error& error) {
    return problem_of_store(self, error);
  } catch (const std::exception& error) {
    return http::problem(problems::internal_error, error.what());
  }
}

/// Whether nobody waits for the job under way any more.
std::function<bool()> until_deadline(bridge_self* self) {
  return [self] {
    const auto& state = self->state;
    return state.context->elapsed() >= state.deadline;
  };
}

void link_all(const std::vector<cycle_id>& cycles) {
  for (const auto& id : cycles)
    link_to_cycle(id);
}

/// The service as metrics name it.
std::string service_of(std::string_view bridge) {
  return std::string{bridge.substr(bridge.rfind('/') + 1)};
}

std::shared_ptr<service_gate> gate_of(const shared_context& context,
                                      std::string_view bridge) {
  return context->gates.of(service_of(bridge), context->setup.queues,
                           context->elapsed, context->metrics);
}

/// Puts a job into the queue of that bridge, or answers why not.
void post(const shared_context& context, const std::string& bridge,
          service_gate& gate, std::shared_ptr<const http::request> what,
          const http::responder& reply, const bridge_talk& begin) {
  auto slot = context->setup.names->slot(bridge);
  auto target = caf::actor_cast<bridge_actor>(slot->current());
  if (!target) {
    auto away = http::problem(problems::part_away, bridge + " is not running");
    away.headers.emplace_back("Retry-After", "1");
    reply(std::move(away));
    return;
  }
  http::response refusal;
  auto came = context->elapsed();
  auto place = gate.enter(refusal);
  if (!place) {
    reply(std::move(refusal));
    return;
  }
  caf::anon_send(target, bridge_job{[=](bridge_self* self) {
    // Who gave up must not make others wait.
    if (!place->begin(what->deadline)) {
      reply(http::problem(problems::deadline_passed,
                          "the time that this request was given passed "
                          "before its turn came: it was not begun"));
      return;
    }
    self->state.deadline = what->deadline;
    self->state.came = came;
    attempt(self, reply, [&] { begin(self, what, reply); });
  }});
}

} // namespace

void kept_responses::look(storage::database& db) {
  // SQLite's own count of commits by other connections.
  if (!ask_version_)
    ask_version_.emplace(db.prepare("PRAGMA data_version"));
  ask_version_->step();
  auto version = ask_version_->integer(0);
  ask_version_->reset();
  if (version != version_)
    kept_.clear();
  version_ = version;
}

http::response
kept_responses::get(storage::database& db, const std::string& question,
                    const std::function<http::response()>& make,
                    time_point came, time_point now) {
  if (came >= looked_at_) {
    look(db);
    looked_at_ = now;
  }
  if (kept_.size() >= kept_max)
    kept_.clear();
  if (auto found = kept_.find(question); found != kept_.end()) {
    link_all(found->second.about);
    return found->second.answer;
  }
  about_.clear();
  auto made = make();
  link_all(about_);
  if (made.status == 200) {
    // Its digest is kept too.
    made.headers.emplace_back("ETag", http::entity_tag(made.body));
    made.headers.emplace_back("Cache-Control", "private, no-cache");
    kept_.emplace(question, entry{made, about_});
  }
  return made;
}

void kept_responses::forget() {
  ask_version_.reset();
  kept_.clear();
  version_ = -1;
  looked_at_ = time_point::min();
}

store_not_asked::store_not_asked(part_refusal why)
  : storage::storage_error(storage::failure::cannot_open,
                           "the database keeps failing (" + why.reason
                             + "), so it is not asked for now"),
    why_(std::move(why)) {}

void bridge_state::open_database() {
  database_ = std::make_unique<storage::database>(
    store::open_for_reading(context->setup.database));
  queries_ = std::make_unique<store::queries>(*database_);
  trouble.clear();
}

storage::database& bridge_state::database() {
  auto now = context->elapsed();
  if (!store_call_) {
    part_refusal why;
    store_call_ = context->parts.store.begin(now, why);
    if (!store_call_)
      throw store_not_asked(std::move(why));
  }
  if (!database_)
    open_database();
  auto left = std::chrono::floor<std::chrono::milliseconds>(deadline - now);
  database_->be_patient(std::clamp(left, std::chrono::milliseconds{1},
                                   storage::default_patience));
  return *database_;
}

store::queries& bridge_state::ask() {
  database();
  return *queries_;
}

void bridge_state::follow() {
  if (!plan_) {
    plan_ = context->setup.plan;
    listed_ = roster_reader{context->setup.listed};
  }
  if (listed_.changed())
    plan_ = listed_.plan();
}

std::vector<std::string> bridge_state::followed() const {
  if (!listed_)
    return plan_->symbols;
  std::vector<std::string> result;
  for (auto index : listed_.listed()->predicted_at(end_of_time))
    result.push_back(plan_->symbols[index]);
  return result;
}

void bridge_state::store_was_well() {
  if (auto call = std::exchange(store_call_, nullptr))
    call->succeeded(context->elapsed());
}

void bridge_state::forget_database(std::string_view why) {
  if (store_call_)
    store_call_->failed(context->elapsed(), why);
  drop_database();
}

void bridge_state::drop_database() {
  store_call_.reset();
  responses_.forget();
  queries_.reset();
  database_.reset();
}

bridge_actor::behavior_type bridge(bridge_self* self,
                                   std::shared_ptr<probe> watched,
                                   shared_context context) {
  prepare(self, std::move(watched));
  auto& state = self->state;
  auto& names = *context->setup.names;
  state.scheduler = names.name<scheduler_actor>("scheduler");
  state.evaluator = names.name<evaluator_actor>("evaluator");
  state.counts.emplace(context->setup.plan->run);
  state.context = std::move(context);
  state.follow();
  return {
    [self](const bridge_job& job) {
      self->state.follow();
      job.run(self);
      self->state.store_was_well();
      self->state.deadline = dependency::time_point::max();
      self->state.came = dependency::time_point::max();
    },
    [self](wire::health_atom) {
      component_health result;
      if (!self->state.trouble.empty()) {
        result.state = health_state::degraded;
        result.reason = self->state.trouble;
      }
      return result;
    },
  };
}

void answer_with(bridge_self* self, const http::responder& reply,
                 const std::function<http::response()>& make) {
  storage::interruption in_time{until_deadline(self)};
  http::response answer;
  try {
    answer = make();
  } catch (...) {
    answer = problem_of_exception(self);
  }
  self->state.store_was_well();
  reply(std::move(answer));
}

bool attempt(bridge_self* self, const http::responder& reply,
             const std::function<void()>& what) {
  storage::interruption in_time{until_deadline(self)};
  try {
    what();
    self->state.store_was_well();
    return true;
  } catch (...) {
    reply(problem_of_exception(self));
    self->state.store_was_well();
    return false;
  }
}

http::handler on_bridge(shared_context context, std::string_view bridge,
                        bridge_answer make) {
  return talk_on_bridge(
    std::move(context), bridge,
    [make = std::move(make)](bridge_self* self,
                             std::shared_ptr<const http::request> what,
                             const http::responder& reply) {
      answer_with(self, reply, [&] { return make(self, *what); });
    });
}

http::handler talk_on_bridge(shared_context context, std::string_view bridge,
                             bridge_talk begin) {
  auto gate = gate_of(context, bridge);
  return [context = std::move(context), bridge = std::string{bridge},
          gate = std::move(gate),
          begin = std::move(begin)](const http::request& what,
                                    const http::responder& reply) {
    post(context, bridge, *gate, std::make_shared<const http::request>(what),
         reply, begin);
  };
}

void with_status(
  bridge_self* self,
  std::function<void(const schedule_status&, bool is_fresh)> then) {
  auto& state = self->state;
  ask_part(
    self, state.context->parts.scheduler, state.scheduler,
    second_try::when_not_reached,
    [self, then](const schedule_status& x) {
      self->state.last_status = x;
      then(x, true);
    },
    [self, then](const asked_in_vain&) {
      then(self->state.last_status, false);
    },
    wire::status_atom_v);
}

} // namespace banksia

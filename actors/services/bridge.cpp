#include "actors/services/bridge.hpp"

#include "actors/store/history.hpp"
#include "actors/store/schema.hpp"
#include "runtime/http/negotiation.hpp"

#include <caf/sec.hpp>
#include <caf/send.hpp>

namespace banksia {

namespace {

/// For another actor to answer a request that a client waits for.
constexpr std::chrono::seconds answer_limit{2};

/// The problem that an exception stands for.
http::response problem_of_exception(bridge_self* self) {
  try {
    throw;
  } catch (const request_refused& refused) {
    return refused.answer();
  } catch (const storage::storage_error& error) {
    // A connection that failed is not used again.
    self->state.forget_database();
    self->state.trouble = error.what();
    return http::problem(503, "",
                         "the database does not answer: "
                           + std::string{error.what()});
  } catch (const std::exception& error) {
    return http::problem(500, "", error.what());
  }
}

void post(const shared_context& context, std::string_view bridge,
          const http::responder& reply,
          std::function<void(bridge_self*)> run) {
  auto slot = context->setup.names->slot(std::string{bridge});
  auto target = caf::actor_cast<bridge_actor>(slot->current());
  if (!target) {
    reply(http::problem(503, "", std::string{bridge} + " is not running"));
    return;
  }
  caf::anon_send(target, bridge_job{std::move(run)});
}

} // namespace

http::response
kept_responses::get(storage::database& db, const std::string& question,
                    const std::function<http::response()>& make) {
  // SQLite's own count of commits by other connections.
  if (!ask_version_)
    ask_version_.emplace(db.prepare("PRAGMA data_version"));
  ask_version_->step();
  auto version = ask_version_->integer(0);
  ask_version_->reset();
  if (version != version_ || kept_.size() >= kept_max)
    kept_.clear();
  version_ = version;
  if (auto found = kept_.find(question); found != kept_.end())
    return found->second;
  auto made = make();
  if (made.status == 200) {
    // Its digest is kept too.
    made.headers.emplace_back("ETag", http::entity_tag(made.body));
    made.headers.emplace_back("Cache-Control", "private, no-cache");
    kept_.emplace(question, made);
  }
  return made;
}

void kept_responses::forget() {
  ask_version_.reset();
  kept_.clear();
  version_ = -1;
}

storage::database& bridge_state::database() {
  if (!database_) {
    database_ = std::make_unique<storage::database>(
      store::open_for_reading(context->setup.database));
    queries_ = std::make_unique<store::queries>(*database_);
    trouble.clear();
  }
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

void bridge_state::forget_database() {
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
  http::response answer;
  try {
    answer = make();
  } catch (...) {
    answer = problem_of_exception(self);
  }
  reply(std::move(answer));
}

bool attempt(bridge_self* self, const http::responder& reply,
             const std::function<void()>& what) {
  try {
    what();
    return true;
  } catch (...) {
    reply(problem_of_exception(self));
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
  return [context = std::move(context), bridge = std::string{bridge},
          begin = std::move(begin)](const http::request& what,
                                    const http::responder& reply) {
    auto kept = std::make_shared<const http::request>(what);
    post(context, bridge, reply, [kept, reply, begin](bridge_self* self) {
      try {
        begin(self, kept, reply);
      } catch (...) {
        reply(problem_of_exception(self));
      }
    });
  };
}

http::response unanswered(const caf::error& why, std::string_view detail) {
  return http::problem(why == caf::sec::request_timeout ? 504 : 503, "",
                       detail);
}

void with_status(
  bridge_self* self,
  std::function<void(const schedule_status&, bool is_fresh)> then) {
  const auto& target = self->state.scheduler.get();
  if (!target) {
    then(self->state.last_status, false);
    return;
  }
  self->request(target, answer_limit, wire::status_atom_v)
    .then(
      [self, then](const schedule_status& x) {
        self->state.last_status = x;
        then(x, true);
      },
      [self, then](caf::error&) { then(self->state.last_status, false); });
}

} // namespace banksia

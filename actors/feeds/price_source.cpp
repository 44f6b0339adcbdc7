#include "actors/feeds/price_source.hpp"

#include "models/market/feed_answer.hpp"
#include "runtime/supervision/try_later.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

price_source_state::~price_source_state() {
  for (auto& [number, x] : open) {
    x.call.cancel();
    x.answer.deliver(caf::make_error(caf::sec::request_receiver_down));
  }
}

std::optional<std::chrono::milliseconds>
asked_pause(const http::fetch_result& got, timestamp wall) {
  // Whoever says more means never; a day is enough to be asked once more.
  constexpr std::chrono::milliseconds longest = std::chrono::hours{24};
  auto text = got.header("Retry-After");
  if (!text)
    return std::nullopt;
  auto pause = parse_retry_after(
    *text, std::chrono::floor<std::chrono::seconds>(wall));
  return pause ? std::optional{std::min(*pause, longest)} : std::nullopt;
}

namespace {

using waiting = price_source_state::waiting;

price_source_state::time_point now_of(price_source_self* self) {
  return self->clock().now();
}

price_answer refusal(const price_source_state& state, std::string status,
                     std::string text) {
  price_answer x;
  x.source = state.setup.endpoint.name;
  x.status = std::move(status);
  x.text = std::move(text);
  return x;
}

void tell_board(price_source_self* self, const price_answer& x, bool called) {
  auto& state = self->state;
  if (!state.setup.board)
    return;
  auto breaker = to_string(state.breaker->state(now_of(self)));
  auto wall = state.setup.wall();
  state.setup.board->change(state.setup.endpoint.name, [&](feed_facts& facts) {
    facts.breaker = breaker;
    facts.calls += called;
    if (is_answered(x)) {
      facts.last_answer = wall;
      facts.trouble.clear();
    } else {
      ++facts.failures[x.status];
      facts.trouble = x.status + ": " + x.text;
    }
  });
}

void finish(price_source_self* self, std::uint64_t number, price_answer x,
            bool called) {
  auto& state = self->state;
  tell_board(self, x, called);
  auto done = state.open.extract(number);
  if (!done.empty())
    done.mapped().answer.deliver(std::move(x));
}

std::chrono::milliseconds left(price_source_self* self, const waiting& x) {
  auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(
    now_of(self) - x.begun);
  return self->state.setup.rules.patience - passed;
}

/// Makes the call now, later, or not at all.
void try_call(price_source_self* self, std::uint64_t number) {
  auto& state = self->state;
  auto found = state.open.find(number);
  if (found == state.open.end())
    return;
  auto& x = found->second;
  auto now = now_of(self);
  auto pause = state.rate->take(state.setup.endpoint.host, now);
  if (pause >= left(self, x)) {
    finish(self, number,
           refusal(state, "rate_limited",
                   "it may not be asked for another "
                     + std::to_string(pause.count()) + " ms"),
           false);
    return;
  }
  if (pause.count() > 0) {
    try_later(self, pause, wire::next_atom_v, number);
    return;
  }
  auto permit = state.breaker->allow(now);
  if (!permit) {
    finish(self, number,
           refusal(state, "breaker_open",
                   "not asked, it kept failing: " + state.breaker->reason()),
           false);
    return;
  }
  x.permit = *permit;
  auto limits = state.setup.rules.limits;
  limits.total = std::min(limits.total, left(self, x));
  x.call = state.setup.client->fetch(
    state.setup.endpoint.request(x.asked), limits,
    [target = caf::actor_cast<caf::actor>(self), number](http::fetch_result r) {
      caf::anon_send(target,
                     fetched{number, std::make_shared<http::fetch_result>(
                                       std::move(r))});
    });
}

/// Whether the other side is out of order, rather than without an answer to
/// this one question.
bool is_failure(const http::fetch_result& got, const price_answer& x) {
  if (is_answered(x))
    return false;
  return !got || http::is_passing(got) || x.status == "rate_limited"
         || x.status == "unavailable" || x.status == "malformed"
         || x.status == "unauthorized";
}

void take_result(price_source_self* self, const fetched& done) {
  auto& state = self->state;
  auto found = state.open.find(done.number);
  if (found == state.open.end())
    return;
  auto& x = found->second;
  const auto& got = *done.result;
  auto now = now_of(self);
  auto answer = state.setup.endpoint.read(x.asked, got, state.setup.wall());
  if (!is_failure(got, answer)) {
    state.breaker->succeeded(x.permit, now);
    state.budget->succeeded();
    finish(self, done.number, std::move(answer), true);
    return;
  }
  state.breaker->failed(x.permit, now, answer.status + ": " + answer.text);
  failed_attempt attempt;
  attempt.attempt = x.attempt;
  attempt.retry_after = asked_pause(got, state.setup.wall());
  auto next = state.budget->failed(attempt);
  if (attempt.retry_after)
    state.rate->pause(state.setup.endpoint.host, now + *attempt.retry_after);
  auto passing = !got || http::is_passing(got) || answer.status == "malformed"
                 || answer.status == "unavailable";
  if (!passing || !next.again() || next.pause >= left(self, x)) {
    finish(self, done.number, std::move(answer), true);
    return;
  }
  ++x.attempt;
  try_later(self, next.pause, wire::next_atom_v, done.number);
}

price_source_state::promise ask(price_source_self* self,
                                const price_request& asked) {
  auto& state = self->state;
  auto answer = self->make_response_promise<price_source_state::promise>();
  if (state.open.size() >= state.setup.rules.waiting_max) {
    answer.deliver(refusal(state, "busy", "too many requests wait already"));
    return answer;
  }
  auto number = state.next_number++;
  auto& x = state.open[number];
  x.asked = asked;
  x.answer = answer;
  x.begun = now_of(self);
  try_call(self, number);
  return answer;
}

component_health health_of(price_source_self* self) {
  auto& state = self->state;
  component_health result;
  result.component = "feeds";
  auto breaker = state.breaker->state(now_of(self));
  if (breaker != breaker_state::closed) {
    result.state = health_state::degraded;
    result.reason = state.setup.endpoint.name + " is "
                    + std::string{to_string(breaker)} + ": "
                    + state.breaker->reason();
  }
  return result;
}

} // namespace

price_source_behavior::behavior_type
price_source(price_source_self* self, std::shared_ptr<probe> watched,
             source_setup setup) {
  prepare(self, std::move(watched));
  auto& state = self->state;
  state.breaker = std::make_unique<circuit_breaker>(setup.rules.breaker);
  state.rate = std::make_unique<rate_limiter>(setup.rules.rate);
  state.budget
    = std::make_unique<retry_budget>(setup.rules.retry, setup.rules.seed);
  state.setup = std::move(setup);
  return {
    [self](const price_request& asked) { return ask(self, asked); },
    [self](wire::health_atom) { return health_of(self); },
    [self](wire::next_atom, std::uint64_t number) { try_call(self, number); },
    [self](const fetched& done) { take_result(self, done); },
  };
}

} // namespace banksia

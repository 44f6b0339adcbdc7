#include "actors/feeds/simulator_feed.hpp"

namespace banksia {

simulator_feed_state::~simulator_feed_state() {
  for (auto& step : steps)
    step.answer.deliver(caf::make_error(caf::sec::request_receiver_down));
}

namespace {

using simulation::sim_session;

sim_session to_sim(const session& x) {
  return {x.date, x.opens_at, x.closes_at, x.auction_ends_at};
}

/// Simulates the next session. Those that lie wholly before `after` are passed
/// without being delivered; the first ones give their daily bars only.
void make_session(simulator_feed_state& state) {
  auto current = state.next_session;
  const auto& calendar = state.plan->calendar;
  state.next_session = calendar.next_session_after(current->auction_ends_at);
  auto made = state.market->next(to_sim(*current));
  auto after = state.start.after;
  auto history = state.sessions_made++ < state.start.history_sessions;
  for (auto& x : history ? made.daily : made.bars)
    if (x.known_at > after)
      state.bars.push_back(std::move(x));
  for (auto& x : made.headlines)
    if (x.known_at > after)
      state.headlines.push_back(std::move(x));
}

void deliver(simulator_feed_self* self, feed_step step) {
  auto& state = self->state;
  for (auto& x : step.headlines.headlines)
    if (auto index = state.out->index_of(x.symbol);
        index && *index != index_lane)
      state.wiring.symbols[*index].tell(self,
                                        headline_batch{1, {std::move(x)}});
  for (auto& x : step.bars.bars)
    if (auto index = state.out->index_of(x.symbol))
      state.out->add(*index, std::move(x));
  step.answer.deliver(state.out->send(self, step.bars.watermark));
}

void store_next(simulator_feed_self* self);

template <class Batch, class Done>
void store(simulator_feed_self* self, const Batch& batch, Done done) {
  self->request(self->state.wiring.writer.get(), commit_limit, batch)
    .then([done](const commit_receipt&) { done(); },
          [self](caf::error&) {
            self->delayed_send(self, commit_retry_pause, wire::rebuild_atom_v,
                               std::uint64_t{0});
          });
}

/// Stores the first step, then delivers it: one at a time, so in order.
void store_next(simulator_feed_self* self) {
  auto& state = self->state;
  if (state.steps.empty())
    return;
  auto& step = state.steps.front();
  if (!step.headlines_stored && !step.headlines.headlines.empty()) {
    store(self, step.headlines, [self] {
      self->state.steps.front().headlines_stored = true;
      store_next(self);
    });
    return;
  }
  store(self, step.bars, [self] {
    auto done = std::move(self->state.steps.front());
    self->state.steps.pop_front();
    deliver(self, std::move(done));
    store_next(self);
  });
}

feed_step take_until(simulator_feed_state& state, timestamp until) {
  while (state.next_session && state.next_session->opens_at <= until)
    make_session(state);
  feed_step step;
  step.bars.source = "simulator";
  step.bars.watermark = until;
  while (!state.bars.empty() && state.bars.front().known_at <= until) {
    step.bars.bars.push_back(std::move(state.bars.front()));
    state.bars.pop_front();
  }
  while (!state.headlines.empty()
         && state.headlines.front().known_at <= until) {
    step.headlines.headlines.push_back(std::move(state.headlines.front()));
    state.headlines.pop_front();
  }
  // Before they are stored, so that all who read them see the same score.
  state.rating.rate(step.headlines.headlines);
  return step;
}

} // namespace

price_feed_actor::behavior_type
simulator_feed(simulator_feed_self* self, std::shared_ptr<probe> watched,
               shared_plan plan, feed_wiring wiring, simulation_start start) {
  prepare(self, std::move(watched));
  auto& state = self->state;
  state.plan = plan;
  state.wiring = std::move(wiring);
  state.start = std::move(start);
  state.rating = sentiment::headline_rating{state.wiring.sentiment_model};
  state.market.emplace(state.start.settings);
  state.out.emplace(plan, state.wiring, "simulator");
  state.next_session = plan->calendar.session_on(state.start.first_session);
  return {
    [self](wire::advance_atom, timestamp until) {
      auto step = take_until(self->state, until);
      step.answer = self->make_response_promise<feed_step::promise>();
      auto answer = step.answer;
      self->state.steps.push_back(std::move(step));
      if (self->state.steps.size() == 1)
        store_next(self);
      return answer;
    },
    [self](wire::rebuild_atom, std::uint64_t) { store_next(self); },
    [](wire::health_atom) {
      component_health result;
      result.component = "feeds";
      return result;
    },
  };
}

} // namespace banksia

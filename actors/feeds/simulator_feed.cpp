#include "actors/feeds/simulator_feed.hpp"

namespace banksia {

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

/// Hands what has that number to the writer, until it is committed.
void store(simulator_feed_self* self, std::uint64_t number) {
  auto& state = self->state;
  if (auto batch = state.unstored_bars.find(number))
    send_to_store(self, state.wiring.writer, number, *batch,
                  [self](std::uint64_t x) {
                    self->state.unstored_bars.take(x);
                  });
  if (auto batch = state.unstored_headlines.find(number))
    send_to_store(self, state.wiring.writer, number, *batch,
                  [self](std::uint64_t x) {
                    self->state.unstored_headlines.take(x);
                  });
}

void deliver_headlines(simulator_feed_self* self, timestamp until) {
  auto& state = self->state;
  headline_batch all;
  while (!state.headlines.empty() && state.headlines.front().known_at <= until) {
    all.headlines.push_back(std::move(state.headlines.front()));
    state.headlines.pop_front();
  }
  if (all.headlines.empty())
    return;
  auto number = state.next_number++;
  state.unstored_headlines.put(number, all);
  store(self, number);
  for (const auto& x : all.headlines)
    if (auto index = state.out->index_of(x.symbol);
        index && *index != index_lane)
      state.wiring.symbols[*index].tell(self, headline_batch{1, {x}});
}

feed_progress advance(simulator_feed_self* self, timestamp until) {
  auto& state = self->state;
  while (state.next_session && state.next_session->opens_at <= until)
    make_session(state);
  while (!state.bars.empty() && state.bars.front().known_at <= until) {
    auto x = std::move(state.bars.front());
    state.bars.pop_front();
    if (auto index = state.out->index_of(x.symbol))
      state.out->add(*index, std::move(x));
  }
  deliver_headlines(self, until);
  auto number = state.next_number++;
  state.unstored_bars.put(number, state.out->all(until));
  store(self, number);
  return state.out->send(self, until);
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
  state.market.emplace(state.start.settings);
  state.out.emplace(plan, state.wiring, "simulator");
  state.next_session = plan->calendar.session_on(state.start.first_session);
  return {
    [self](wire::advance_atom, timestamp until) {
      return advance(self, until);
    },
    [self](wire::rebuild_atom, std::uint64_t number) { store(self, number); },
    [](wire::health_atom) {
      component_health result;
      result.component = "feeds";
      return result;
    },
  };
}

} // namespace banksia

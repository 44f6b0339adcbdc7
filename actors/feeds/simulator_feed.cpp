#include "actors/feeds/simulator_feed.hpp"

#include <algorithm>
#include <iterator>

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

/// The code under which what is simulated as `symbol` is told.
template <class T>
void rename(const simulator_feed_state& state, T& x) {
  if (const auto& listed = state.out->listed(); listed && !listed->is_plain())
    x.symbol = listed->code_at(x.symbol, x.known_at);
}

/// Simulates the next session and keeps what is `wanted` of it. Those that lie
/// wholly before `after` are passed without being delivered; history gives daily
/// bars, and only at its end those within the day.
template <class Wanted>
void make_session(simulator_feed_state& state, Wanted wanted) {
  auto current = state.next_session;
  const auto& calendar = state.plan->calendar;
  state.next_session = calendar.next_session_after(current->auction_ends_at);
  auto made = state.market->next(to_sim(*current));
  auto number = ++state.sessions_made;
  auto history = number <= state.start.history_sessions;
  auto keep = [&](auto& from, auto& to) {
    for (auto& x : from)
      if (wanted(x.symbol)
          && (x.known_at > state.start.after || state.whole.contains(x.symbol)))
        to.push_back(std::move(x));
  };
  if (number + state.start.intraday_sessions > state.start.history_sessions)
    keep(made.bars, state.bars);
  if (history)
    keep(made.daily, state.bars);
  keep(made.headlines, state.headlines);
}

void make_session(simulator_feed_state& state) {
  make_session(state, [](const std::string&) { return true; });
}

bool knows(const simulation::simulator_settings& market,
           const std::string& code) {
  const auto& symbols = market.symbols;
  return std::find(symbols.begin(), symbols.end(), code) != symbols.end();
}

void begin_market(simulator_feed_state& state) {
  state.market.emplace(state.start.settings);
  state.next_session
    = state.plan->calendar.session_on(state.start.first_session);
  state.sessions_made = 0;
}

/// Takes up symbols that came since the last step: the market is made once more
/// with them, up to where it stands, and what is kept of that is theirs.
void follow(simulator_feed_state& state) {
  if (!state.out->follow())
    return;
  state.plan = state.out->plan();
  // A successor's prices are those of the code before it.
  auto codes = state.out->listed()->first_codes();
  std::set<std::string> fresh;
  for (const auto& code : codes)
    if (!knows(state.start.settings, code))
      fresh.insert(code);
  if (fresh.empty())
    return;
  state.start.settings.symbols = std::move(codes);
  state.whole.insert(fresh.begin(), fresh.end());
  auto stands = state.sessions_made;
  begin_market(state);
  while (state.sessions_made < stands && state.next_session)
    make_session(state, [&](const std::string& symbol) {
      return fresh.contains(symbol);
    });
  auto earlier = [](const auto& a, const auto& b) {
    return a.known_at < b.known_at;
  };
  std::stable_sort(state.bars.begin(), state.bars.end(), earlier);
  std::stable_sort(state.headlines.begin(), state.headlines.end(), earlier);
}

void deliver(simulator_feed_self* self, feed_step step) {
  auto& state = self->state;
  state.out->send(self, std::move(step.headlines));
  for (auto& x : step.bars.bars)
    if (auto index = state.out->index_of(x.symbol))
      state.out->add(*index, std::move(x));
  step.answer.deliver(state.out->send(self, step.bars.watermark));
}

/// Stores the first step, then delivers it: one at a time, so in order.
void store_next(simulator_feed_self* self) {
  auto& state = self->state;
  if (state.steps.empty())
    return;
  auto& step = state.steps.front();
  const auto& writer = state.wiring.writer;
  if (!step.headlines_stored && !step.headlines.headlines.empty()) {
    send_to_store(self, writer, 0, step.headlines, [self](std::uint64_t) {
      self->state.steps.front().headlines_stored = true;
      store_next(self);
    });
    return;
  }
  send_to_store(self, writer, 0, step.bars, [self](std::uint64_t) {
    auto done = std::move(self->state.steps.front());
    self->state.steps.pop_front();
    deliver(self, std::move(done));
    store_next(self);
  });
}

feed_step take_until(simulator_feed_state& state, timestamp until) {
  follow(state);
  while (state.next_session && state.next_session->opens_at <= until)
    make_session(state);
  feed_step step;
  step.bars.source = "simulator";
  step.bars.watermark = until;
  while (!state.bars.empty() && state.bars.front().known_at <= until) {
    rename(state, state.bars.front());
    step.bars.bars.push_back(std::move(state.bars.front()));
    state.bars.pop_front();
  }
  while (!state.headlines.empty()
         && state.headlines.front().known_at <= until) {
    rename(state, state.headlines.front());
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
  state.out.emplace(std::move(plan), state.wiring, "simulator");
  state.plan = state.out->plan();
  state.whole = state.start.missing;
  if (const auto& listed = state.out->listed()) {
    auto codes = listed->first_codes();
    // Those that came since the node's start, to a feed before this one.
    for (const auto& code : codes)
      if (!knows(state.start.settings, code))
        state.whole.insert(code);
    state.start.settings.symbols = std::move(codes);
  }
  begin_market(state);
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

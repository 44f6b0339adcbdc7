#include "actors/feeds/store_feed.hpp"

#include "actors/store/schema.hpp"

namespace banksia {

namespace {

void open_stream(store_feed_state& state) {
  std::vector<bar_stream::source> sources;
  // The index first: its bar must be there when the same instant's cycle is.
  if (!state.plan->index_symbol.empty())
    sources.push_back({state.plan->index_symbol, index_lane});
  const auto& listed = state.out->listed();
  for (std::uint32_t i = 0; i < state.plan->symbols.size(); ++i)
    if (!listed || listed->is_needed(i, listed->newest()))
      sources.push_back({state.plan->symbols[i], i});
  state.bars.emplace(*state.db, std::move(sources), state.plan->data_interval,
                     state.delivered_until);
}

/// Behind what was delivered.
void open_changes(store_feed_state& state) {
  state.changes.emplace(*state.db, state.plan->data_interval,
                        state.delivered_until);
}

/// Likewise. On a live node headlines come from elsewhere.
void open_news(store_feed_state& state) {
  if (state.plan->news && !state.follow)
    state.news.emplace(*state.db, state.plan->symbols, state.delivered_until);
}

headline_batch take_news(store_feed_state& state, timestamp until) {
  headline_batch batch;
  while (auto x = state.news ? state.news->next(until) : std::nullopt)
    batch.headlines.push_back(std::move(*x));
  return batch;
}

void take_changes(store_feed_state& state, timestamp until) {
  if (state.follow)
    state.changes->look_again();
  while (auto x = state.changes->next_action(until))
    if (auto index = state.out->index_of(x->symbol))
      state.out->add(*index, std::move(*x));
  while (auto x = state.changes->next_revision(until))
    if (auto index = state.out->index_of(x->content.symbol))
      state.out->add(*index, std::move(*x));
}

feed_progress advance(store_feed_self* self, timestamp until) {
  auto& state = self->state;
  // A replay whose scheduler was started again begins again, and with it the
  // stream: who has a bar at a slot must be said once more.
  if (!state.follow && until <= state.delivered_until) {
    state.delivered_until = state.begins_after;
    open_stream(state);
    open_changes(state);
    open_news(state);
  }
  auto changed = state.out->follow();
  if (changed)
    state.plan = state.out->plan();
  if (state.follow && (changed || !state.bars->next_known_at()))
    open_stream(state);
  state.out->send(self, take_news(state, until));
  take_changes(state, until);
  for (auto next = state.bars->next_known_at(); next && *next <= until;
       next = state.bars->next_known_at()) {
    auto item = state.bars->pop();
    state.out->add(item.index, std::move(item.content));
  }
  auto progress = state.out->send(self, until);
  state.delivered_until = std::max(state.delivered_until, until);
  progress.exhausted = !state.follow && !state.bars->next_known_at();
  return progress;
}

} // namespace

price_feed_actor::behavior_type
store_feed(store_feed_self* self, std::shared_ptr<probe> watched,
           shared_plan plan, feed_wiring wiring, std::filesystem::path file,
           timestamp after, bool follow) {
  prepare(self, std::move(watched));
  auto& state = self->state;
  state.plan = plan;
  state.wiring = std::move(wiring);
  state.db = std::make_unique<storage::database>(
    store::open_for_reading(file));
  state.begins_after = state.delivered_until = after;
  state.follow = follow;
  state.out.emplace(std::move(plan), state.wiring, "store");
  open_stream(state);
  open_changes(state);
  open_news(state);
  return {
    [self](wire::advance_atom, timestamp until) {
      return advance(self, until);
    },
    [](wire::rebuild_atom, std::uint64_t) {
      // What it delivers is stored already.
    },
    [](wire::health_atom) {
      component_health result;
      result.component = "feeds";
      return result;
    },
  };
}

} // namespace banksia

#include "actors/feeds/live_feed.hpp"

#include "actors/feeds/price_endpoint.hpp"
#include "actors/store/outbox.hpp"

#include <utility>

namespace banksia {

namespace {

/// Series asked for at a time: sources limit how often they may be asked.
constexpr std::size_t asked_max = 4;
/// Elapsed time for one source; it promises less.
constexpr std::chrono::seconds source_limit{60};

void ask_due(live_feed_self* self);

// -- storing ----------------------------------------------------------------------

void store_next(live_feed_self* self);

template <class Batch, class Done>
void store(live_feed_self* self, const Batch& batch, Done done) {
  self->request(self->state.wiring.writer.get(), commit_limit, batch)
    .then([done](const commit_receipt&) { done(); },
          [self](caf::error&) {
            self->delayed_send(self, commit_retry_pause, wire::rebuild_atom_v,
                               std::uint64_t{0});
          });
}

void store_next(live_feed_self* self) {
  auto& state = self->state;
  if (state.steps.empty())
    return;
  auto& step = state.steps.front();
  if (!step.refused_stored && !step.refused.rows.empty()) {
    store(self, step.refused, [self] {
      self->state.steps.front().refused_stored = true;
      store_next(self);
    });
    return;
  }
  // Before the bars: who reads a bar on a new basis must find out why.
  if (!step.actions_stored && !step.actions.actions.empty()) {
    store(self, step.actions, [self] {
      self->state.steps.front().actions_stored = true;
      store_next(self);
    });
    return;
  }
  store(self, step.bars, [self] {
    auto& state = self->state;
    auto done = std::move(state.steps.front());
    state.steps.pop_front();
    std::move(done.actions.actions.begin(), done.actions.actions.end(),
              std::back_inserter(state.stored_actions));
    std::move(done.bars.bars.begin(), done.bars.bars.end(),
              std::back_inserter(state.stored));
    store_next(self);
  });
}

void keep(live_feed_self* self, std::size_t index, const price_answer& answer) {
  auto& state = self->state;
  auto& series = state.book->series()[index];
  // Delivered with the next step of time: no cycle of this instant sees it.
  auto judged = state.book->judge(series, answer, state.now + micros{1});
  if (state.sources.board)
    state.sources.board->change(answer.source, [&](feed_facts& x) {
      x.accepted += judged.bars.size() - judged.repaired;
      x.repaired += judged.repaired;
      x.quarantined += judged.refused.size();
    });
  if (judged.bars.empty() && judged.refused.empty() && judged.actions.empty())
    return;
  live_feed_state::step step;
  step.bars.source = answer.source;
  step.bars.watermark = answer.covered_until;
  step.bars.bars = std::move(judged.bars);
  step.refused.rows = std::move(judged.refused);
  step.actions.actions = std::move(judged.actions);
  state.steps.push_back(std::move(step));
  if (state.steps.size() == 1)
    store_next(self);
}

// -- asking -----------------------------------------------------------------------

void end_asking(live_feed_self* self, std::size_t index) {
  self->state.book->series()[index].asked = false;
  --self->state.asked;
  ask_due(self);
}

/// Asks the sources from `position` on, until one answers.
void ask(live_feed_self* self, std::size_t index, std::size_t position,
         std::string trouble) {
  auto& state = self->state;
  auto& series = state.book->series()[index];
  if (position == state.sources.order.size()) {
    series.trouble = std::move(trouble);
    end_asking(self, index);
    return;
  }
  auto next = [self, index, position, trouble](const std::string& why) {
    auto all = trouble.empty() ? why : trouble + "; " + why;
    ask(self, index, position + 1, std::move(all));
  };
  auto name = state.sources.names[position];
  state.sources.order[position].ask(
    self, source_limit,
    [self, index, next, name](const price_answer& answer) {
      if (!is_answered(answer)) {
        next(name + ": " + answer.status
             + (answer.text.empty() ? "" : ": " + answer.text));
        return;
      }
      keep(self, index, answer);
      end_asking(self, index);
    },
    [next, name](caf::error&) { next(name + ": no answer"); },
    state.book->request_for(series, state.now));
}

void ask_due(live_feed_self* self) {
  auto& state = self->state;
  auto& all = state.book->series();
  for (std::size_t i = 0; i < all.size() && state.asked < asked_max; ++i) {
    if (!state.book->is_due(all[i], state.now))
      continue;
    all[i].asked = true;
    all[i].asked_at = state.now;
    ++state.asked;
    ask(self, i, 0, {});
  }
}

// -- time -------------------------------------------------------------------------

feed_progress advance(live_feed_self* self, timestamp until) {
  auto& state = self->state;
  state.now = std::max(state.now, until);
  ask_due(self);
  for (auto& x : std::exchange(state.stored_actions, {}))
    if (auto index = state.out->index_of(x.symbol))
      state.out->add(*index, std::move(x));
  for (auto& x : std::exchange(state.stored, {}))
    if (auto index = state.out->index_of(x.symbol))
      state.out->add(*index, std::move(x));
  return state.out->send(self, until, state.book->watermark(state.now));
}

/// Reads what is stored, one series after the other; then it is ready.
void recall(live_feed_self* self, std::size_t index) {
  auto& state = self->state;
  if (index == state.book->series().size()) {
    self->say_ready();
    return;
  }
  const auto& series = state.book->series()[index];
  auto take = [self, index](const std::vector<bar>& bars) {
    auto& book = *self->state.book;
    book.recall(book.series()[index], bars);
    recall(self, index + 1);
  };
  read_actions(
    self, state.reader, series.symbol,
    [self, index, take](const std::vector<corporate_action>& actions) {
      auto& state = self->state;
      state.book->recall(actions);
      const auto& series = state.book->series()[index];
      read_history(self, bar_history{state.reader, {series.interval}, true},
                   series.symbol, take);
    });
}

// -- health -----------------------------------------------------------------------

component_health health_of(const live_feed_state& state) {
  component_health result;
  result.component = "feeds";
  std::size_t away = 0, fallback = 0;
  std::string why;
  for (const auto& x : state.book->series()) {
    away += !x.trouble.empty();
    if (why.empty())
      why = x.trouble;
    fallback += x.trouble.empty() && !x.source.empty()
                && x.source != state.sources.names.front();
  }
  auto all = state.book->series().size();
  if (away > 0) {
    result.state
      = away == all ? health_state::unhealthy : health_state::degraded;
    result.reason = std::to_string(away) + " of " + std::to_string(all)
                    + " series get no prices: " + why;
  } else if (fallback > 0) {
    result.state = health_state::degraded;
    result.reason = std::to_string(fallback) + " of " + std::to_string(all)
                    + " series come from a source behind "
                    + state.sources.names.front();
  }
  return result;
}

} // namespace

price_feed_actor::behavior_type
live_feed(live_feed_self* self, std::shared_ptr<probe> watched,
          shared_plan plan, feed_wiring wiring, live_sources sources,
          ref<store_reader_actor> reader) {
  prepare(self, std::move(watched));
  auto& state = self->state;
  state.plan = plan;
  state.wiring = std::move(wiring);
  state.sources = std::move(sources);
  state.reader = std::move(reader);
  state.book = std::make_unique<live_book>(plan, state.sources.history);
  state.out.emplace(std::move(plan), state.wiring, "live");
  self->hold_ready();
  recall(self, 0);
  return {
    [self](wire::advance_atom, timestamp until) {
      return advance(self, until);
    },
    [self](wire::rebuild_atom, std::uint64_t) { store_next(self); },
    [self](wire::health_atom) { return health_of(self->state); },
  };
}

} // namespace banksia

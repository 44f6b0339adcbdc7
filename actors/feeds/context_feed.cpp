#include "actors/feeds/context_feed.hpp"

#include "actors/feeds/news_feed.hpp"
#include "actors/feeds/price_endpoint.hpp"
#include "actors/store/history.hpp"
#include "actors/store/outbox.hpp"
#include "actors/tracing/work.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

/// Elapsed time for one question; the source promises less.
constexpr std::chrono::seconds source_limit{60};

std::string symbol_text(const context_feed_state& state) {
  return std::string{symbol_of(state.setup.series)};
}

// -- what was decided ----------------------------------------------------------------

/// The newest slot of the plan up to `t`; nothing where the calendar has none.
std::optional<timestamp> slot_before(const run_plan& plan, timestamp t) {
  const auto* s = plan.calendar.session_at(t);
  auto before = [&](const session* x) -> std::optional<timestamp> {
    if (x == nullptr)
      return std::nullopt;
    auto all = slots_of(plan, *x);
    auto after = std::upper_bound(all.begin(), all.end(), t);
    return after == all.begin() ? std::nullopt
                                : std::optional{*std::prev(after)};
  };
  if (auto found = before(s))
    return found;
  return before(plan.calendar.previous_session_before(t));
}

/// Up to when cycles may have been made without what comes now. One that is
/// made just now is not known to the store yet: the calendar says when it was
/// due.
context_moment moment_of(const context_feed_state& state) {
  const auto& setup = state.setup;
  context_moment x;
  x.now = setup.wall();
  x.settle = news_settle;
  x.decided_until = setup.decided_before.value_or(timestamp::min());
  auto slot = slot_before(*state.plan, x.now + x.settle);
  if (slot && *slot >= setup.begins_at)
    x.decided_until = std::max(x.decided_until, *slot);
  return x;
}

// -- telling ---------------------------------------------------------------------------

void tell_board(context_feed_self* self, const std::string& failure,
                std::uint64_t good = 0, std::uint64_t refused = 0) {
  auto& state = self->state;
  if (!state.setup.board)
    return;
  state.setup.board->change(name_of(state.setup), [&](feed_facts& x) {
    ++x.calls;
    x.count_points(good, 0, refused);
    x.trouble = state.trouble;
    if (failure.empty())
      x.last_answer = state.setup.wall();
    else
      ++x.failures[failure];
  });
}

/// Reads what is stored and tells the cycle, then `done`: so that it has the
/// very rows that explanations read, however often they were sent to be stored.
template <class Done>
void tell_stored(context_feed_self* self, Done done) {
  auto& state = self->state;
  auto since = std::chrono::floor<std::chrono::days>(state.setup.wall())
               - context_book::history;
  state.wiring.reader.ask(
    self, history_limit,
    [self, done](std::vector<bar>& stored) {
      auto& state = self->state;
      state.book->recall(stored);
      if (!stored.empty()) {
        bar_batch batch;
        batch.source = name_of(state.setup);
        batch.bars = std::move(stored);
        batch.watermark = batch.bars.back().known_at;
        state.wiring.cycle.tell(self, std::move(batch));
      }
      done();
    },
    end_with_error<context_feed_self>{self}, wire::rebuild_atom_v,
    symbol_text(state), bar_interval::d1, timestamp{since}, end_of_time);
}

// -- storing ----------------------------------------------------------------------------

void ask_later(context_feed_self* self) {
  const auto& state = self->state;
  self->delayed_send(self,
                     state.trouble.empty() ? state.setup.poll_every
                                           : state.setup.retry_every,
                     wire::next_atom_v);
}

/// What was refused first, then the days. At each try the days count anew from
/// when they can: until then they were with nobody.
void store_next(context_feed_self* self) {
  auto& state = self->state;
  auto& rows = state.storing;
  if (!rows.refused.empty()) {
    send_to_store(self, state.wiring.writer, 0,
                  quarantine_batch{1, rows.refused}, [self](std::uint64_t) {
                    self->state.storing.refused.clear();
                    store_next(self);
                  });
    return;
  }
  if (rows.days.empty()) {
    ask_later(self);
    return;
  }
  state.book->stamp(rows.days, moment_of(state));
  bar_batch batch;
  batch.source = name_of(state.setup);
  batch.bars = rows.days;
  batch.watermark = rows.days.back().known_at;
  send_to_store(self, state.wiring.writer, 0, batch, [self](std::uint64_t) {
    self->state.storing.days.clear();
    tell_stored(self, [self] { ask_later(self); });
  });
}

// -- asking -----------------------------------------------------------------------------

void fail(context_feed_self* self, const std::string& status,
          const std::string& text) {
  self->state.trouble = status + ": " + text;
  tell_board(self, status);
  ask_later(self);
}

void take(context_feed_self* self, const price_answer& answer) {
  auto& state = self->state;
  if (!is_answered(answer))
    return fail(self, answer.status, answer.text);
  state.trouble.clear();
  state.answered = true;
  state.storing = state.book->take(answer, state.setup.wall());
  tell_board(self, {}, state.storing.days.size(),
             state.storing.refused.size());
  store_next(self);
}

void ask_source(context_feed_self* self) {
  auto& state = self->state;
  own_trace trace{self, "asks"};
  state.wiring.source.ask(
    self, source_limit,
    [self](const price_answer& answer) { take(self, answer); },
    [self](caf::error& why) {
      fail(self, "away", self->system().render(why));
    },
    state.book->request(state.setup.wall()));
}

// -- health -----------------------------------------------------------------------------

component_health health_of(const context_feed_state& state) {
  component_health result;
  result.component = "feeds";
  const auto* newest = state.book->newest();
  auto name = std::string{to_string(state.setup.series)};
  if (!state.trouble.empty())
    result.reason = name + " from " + state.setup.source + ": "
                    + state.trouble;
  else if (!newest && state.answered)
    result.reason = name + " from " + state.setup.source
                    + ": no day of it is known";
  else if (newest
           && state.setup.wall() - newest->known_at > level_series::age_max)
    result.reason = name + " from " + state.setup.source
                    + ": no new day known since "
                    + to_rfc3339(newest->known_at);
  if (!result.reason.empty())
    result.state = health_state::degraded;
  return result;
}

} // namespace

std::string name_of(const context_setup& x) {
  return "context/" + std::string{to_string(x.series)};
}

context_feed_actor::behavior_type
context_feed(context_feed_self* self, std::shared_ptr<probe> watched,
             shared_plan plan, context_wiring wiring, context_setup setup) {
  prepare(self, std::move(watched));
  auto& state = self->state;
  state.plan = std::move(plan);
  state.wiring = std::move(wiring);
  state.book.emplace(setup.series);
  state.setup = std::move(setup);
  self->hold_ready();
  tell_stored(self, [self] {
    self->say_ready();
    self->send(self, wire::next_atom_v);
  });
  return {
    [self](wire::next_atom) { ask_source(self); },
    [self](wire::rebuild_atom, std::uint64_t) { store_next(self); },
    [self](wire::health_atom) { return health_of(self->state); },
  };
}

} // namespace banksia

#include "actors/feeds/live_feed.hpp"

#include "actors/feeds/price_endpoint.hpp"
#include "actors/listings/code_history.hpp"
#include "actors/store/outbox.hpp"
#include "actors/tracing/work.hpp"

#include <utility>

namespace banksia {

live_feed_state::~live_feed_state() {
  for (auto& x : waiting)
    x.answer.deliver(caf::make_error(caf::sec::request_receiver_down));
}

namespace {

/// Series asked for at a time: sources limit how often they may be asked.
constexpr std::size_t asked_max = 4;
/// Elapsed time that a step of time waits for the store. Beyond it bars come
/// later than they count from, which is what explanations then tell.
constexpr std::chrono::seconds store_patience{5};
/// Elapsed time for one source; it promises less.
constexpr std::chrono::seconds source_limit{60};

void ask_due(live_feed_self* self);
void answer_waiting(live_feed_self* self, std::uint64_t at_least = 0);

// -- storing ----------------------------------------------------------------------

void store_next(live_feed_self* self);

/// Stores a batch that has rows; then, or without any, `done`.
template <class Batch, class Rows, class Done>
void store_rows(live_feed_self* self, const Batch& batch, const Rows& rows,
                Done done) {
  if (rows.empty())
    done();
  else
    send_to_store(self, self->state.wiring.writer, 0, batch,
                  [done](std::uint64_t) { done(); });
}

/// The first step is stored: it can be delivered. Only now is its series known
/// so far, or the watermark would promise what nobody has.
void end_step(live_feed_self* self) {
  auto& state = self->state;
  auto done = std::move(state.steps.front());
  state.steps.pop_front();
  ++state.steps_ended;
  auto& series = state.book->series()[done.series];
  series.covered_until = std::max(series.covered_until, done.covered_until);
  if (state.sources.board)
    state.sources.board->show_running(series.symbol, series.interval,
                                      std::move(done.running));
  std::move(done.actions.actions.begin(), done.actions.actions.end(),
            std::back_inserter(state.stored_actions));
  std::move(done.revisions.revisions.begin(), done.revisions.revisions.end(),
            std::back_inserter(state.stored_revisions));
  std::move(done.bars.bars.begin(), done.bars.bars.end(),
            std::back_inserter(state.stored));
}

void store_next(live_feed_self* self) {
  auto& state = self->state;
  if (state.steps.empty())
    return;
  auto& step = state.steps.front();
  auto go_on = [self] {
    ++self->state.steps.front().stored;
    store_next(self);
  };
  switch (step.stored) {
    case 0:
      return store_rows(self, step.refused, step.refused.rows, go_on);
    case 1:
      return store_rows(self, step.repairs, step.repairs.repairs, go_on);
    case 2:
      return store_rows(self, step.revisions, step.revisions.revisions, go_on);
    case 3:
      // Before the bars: who reads a bar on a new basis must find out why.
      return store_rows(self, step.actions, step.actions.actions, go_on);
    case 4:
      return store_rows(self, step.bars, step.bars.bars, go_on);
    default:
      end_step(self);
      answer_waiting(self);
      return store_next(self);
  }
}

void keep(live_feed_self* self, std::size_t index, const price_answer& answer) {
  auto& state = self->state;
  auto& series = state.book->series()[index];
  // Delivered with the next step of time, which waits for it: no cycle of this
  // instant sees it, and each one of a later instant does.
  auto judged = state.book->judge(series, answer, state.now + micros{1});
  if (state.sources.board)
    state.sources.board->change(answer.source, [&](feed_facts& x) {
      x.count_points(judged.accepted, judged.repaired, judged.quarantined);
    });
  live_feed_state::step step;
  step.series = index;
  step.covered_until = answer.covered_until;
  step.running = std::move(judged.running);
  step.bars.source = answer.source;
  step.bars.watermark = answer.covered_until;
  step.bars.bars = std::move(judged.bars);
  step.refused.rows = std::move(judged.refused);
  step.repairs.repairs = std::move(judged.repairs);
  step.revisions.revisions = std::move(judged.revisions);
  step.actions.actions = std::move(judged.actions);
  state.steps.push_back(std::move(step));
  ++state.steps_begun;
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

/// As a trace of its own: which request of somebody's time it was matters less
/// than what came of it.
void ask_first(live_feed_self* self, std::size_t index) {
  own_trace trace{self, "asks"};
  telemetry::note_here("banksia.symbol",
                       self->state.book->series()[index].symbol);
  ask(self, index, 0, {});
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
    ask_first(self, i);
  }
}

// -- time -------------------------------------------------------------------------

/// Reads what is stored of a series; under its earlier codes too.
template <class Done>
void recall_one(live_feed_self* self, std::size_t index, Done done) {
  auto& state = self->state;
  const auto& series = state.book->series()[index];
  const auto& listed = state.out->listed();
  auto codes = listed ? listed->codes_before(series.symbol)
                      : std::vector<code_span>{{series.symbol}};
  bar_history past{state.reader, {series.interval}, true};
  auto changes = std::make_shared<code_changes>();
  read_code_changes(self, past, codes, changes, [=] {
    read_code_history(self, past, codes, [=](const std::vector<bar>& bars) {
      auto& state = self->state;
      auto& series = state.book->series()[index];
      state.book->recall(series.symbol, changes->actions);
      state.book->recall(series, bars, changes->revisions);
      // The feed before may have stored something and not delivered it; who
      // has it already is told nothing new.
      state.stored_actions.insert(state.stored_actions.end(),
                                  changes->actions.begin(),
                                  changes->actions.end());
      state.stored_revisions.insert(state.stored_revisions.end(),
                                    changes->revisions.begin(),
                                    changes->revisions.end());
      if (state.again)
        state.stored.insert(state.stored.end(), bars.begin(), bars.end());
      done();
    });
  });
}

/// Takes up the symbols that came, and leaves those that nobody needs.
void follow(live_feed_self* self) {
  auto& state = self->state;
  auto changed = state.out->follow();
  const auto& listed = state.out->listed();
  if (!listed || (!changed && state.now < state.leave_at))
    return;
  state.plan = state.out->plan();
  state.leave_at = end_of_time;
  auto known = state.book->series().size();
  for (std::uint32_t i = 0; i < state.plan->symbols.size(); ++i) {
    const auto& symbol = state.plan->symbols[i];
    auto now = std::max(state.now, listed->newest());
    auto place = listed->at(i, now);
    if (!listed->is_needed(i, now) || place->state == listing_state::renamed)
      state.book->leave(symbol);
    else
      state.book->follow(symbol);
    if (place && place->since + listings::linger > now)
      state.leave_at = std::min(state.leave_at,
                                place->since + listings::linger);
  }
  for (auto i = known; i < state.book->series().size(); ++i) {
    state.book->series()[i].asked = true; // not before its past is known
    recall_one(self, i, [self, i] {
      self->state.book->series()[i].asked = false;
    });
  }
}

feed_progress deliver(live_feed_self* self, timestamp until) {
  auto& state = self->state;
  for (auto& x : std::exchange(state.stored_actions, {}))
    if (auto index = state.out->index_of(x.symbol))
      state.out->add(*index, std::move(x));
  for (auto& x : std::exchange(state.stored_revisions, {}))
    if (auto index = state.out->index_of(x.content.symbol))
      state.out->add(*index, std::move(x));
  for (auto& x : std::exchange(state.stored, {}))
    if (auto index = state.out->index_of(x.symbol))
      state.out->add(*index, std::move(x));
  return state.out->send(self, until, state.book->watermark(state.now),
                         state.book->lags(state.now));
}

/// Ends the steps of time that wait for nothing any more, and those up to that
/// number whatever they wait for.
void answer_waiting(live_feed_self* self, std::uint64_t at_least) {
  auto& waiting = self->state.waiting;
  while (!waiting.empty()
         && (waiting.front().begun <= self->state.steps_ended
             || waiting.front().number <= at_least)) {
    auto x = std::move(waiting.front());
    waiting.pop_front();
    x.answer.deliver(deliver(self, x.until));
  }
}

caf::typed_response_promise<feed_progress> advance(live_feed_self* self,
                                                   timestamp until) {
  auto& state = self->state;
  state.now = std::max(state.now, until);
  follow(self);
  // What is answered from here on is known after this step.
  live_feed_state::asked_step x{
    until, ++state.asked_steps, state.steps_begun,
    self->make_response_promise<
      caf::typed_response_promise<feed_progress>>()};
  auto answer = x.answer;
  state.waiting.push_back(std::move(x));
  ask_due(self);
  answer_waiting(self);
  if (!state.waiting.empty())
    self->delayed_send(self, store_patience, wire::rebuild_atom_v,
                       state.asked_steps);
  return answer;
}

/// Reads what is stored, one series after the other; then it is ready.
void recall(live_feed_self* self, std::size_t index) {
  auto& state = self->state;
  if (index == state.book->series().size()) {
    self->say_ready();
    return;
  }
  recall_one(self, index, [self, index] { recall(self, index + 1); });
}

// -- health -----------------------------------------------------------------------

/// Sources of whose newest points too many were no good.
void add_quality(component_health& into, const feed_board& board) {
  for (const auto& [name, x] : board.all()) {
    if (!x.quality.is_bad())
      continue;
    auto tenths = static_cast<int>(x.quality.invalid_share() * 1000.0);
    into.state = health_state::degraded;
    into.reason += (into.reason.empty() ? "" : "; ") + name + ": "
                   + std::to_string(tenths / 10) + "."
                   + std::to_string(tenths % 10) + " % of its last "
                   + std::to_string(x.quality.points())
                   + " points are invalid";
  }
}

component_health health_of(const live_feed_state& state) {
  component_health result;
  result.component = "feeds";
  std::size_t all = 0, away = 0, fallback = 0;
  std::string why;
  for (const auto& x : state.book->series()) {
    if (!x.followed)
      continue;
    ++all;
    away += !x.trouble.empty();
    if (why.empty())
      why = x.trouble;
    fallback += x.trouble.empty() && !x.source.empty()
                && x.source != state.sources.names.front();
  }
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
  if (state.sources.board && result.state != health_state::unhealthy)
    add_quality(result, *state.sources.board);
  return result;
}

} // namespace

price_feed_actor::behavior_type
live_feed(live_feed_self* self, std::shared_ptr<probe> watched,
          shared_plan plan, feed_wiring wiring, live_sources sources,
          ref<store_reader_actor> reader) {
  auto generation = watched ? watched->generation.load() : 1;
  prepare(self, std::move(watched));
  auto& state = self->state;
  state.again = generation > 1;
  state.plan = plan;
  state.wiring = std::move(wiring);
  state.sources = std::move(sources);
  state.reader = std::move(reader);
  state.out.emplace(std::move(plan), state.wiring, "live");
  state.plan = state.out->plan();
  state.book
    = std::make_unique<live_book>(state.plan, state.sources.history);
  self->hold_ready();
  recall(self, 0);
  return {
    [self](wire::advance_atom, timestamp until) {
      return advance(self, until);
    },
    [self](wire::rebuild_atom, std::uint64_t number) {
      if (number == 0)
        store_next(self);
      else
        answer_waiting(self, number);
    },
    [self](wire::health_atom) { return health_of(self->state); },
  };
}

} // namespace banksia

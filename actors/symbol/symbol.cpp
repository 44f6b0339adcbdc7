#include "actors/symbol/symbol.hpp"

#include "actors/listings/code_history.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

void symbol_state::begin_again(timestamp settled) {
  model = std::make_unique<predictor>(plan, ticker(), settled);
  read_until.clear();
}

std::vector<code_span> symbol_state::codes() const {
  if (!history.codes.empty())
    return history.codes;
  return {{ticker()}};
}

void symbol_state::take(bar x) {
  if (!ready) {
    arrived.push_back(std::move(x));
    return;
  }
  auto read = read_until.find(x.interval);
  // What is told under an earlier code came while the past was being read, and
  // may be missing in it though later bars are there; twice does no harm.
  if (read == read_until.end() || x.known_at > read->second
      || x.symbol != ticker())
    model->add(std::move(x));
}

void symbol_state::take_history(std::vector<bar> bars) {
  std::stable_sort(bars.begin(), bars.end(), applied_before);
  for (auto& x : bars) {
    read_until[x.interval] = x.known_at;
    model->add(std::move(x));
  }
  ready = true;
  for (auto& x : std::exchange(arrived, {}))
    take(std::move(x));
}

prediction_draft symbol_state::answer(const predict_request& request) {
  prediction_draft draft;
  draft.sequence = request.slot.sequence;
  draft.symbol_index = index;
  draft.content = model->predict(request.slot, request.context,
                                 request.market);
  if (plan->forecasts)
    draft.window = model->window();
  return draft;
}

namespace {

void rebuild(symbol_self* self, timestamp settled);

void answer_or_keep(symbol_self* self, const caf::strong_actor_ptr& asker,
                    const predict_request& request) {
  auto& state = self->state;
  // As of the slot: what is known by then is part of the new state from the
  // first bar on, so that the request finds nothing too late.
  if (state.ready && state.history.bars.reader
      && !state.model->fits(request.slot.slot))
    rebuild(self, request.slot.slot);
  if (!state.ready) {
    state.waiting.emplace_back(asker, request);
    return;
  }
  self->send(caf::actor_cast<cycle_actor>(asker), state.answer(request));
}

void answer_waiting(symbol_self* self, std::vector<bar> bars) {
  self->state.take_history(std::move(bars));
  self->say_ready();
  auto waiting = std::exchange(self->state.waiting, {});
  // Oldest first: a request about the past costs another rebuild.
  std::stable_sort(waiting.begin(), waiting.end(),
                   [](const auto& a, const auto& b) {
                     return a.second.slot.slot < b.second.slot.slot;
                   });
  for (auto& [asker, request] : waiting)
    answer_or_keep(self, asker, request);
}

/// The headlines about each of its codes, then it is ready. A live node needs the
/// newest alone; what a replay's newest are depends on where it stands.
void read_headlines(symbol_self* self, std::vector<bar> bars,
                    std::size_t position = 0) {
  const auto& history = self->state.history;
  auto codes = self->state.codes();
  if (!history.headlines || position == codes.size()) {
    answer_waiting(self, std::move(bars));
    return;
  }
  auto kept = std::make_shared<std::vector<bar>>(std::move(bars));
  auto take = [self, kept, position](const std::vector<headline>& headlines) {
    for (const auto& x : headlines)
      self->state.model->add(x);
    read_headlines(self, std::move(*kept), position + 1);
  };
  const auto& from = history.bars;
  const auto& symbol = codes[position].symbol;
  if (from.at_start)
    from.reader.ask(self, history_limit, take,
                    end_with_error<symbol_self>{self}, wire::rebuild_atom_v,
                    symbol, end_of_time);
  else
    from.reader.ask(self, history_limit, take,
                    end_with_error<symbol_self>{self}, wire::rebuild_atom_v,
                    symbol, timestamp::min(), end_of_time);
}

/// What changes bars is read before them: what is told of a bar later than that
/// comes from the feed too.
void rebuild(symbol_self* self, timestamp settled) {
  self->state.ready = false;
  self->state.begin_again(settled);
  auto past = self->state.history.bars;
  auto codes = self->state.codes();
  auto changes = std::make_shared<code_changes>();
  read_code_changes(self, past, codes, changes, [=] {
    auto& model = *self->state.model;
    for (const auto& x : changes->actions)
      model.add(x);
    for (const auto& x : changes->revisions)
      model.add(x);
    read_code_history(self, past, codes, [self](std::vector<bar> bars) {
      read_headlines(self, std::move(bars));
    });
  });
}

} // namespace

symbol_actor::behavior_type symbol(symbol_self* self,
                                   std::shared_ptr<probe> watched,
                                   shared_plan plan, std::uint32_t index,
                                   symbol_history history) {
  auto generation = watched ? watched->generation.load() : 1;
  prepare(self, std::move(watched));
  auto& state = self->state;
  state.plan = std::move(plan);
  state.index = index;
  state.history = std::move(history);
  if (state.history.bars.wanted(generation)) {
    self->hold_ready();
    rebuild(self, state.history.settled);
  } else {
    state.begin_again(state.history.settled);
  }
  return {
    [self](bar& x) { self->state.take(std::move(x)); },
    [self](const headline_batch& batch) {
      for (const auto& x : batch.headlines)
        self->state.model->add(x);
    },
    [self](const corporate_action_batch& batch) {
      for (const auto& x : batch.actions)
        self->state.model->add(x);
    },
    [self](const bar_revision_batch& batch) {
      for (const auto& x : batch.revisions)
        self->state.model->add(x);
    },
    [self](const predict_request& request) {
      answer_or_keep(self, self->current_sender(), request);
    },
  };
}

} // namespace banksia

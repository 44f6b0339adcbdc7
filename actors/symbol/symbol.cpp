#include "actors/symbol/symbol.hpp"

#include <utility>

namespace banksia {

prediction_draft symbol_state::answer(const predict_request& request) {
  prediction_draft draft;
  draft.sequence = request.slot.sequence;
  draft.symbol_index = index;
  draft.content = model->predict(request.slot, request.context);
  return draft;
}

namespace {

/// Elapsed time for one read of a symbol's whole history.
constexpr std::chrono::seconds read_limit{30};

void answer_waiting(symbol_self* self) {
  self->state.ready = true;
  for (auto& [asker, request] : std::exchange(self->state.waiting, {}))
    self->send(caf::actor_cast<cycle_actor>(asker),
               self->state.answer(request));
}

/// Reads the history, one interval after the other, then answers.
void rebuild(symbol_self* self, symbol_history history, std::size_t position) {
  const auto& ticker = self->state.model->symbol();
  if (position == history.intervals.size()) {
    self->request(history.reader.get(), read_limit, wire::rebuild_atom_v,
                  ticker, history.until)
      .then(
        [self](const std::vector<headline>& headlines) {
          for (const auto& x : headlines)
            self->state.model->add(x);
          answer_waiting(self);
        },
        // Without its history a symbol would predict from a part of it: its
        // supervisor starts it again.
        [self](caf::error& err) { self->quit(std::move(err)); });
    return;
  }
  self->request(history.reader.get(), read_limit, wire::rebuild_atom_v, ticker,
                history.intervals[position], history.until)
    .then(
      [self, history, position](std::vector<bar>& bars) {
        for (auto& x : bars)
          self->state.model->add(std::move(x));
        rebuild(self, history, position + 1);
      },
      [self](caf::error& err) { self->quit(std::move(err)); });
}

} // namespace

symbol_actor::behavior_type symbol(symbol_self* self,
                                   std::shared_ptr<probe> watched,
                                   shared_plan plan, std::uint32_t index,
                                   symbol_history history) {
  prepare(self, std::move(watched));
  self->state.index = index;
  self->state.model = std::make_unique<predictor>(
    plan, plan->symbols[index], history.settled);
  if (history.reader) {
    self->state.ready = false;
    rebuild(self, std::move(history), 0);
  }
  return {
    [self](bar& x) { self->state.model->add(std::move(x)); },
    [self](const headline_batch& batch) {
      for (const auto& x : batch.headlines)
        self->state.model->add(x);
    },
    [self](const predict_request& request) {
      if (!self->state.ready) {
        self->state.waiting.emplace_back(self->current_sender(), request);
        return;
      }
      self->send(caf::actor_cast<cycle_actor>(self->current_sender()),
                 self->state.answer(request));
    },
  };
}

} // namespace banksia

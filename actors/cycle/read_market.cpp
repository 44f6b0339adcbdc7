#include "actors/cycle/read_market.hpp"

#include <utility>

namespace banksia {

namespace {

/// One reading: what it is for, and how far it is.
struct market_reading {
  timestamp slot;
  std::vector<std::string> symbols;
  std::function<void()> done;
  std::size_t position = 0;
};

using shared_reading = std::shared_ptr<market_reading>;

void read_next(cycle_self* self, const shared_reading& of);

void read_actions_of(cycle_self* self, const shared_reading& of) {
  auto& state = self->state;
  const auto& symbol = of->symbols[of->position];
  auto go_on = [self, of] {
    ++of->position;
    read_next(self, of);
  };
  // The context is made from an index's prices as they are.
  if (symbol == state.plan->index_symbol) {
    go_on();
    return;
  }
  read_actions(self, state.wiring.index.reader, symbol,
               [self, go_on](const std::vector<corporate_action>& actions) {
                 for (const auto& x : actions)
                   self->state.market().add(x);
                 go_on();
               });
}

void read_bars_of(cycle_self* self, const shared_reading& of,
                  std::size_t interval = 0) {
  auto& state = self->state;
  const auto& symbol = of->symbols[of->position];
  const auto& from = state.wiring.index;
  if (interval == from.intervals.size()) {
    read_revisions(
      self, from, symbol,
      [self](const std::vector<bar_revision>& revisions) {
        for (const auto& x : revisions)
          self->state.market().add(x);
      },
      [self, of] { read_actions_of(self, of); });
    return;
  }
  from.reader.ask(
    self, history_limit,
    [self, of, interval](const std::vector<bar>& bars) {
      auto& state = self->state;
      for (const auto& x : bars)
        state.market().add(*state.plan, x);
      read_bars_of(self, of, interval + 1);
    },
    end_with_error<cycle_self>{self}, wire::rebuild_atom_v, symbol,
    from.intervals[interval], market_begin(*state.plan, of->slot), of->slot);
}

void read_next(cycle_self* self, const shared_reading& of) {
  if (of->position < of->symbols.size()) {
    read_bars_of(self, of);
    return;
  }
  auto& state = self->state;
  state.market().end_reading(*state.plan, of->slot, of->symbols);
  of->done();
}

/// All of a context series: it is one value a bar, and a replay has it from the
/// beginning.
void read_series(cycle_self* self, const shared_reading& of,
                 std::size_t position = 0) {
  auto& state = self->state;
  const auto& wanted = state.plan->context;
  if (state.market().levels_read || position == wanted.size()) {
    state.market().levels_read = true;
    read_next(self, of);
    return;
  }
  auto series = wanted[position];
  bar_history all{state.wiring.index.reader,
                  {all_bar_intervals.begin(), all_bar_intervals.end()}};
  read_history(self, all, std::string{symbol_of(series)},
               [self, of, series, position](const std::vector<bar>& bars) {
                 for (const auto& x : bars)
                   self->state.market().add_level(series, x);
                 read_series(self, of, position + 1);
               });
}

} // namespace

void read_market(cycle_self* self, timestamp slot,
                 std::vector<std::string> symbols,
                 std::function<void()> done) {
  auto of = std::make_shared<market_reading>();
  of->slot = slot;
  of->symbols = std::move(symbols);
  of->done = std::move(done);
  read_series(self, of);
}

} // namespace banksia

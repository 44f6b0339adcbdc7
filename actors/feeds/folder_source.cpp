#include "actors/feeds/folder_source.hpp"

#include "actors/feeds/price_endpoint.hpp"

#include <utility>

namespace banksia {

std::set<std::string> symbols_of_run(const run_plan& plan) {
  std::set<std::string> result{plan.symbols.begin(), plan.symbols.end()};
  if (!plan.index_symbol.empty())
    result.insert(plan.index_symbol);
  return result;
}

std::string trouble_of(const folder_book::summary& x) {
  if (!x.trouble.empty())
    return x.trouble;
  constexpr std::size_t named_max = 5;
  std::string result;
  std::size_t named = 0;
  for (const auto& [file, error] : x.errors) {
    if (named++ == named_max)
      return result + "; and " + std::to_string(x.errors.size() - named_max)
             + " more files";
    result += (result.empty() ? "" : "; ") + error;
  }
  return result;
}

namespace {

void tell_board(folder_source_self* self, const std::string& failure,
                bool called) {
  auto& state = self->state;
  if (!state.setup.board)
    return;
  auto trouble = trouble_of(state.book->sum_up());
  auto wall = state.setup.wall();
  state.setup.board->change("folder", [&](feed_facts& x) {
    x.calls += called;
    x.trouble = trouble;
    if (!failure.empty())
      ++x.failures[failure];
    else if (called)
      x.last_answer = wall;
  });
}

/// One step at a time, so that who asks in between need not wait for all files.
void go_on(folder_source_self* self) {
  auto& state = self->state;
  if (!state.book->has_work())
    state.book->look();
  else if (auto error = state.book->take_next(); error && !error->empty())
    tell_board(self, "bad_file", false);
  if (state.book->has_work()) {
    self->send(self, wire::next_atom_v);
    return;
  }
  tell_board(self, "", false);
  self->delayed_send(self, state.setup.look_every, wire::next_atom_v);
}

price_answer answer(folder_source_self* self, const price_request& asked) {
  auto& state = self->state;
  auto result = state.book->answer(asked, state.setup.wall());
  tell_board(self, is_answered(result) ? "" : result.status, true);
  return result;
}

component_health health_of(const folder_source_state& state) {
  component_health result;
  result.component = "feeds";
  if (auto trouble = trouble_of(state.book->sum_up()); !trouble.empty()) {
    result.state = health_state::degraded;
    result.reason = "prices from the folder: " + trouble;
  }
  return result;
}

} // namespace

folder_source_behavior::behavior_type
folder_source(folder_source_self* self, std::shared_ptr<probe> watched,
              shared_plan plan, folder_setup setup) {
  prepare(self, std::move(watched));
  auto& state = self->state;
  state.setup = std::move(setup);
  auto symbols = symbols_of_run(*plan);
  std::shared_ptr<const exchange_calendar> calendar{plan, &plan->calendar};
  state.book.emplace(state.setup.folder, std::move(calendar),
                     std::move(symbols), state.setup.limits);
  self->send(self, wire::next_atom_v);
  return {
    [self](const price_request& asked) { return answer(self, asked); },
    [self](wire::health_atom) { return health_of(self->state); },
    [self](wire::next_atom) { go_on(self); },
  };
}

} // namespace banksia

#pragma once

/// The state of `cycle` without the actor.

#include "actors/cycle/cycle.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

namespace banksia::actors_test {

struct cycle_state_fixture {
  shared_plan plan = intraday_plan();
  cycle_state state;

  cycle_state_fixture() { state.configure(plan, {}); }

  cycle_due due(int i) { return {1, slot_of(*plan, i), true, {}}; }

  cycle_due due(int i, std::vector<std::uint32_t> participants) {
    return {1, slot_of(*plan, i), false, std::move(participants)};
  }

  std::uint64_t sequence(int i) { return slot_of(*plan, i).sequence; }

  void answer(int i, std::uint32_t symbol, double entry = 100.0) {
    auto draft = make_draft(*plan, slot_of(*plan, i), symbol);
    draft.content.entry_price = price{entry};
    state.take(draft);
  }

  void answer_all(int i) {
    for (std::uint32_t symbol = 0; symbol < plan->symbols.size(); ++symbol)
      answer(i, symbol);
  }

  /// The next record to be stored; none is a failure.
  const cycle_record& stored() {
    auto x = state.next_to_store();
    CAF_REQUIRE(x != nullptr);
    return *x;
  }
};

} // namespace banksia::actors_test

#define CAF_SUITE cycle_listings
#include "actors/listings/roster.hpp"
#include "runtime/supervision/directory.hpp"
#include "tests/unit/actors/cycle_state.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

listing_change changed(std::string symbol, listing_event event, timestamp at,
                       std::string successor = {}) {
  listing_change x;
  x.symbol = std::move(symbol);
  x.event = event;
  x.effective_at = x.known_at = at;
  x.successor = std::move(successor);
  return x;
}

struct listed_fixture : cycle_state_fixture {
  std::shared_ptr<roster> board
    = std::make_shared<roster>(plan, listings{plan->symbols});
  directory names;

  listed_fixture() {
    cycle_wiring wiring;
    wiring.listed = board;
    wiring.name_of = [this](const std::string& ticker) {
      return names.name<symbol_actor>("symbol/" + ticker);
    };
    for (const auto& ticker : plan->symbols)
      wiring.symbols.push_back(wiring.name_of(ticker));
    state = cycle_state{};
    state.configure(board->plan(), std::move(wiring));
  }

  void change(const listing_change& x) {
    auto made = std::make_shared<listings>(*board->now());
    made->add(x);
    board->end_change(std::move(made));
  }

  /// "CBA.AX WBC.AX(halted)".
  std::string symbols_of(const cycle_record& record) {
    std::string result;
    for (const auto& p : record.predictions) {
      result += (result.empty() ? "" : " ") + p.symbol;
      if (p.abstained)
        result += "(" + std::string{to_string(p.reason)} + ")";
    }
    return result;
  }

  void answer_awaited(int i) {
    for (auto index : state.awaited_by(sequence(i))) {
      auto draft = make_draft(*board->plan(), slot_of(*plan, i), index);
      state.take(draft);
    }
  }

  std::string made(int i) {
    CAF_CHECK(state.open(due(i)).has_value());
    answer_awaited(i);
    return symbols_of(stored());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(cycle_listings_tests, listed_fixture)

CAF_TEST(a halted symbol abstains without being asked) {
  change(changed("WBC.AX", listing_event::halted, slot_time(1) + 1us));
  CAF_CHECK_EQUAL(made(1), "CBA.AX WBC.AX MQG.AX");
  CAF_CHECK(state.open(due(2)).has_value());
  CAF_CHECK_EQUAL(state.awaited_by(sequence(2)),
                  (std::vector<std::uint32_t>{0, 2}));
  answer_awaited(2);
  const auto& record = stored();
  CAF_CHECK_EQUAL(symbols_of(record), "CBA.AX WBC.AX(halted) MQG.AX");
  CAF_CHECK_EQUAL(record.obligations.size(), 6u);
  change(changed("WBC.AX", listing_event::resumed, slot_time(2) + 1us));
  CAF_CHECK_EQUAL(made(3), "CBA.AX WBC.AX MQG.AX");
}

CAF_TEST(a cycle of halted symbols only is complete at once) {
  for (const auto& symbol : plan->symbols)
    change(changed(symbol, listing_event::halted, slot_time(0)));
  CAF_CHECK_EQUAL(made(1),
                  "CBA.AX(halted) WBC.AX(halted) MQG.AX(halted)");
}

CAF_TEST(symbols come and go with the slot) {
  change(changed("WES.AX", listing_event::added, slot_time(1) + 1us));
  change(changed("CBA.AX", listing_event::removed, slot_time(2) + 1us));
  CAF_CHECK_EQUAL(made(1), "CBA.AX WBC.AX MQG.AX");
  CAF_CHECK_EQUAL(made(2), "CBA.AX WBC.AX MQG.AX WES.AX");
  CAF_CHECK_EQUAL(made(3), "WBC.AX MQG.AX WES.AX");
}

CAF_TEST(a cycle made late asks for the symbols of its slot) {
  change(changed("CBA.AX", listing_event::renamed, slot_time(2), "CBK.AX"));
  CAF_CHECK_EQUAL(made(3), "WBC.AX MQG.AX CBK.AX");
  CAF_CHECK_EQUAL(made(1), "CBA.AX WBC.AX MQG.AX");
}

CAF_TEST(a symbol that came and does not answer is unavailable) {
  change(changed("WES.AX", listing_event::added, slot_time(0)));
  state.open(due(1));
  answer(1, 0);
  answer(1, 1);
  answer(1, 2);
  state.expire(sequence(1));
  CAF_CHECK_EQUAL(symbols_of(stored()),
                  "CBA.AX WBC.AX MQG.AX WES.AX(symbol_unavailable)");
}

CAF_TEST(when all have gone a cycle is still made) {
  for (const auto& symbol : plan->symbols)
    change(changed(symbol, listing_event::removed, slot_time(0)));
  CAF_CHECK_EQUAL(made(1), "");
}

CAF_TEST_FIXTURE_SCOPE_END()

// -- the gate ----------------------------------------------------------------------

CAF_TEST(a change counts after all that was begun and time waits for it) {
  auto plan = intraday_plan();
  roster board{plan, listings{plan->symbols}};
  CAF_CHECK(!board.begin_change().has_value()); // time has not begun
  CAF_CHECK(board.begin_step(slot_time(1)));
  auto at = board.begin_change();
  CAF_REQUIRE(at.has_value());
  CAF_CHECK(*at > slot_time(1));
  CAF_CHECK(!board.begin_step(slot_time(2)));
  CAF_CHECK(board.time() == slot_time(1));
  board.end_change(nullptr);
  CAF_CHECK_EQUAL(board.version(), 1u);
  CAF_CHECK(board.begin_step(slot_time(2)));
  CAF_CHECK(board.time() == slot_time(2));
}

CAF_TEST(a clock that was set back brings no change out of order) {
  auto plan = intraday_plan();
  listings known{plan->symbols};
  known.add(changed("CBA.AX", listing_event::halted, slot_time(8)));
  roster board{plan, known};
  board.begin_step(slot_time(1));
  CAF_CHECK(*board.begin_change() > slot_time(8));
}

CAF_TEST(the plan grows with what is followed) {
  auto plan = intraday_plan();
  roster board{plan, listings{plan->symbols}};
  listings more{plan->symbols};
  more.add(changed("WES.AX", listing_event::added, slot_time(1)));
  board.end_change(std::make_shared<listings>(more));
  CAF_CHECK_EQUAL(board.version(), 2u);
  auto grown = board.plan();
  CAF_CHECK_EQUAL(grown->symbols.size(), 4u);
  CAF_CHECK_EQUAL(grown->symbols.back(), "WES.AX");
}

#define CAF_SUITE cycle_state
#include "tests/unit/actors/cycle_state.hpp"

#include <algorithm>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

std::vector<std::string> symbols_in(const cycle_record& x) {
  std::vector<std::string> result;
  for (const auto& p : x.predictions)
    result.push_back(p.symbol);
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(cycle_state_tests, cycle_state_fixture)

// -- gathering -------------------------------------------------------------------

CAF_TEST(a cycle is opened once) {
  auto request = state.open(due(0));
  CAF_REQUIRE(request.has_value());
  CAF_CHECK(request->slot == slot_of(*plan, 0));
  CAF_CHECK(request->context.flagged); // there is no index
  CAF_CHECK(!state.open(due(0)));
  CAF_CHECK_EQUAL(state.open_cycles(), 1u);
  CAF_CHECK(state.is_open(sequence(0)));
}

CAF_TEST(a cycle is complete with one answer of each symbol) {
  state.open(due(0));
  answer(0, 0);
  answer(0, 2);
  CAF_CHECK(state.next_to_store() == nullptr);
  answer(0, 1);
  const auto& record = stored();
  CAF_CHECK(record.status == cycle_status::completed);
  CAF_CHECK(record.slot == slot_of(*plan, 0));
  CAF_CHECK_EQUAL(record.predictions.size(), 3u);
}

CAF_TEST(the record does not depend on the order of answers) {
  std::vector<std::uint32_t> order{0, 1, 2};
  do {
    cycle_state fresh;
    fresh.configure(plan, {});
    fresh.open(due(0));
    for (auto symbol : order) {
      auto draft = make_draft(*plan, slot_of(*plan, 0), symbol);
      fresh.take(draft);
    }
    auto record = fresh.next_to_store();
    CAF_REQUIRE(record != nullptr);
    CAF_CHECK_EQUAL(symbols_in(*record), plan->symbols);
  } while (std::next_permutation(order.begin(), order.end()));
}

CAF_TEST(a doubled answer is dropped) {
  state.open(due(0));
  answer(0, 0, 100.0);
  answer(0, 0, 200.0);
  answer(0, 1);
  CAF_CHECK(state.next_to_store() == nullptr); // two, not three
  answer(0, 2);
  CAF_CHECK_EQUAL(stored().predictions[0].entry_price.value(), 100.0);
}

CAF_TEST(an answer nobody asked for is dropped) {
  state.open(due(0, {0, 2}));
  answer(0, 1); // not a participant
  answer(5, 0); // no such cycle
  auto stranger = make_draft(*plan, slot_of(*plan, 0), 0);
  stranger.symbol_index = 77;
  state.take(stranger);
  CAF_CHECK(state.next_to_store() == nullptr);
  answer(0, 2);
  answer(0, 0);
  CAF_CHECK_EQUAL(symbols_in(stored()),
                  (std::vector<std::string>{"CBA.AX", "MQG.AX"}));
}

CAF_TEST(an answer after the deadline is dropped) {
  state.open(due(0));
  answer(0, 0);
  state.expire(sequence(0));
  answer(0, 1);
  const auto& record = stored();
  CAF_CHECK(!record.predictions[0].abstained);
  CAF_CHECK(record.predictions[1].abstained);
  answer(0, 2); // the record has left
  CAF_CHECK(record.predictions[2].abstained);
}

CAF_TEST(participants may come in any order) {
  state.open(due(0, {2, 0}));
  answer(0, 0);
  answer(0, 2);
  CAF_CHECK_EQUAL(stored().predictions.size(), 2u);
}

CAF_TEST(a cycle nobody takes part in is complete at once) {
  state.open(due(0, {}));
  CAF_CHECK(stored().predictions.empty());
}

CAF_TEST(who does not answer in time abstains as unavailable) {
  state.open(due(0));
  answer(0, 1);
  state.expire(sequence(0));
  const auto& record = stored();
  CAF_REQUIRE_EQUAL(record.predictions.size(), 3u);
  const auto& p = record.predictions[2];
  CAF_CHECK(p.abstained);
  CAF_CHECK(p.reason == abstain_reason::symbol_unavailable);
  CAF_CHECK(p.action == trade_action::none);
  CAF_CHECK_EQUAL(p.symbol, "MQG.AX");
  CAF_CHECK(p.id == make_prediction_id("live", "MQG.AX", "30m", slot_time(0)));
  CAF_CHECK(p.cycle == record.slot.id);
  CAF_CHECK(p.slot == slot_time(0));
  for (const auto& owed : record.obligations)
    CAF_CHECK_EQUAL(owed.symbol, "WBC.AX");
  CAF_CHECK_EQUAL(record.obligations.size(), 3u);
}

CAF_TEST(the deadline counts from the opening of each cycle) {
  cycle_wiring wiring;
  wiring.deadline = 500ms;
  state.configure(plan, std::move(wiring));
  state.open(due(0));
  state.wait(300ms);
  state.open(due(1));
  state.wait(199ms);
  CAF_CHECK(state.next_to_store() == nullptr);
  state.wait(1ms);
  CAF_CHECK(stored().slot == slot_of(*plan, 0));
  CAF_CHECK(state.next_to_store() == nullptr);
  state.wait(300ms);
  CAF_CHECK(stored().slot == slot_of(*plan, 1));
}

CAF_TEST(without a deadline a cycle waits for ever) {
  state.open(due(0));
  for (int i = 0; i < 100; ++i)
    state.wait(24h);
  CAF_CHECK(state.next_to_store() == nullptr);
  answer_all(0);
  CAF_CHECK(!stored().predictions[0].abstained);
}

CAF_TEST(a cycle issued after half its interval is late) {
  auto x = due(0);
  x.slot.issued_at = x.slot.slot + 15min;
  state.open(x);
  answer_all(0);
  CAF_CHECK(stored().status == cycle_status::completed);
  auto y = due(1);
  y.slot.issued_at = y.slot.slot + 15min + micros{1};
  state.open(y);
  answer_all(1);
  CAF_CHECK(stored().status == cycle_status::late);
}

CAF_TEST(what a symbol has not answered is known with the oldest first) {
  state.open(due(0));
  state.open(due(1, {0, 1}));
  state.open(due(2));
  answer(0, 1);
  auto open = state.unanswered(2);
  CAF_REQUIRE_EQUAL(open.size(), 2u);
  CAF_CHECK(open[0].slot == slot_of(*plan, 0));
  CAF_CHECK(open[1].slot == slot_of(*plan, 2));
  open = state.unanswered(1);
  CAF_REQUIRE_EQUAL(open.size(), 2u);
  CAF_CHECK(open[0].slot == slot_of(*plan, 1));
  CAF_CHECK(open[1].slot == slot_of(*plan, 2));
}

CAF_TEST(what is asked again is what was asked) {
  auto first = *sydney().session_index(std::chrono::year{2025} / 6 / 23);
  for (std::size_t i = 0; i < 6; ++i)
    state.add_index_bar(daily_bar("^AXJO", sydney().sessions()[first + i],
                                  8000.0 + 50.0 * static_cast<double>(i)));
  auto request = state.open(due(0));
  auto again = state.unanswered(0);
  CAF_REQUIRE_EQUAL(again.size(), 1u);
  CAF_CHECK(!request->context.flagged);
  CAF_CHECK(again[0] == *request);
}

// -- what is owed -----------------------------------------------------------------

CAF_TEST(each prediction owes an outcome at each horizon) {
  state.open(due(0));
  answer_all(0);
  const auto& record = stored();
  CAF_REQUIRE_EQUAL(record.obligations.size(), 9u);
  for (const auto& p : record.predictions)
    for (auto horizon : plan->horizons_minutes) {
      auto found = std::find_if(
        record.obligations.begin(), record.obligations.end(),
        [&](const obligation& x) {
          return x.prediction == p.id && x.horizon_minutes == horizon;
        });
      CAF_REQUIRE(found != record.obligations.end());
      CAF_CHECK_EQUAL(found->symbol, p.symbol);
      CAF_CHECK(found->slot == slot_time(0));
      CAF_CHECK(found->action == trade_action::buy);
      CAF_CHECK_EQUAL(found->entry_price.value(), 100.0);
      // A day later is the same time of the next session, Wednesday.
      CAF_CHECK(found->due_at == slot_time(0) + std::chrono::minutes{horizon});
    }
}

CAF_TEST(an abstention owes nothing) {
  state.open(due(0));
  for (std::uint32_t symbol = 0; symbol < 3; ++symbol) {
    auto draft = make_draft(*plan, slot_of(*plan, 0), symbol);
    draft.content.abstained = true;
    draft.content.reason = abstain_reason::stale_prices;
    state.take(draft);
  }
  CAF_CHECK(stored().obligations.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()

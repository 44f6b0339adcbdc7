#define CAF_SUITE cycle_order
#include "tests/unit/actors/cycle_state.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::actors_test;

CAF_TEST_FIXTURE_SCOPE(cycle_order_tests, cycle_state_fixture)

// -- order of storing and telling ---------------------------------------------------

CAF_TEST(records leave in the order of their slots) {
  for (int i : {0, 1, 2})
    state.open(due(i));
  answer_all(2);
  answer_all(1);
  CAF_CHECK(state.next_to_store() == nullptr);
  answer_all(0);
  for (int i : {0, 1, 2})
    CAF_CHECK(stored().slot == slot_of(*plan, i));
  CAF_CHECK(state.next_to_store() == nullptr);
}

CAF_TEST(a missed cycle takes its turn) {
  state.open(due(0));
  auto missed = slot_of(*plan, 1);
  missed.issued_at += 3h;
  state.miss(missed, "not running when it was due");
  CAF_CHECK(state.next_to_store() == nullptr);
  answer_all(0);
  CAF_CHECK(stored().slot == slot_of(*plan, 0));
  const auto& record = stored();
  CAF_CHECK(record.slot == missed);
  CAF_CHECK(record.status == cycle_status::missed);
  CAF_CHECK_EQUAL(record.reason, "not running when it was due");
  CAF_CHECK(record.completed_at == missed.issued_at);
  CAF_CHECK(record.predictions.empty());
  state.commit(sequence(0));
  state.commit(sequence(1));
  state.next_to_tell();
  auto told = state.next_to_tell();
  CAF_REQUIRE(told.has_value());
  CAF_CHECK(told->result.status == cycle_status::missed);
  CAF_CHECK(told->owed.obligations.empty());
}

CAF_TEST(an open cycle cannot be missed) {
  state.open(due(0));
  state.miss(slot_of(*plan, 0), "too late");
  answer_all(0);
  CAF_CHECK(stored().status == cycle_status::completed);
}

CAF_TEST(nothing is told before its commit) {
  state.open(due(0));
  answer_all(0);
  CAF_CHECK(!state.next_to_tell());
  stored();
  CAF_CHECK(!state.next_to_tell());
  state.commit(sequence(0));
  auto told = state.next_to_tell();
  CAF_REQUIRE(told.has_value());
  CAF_CHECK(told->owed.committed_slot == slot_time(0));
  CAF_CHECK_EQUAL(told->owed.obligations.size(), 9u);
  CAF_CHECK_EQUAL(told->result.predictions, 3u);
  CAF_CHECK_EQUAL(told->result.abstentions, 0u);
  CAF_CHECK_EQUAL(told->record.predictions.size(), 3u);
  CAF_CHECK(!state.next_to_tell());
  CAF_CHECK_EQUAL(state.open_cycles(), 0u);
}

CAF_TEST(nothing is told before the commit of all cycles before it) {
  for (int i : {0, 1, 2}) {
    state.open(due(i));
    answer_all(i);
    stored();
  }
  state.commit(sequence(2));
  state.commit(sequence(1));
  CAF_CHECK(!state.next_to_tell());
  state.commit(sequence(0));
  for (int i : {0, 1, 2}) {
    auto told = state.next_to_tell();
    CAF_REQUIRE(told.has_value());
    CAF_CHECK(told->result.slot == slot_of(*plan, i));
  }
}

CAF_TEST(predictions and abstentions are counted apart) {
  state.open(due(0));
  answer(0, 1);
  state.expire(sequence(0));
  stored();
  state.commit(sequence(0));
  auto told = state.next_to_tell();
  CAF_CHECK_EQUAL(told->result.predictions, 1u);
  CAF_CHECK_EQUAL(told->result.abstentions, 2u);
}

CAF_TEST(what is not committed is sent again in order) {
  for (int i : {0, 1, 2, 3}) {
    state.open(due(i));
    answer_all(i);
  }
  for (int i : {0, 1, 2}) {
    CAF_CHECK(stored().slot == slot_of(*plan, i));
  }
  state.commit(sequence(1));
  state.send_again();
  for (int i : {0, 2, 3})
    CAF_CHECK(stored().slot == slot_of(*plan, i));
  CAF_CHECK(state.next_to_store() == nullptr);
}

CAF_TEST(a commit of an unknown cycle changes nothing) {
  state.open(due(0));
  state.commit(sequence(7));
  CAF_CHECK_EQUAL(state.open_cycles(), 1u);
  CAF_CHECK(!state.next_to_tell());
}

// -- market context ----------------------------------------------------------------

CAF_TEST(a bar of the index counts from when it was known) {
  std::vector<bar> bars;
  auto first = *sydney().session_index(std::chrono::year{2025} / 6 / 23);
  for (std::size_t i = 0; i < 7; ++i)
    bars.push_back(daily_bar("^AXJO", sydney().sessions()[first + i],
                             8000.0 * (1.0 + 0.01 * static_cast<double>(i))));
  // The seventh is that of the first day itself, known only after its close.
  CAF_REQUIRE(bars.back().known_at == first_day().auction_ends_at);
  cycle_state without;
  without.configure(plan, {});
  for (std::size_t i = 0; i < 6; ++i)
    without.add_index_bar(bars[i]);
  // In any order, and the future too.
  for (auto i : {6, 2, 5, 0, 1, 4, 3})
    state.add_index_bar(bars[static_cast<std::size_t>(i)]);
  auto seen = state.context_at(slot_time(3));
  CAF_CHECK(!seen.flagged);
  CAF_CHECK(seen == without.context_at(slot_time(3)));
  // Close over the one five sessions before.
  CAF_CHECK(std::abs(seen.trend_return.value() - 0.05) < 1e-12);
  CAF_CHECK(seen.trend == market_trend::bullish);
  CAF_CHECK(state.asked_until() == slot_time(3));
  auto later = state.context_at(first_day().auction_ends_at);
  CAF_CHECK(std::abs(later.trend_return.value() - (1.06 / 1.01 - 1)) < 1e-12);
}

CAF_TEST(what is forgotten of the index can be read again) {
  auto first = *sydney().session_index(std::chrono::year{2025} / 6 / 23);
  auto add = [&] {
    for (std::size_t i = 0; i < 6; ++i)
      state.add_index_bar(daily_bar("^AXJO", sydney().sessions()[first + i],
                                    8000.0 + static_cast<double>(i)));
  };
  add();
  auto before = state.context_at(slot_time(0));
  CAF_CHECK(!before.flagged);
  state.forget_index();
  CAF_CHECK(state.asked_until() == timestamp{});
  CAF_CHECK(state.context_at(slot_time(0)).flagged);
  state.forget_index();
  add();
  CAF_CHECK(state.context_at(slot_time(0)) == before);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE outcome_actions

// Splits and dividends between entry and exit.

#include "actors/evaluator/outcome_book.hpp"
#include "tests/unit/actors/change_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

constexpr auto cba = "CBA.AX";

const session& second_day() {
  return *sydney().next_session_after(first_day().auction_ends_at);
}

bool near(fraction a, double b) {
  return std::abs(a.value() - b) < 1e-12;
}

/// A book with a prediction at 15:00 of the first day at 100, due at 15:00 of
/// the second; the first day closes at 101.
struct actions_fixture {
  shared_plan plan = intraday_plan();
  timestamp slot = slot_time(9);
  timestamp ex = second_day().opens_at;

  corporate_action split(double ratio, timestamp known_at,
                         timestamp effective_at) {
    return make_action(action_kind::split, cba, effective_at, ratio, known_at);
  }
  corporate_action split(double ratio, timestamp known_at) {
    return split(ratio, known_at, ex);
  }
  corporate_action dividend(double amount, timestamp known_at) {
    return make_action(action_kind::dividend, cba, ex, amount, known_at);
  }

  /// @param exit the price of all trades of the second day
  outcome made(const std::vector<corporate_action>& actions, double exit,
               trade_action action = trade_action::buy) {
    outcome_book book{plan};
    book.owe(owed_for(*plan, cba, slot, 1440, 100.0, action));
    for (const auto& x : actions)
      book.add(x);
    for (const auto& x : bars(exit))
      book.add(x);
    book.advance(second_day().auction_ends_at);
    auto all = book.take();
    CAF_REQUIRE_EQUAL(all.size(), 1u);
    return all.front();
  }

  std::vector<bar> bars(double exit) {
    return {make_bar(cba, slot, 100.0),
            make_bar(cba, first_day().closes_at, 101.0),
            make_bar(cba, ex + 5min, exit * 0.9), make_bar(cba, ex + 60min, exit),
            make_bar(cba, ex + 10h, 1.0)};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outcome_action_tests, actions_fixture)

CAF_TEST(a split between entry and exit is no loss) {
  auto x = made({split(2.0, slot)}, 51.0);
  CAF_CHECK(near(x.actual_return, 0.02));
  CAF_CHECK(near(x.total_return, 0.02));
  CAF_CHECK_EQUAL(x.actual_direction, 1);
  CAF_CHECK(x.success);
  // Prices are as traded.
  CAF_CHECK_EQUAL(x.entry_price.value(), 100.0);
  CAF_CHECK_EQUAL(x.exit_price.value(), 51.0);
  CAF_CHECK(near(made({}, 51.0).actual_return, -0.49));
  // The other way round.
  CAF_CHECK(near(made({split(0.1, slot)}, 1020.0).actual_return, 0.02));
}

CAF_TEST(a dividend is in the total return alone) {
  auto x = made({dividend(2.0, slot)}, 99.0, trade_action::sell);
  CAF_CHECK(near(x.actual_return, -0.01));
  // Reinvested at the close before, which is the first day's.
  CAF_CHECK(near(x.total_return, 0.99 / (1.0 - 2.0 / 101.0) - 1.0));
  CAF_CHECK_EQUAL(x.actual_direction, -1);
  CAF_CHECK(x.success);
}

CAF_TEST(a dividend of a split day is in new shares) {
  auto x = made({dividend(1.0, slot), split(2.0, slot)}, 50.0);
  CAF_CHECK(near(x.actual_return, 0.0));
  CAF_CHECK(near(x.total_return, 1.0 / (1.0 - 2.0 / 101.0) - 1.0));
}

CAF_TEST(without a close before the ex date the entry price is it) {
  outcome_book book{plan};
  book.owe(owed_for(*plan, cba, slot, 1440));
  book.add(dividend(2.0, slot));
  book.add(make_bar(cba, ex + 60min, 99.0));
  book.advance(second_day().auction_ends_at);
  auto all = book.take();
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK(near(all[0].total_return, 0.99 / 0.98 - 1.0));
}

CAF_TEST(what took effect before the entry or after the exit does not count) {
  auto plain = made({}, 99.0);
  auto same = [&](timestamp effective_at) {
    return made({split(2.0, slot - 48h, effective_at)}, 99.0) == plain;
  };
  CAF_CHECK(same(first_day().opens_at));
  CAF_CHECK(same(slot - 5min)); // when the entry's bar opened
  CAF_CHECK(!same(slot - 5min + micros{1}));
  CAF_CHECK(!same(ex + 55min)); // when the exit's bar opened
  CAF_CHECK(same(ex + 55min + micros{1}));
}

CAF_TEST(what is announced after the evaluation changes no outcome) {
  auto due = due_at(*plan, slot, 1440).value();
  CAF_CHECK(made({split(2.0, due + micros{1})}, 51.0) == made({}, 51.0));
  CAF_CHECK(made({dividend(2.0, due + micros{1})}, 51.0) == made({}, 51.0));
  // Late, but in time.
  CAF_CHECK(made({split(2.0, due)}, 51.0) == made({split(2.0, slot)}, 51.0));
  CAF_CHECK(made({dividend(2.0, due)}, 51.0)
            == made({dividend(2.0, slot)}, 51.0));
}

CAF_TEST(an action told twice counts once and a bad one never) {
  auto twice = split(2.0, slot + 1h);
  CAF_CHECK(made({split(2.0, slot), twice}, 51.0)
            == made({split(2.0, slot)}, 51.0));
  CAF_CHECK(made({split(0.0, slot)}, 51.0) == made({}, 51.0));
  CAF_CHECK(made({dividend(1000.0, slot)}, 51.0) == made({}, 51.0));
}

CAF_TEST(an entry price from before the ex date is in old shares) {
  // Asked on the ex-date before the first trade of the day.
  slot = ex + 30min;
  std::vector<bar> all{make_bar(cba, first_day().closes_at, 100.0),
                       make_bar(cba, ex + 2h, 51.0)};
  auto owed = owed_for(*plan, cba, slot, 60);
  auto only = [](outcome_book& book) {
    book.advance(second_day().auction_ends_at);
    auto made = book.take();
    CAF_REQUIRE_EQUAL(made.size(), 1u);
    return made.front();
  };
  outcome_book before{plan};
  before.add(split(2.0, slot));
  before.owe(owed);
  for (const auto& x : all)
    before.add(x);
  auto expected = only(before);
  CAF_CHECK(near(expected.actual_return, 0.02));
  // Owed after the bar of the entry was settled.
  outcome_book after{plan};
  after.add(split(2.0, slot));
  after.add(all[0]);
  after.settle(ex);
  after.owe(owed);
  after.add(all[1]);
  CAF_CHECK(only(after) == expected);
  outcome_book learnt{plan};
  learnt.add(split(2.0, slot));
  learnt.owe(owed, all);
  CAF_CHECK(only(learnt) == expected);
}

CAF_TEST(on daily bars the next bar opens after its split) {
  plan = daily_bars_plan();
  outcome_book book{plan};
  slot = first_day().auction_ends_at;
  book.owe(owed_for(*plan, cba, slot, 1440));
  book.add(daily_bar(cba, first_day(), 100.0));
  book.add(split(4.0, ex));
  book.add(dividend(0.5, ex));
  book.add(daily_bar(cba, second_day(), 26.0));
  auto all = book.take();
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK(near(all[0].actual_return, 0.04));
  CAF_CHECK(near(all[0].total_return, 1.04 / (1.0 - 2.0 / 100.0) - 1.0));
}

CAF_TEST(when and how it is learnt does not matter) {
  std::vector<corporate_action> actions{split(2.0, slot), dividend(1.0, slot)};
  auto expected = made(actions, 51.0);
  auto owed = owed_for(*plan, cba, slot, 1440);
  auto only = [](outcome_book& book) {
    book.advance(second_day().auction_ends_at);
    auto all = book.take();
    CAF_REQUIRE_EQUAL(all.size(), 1u);
    return all.front();
  };
  { // owed after the bars had come
    outcome_book book{plan};
    for (const auto& x : actions)
      book.add(x);
    for (const auto& x : bars(51.0))
      book.add(x);
    book.owe(owed);
    CAF_CHECK(only(book) == expected);
  }
  { // after a restart: only bars after the slot are read
    outcome_book book{plan};
    for (const auto& x : actions)
      book.add(x);
    for (const auto& x : bars(51.0))
      if (x.known_at > slot)
        book.add(x);
    book.owe(owed);
    CAF_CHECK(only(book) == expected);
  }
  { // owed long after, by who has read all bars there are
    outcome_book book{plan};
    for (const auto& x : actions)
      book.add(x);
    for (const auto& x : bars(51.0))
      book.add(x);
    for (int i = 1; i <= 100; ++i)
      book.add(make_bar(cba, ex + 24h * i, 51.0));
    book.owe(owed);
    CAF_CHECK(only(book) == expected);
  }
  { // learnt of late, with all bars
    outcome_book book{plan};
    for (const auto& x : actions)
      book.add(x);
    auto all = bars(51.0);
    book.owe(owed, all);
    CAF_CHECK(only(book) == expected);
  }
  { // bars are settled in between
    outcome_book book{plan};
    book.owe(owed);
    for (const auto& x : actions)
      book.add(x);
    for (const auto& x : bars(51.0)) {
      book.add(x);
      book.settle(x.known_at);
    }
    CAF_CHECK(only(book) == expected);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

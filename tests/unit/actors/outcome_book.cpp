#define CAF_SUITE outcome_book
#include "actors/evaluator/outcome_book.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cmath>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

constexpr auto cba = "CBA.AX";

struct book_fixture {
  shared_plan plan = intraday_plan();
  outcome_book book{plan};
  /// 11:00 in Sydney.
  timestamp slot = slot_time(1);

  obligation owed(std::uint32_t horizon, double entry = 100.0,
                  trade_action action = trade_action::buy) {
    return owed_for(*plan, cba, slot, horizon, entry, action);
  }

  void trade(timestamp known_at, double close) {
    book.add(make_bar(cba, known_at, close));
  }

  /// The one outcome that was made; another number is a failure.
  outcome only() {
    auto made = book.take();
    CAF_REQUIRE_EQUAL(made.size(), 1u);
    return made.front();
  }

  bool none() { return book.take().empty(); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outcome_book_tests, book_fixture)

// -- the exit price within a day -----------------------------------------------------

CAF_TEST(the exit price is the last trade at or before the due time) {
  book.owe(owed(60));
  trade(slot + 30min, 101.0);
  trade(slot + 60min, 102.0); // at the due time itself
  trade(slot + 65min, 103.0);
  auto x = only();
  CAF_CHECK_EQUAL(x.exit_price.value(), 102.0);
  CAF_CHECK_EQUAL(x.entry_price.value(), 100.0);
  CAF_CHECK(std::abs(x.actual_return.value() - 0.02) < 1e-12);
  CAF_CHECK_EQUAL(x.actual_direction, 1);
  CAF_CHECK(x.success);
  CAF_CHECK(x.due_at == slot + 60min);
  CAF_CHECK(x.evaluation_timestamp == slot + 60min);
  CAF_CHECK_EQUAL(x.open_minutes, 60u);
  CAF_CHECK_EQUAL(x.sessions_elapsed, 0u);
  CAF_CHECK(x.id == make_outcome_id(owed(60).prediction, 60));
}

CAF_TEST(trades up to the slot do not count) {
  book.owe(owed(60));
  trade(slot, 90.0); // known when the prediction was made
  trade(slot + 90min, 105.0);
  CAF_CHECK_EQUAL(only().exit_price.value(), 105.0);
}

CAF_TEST(where nothing traded in between it is the first trade after) {
  book.owe(owed(60));
  book.advance(slot + 3h);
  CAF_CHECK(none());
  trade(slot + 200min, 97.0);
  trade(slot + 205min, 96.0);
  auto x = only();
  CAF_CHECK_EQUAL(x.exit_price.value(), 97.0);
  CAF_CHECK(x.evaluation_timestamp == slot + 200min);
  CAF_CHECK_EQUAL(x.open_minutes, 200u);
  CAF_CHECK_EQUAL(x.actual_direction, -1);
  CAF_CHECK(!x.success);
}

CAF_TEST(an outcome is final only when the watermark has passed) {
  book.owe(owed(60));
  trade(slot + 30min, 101.0);
  book.advance(slot + 60min - micros{1});
  CAF_CHECK(none()); // one more trade may come
  CAF_CHECK_EQUAL(book.open(), 1u);
  book.advance(slot + 60min);
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
  CAF_CHECK_EQUAL(book.open(), 0u);
}

CAF_TEST(a watermark never goes back) {
  book.advance(slot + 2h);
  book.advance(slot);
  trade(slot + 30min, 101.0);
  book.owe(owed(60));
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
}

CAF_TEST(each action succeeds by the rule of the plan) {
  struct row {
    trade_action action;
    double exit;
    bool success;
  };
  for (const auto& x : {row{trade_action::buy, 100.01, true},
                        row{trade_action::buy, 100.0, false},
                        row{trade_action::sell, 100.0, true},
                        row{trade_action::sell, 100.01, false},
                        row{trade_action::hold, 100.5, true},
                        row{trade_action::hold, 99.5, true},
                        row{trade_action::hold, 101.5, false},
                        row{trade_action::hold, 98.5, false}}) {
    outcome_book fresh{plan};
    fresh.owe(owed(60, 100.0, x.action));
    fresh.add(make_bar(cba, slot + 30min, x.exit));
    fresh.advance(slot + 60min);
    auto made = fresh.take();
    CAF_REQUIRE_EQUAL(made.size(), 1u);
    CAF_CHECK_EQUAL(made[0].success, x.success);
  }
}

CAF_TEST(a day later is the same time of the next session) {
  book.owe(owed(1440));
  trade(first_day().closes_at, 101.0);
  book.advance(first_day().auction_ends_at);
  CAF_CHECK(none());
  trade(slot + 24h - 5min, 103.0);
  trade(slot + 24h + 5min, 109.0);
  auto x = only();
  CAF_CHECK_EQUAL(x.exit_price.value(), 103.0);
  CAF_CHECK_EQUAL(x.sessions_elapsed, 1u);
  // 11:00 to 16:00, then 10:00 to the trade at 10:55.
  CAF_CHECK_EQUAL(x.open_minutes, 300u + 55u);
}

// -- arrival ------------------------------------------------------------------------

CAF_TEST(an obligation may come after its bars) {
  trade(slot + 30min, 101.0);
  trade(slot + 65min, 102.0);
  book.owe(owed(60));
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
  CAF_CHECK_EQUAL(book.open(), 0u);
}

CAF_TEST(an obligation may come after the watermark) {
  trade(slot + 30min, 101.0);
  book.advance(slot + 90min);
  book.owe(owed(60));
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
}

CAF_TEST(a bar delivered again changes nothing) {
  book.owe(owed(60));
  trade(slot + 30min, 101.0);
  trade(slot + 30min, 555.0);
  trade(slot + 25min, 555.0);
  book.advance(slot + 60min);
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
}

CAF_TEST(symbols do not mix) {
  book.owe(owed(60));
  book.add(make_bar("WBC.AX", slot + 30min, 40.0));
  book.advance(slot + 60min);
  CAF_CHECK(none());
  trade(slot + 70min, 99.0);
  CAF_CHECK_EQUAL(only().exit_price.value(), 99.0);
}

CAF_TEST(each prediction has one outcome at each horizon) {
  for (int i = 0; i < 3; ++i)
    for (auto horizon : {60u, 240u})
      book.owe(owed(horizon));
  CAF_CHECK_EQUAL(book.open(), 2u);
  trade(slot + 30min, 101.0);
  trade(slot + 300min, 102.0);
  CAF_CHECK_EQUAL(book.take().size(), 2u);
  // Told once more by the store, while its outcome is on the way there.
  for (auto horizon : {60u, 240u})
    book.owe(owed(horizon));
  CAF_CHECK(none());
  CAF_CHECK_EQUAL(book.open(), 0u);
}

CAF_TEST(what is settled and stored cannot be made again) {
  book.owe(owed(60));
  trade(slot + 30min, 101.0);
  trade(slot + 65min, 102.0);
  auto made = only();
  book.settle(slot + 65min);
  book.forget(made);
  // Were it owed again, its bars are gone: it waits, as if nothing had traded.
  book.owe(owed(60));
  CAF_CHECK(none());
}

CAF_TEST(settling keeps what open obligations need) {
  book.owe(owed(60));
  trade(slot + 30min, 101.0);
  book.settle(slot + 45min);
  book.settle(slot); // never back
  book.advance(slot + 60min);
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
}

CAF_TEST(settling keeps the bars after the slot) {
  trade(slot + 30min, 101.0);
  book.settle(slot);
  book.owe(owed(60));
  book.advance(slot + 60min);
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
}

CAF_TEST(the longest overdue is known) {
  CAF_CHECK(!book.oldest_due());
  book.owe(owed(240));
  book.owe(owed(60));
  book.advance(slot + 30min);
  CAF_CHECK(!book.oldest_due());
  book.advance(slot + 5h);
  CAF_CHECK(book.oldest_due() == std::optional{slot + 60min});
  trade(slot + 6h, 99.0);
  CAF_CHECK(!book.oldest_due());
  CAF_CHECK_EQUAL(book.take().size(), 2u);
}

CAF_TEST(outcomes come in the order of their predictions) {
  for (int i = 5; i >= 0; --i)
    for (const auto& symbol : plan->symbols)
      for (auto horizon : {240u, 60u})
        book.owe(owed_for(*plan, symbol, slot_time(i), horizon));
  for (const auto& symbol : plan->symbols)
    book.add(make_bar(symbol, slot + 24h, 100.0));
  auto made = book.take();
  CAF_REQUIRE_EQUAL(made.size(), 36u);
  CAF_CHECK(std::is_sorted(made.begin(), made.end(),
                           [](const outcome& a, const outcome& b) {
                             return std::tie(a.prediction, a.horizon_minutes)
                                    < std::tie(b.prediction,
                                               b.horizon_minutes);
                           }));
}

CAF_TEST_FIXTURE_SCOPE_END()

// -- daily bars ----------------------------------------------------------------------

namespace {

struct daily_fixture {
  shared_plan plan = daily_bars_plan();
  outcome_book book{plan};
  std::size_t first
    = *sydney().session_index(std::chrono::year{2025} / 7 / 1);

  const session& day(std::size_t i) { return sydney().sessions()[first + i]; }

  obligation owed(std::size_t i) {
    return owed_for(*plan, cba, day(i).auction_ends_at, 1440);
  }

  void close(std::size_t i, double value) {
    book.add(daily_bar(cba, day(i), value));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outcome_book_daily_tests, daily_fixture)

CAF_TEST(on daily bars the exit price is the next close) {
  close(0, 100.0);
  book.owe(owed(0));
  CAF_CHECK(book.take().empty()); // its own bar is its entry
  close(1, 104.0);
  auto made = book.take();
  CAF_REQUIRE_EQUAL(made.size(), 1u);
  CAF_CHECK_EQUAL(made[0].exit_price.value(), 104.0);
  CAF_CHECK_EQUAL(made[0].sessions_elapsed, 1u);
  CAF_CHECK_EQUAL(made[0].horizon_minutes, 1440u);
  CAF_CHECK(made[0].evaluation_timestamp == day(1).auction_ends_at);
}

CAF_TEST(a gap of sessions is told) {
  book.owe(owed(0));
  book.advance(day(3).auction_ends_at);
  CAF_CHECK(book.take().empty()); // nothing traded: it stays owed
  close(4, 90.0);
  auto made = book.take();
  CAF_REQUIRE_EQUAL(made.size(), 1u);
  CAF_CHECK_EQUAL(made[0].exit_price.value(), 90.0);
  CAF_CHECK_EQUAL(made[0].sessions_elapsed, 4u);
}

CAF_TEST(sessions are counted across a weekend) {
  // Friday to Monday is one session.
  CAF_REQUIRE(day(3).date == trading_date{std::chrono::year{2025} / 7 / 4});
  book.owe(owed(3));
  close(4, 101.0);
  auto made = book.take();
  CAF_CHECK_EQUAL(made.at(0).sessions_elapsed, 1u);
}

CAF_TEST(a daily obligation may come after the next bar) {
  close(0, 100.0);
  close(1, 104.0);
  close(2, 108.0);
  book.advance(day(2).auction_ends_at);
  book.owe(owed(0));
  auto made = book.take();
  CAF_REQUIRE_EQUAL(made.size(), 1u);
  CAF_CHECK_EQUAL(made[0].exit_price.value(), 104.0);
}

CAF_TEST_FIXTURE_SCOPE_END()

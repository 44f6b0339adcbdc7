#define CAF_SUITE outcome_lag
#include "actors/evaluator/outcome_book.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;

// A symbol of which less is known than of the others: nothing of it is final
// before its bars have come, and what they say then is what they would have said
// in time.

namespace {

constexpr auto cba = "CBA.AX";

struct lag_fixture {
  shared_plan plan = intraday_plan();
  outcome_book book{plan};
  timestamp slot = slot_time(1); // 11:00 in Sydney

  obligation owed(std::uint32_t horizon, const std::string& of = cba) {
    return owed_for(*plan, of, slot, horizon);
  }

  /// The bar that ended then, told at another time.
  bar told(timestamp ended_at, double close, timestamp known_at) {
    auto x = make_bar(cba, ended_at, close);
    x.known_at = x.received_at = known_at;
    return x;
  }

  void lag(timestamp known_until) { book.lag({{cba, known_until}}); }

  outcome only() {
    auto made = book.take();
    CAF_REQUIRE_EQUAL(made.size(), 1u);
    return made.front();
  }

  bool none() { return book.take().empty(); }

  /// The end of the session that many sessions after the first day.
  timestamp end_of_session(std::size_t later) {
    auto first = *sydney().session_index(first_day().date);
    return sydney().sessions()[first + later].auction_ends_at;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outcome_lag_tests, lag_fixture)

CAF_TEST(nothing of a symbol that lags is final by the watermark of the others) {
  book.owe(owed(60));
  book.owe(owed(60, "WBC.AX"));
  book.add(make_bar(cba, slot + 5min, 101.0));
  book.add(make_bar("WBC.AX", slot + 5min, 102.0));
  lag(slot + 10min);
  book.advance(slot + 3h);
  auto made = only();
  CAF_CHECK_EQUAL(made.symbol, "WBC.AX");
  CAF_CHECK_EQUAL(book.open(), 1u);
  CAF_CHECK(book.oldest_due() == std::optional{slot + 60min});
}

CAF_TEST(what comes late gives the outcome that it would have given in time) {
  outcome_book undisturbed{plan};
  for (auto horizon : {60u, 240u}) {
    book.owe(owed(horizon));
    undisturbed.owe(owed(horizon));
  }
  auto back = slot + 5h;
  lag(slot + 10min);
  book.advance(back);
  CAF_CHECK(none());
  double close = 100.0;
  for (auto t = slot + 5min; t <= slot + 4h + 30min; t += 5min) {
    close += 0.25;
    undisturbed.add(make_bar(cba, t, close));
    undisturbed.advance(t);
    book.add(told(t, close, back)); // all of them at once
  }
  book.lag({});
  book.advance(back);
  auto expected = undisturbed.take();
  auto made = book.take();
  CAF_REQUIRE_EQUAL(expected.size(), 2u);
  CAF_REQUIRE_EQUAL(made.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    CAF_CHECK_EQUAL(made[i].exit_price.value(),
                    expected[i].exit_price.value());
    CAF_CHECK(made[i].evaluation_timestamp == back);
    made[i].evaluation_timestamp = expected[i].evaluation_timestamp;
    CAF_CHECK(made[i] == expected[i]);
  }
}

CAF_TEST(the horizon counts by when a trade was made and not by when it was told) {
  book.owe(owed(60));
  book.add(told(slot + 55min, 101.0, slot + 75min));
  book.add(told(slot + 65min, 102.0, slot + 85min));
  auto x = only();
  CAF_CHECK_EQUAL(x.exit_price.value(), 101.0);
  CAF_CHECK(x.evaluation_timestamp == slot + 75min);
  CAF_CHECK_EQUAL(x.open_minutes, 55u);
}

CAF_TEST(a trade from before the prediction that is told later is no exit) {
  book.owe(owed(60));
  book.add(told(slot - 5min, 90.0, slot + 15min));
  book.add(told(slot, 91.0, slot + 20min));
  book.advance(slot + 60min);
  CAF_CHECK(none());
  book.add(told(slot + 90min, 105.0, slot + 110min));
  CAF_CHECK_EQUAL(only().exit_price.value(), 105.0);
}

CAF_TEST(a symbol that has caught up lags no more) {
  book.owe(owed(60));
  book.add(make_bar(cba, slot + 5min, 101.0));
  lag(slot + 10min);
  book.advance(slot + 2h);
  CAF_CHECK(none());
  lag(slot + 60min); // far enough for this one
  book.advance(slot + 2h);
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
}

CAF_TEST(what is owed late by a symbol that lags waits too) {
  lag(slot + 10min);
  book.add(make_bar(cba, slot + 5min, 101.0));
  book.advance(slot + 3h);
  book.owe(owed(60));
  CAF_CHECK(none());
  book.lag({});
  book.advance(slot + 3h);
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
}

CAF_TEST(after five sessions without prices an outcome is void) {
  book.owe(owed(60));
  book.add(make_bar(cba, slot + 5min, 101.0));
  lag(slot + 10min);
  book.advance(slot + 2h);
  lag(slot + 10min); // told again each time
  auto last = end_of_session(outcome_book::sessions_waited - 1);
  book.advance(last - micros{1});
  CAF_CHECK(none());
  book.advance(last);
  auto x = only();
  CAF_CHECK(x.is_void);
  CAF_CHECK_EQUAL(x.void_reason, "no_price");
  CAF_CHECK(x.evaluation_timestamp == last);
  CAF_CHECK(x.due_at == slot + 60min);
  CAF_CHECK_EQUAL(x.exit_price.value(), 0.0);
  CAF_CHECK_EQUAL(book.open(), 0u);
  // It is final, whatever comes.
  book.add(make_bar(cba, slot + 55min, 102.0));
  book.lag({});
  book.advance(last + 24h);
  CAF_CHECK(none());
}

CAF_TEST(one that is owed when it has waited too long already is void) {
  lag(slot + 10min);
  book.advance(slot + 2h);
  auto last = end_of_session(outcome_book::sessions_waited - 1);
  book.advance(last + 1h);
  book.owe(owed(60));
  auto x = only();
  CAF_CHECK(x.is_void);
  CAF_CHECK(x.evaluation_timestamp == last);
}

CAF_TEST(a node that was away for long asks for a day before it gives up) {
  auto now = end_of_session(20);
  for (auto horizon : {60u, 240u})
    book.owe(owed(horizon));
  lag({}); // nobody has answered yet
  book.advance(now);
  book.advance(now + 24h - micros{1});
  CAF_CHECK(none());
  // The bars of one horizon come, then no more.
  book.add(told(slot + 60min, 101.0, now + 23h));
  book.add(told(slot + 65min, 102.0, now + 23h));
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
  book.advance(now + 24h);
  auto x = only();
  CAF_CHECK(x.is_void);
  CAF_CHECK_EQUAL(x.horizon_minutes, 240u);
  CAF_CHECK(x.evaluation_timestamp == now + 24h);
}

CAF_TEST(a symbol that trades seldom waits for as long as it takes) {
  book.owe(owed(60));
  book.advance(end_of_session(20));
  CAF_CHECK(none()); // all of it is known: nothing was traded
  CAF_CHECK_EQUAL(book.open(), 1u);
}

CAF_TEST(what an old code owes is known as far as its successor is) {
  auto made = std::make_shared<listings>(plan->symbols);
  listing_change renamed;
  renamed.symbol = cba;
  renamed.event = listing_event::renamed;
  renamed.successor = "CBX.AX";
  renamed.effective_at = renamed.known_at = slot + 20min;
  made->add(renamed);
  book.know(made);
  book.owe(owed(60));
  book.add(make_bar(cba, slot + 5min, 101.0));
  book.lag({{"CBX.AX", slot + 30min}});
  book.advance(slot + 3h);
  CAF_CHECK(none());
  auto late = told(slot + 50min, 103.0, slot + 3h);
  late.symbol = "CBX.AX";
  book.add(late);
  book.lag({});
  book.advance(slot + 3h);
  CAF_CHECK_EQUAL(only().exit_price.value(), 103.0);
}

CAF_TEST(daily bars beside the ones that are traded on are no trades) {
  book.owe(owed(240));
  book.add(make_bar(cba, slot + 230min, 101.0));
  book.add(daily_bar(cba, first_day(), 555.0));
  book.advance(end_of_session(0));
  CAF_CHECK_EQUAL(only().exit_price.value(), 101.0);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(a daily prediction does not end at its own day when that is told late) {
  auto plan = daily_bars_plan();
  outcome_book book{plan};
  auto first = *sydney().session_index(first_day().date);
  auto day = [&](std::size_t i) { return sydney().sessions()[first + i]; };
  book.owe(owed_for(*plan, cba, day(0).auction_ends_at, 1440));
  for (std::size_t i = 0; i < 2; ++i) {
    auto x = daily_bar(cba, day(i), 100.0 + static_cast<double>(i));
    x.known_at = day(4).auction_ends_at;
    book.add(x);
  }
  auto made = book.take();
  CAF_REQUIRE_EQUAL(made.size(), 1u);
  CAF_CHECK_EQUAL(made[0].exit_price.value(), 101.0);
  CAF_CHECK_EQUAL(made[0].sessions_elapsed, 1u);
}

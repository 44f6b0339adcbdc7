#define CAF_SUITE live_actions

// Splits and dividends of a source, judged.

#include "actors/feeds/live_book.hpp"
#include "tests/unit/actors/change_samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

struct actions_fixture {
  shared_plan plan = intraday_plan();
  live_book book{plan, {}};
  std::string symbol = plan->symbols.front();
  timestamp open = first_day().opens_at;

  live_series& series(bar_interval interval) {
    for (auto& x : book.series())
      if (x.symbol == symbol && x.interval == interval)
        return x;
    throw std::runtime_error("no such series");
  }

  corporate_action dividend(timestamp at, double value = 1.0) const {
    return make_action(action_kind::dividend, symbol, at, value, at);
  }

  price_answer answer(std::vector<corporate_action> actions,
                      std::vector<bar> bars = {}) const {
    price_answer x;
    x.source = "yahoo";
    x.status = "ok";
    x.bars = std::move(bars);
    x.actions = std::move(actions);
    return x;
  }

  std::vector<corporate_action> judge(bar_interval interval, price_answer x,
                                      timestamp now) {
    return book.judge(series(interval), x, now).actions;
  }

  bar minutes() const { return make_bar(symbol, open + 5min, 10.0); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(live_action_tests, actions_fixture)

CAF_TEST(of a new series an action is known when it took effect) {
  auto got = judge(bar_interval::m5, answer({dividend(open)}, {minutes()}),
                   open + 1h);
  CAF_REQUIRE_EQUAL(got.size(), 1u);
  CAF_CHECK(got[0].effective_at == open);
  CAF_CHECK(got[0].known_at == open);
}

CAF_TEST(of any other series it is known when it came) {
  judge(bar_interval::m5, answer({}, {minutes()}), open + 10min);
  auto now = open + 2h;
  auto got = judge(bar_interval::m5, answer({dividend(open)}), now);
  CAF_REQUIRE_EQUAL(got.size(), 1u);
  CAF_CHECK(got[0].effective_at == open);
  CAF_CHECK(got[0].known_at == now);
}

CAF_TEST(a second series that comes later is no reason to know it before) {
  judge(bar_interval::m5, answer({}, {minutes()}), open + 10min);
  auto got = judge(bar_interval::d1, answer({dividend(open)}), open + 1h);
  CAF_REQUIRE_EQUAL(got.size(), 1u);
  CAF_CHECK(got[0].known_at == open + 1h);
}

CAF_TEST(an action announced for tomorrow is known today) {
  auto tomorrow = open + 24h;
  auto got = judge(bar_interval::m5, answer({dividend(tomorrow)}), open + 1h);
  CAF_REQUIRE_EQUAL(got.size(), 1u);
  CAF_CHECK(got[0].effective_at == tomorrow);
  CAF_CHECK(got[0].known_at == open + 1h);
}

CAF_TEST(it takes effect at the open of its session) {
  // Told with a time within the day, and on a Saturday.
  auto got = judge(bar_interval::m5,
                   answer({dividend(open + 3h), dividend(open - 72h)}),
                   open + 4h);
  CAF_REQUIRE_EQUAL(got.size(), 2u);
  CAF_CHECK(got[0].effective_at == open);
  CAF_CHECK(got[1].effective_at
            == sydney().next_session_after(open - 72h)->opens_at);
}

CAF_TEST(each counts once however often it is told) {
  CAF_CHECK_EQUAL(judge(bar_interval::m5,
                        answer({dividend(open), dividend(open)}), open + 1h)
                    .size(),
                  1u);
  // Rounded otherwise, and by the other series.
  CAF_CHECK(judge(bar_interval::d1, answer({dividend(open, 1.0000001)}),
                  open + 2h)
              .empty());
  auto split = make_action(action_kind::split, symbol, open, 2.0, open);
  CAF_CHECK_EQUAL(judge(bar_interval::d1, answer({split}), open + 2h).size(),
                  1u);
}

CAF_TEST(what is stored is not told again) {
  book.recall(std::vector{dividend(open)});
  CAF_CHECK(judge(bar_interval::m5, answer({dividend(open)}), open + 1h)
              .empty());
  // Nor is a series new whose symbol has bars of another one.
  book.recall(series(bar_interval::d1), std::vector{minutes()});
  auto got = judge(bar_interval::m5, answer({dividend(open - 24h)}), open + 1h);
  CAF_REQUIRE_EQUAL(got.size(), 1u);
  CAF_CHECK(got[0].known_at == open + 1h);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE live_book
#include "actors/feeds/live_book.hpp"
#include "tests/unit/actors/market_samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;
using namespace std::chrono_literals;

namespace {

struct book_fixture {
  shared_plan plan = [] {
    auto made = make_plan();
    made.index_symbol = "^AXJO";
    return std::make_shared<run_plan>(std::move(made));
  }();
  live_book book{plan, {}};
  timestamp open = first_day().opens_at;

  live_series& series(const std::string& symbol, bar_interval interval) {
    for (auto& x : book.series())
      if (x.symbol == symbol && x.interval == interval)
        return x;
    throw std::runtime_error("no series of " + symbol);
  }

  live_series& minutes() {
    return series(plan->symbols.front(), plan->data_interval);
  }

  bar made(timestamp at, double close) const {
    bar x;
    x.symbol = plan->symbols.front();
    x.interval = plan->data_interval;
    x.opened_at = at;
    x.open = x.high = x.low = x.close = price{close};
    x.high = price{close + 0.5};
    x.volume = shares{1234};
    return x;
  }

  price_answer answer(std::vector<bar> bars, timestamp covered) const {
    price_answer x;
    x.source = "yahoo";
    x.status = "ok";
    x.bars = std::move(bars);
    x.covered_until = covered;
    return x;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(live_book_tests, book_fixture)

CAF_TEST(every symbol and the index have a daily and a short series) {
  CAF_CHECK_EQUAL(book.series().size(), 2 * (plan->symbols.size() + 1));
  CAF_CHECK_EQUAL(book.series().front().symbol, plan->index_symbol);
}

CAF_TEST(a new series is filled with bars known when they ended) {
  auto& x = minutes();
  auto now = open + 3h;
  auto judged = book.judge(x, answer({made(open, 10), made(open + 5min, 11)},
                                     now), now);
  CAF_REQUIRE_EQUAL(judged.bars.size(), 2u);
  CAF_CHECK(judged.bars[0].known_at == open + 5min);
  CAF_CHECK(judged.bars[1].known_at == open + 10min);
  CAF_CHECK(x.newest == open + 5min);
}

CAF_TEST(what comes late is known when it came) {
  auto& x = minutes();
  book.judge(x, answer({made(open, 10)}, open + 5min), open + 5min);
  auto now = open + 2h;
  auto judged = book.judge(x, answer({made(open, 10), made(open + 5min, 11)},
                                     now), now);
  CAF_REQUIRE_EQUAL(judged.bars.size(), 1u);
  CAF_CHECK(judged.bars[0].opened_at == open + 5min);
  CAF_CHECK(judged.bars[0].known_at == now);
}

CAF_TEST(a bar that is not over is left for later) {
  auto& x = minutes();
  auto judged = book.judge(x, answer({made(open, 10)}, open + 3min),
                           open + 3min);
  CAF_CHECK(judged.bars.empty());
  CAF_CHECK(x.is_new());
  CAF_CHECK_EQUAL(book.judge(x, answer({made(open, 10)}, open + 5min),
                             open + 5min)
                    .bars.size(),
                  1u);
}

CAF_TEST(what is bad is refused with its reason or made good) {
  auto& x = minutes();
  auto nothing = made(open, 10);
  nothing.close = price{0};
  auto swapped = made(open + 5min, 10);
  swapped.high = price{9};
  auto judged = book.judge(x, answer({nothing, swapped}, open + 10min),
                           open + 10min);
  CAF_REQUIRE_EQUAL(judged.refused.size(), 1u);
  CAF_CHECK_EQUAL(judged.refused[0].reason, "not_positive");
  CAF_CHECK_EQUAL(judged.refused[0].source, "yahoo");
  CAF_REQUIRE_EQUAL(judged.bars.size(), 1u);
  CAF_CHECK_EQUAL(judged.repaired, 1u);
  CAF_CHECK(judged.bars[0].verdict == bar_verdict::repaired);
  CAF_CHECK(judged.bars[0].high.value() >= judged.bars[0].close.value());
}

CAF_TEST(a bar outside of the session is refused) {
  auto& x = minutes();
  auto night = open - 5h;
  auto judged = book.judge(x, answer({made(night, 10)}, open), open);
  CAF_REQUIRE_EQUAL(judged.refused.size(), 1u);
  CAF_CHECK_EQUAL(judged.refused[0].reason, "market_closed");
}

CAF_TEST(it goes on behind the newest bar stored) {
  auto& x = minutes();
  auto stored = made(open + 30min, 10);
  stored.known_at = open + 35min;
  book.recall(x, {stored});
  auto asked = book.request_for(x, open + 5h);
  CAF_CHECK(asked.from < stored.opened_at);
  CAF_CHECK(asked.until == open + 5h);
  auto judged = book.judge(x, answer({stored, made(open + 35min, 11)},
                                     open + 5h), open + 5h);
  CAF_REQUIRE_EQUAL(judged.bars.size(), 1u);
  CAF_CHECK(judged.bars[0].opened_at == open + 35min);
}

CAF_TEST(it is asked each bar while there is trade and seldom at night) {
  auto& x = minutes();
  CAF_CHECK(book.is_due(x, open));
  x.asked_at = open + 1h;
  CAF_CHECK(!book.is_due(x, open + 1h + 4min));
  CAF_CHECK(book.is_due(x, open + 1h + 5min));
  auto night = open - 8h;
  x.asked_at = night;
  CAF_CHECK(!book.is_due(x, night + 59min));
  CAF_CHECK(book.is_due(x, night + 60min));
  x.trouble = "yahoo: timeout";
  CAF_CHECK(book.is_due(x, night + 1min));
  x.asked = true;
  CAF_CHECK(!book.is_due(x, night + 2h));
}

CAF_TEST(the watermark waits for the slowest that is fresh) {
  auto now = open + 2h;
  for (auto& x : book.series())
    x.covered_until = now;
  CAF_CHECK(book.watermark(now) == now);
  minutes().covered_until = now - 20min;
  CAF_CHECK(book.watermark(now) == now - 20min);
  CAF_CHECK(book.lags(now).empty());
  // One without prices for longer than the stale limit holds nobody back.
  minutes().covered_until = now - plan->stale_after;
  CAF_CHECK(book.watermark(now) == now);
}

CAF_TEST(one that holds nobody back is named with what is known of it) {
  auto now = open + 2h;
  for (auto& x : book.series())
    x.covered_until = now;
  auto until = now - plan->stale_after - 1min;
  minutes().covered_until = until;
  // Neither of these is anything owed of.
  series(plan->index_symbol, plan->data_interval).covered_until = until;
  series(plan->symbols[1], bar_interval::d1).covered_until = until;
  auto lags = book.lags(now);
  CAF_REQUIRE_EQUAL(lags.size(), 1u);
  CAF_CHECK_EQUAL(lags[0].symbol, plan->symbols.front());
  CAF_CHECK(lags[0].known_until == until);
  minutes().followed = false;
  CAF_CHECK(book.lags(now).empty());
}

CAF_TEST(a series that was never answered lags behind everything) {
  auto lags = book.lags(open);
  CAF_REQUIRE_EQUAL(lags.size(), plan->symbols.size());
  CAF_CHECK(lags[0].known_until == timestamp{});
}

CAF_TEST(a bar that grows is shown and stored nowhere) {
  auto& x = minutes();
  auto now = open + 7min;
  auto running = answer({made(open, 10)}, now);
  running.running = {made(open + 5min, 11)};
  auto judged = book.judge(x, running, now);
  CAF_REQUIRE_EQUAL(judged.bars.size(), 1u);
  CAF_REQUIRE(judged.running.has_value());
  CAF_CHECK(judged.running->opened_at == open + 5min);
  CAF_CHECK_EQUAL(judged.running->close.value(), 11.0);
  CAF_CHECK(judged.running->known_at == now);
  CAF_CHECK(x.newest == open);
  // The final one comes as if nothing had been said of it.
  judged = book.judge(x, answer({made(open + 5min, 12)}, open + 10min),
                      open + 10min);
  CAF_REQUIRE_EQUAL(judged.bars.size(), 1u);
  CAF_CHECK_EQUAL(judged.bars[0].close.value(), 12.0);
  CAF_CHECK(!judged.running);
}

CAF_TEST(a bar that grows is not shown when it is old or wrong) {
  auto& x = minutes();
  auto now = open + 12min;
  auto old = answer({made(open, 10), made(open + 5min, 11)}, now);
  old.running = {made(open + 5min, 555)};
  CAF_CHECK(!book.judge(x, old, now).running);
  auto wrong = answer({}, now);
  wrong.running = {made(open + 10min, 0)};
  CAF_CHECK(!book.judge(x, wrong, now).running);
  auto night = answer({}, now);
  night.running = {made(open + 10h, 11)};
  CAF_CHECK(!book.judge(x, night, now).running);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE live_window
#include "actors/feeds/feed_board.hpp"
#include "actors/feeds/live_window.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace std::chrono_literals;

namespace {

struct window_fixture {
  exchange_calendar calendar;
  live_window window;
  std::span<const session> sessions
    = calendar.sessions(std::chrono::year{2024});

  /// A daily bar near 20, never two alike, known `late` after its end.
  fresh_bar made(std::size_t day, double factor = 1.0,
                 micros late = 0s) const {
    auto wave = static_cast<double>(day * 7 % 11) / 100.0;
    fresh_bar result;
    auto& x = result.content;
    x.symbol = "CBA.AX";
    x.opened_at = sessions[day].opens_at;
    x.known_at = sessions[day].auction_ends_at + late;
    x.received_at = x.known_at;
    x.source = "yahoo";
    put(x, {(20.0 + wave) * factor, (20.3 + wave) * factor,
            (19.8 + wave) * factor, (20.1 + wave) * factor,
            100'003.0 + static_cast<double>(day * 17)});
    result.as_came = values_of(x);
    return result;
  }

  window_verdict judge(std::vector<fresh_bar> fresh, timestamp now) {
    return window.judge(std::move(fresh), {}, calendar, now);
  }

  /// One bar a day, each known when it ended.
  window_verdict days(std::size_t first, std::size_t end) {
    window_verdict last;
    for (auto day = first; day < end; ++day)
      last = judge({made(day)}, sessions[day].auction_ends_at);
    return last;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(live_window_tests, window_fixture)

CAF_TEST(ordinary bars pass as they are) {
  auto result = days(0, 40);
  CAF_REQUIRE_EQUAL(result.bars.size(), 1u);
  CAF_CHECK(result.bars[0] == made(39).content);
  CAF_CHECK(result.repairs.empty() && result.revisions.empty()
            && result.refused.empty());
  CAF_CHECK_EQUAL(result.accepted, 1u);
}

CAF_TEST(what is known with the bar is in the bar) {
  days(0, 30);
  auto torn = made(30);
  torn.content.high = price{2030};
  torn.as_came = values_of(torn.content);
  auto result = judge({torn}, torn.content.known_at);
  CAF_REQUIRE_EQUAL(result.bars.size(), 1u);
  CAF_CHECK(result.bars[0].high < price{21});
  CAF_CHECK(result.bars[0].verdict == bar_verdict::repaired);
  CAF_REQUIRE_EQUAL(result.repairs.size(), 1u);
  CAF_CHECK_EQUAL(result.repairs[0].field, "high");
  CAF_CHECK(result.repairs[0].original == real{2030});
  CAF_CHECK_EQUAL(result.repairs[0].reason, "unit_field");
  CAF_CHECK_EQUAL(result.repaired, 1u);
  CAF_CHECK(days(31, 35).revisions.empty());
}

CAF_TEST(a repair by the rules of rows keeps what the bar said) {
  days(0, 30);
  auto x = made(30);
  x.as_came.high = 19.9;
  x.content.high = x.content.close;
  x.reason = "ohlc_order";
  auto result = judge({x}, x.content.known_at);
  CAF_REQUIRE_EQUAL(result.repairs.size(), 1u);
  CAF_CHECK_EQUAL(result.repairs[0].reason, "ohlc_order");
  CAF_CHECK(result.repairs[0].original == real{19.9});
  CAF_CHECK_EQUAL(result.repaired, 1u);
}

CAF_TEST(a fill without trade is refused at once) {
  days(0, 30);
  auto x = made(30);
  put(x.content, {20.1, 20.1, 20.1, 20.1, 0.0});
  x.as_came = values_of(x.content);
  auto result = judge({x}, x.content.known_at);
  CAF_CHECK(result.bars.empty());
  CAF_REQUIRE_EQUAL(result.refused.size(), 1u);
  CAF_CHECK_EQUAL(result.refused[0].reason, "flat_fill");
  CAF_CHECK_EQUAL(result.quarantined, 1u);
  // The next bar finds it gone.
  CAF_CHECK_EQUAL(days(31, 32).accepted, 1u);
}

CAF_TEST(a price in another unit is made good at once) {
  days(0, 30);
  auto result = judge({made(30, 100.0)}, sessions[30].auction_ends_at);
  CAF_REQUIRE_EQUAL(result.bars.size(), 1u);
  CAF_CHECK(result.bars[0].close < price{21});
  CAF_CHECK_EQUAL(result.repairs.size(), 4u);
  CAF_CHECK_EQUAL(result.repaired, 1u);
  CAF_CHECK(days(31, 40).revisions.empty());
}

CAF_TEST(what a later bar shows is a revision once) {
  days(0, 30);
  for (std::size_t day : {30, 31}) {
    auto aside = judge({made(day, 3.0)}, sessions[day].auction_ends_at);
    CAF_REQUIRE_EQUAL(aside.bars.size(), 1u);
    CAF_CHECK(aside.bars[0].close > price{60});
    CAF_CHECK(aside.revisions.empty());
  }
  auto now = sessions[32].auction_ends_at + 5min;
  auto back = judge({made(32)}, now);
  CAF_CHECK_EQUAL(back.bars.size(), 1u);
  CAF_REQUIRE_EQUAL(back.revisions.size(), 2u);
  const auto& x = back.revisions[0];
  CAF_CHECK(x.content.opened_at == sessions[30].opens_at);
  CAF_CHECK(x.content.known_at == now);
  CAF_CHECK(x.content.close < price{21});
  CAF_CHECK(!x.withdrawn);
  CAF_CHECK_EQUAL(x.reason, "split_undeclared");
  CAF_CHECK_EQUAL(back.accepted, 1u);
  CAF_CHECK_EQUAL(back.repaired, 2u);
  CAF_CHECK(days(33, 40).revisions.empty());
}

CAF_TEST(a spike is withdrawn when the price is back) {
  days(0, 30);
  judge({made(30, 1.5)}, sessions[30].auction_ends_at);
  auto result = days(31, 32);
  CAF_REQUIRE_EQUAL(result.revisions.size(), 1u);
  CAF_CHECK(result.revisions[0].withdrawn);
  CAF_CHECK_EQUAL(result.revisions[0].reason, "spike");
  CAF_REQUIRE_EQUAL(result.refused.size(), 1u);
  CAF_CHECK_EQUAL(result.quarantined, 1u);
  CAF_CHECK(days(32, 40).revisions.empty());
}

CAF_TEST(within one answer a late verdict is known with its evidence) {
  std::vector<fresh_bar> all;
  for (std::size_t day = 0; day < 40; ++day)
    all.push_back(made(day, day == 30 ? 1.5 : 1.0));
  auto result = judge(all, sessions[60].opens_at);
  CAF_CHECK_EQUAL(result.bars.size(), 40u);
  CAF_REQUIRE_EQUAL(result.revisions.size(), 1u);
  CAF_CHECK(result.revisions[0].content.known_at
            == sessions[31].auction_ends_at);
  CAF_CHECK_EQUAL(result.accepted, 39u);
  CAF_CHECK_EQUAL(result.quarantined, 1u);
}

CAF_TEST(after a restart nothing is said twice) {
  std::vector<bar> stored;
  std::vector<bar_revision> revisions;
  auto keep = [&](const window_verdict& x) {
    stored.insert(stored.end(), x.bars.begin(), x.bars.end());
    revisions.insert(revisions.end(), x.revisions.begin(), x.revisions.end());
  };
  for (std::size_t day = 0; day < 40; ++day)
    keep(judge({made(day, day == 30                ? 1.5
                         : day == 34 || day == 35 ? 3.0
                                                  : 1.0)},
               sessions[day].auction_ends_at));
  CAF_REQUIRE_EQUAL(revisions.size(), 3u);
  live_window again;
  again.recall(stored, revisions);
  auto next = again.judge({made(40)}, {}, calendar,
                          sessions[40].auction_ends_at);
  CAF_CHECK_EQUAL(next.bars.size(), 1u);
  CAF_CHECK(next.revisions.empty());
  // Without the revisions it would be.
  again.recall(stored, {});
  CAF_CHECK_EQUAL(again.judge({made(40)}, {}, calendar,
                              sessions[40].auction_ends_at)
                    .revisions.size(),
                  3u);
}

CAF_TEST(a first answer may be longer than the window) {
  std::vector<fresh_bar> all;
  auto years = calendar.sessions();
  for (std::size_t day = 0; day < live_window::bars_max + 50; ++day) {
    auto x = made(day % 200);
    x.content.opened_at = years[day].opens_at;
    x.content.known_at = years[day].auction_ends_at;
    all.push_back(x);
  }
  CAF_CHECK_EQUAL(judge(all, years[400].opens_at).bars.size(), all.size());
  auto x = made(0);
  x.content.opened_at = years[all.size()].opens_at;
  x.content.known_at = years[all.size()].auction_ends_at;
  CAF_CHECK_EQUAL(judge({x}, x.content.known_at).bars.size(), 1u);
}

// -- the share of points that are no good ------------------------------------------

CAF_TEST(the share runs over the newest points) {
  feed_facts x;
  x.count_points(94, 3, 2);
  CAF_CHECK_EQUAL(x.quality.points(), 99u);
  CAF_CHECK(!x.quality.is_bad()); // too few to tell
  x.count_points(1, 0, 0);
  CAF_CHECK_EQUAL(x.quality.invalid_share(), 0.05);
  CAF_CHECK(x.quality.is_bad());
  x.count_points(running_quality::window - 5, 0, 0);
  CAF_CHECK_EQUAL(x.quality.points(), running_quality::window);
  CAF_CHECK_LESS(x.quality.invalid_share(), 0.01);
  CAF_CHECK(!x.quality.is_bad());
  x.count_points(10, 0, 0);
  CAF_CHECK_EQUAL(x.quality.invalid_share(), 0.0);
  x.count_points(0, 0, running_quality::window);
  CAF_CHECK_EQUAL(x.quality.invalid_share(), 1.0);
  CAF_CHECK_EQUAL(x.repaired, 3u);
  CAF_CHECK_EQUAL(x.quarantined, 2u + running_quality::window);
}

CAF_TEST_FIXTURE_SCOPE_END()

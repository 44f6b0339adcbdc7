#define CAF_SUITE scoring_report
#include "models/scoring/report.hpp"

#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

/// Six days of four: BUY right, BUY wrong, SELL right, HOLD right.
std::vector<scored_sample> small_book() {
  std::vector<scored_sample> result;
  for (std::uint32_t day = 0; day < 6; ++day) {
    result.push_back(sample(day, trade_action::buy, up));
    result.push_back(sample(day, trade_action::buy, down));
    result.push_back(sample(day, trade_action::sell, down));
    result.push_back(sample(day, trade_action::hold, flat_up));
  }
  return result;
}

/// `days` days of one BUY each, right except every fourth, beside one HOLD in
/// a quiet market.
std::vector<scored_sample> skilled_book(std::uint32_t days) {
  std::vector<scored_sample> result;
  for (std::uint32_t day = 0; day < days; ++day) {
    auto sign = day % 2 == 0 ? 1.0 : -1.0;
    auto action = (day % 2 == 0) != (day % 4 == 3) ? trade_action::buy
                                                  : trade_action::sell;
    result.push_back(sample(day, action, sign * 0.02));
    result.push_back(sample(day, trade_action::hold, -sign * 0.001));
  }
  return result;
}

/// One BUY or SELL a day, right on five days of eight, where neither constant
/// is right on more than half: a difference of 0.125.
std::vector<scored_sample> slightly_skilled_book(std::uint32_t days) {
  std::vector<scored_sample> result;
  for (std::uint32_t day = 0; day < days; ++day) {
    auto rises = day % 2 == 0;
    auto right = day * 5 % 8 < 5;
    result.push_back(sample(
      day, rises == right ? trade_action::buy : trade_action::sell,
      rises ? up : down));
  }
  return result;
}

double width(const rate_estimate& x) {
  return x.interval ? x.interval->upper - x.interval->lower : -1.0;
}

} // namespace

CAF_TEST(rates are those counted by hand) {
  auto x = make_report(small_book(), {.predictions = 30, .abstentions = 10});
  CAF_CHECK_EQUAL(x.samples, 24u);
  CAF_CHECK_EQUAL(x.successes, 18u);
  CAF_CHECK_EQUAL(x.days, 6u);
  CAF_CHECK_EQUAL(x.success_rate.value, 0.75);
  CAF_CHECK_EQUAL(x.always_hold_rate.value, 0.25);
  // BUY and SELL would each be right in two of four: BUY wins the tie.
  CAF_CHECK_EQUAL(x.best_constant_rate.value, 0.5);
  CAF_CHECK(x.best_constant == trade_action::buy);
  CAF_CHECK_EQUAL(x.difference.value, 0.25);
  CAF_CHECK_EQUAL(x.mean_confidence, 0.75);
  CAF_CHECK(x.coverage == 0.75);
  CAF_CHECK_EQUAL(x.success_disagreements, 0u);
}

CAF_TEST(days that are all alike leave no doubt) {
  auto x = make_report(small_book(), {});
  CAF_REQUIRE(x.difference.interval.has_value());
  CAF_CHECK(*x.difference.interval == (interval95{0.25, 0.25}));
  CAF_CHECK(x.skill_shown);
  CAF_CHECK(x.days_needed == std::uint64_t{min_interval_days});
}

CAF_TEST(each action stands beside the constants on its own samples) {
  auto book = small_book();
  for (auto& x : book)
    if (x.action == trade_action::sell)
      x.confidence = fraction{0.5};
  auto report = make_report(book, {});
  const auto& [buy, sell, hold] = report.by_action;
  CAF_CHECK(buy.action == trade_action::buy);
  CAF_CHECK_EQUAL(buy.samples, 12u);
  CAF_CHECK_EQUAL(buy.successes, 6u);
  CAF_CHECK_EQUAL(buy.success_rate.value, 0.5);
  CAF_CHECK_EQUAL(buy.mean_confidence, 0.75);
  CAF_CHECK(sell.action == trade_action::sell);
  CAF_CHECK_EQUAL(sell.success_rate.value, 1.0);
  CAF_CHECK(sell.best_constant == trade_action::sell);
  CAF_CHECK_EQUAL(sell.difference.value, 0.0);
  CAF_CHECK_EQUAL(sell.mean_confidence, 0.5);
  CAF_CHECK(hold.action == trade_action::hold);
  CAF_CHECK_EQUAL(hold.samples, 6u);
  CAF_CHECK_EQUAL(report.directional.samples, 18u);
  CAF_CHECK_EQUAL(report.directional.successes, 12u);
}

CAF_TEST(a rate of one keeps the doubt that Wilson has) {
  auto report = make_report(small_book(), {});
  const auto& sell = report.by_action[1];
  CAF_REQUIRE(sell.success_rate.interval.has_value());
  CAF_CHECK_EQUAL(sell.success_rate.interval->lower,
                  wilson_interval(6, 6).lower);
  CAF_CHECK_EQUAL(sell.success_rate.interval->upper, 1.0);
}

CAF_TEST(buckets of open minutes include both ends) {
  std::vector<scored_sample> book;
  for (auto minutes : {0u, 1u, 60u, 61u, 240u, 241u, 9999u}) {
    book.push_back(sample(0, trade_action::buy, up));
    book.back().open_minutes = minutes;
  }
  auto x = make_report(book, {}).by_open_minutes;
  CAF_REQUIRE_EQUAL(x.size(), 5u); // nothing lies in 121-180
  CAF_CHECK(x[0].from_minutes == 0 && x[0].to_minutes == 0u);
  CAF_CHECK_EQUAL(x[0].samples, 1u);
  CAF_CHECK(x[1].from_minutes == 1 && x[1].to_minutes == 60u);
  CAF_CHECK_EQUAL(x[1].samples, 2u);
  CAF_CHECK(x[2].from_minutes == 61 && x[2].to_minutes == 120u);
  CAF_CHECK_EQUAL(x[2].samples, 1u);
  CAF_CHECK(x[3].from_minutes == 181 && x[3].to_minutes == 240u);
  CAF_CHECK_EQUAL(x[3].samples, 1u);
  CAF_CHECK(x[4].from_minutes == 241 && !x[4].to_minutes);
  CAF_CHECK_EQUAL(x[4].samples, 2u);
}

CAF_TEST(gaps are left out of rates but counted) {
  auto book = small_book();
  auto clean = make_report(book, {.void_outcomes = 3});
  book.push_back(sample(9, trade_action::buy, down));
  book.back().sessions_elapsed = 2;
  auto x = make_report(book, {.void_outcomes = 3});
  CAF_CHECK_EQUAL(x.excluded.gaps, 1u);
  CAF_CHECK_EQUAL(x.excluded.void_outcomes, 3u);
  CAF_CHECK(static_cast<const group_performance&>(x) == clean);
  // Within a session no session end is passed: part of the headline.
  book.back().sessions_elapsed = 0;
  CAF_CHECK_EQUAL(make_report(book, {}).samples, 25u);
}

CAF_TEST(what cannot be judged is left out and counted) {
  auto nan = std::numeric_limits<double>::quiet_NaN();
  auto infinity = std::numeric_limits<double>::infinity();
  std::vector<scored_sample> book(6, sample(0, trade_action::buy, up));
  book[0].action = trade_action::none;
  book[1].action = trade_action::strong_buy;
  book[2].actual_return = fraction{infinity};
  book[3].confidence = fraction{nan};
  book[4].confidence = fraction{75.0};
  book[5].day = std::chrono::year{2025} / 2 / 30;
  auto x = make_report(book, {});
  CAF_CHECK_EQUAL(x.samples, 0u);
  CAF_CHECK_EQUAL(x.excluded.unusable, 6u);
  CAF_CHECK_EQUAL(x.excluded.gaps, 0u);
}

CAF_TEST(a stored success that breaks the rule does not count) {
  auto book = small_book();
  auto wrong = std::find_if(book.begin(), book.end(),
                            [](const auto& x) { return !x.success; });
  CAF_REQUIRE(wrong != book.end());
  wrong->success = true;
  auto x = make_report(book, {});
  CAF_CHECK_EQUAL(x.successes, 18u);
  CAF_CHECK_EQUAL(x.success_disagreements, 1u);
}

CAF_TEST(no samples give an empty report) {
  auto x = make_report({}, {});
  CAF_CHECK(static_cast<const group_performance&>(x) == group_performance{});
  CAF_CHECK(!x.coverage);
  CAF_CHECK(!x.days_needed);
  CAF_CHECK(x.by_open_minutes.empty());
  CAF_CHECK_EQUAL(x.by_action[2].samples, 0u);
}

CAF_TEST(all abstained is a coverage of zero) {
  auto x = make_report({}, {.abstentions = 12});
  CAF_CHECK(x.coverage == 0.0);
  CAF_CHECK_EQUAL(x.samples, 0u);
}

CAF_TEST(one day is never enough for an interval) {
  std::vector<scored_sample> book;
  for (int i = 0; i < 500; ++i)
    book.push_back(i % 2 == 0 ? sample(0, trade_action::buy, up)
                              : sample(0, trade_action::sell, down));
  auto x = make_report(book, {});
  CAF_CHECK_EQUAL(x.difference.value, 0.5);
  CAF_CHECK(!x.difference.interval);
  CAF_CHECK(!x.success_rate.interval);
  CAF_CHECK(!x.skill_shown);
  CAF_CHECK(!x.days_needed);
}

CAF_TEST(an action of few days has no interval in a long report) {
  auto book = skilled_book(40);
  std::erase_if(book, [](const auto& x) {
    return x.action == trade_action::sell && x.day > nth_day(7);
  });
  auto x = make_report(book, {});
  CAF_CHECK_LESS(x.by_action[1].days, min_interval_days);
  CAF_CHECK_GREATER(x.by_action[1].samples, 0u);
  CAF_CHECK(!x.by_action[1].success_rate.interval);
  CAF_CHECK(x.by_action[0].success_rate.interval.has_value());
}

CAF_TEST(without resamples no skill is shown) {
  auto x = make_report(small_book(), {}, {.resamples = 0});
  CAF_CHECK_EQUAL(x.difference.value, 0.25);
  CAF_CHECK(!x.difference.interval);
  CAF_CHECK(!x.skill_shown);
}

CAF_TEST(days needed are more than there are until skill is shown) {
  auto few = make_report(slightly_skilled_book(32), {});
  CAF_CHECK_EQUAL(few.difference.value, 0.125);
  CAF_CHECK(few.difference.interval.has_value());
  CAF_CHECK(!few.skill_shown);
  CAF_REQUIRE(few.days_needed.has_value());
  CAF_CHECK_GREATER(*few.days_needed, few.days);
  auto many = make_report(slightly_skilled_book(800), {});
  CAF_CHECK_EQUAL(many.difference.value, 0.125);
  CAF_CHECK(many.skill_shown);
  CAF_REQUIRE(many.days_needed.has_value());
  CAF_CHECK_LESS(*many.days_needed, many.days);
  // The distance from the value to its lower bound, in parts of the value.
  auto part = (0.125 - many.difference.interval->lower) / 0.125;
  CAF_CHECK_EQUAL(*many.days_needed, static_cast<std::uint64_t>(
                                       std::ceil(800 * part * part)));
}

CAF_TEST(no days are needed where there is no advantage) {
  std::vector<scored_sample> book;
  for (std::uint32_t day = 0; day < 30; ++day)
    book.push_back(sample(day, trade_action::hold, 0.0));
  auto x = make_report(book, {});
  CAF_CHECK_EQUAL(x.difference.value, 0.0);
  CAF_CHECK(!x.skill_shown);
  CAF_CHECK(!x.days_needed);
}

CAF_TEST(samples that move together widen the interval) {
  // The same 800 outcomes: eight alike a day, or dealt over the days.
  std::vector<scored_sample> together;
  std::vector<scored_sample> apart;
  splitmix64 random{17};
  for (std::uint32_t i = 0; i < 100; ++i) {
    auto outcome = chance(random, 0.55) ? up : down;
    for (std::uint32_t k = 0; k < 8; ++k) {
      together.push_back(sample(i, trade_action::buy, outcome));
      apart.push_back(sample((i * 8 + k * 13) % 100, trade_action::buy,
                             outcome));
    }
  }
  auto x = make_report(together, {});
  auto y = make_report(apart, {});
  CAF_REQUIRE_EQUAL(x.success_rate.value, y.success_rate.value);
  CAF_REQUIRE_EQUAL(y.days, 100u);
  // Days of eight alike carry an eighth of the information: sqrt(8) = 2.83.
  CAF_CHECK_GREATER(width(x.success_rate), 2.0 * width(y.success_rate));
}

CAF_TEST(blocks of days widen the interval of moods that last) {
  std::vector<scored_sample> book;
  splitmix64 random{19};
  for (std::uint32_t day = 0; day < 400; day += 5) {
    auto outcome = chance(random, 0.55) ? up : down;
    for (std::uint32_t k = 0; k < 5; ++k)
      book.push_back(sample(day + k, trade_action::buy, outcome));
  }
  auto single = make_report(book, {}, {.block_days = 1});
  auto blocks = make_report(book, {}, {.block_days = 20});
  CAF_CHECK_EQUAL(blocks.success_rate.value, single.success_rate.value);
  // Five alike carry a fifth of the information: sqrt(5) = 2.24.
  CAF_CHECK_GREATER(width(blocks.success_rate),
                    1.7 * width(single.success_rate));
  CAF_CHECK(!make_report(book, {}, {.block_days = 100}).success_rate.interval);
}

CAF_TEST(a direction too good to be true is called a leak) {
  auto x = make_report(skilled_book(60), {});
  CAF_CHECK_EQUAL(x.directional.success_rate.value, 0.75);
  CAF_CHECK_EQUAL(x.leak.accuracy, 0.75);
  CAF_CHECK_EQUAL(x.leak.days, 60u);
  CAF_CHECK(x.leak.leak_suspected);
  CAF_CHECK(!make_report(skilled_book(19), {}).leak.leak_suspected);
}

CAF_TEST(a rate over the bound by luck is no leak yet) {
  // One BUY a day, 61 of each 100 right: what a coin gives now and then.
  auto of_days = [](std::uint32_t days) {
    std::vector<scored_sample> book;
    for (std::uint32_t day = 0; day < days; ++day)
      book.push_back(sample(day, trade_action::buy,
                            day % 100 * 61 % 100 < 61 ? up : down));
    return make_report(book, {}).leak;
  };
  auto months = of_days(100);
  CAF_CHECK(months.accuracy > 0.58);
  CAF_CHECK(months.interval.lower < 0.58);
  CAF_CHECK(!months.leak_suspected);
  // The same rate for years is more than luck.
  auto years = of_days(2000);
  CAF_CHECK(years.accuracy > 0.58);
  CAF_CHECK(years.leak_suspected);
}

CAF_TEST(the order of samples does not matter and the seed does) {
  auto book = skilled_book(30);
  auto a = make_report(book, {});
  std::reverse(book.begin(), book.end());
  auto b = make_report(book, {});
  CAF_CHECK(static_cast<group_performance&>(a) == b);
  auto c = make_report(book, {}, {.seed = 4});
  CAF_CHECK_EQUAL(c.difference.value, a.difference.value);
  CAF_CHECK(c.difference.interval != a.difference.interval
            || c.success_rate.interval != a.success_rate.interval);
}

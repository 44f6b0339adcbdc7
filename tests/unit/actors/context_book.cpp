#define CAF_SUITE context_book
#include "actors/feeds/context_book.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <limits>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

constexpr micros settle = 5s;

/// A day as a source answers it.
bar day_of(const char* date, double close, const char* symbol = "AUDUSD=X") {
  bar x;
  x.symbol = symbol;
  x.interval = bar_interval::d1;
  x.opened_at = at(std::string{date} + "T00:00:00Z");
  x.open = x.high = x.low = x.close = price{close};
  x.source = "yahoo";
  return x;
}

price_answer answer_of(std::vector<bar> bars) {
  price_answer x;
  x.source = "yahoo";
  x.status = "ok";
  x.bars = std::move(bars);
  return x;
}

std::vector<std::string> days_in(const std::vector<bar>& bars) {
  std::vector<std::string> result;
  for (const auto& x : bars)
    result.push_back(to_rfc3339(x.opened_at).substr(0, 10));
  return result;
}

using texts = std::vector<std::string>;

struct book_fixture {
  context_book book{context_series::aud_usd};
  timestamp now = at("2025-07-03T02:00:00Z");

  /// Takes an answer in, as stored at once.
  std::vector<bar> told(std::vector<bar> bars,
                        timestamp decided = timestamp::min()) {
    auto rows = book.take(answer_of(std::move(bars)), now);
    book.stamp(rows.days, {now, decided, settle});
    book.recall(rows.days);
    return rows.days;
  }

  /// The reason for which a row is refused; empty: it is not.
  std::string refusal_of(const bar& x) {
    auto rows = book.take(answer_of({x}), now);
    CAF_CHECK_EQUAL(rows.days.size() + rows.refused.size(), 1u);
    return rows.refused.empty() ? "" : rows.refused[0].reason;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(context_book_tests, book_fixture)

CAF_TEST(the past counts from the end of its days) {
  auto days = told({day_of("2025-07-01", 0.65), day_of("2025-07-02", 0.66)});
  CAF_CHECK_EQUAL(days_in(days), (texts{"2025-07-01", "2025-07-02"}));
  CAF_CHECK(days[0].known_at == at("2025-07-02T00:00:00Z"));
  CAF_CHECK(days[1].known_at == at("2025-07-03T00:00:00Z"));
  CAF_CHECK(days[1].received_at == now);
}

CAF_TEST(a day that has not ended in UTC is left alone) {
  now = at("2025-07-03T23:59:59Z");
  auto days = told({day_of("2025-07-02", 0.66), day_of("2025-07-03", 0.67)});
  CAF_CHECK_EQUAL(days_in(days), texts{"2025-07-02"});
  now = at("2025-07-04T00:00:00Z");
  days = told({day_of("2025-07-02", 0.66), day_of("2025-07-03", 0.67)});
  CAF_CHECK_EQUAL(days_in(days), texts{"2025-07-03"});
}

CAF_TEST(a later day counts when it can be with the cycle) {
  told({day_of("2025-07-01", 0.65)});
  auto days = told({day_of("2025-07-02", 0.66)});
  CAF_REQUIRE_EQUAL(days.size(), 1u);
  CAF_CHECK(days[0].known_at == now + settle);
  // However late it comes.
  now = at("2025-07-09T05:00:00Z");
  days = told({day_of("2025-07-03", 0.66), day_of("2025-07-04", 0.67)});
  CAF_REQUIRE_EQUAL(days.size(), 2u);
  CAF_CHECK(days[0].known_at == now + settle);
  CAF_CHECK(days[1].known_at == now + settle);
}

CAF_TEST(a later day never counts before an earlier one or its own end) {
  auto first = day_of("2025-07-01", 0.65);
  first.known_at = at("2025-07-03T06:00:00Z");
  book.recall({first});
  // The clock was set back meanwhile.
  auto days = told({day_of("2025-07-02", 0.66)});
  CAF_REQUIRE_EQUAL(days.size(), 1u);
  CAF_CHECK(days[0].known_at == first.known_at);
  now = at("2025-07-03T23:59:58Z");
  std::vector<bar> early{day_of("2025-07-03", 0.66)};
  book.stamp(early, {now - 1h, timestamp::min(), settle});
  CAF_CHECK(early[0].known_at == at("2025-07-04T00:00:00Z"));
}

CAF_TEST(what cycles were made without counts from now on) {
  auto rows = book.take(answer_of({day_of("2025-07-01", 0.65),
                                   day_of("2025-07-02", 0.66)}),
                        now);
  auto decided = at("2025-07-02T00:00:00Z"); // when the first one ended
  book.stamp(rows.days, {now, decided, settle});
  for (const auto& x : rows.days)
    CAF_CHECK(x.known_at == now + settle);
  // Just before, no cycle can have missed it.
  book.stamp(rows.days, {now, decided - micros{1}, settle});
  CAF_CHECK(rows.days[0].known_at == at("2025-07-02T00:00:00Z"));
  CAF_CHECK(rows.days[1].known_at == at("2025-07-03T00:00:00Z"));
}

CAF_TEST(each day is told once and stays as it was first told) {
  told({day_of("2025-07-01", 0.65), day_of("2025-07-02", 0.66)});
  CAF_CHECK(told({day_of("2025-07-01", 0.64), day_of("2025-07-02", 0.67)})
              .empty());
  CAF_CHECK_EQUAL(book.newest()->close.value(), 0.66);
  // One that is older than what is told says nothing any more.
  CAF_CHECK(told({day_of("2025-06-30", 0.64)}).empty());
}

CAF_TEST(what is stored is not told again) {
  book.recall({day_of("2025-07-01", 0.65), day_of("2025-07-02", 0.66)});
  CAF_CHECK_EQUAL(book.newest()->close.value(), 0.66);
  CAF_CHECK(told({day_of("2025-07-02", 0.66)}).empty());
}

CAF_TEST(nonsense is refused with its reason) {
  auto bad = [](double close) { return day_of("2025-07-02", close); };
  CAF_CHECK_EQUAL(refusal_of(bad(std::nan(""))), "not_finite");
  CAF_CHECK_EQUAL(refusal_of(bad(std::numeric_limits<double>::infinity())),
                  "not_finite");
  CAF_CHECK_EQUAL(refusal_of(bad(0.0)), "not_positive");
  CAF_CHECK_EQUAL(refusal_of(bad(-0.65)), "not_positive");
  CAF_CHECK_EQUAL(refusal_of(bad(0.19)), "out_of_range");
  CAF_CHECK_EQUAL(refusal_of(bad(2.01)), "out_of_range");
  CAF_CHECK_EQUAL(refusal_of(bad(65.0)), "out_of_range");
  auto high = bad(0.65);
  high.high = price{650.0};
  CAF_CHECK_EQUAL(refusal_of(high), "out_of_range");
  CAF_CHECK_EQUAL(refusal_of(bad(0.65)), "");
}

CAF_TEST(a level that jumps is refused but not for ever) {
  told({day_of("2025-06-20", 0.65)});
  now = at("2025-08-03T02:00:00Z");
  // The other way round: Australian dollars for a US one.
  CAF_CHECK_EQUAL(refusal_of(day_of("2025-06-23", 1.54)), "level_jump");
  CAF_CHECK_EQUAL(refusal_of(day_of("2025-06-23", 0.51)), "level_jump");
  CAF_CHECK_EQUAL(refusal_of(day_of("2025-06-23", 0.53)), "");
  CAF_CHECK_EQUAL(refusal_of(day_of("2025-06-27", 1.54)), "level_jump");
  CAF_CHECK_EQUAL(refusal_of(day_of("2025-06-28", 1.54)), "");
}

CAF_TEST(rows of one answer are compared with each other) {
  auto rows = book.take(answer_of({day_of("2025-06-30", 0.65),
                                   day_of("2025-07-01", 1.54),
                                   day_of("2025-07-02", 0.66)}),
                        now);
  CAF_CHECK_EQUAL(days_in(rows.days), (texts{"2025-06-30", "2025-07-02"}));
  CAF_REQUIRE_EQUAL(rows.refused.size(), 1u);
  CAF_CHECK(rows.refused[0].payload.starts_with("2025-07-01T00:00:00Z open "));
  CAF_CHECK(rows.refused[0].payload.find("close 1.54") != std::string::npos);
  CAF_CHECK_EQUAL(rows.refused[0].symbol, "AUDUSD=X");
  CAF_CHECK_EQUAL(rows.refused[0].source, "yahoo");
}

CAF_TEST(a row is refused once and its day may still come) {
  auto answer = answer_of({day_of("2025-07-02", 0.0)});
  answer.unreadable.push_back(
    {1, "AUDUSD=X", "yahoo", "missing_value", "2025-07-01 nothing", now});
  CAF_CHECK_EQUAL(book.take(answer, now).refused.size(), 2u);
  CAF_CHECK(book.take(answer, now).refused.empty());
  CAF_CHECK_EQUAL(refusal_of(day_of("2025-07-02", -1.0)), "not_positive");
  CAF_CHECK_EQUAL(told({day_of("2025-07-02", 0.65)}).size(), 1u);
}

CAF_TEST(rows of something else are nobodys) {
  auto hourly = day_of("2025-07-02", 0.65);
  hourly.interval = bar_interval::m60;
  auto rows = book.take(answer_of({hourly, day_of("2025-07-02", 17.0, "^VIX")}),
                        now);
  CAF_CHECK(rows.days.empty());
  CAF_CHECK(rows.refused.empty());
}

CAF_TEST(the volatility index has limits of its own) {
  context_book vix{context_series::vix};
  auto refused = [&](double close) {
    return vix.take(answer_of({day_of("2025-07-02", close, "^VIX")}), now)
      .refused.size();
  };
  CAF_CHECK_EQUAL(refused(82.7), 0u);
  CAF_CHECK_EQUAL(refused(0.65), 1u);
  CAF_CHECK_EQUAL(refused(300.0), 1u);
  vix.recall({day_of("2025-07-01", 16.0, "^VIX")});
  CAF_CHECK_EQUAL(refused(40.0), 0u); // it has more than doubled in a day
  CAF_CHECK_EQUAL(refused(65.0), 1u);
}

CAF_TEST(it asks for what it does not know) {
  auto first = book.request(now);
  CAF_CHECK_EQUAL(first.symbol, "AUDUSD=X");
  CAF_CHECK(first.interval == bar_interval::d1);
  CAF_CHECK(first.from == at("2025-05-29T00:00:00Z"));
  CAF_CHECK(first.until == now);
  told({day_of("2025-07-02", 0.66)});
  CAF_CHECK(book.request(now).from == at("2025-06-27T00:00:00Z"));
  // After a long time: only as far back as matters.
  now = at("2025-12-03T02:00:00Z");
  CAF_CHECK(book.request(now).from == at("2025-10-29T00:00:00Z"));
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE retry_budget
#include "runtime/resilience/retry_budget.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace std::chrono_literals;

namespace {

// 1994-11-06T08:49:37Z, the date of RFC 9110's examples.
constexpr std::chrono::sys_seconds rfc_date{784111777s};

} // namespace

CAF_TEST(what may have been done is not tried again) {
  retry_budget budget;
  auto decision = budget.failed({.attempt = 1, .idempotent = false,
                                 .retry_after = {}});
  CAF_CHECK(!decision.again());
  CAF_CHECK(decision.refusal == retry_refusal::not_idempotent);
  CAF_CHECK_EQUAL(budget.tokens(), 10.0);
}

CAF_TEST(three attempts and no fourth) {
  retry_budget budget;
  CAF_CHECK(budget.failed({.attempt = 1, .retry_after = {}}).again());
  CAF_CHECK(budget.failed({.attempt = 2, .retry_after = {}}).again());
  auto third = budget.failed({.attempt = 3, .retry_after = {}});
  CAF_CHECK(third.refusal == retry_refusal::attempts_spent);
}

CAF_TEST(a feed that fails on and on is not asked thrice) {
  retry_budget budget;
  for (int i = 0; i < 10; ++i)
    CAF_CHECK(budget.failed({.attempt = 1, .retry_after = {}}).again());
  CAF_CHECK(budget.failed({.attempt = 1, .retry_after = {}}).refusal
            == retry_refusal::budget_spent);
  for (int i = 0; i < 11; ++i)
    budget.succeeded();
  CAF_CHECK(budget.failed({.attempt = 1, .retry_after = {}}).again());
  CAF_CHECK(!budget.failed({.attempt = 1, .retry_after = {}}).again());
}

CAF_TEST(pauses are jittered within the rule and repeat with the seed) {
  retry_rule rule;
  rule.attempts_max = 100;
  rule.tokens_max = 1e9;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    retry_budget one{rule, seed};
    retry_budget two{rule, seed};
    auto longest_seen = 0ms;
    for (std::uint32_t attempt = 1; attempt < 60; ++attempt) {
      auto pause = one.failed({.attempt = attempt, .retry_after = {}}).pause;
      CAF_REQUIRE(pause >= 0ms
                  && pause <= longest_pause(rule.pause, attempt));
      CAF_REQUIRE(pause
                  == two.failed({.attempt = attempt, .retry_after = {}}).pause);
      longest_seen = std::max(longest_seen, pause);
    }
    CAF_CHECK(longest_seen > 10s && longest_seen <= 30s);
  }
}

CAF_TEST(retry after is kept and capped) {
  retry_rule rule;
  rule.pause.base = 0ms;
  retry_budget budget{rule};
  CAF_CHECK_EQUAL(
    budget.failed({.attempt = 1, .retry_after = 7s}).pause.count(), 7000);
  CAF_CHECK_EQUAL(
    budget.failed({.attempt = 1, .retry_after = 24h}).pause.count(), 300'000);
  CAF_CHECK_EQUAL(
    budget.failed({.attempt = 1, .retry_after = -5s}).pause.count(), 0);
}

CAF_TEST(retry after in seconds) {
  auto read = [](std::string_view text) {
    return parse_retry_after(text, rfc_date);
  };
  CAF_CHECK(read("120") == 120s);
  CAF_CHECK(read(" 0 ") == 0s);
  CAF_CHECK(read("99999999999999999999999") == 1'000'000'000s);
  for (auto bad : {"", " ", "-1", "1.5", "soon", "12 s", "0x10"})
    CAF_CHECK(!read(bad));
}

CAF_TEST(retry after as a date) {
  CAF_CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", rfc_date - 90s)
            == 90s);
  CAF_CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", rfc_date + 1h)
            == 0s);
}

CAF_TEST(all three forms of an HTTP date) {
  for (auto text : {"Sun, 06 Nov 1994 08:49:37 GMT",
                    "Sunday, 06-Nov-94 08:49:37 GMT",
                    "Sun Nov  6 08:49:37 1994"})
    CAF_CHECK(parse_http_date(text, rfc_date) == rfc_date);
  // Two digits: at most 50 years ahead.
  using namespace std::chrono;
  auto now = sys_days{2026y / 1 / 1} + 0s;
  CAF_CHECK(parse_http_date("Friday, 01-Jan-27 00:00:00 GMT", now)
            == sys_days{2027y / 1 / 1} + 0s);
  CAF_CHECK(parse_http_date("Saturday, 01-Jan-77 00:00:00 GMT", now)
            == sys_days{1977y / 1 / 1} + 0s);
  for (auto bad :
       {"Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 EST", "Sun, 06 Nov 1994 08:49:37 GMT x",
        "Sun, 06 Nov 1994", "06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994",
        "Sun, 00 Nov 1994 08:49:37 GMT", ","})
    CAF_CHECK(!parse_http_date(bad, rfc_date));
}

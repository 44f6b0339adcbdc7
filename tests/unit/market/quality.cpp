#define CAF_SUITE quality
#include "models/market/quality.hpp"

#include "caf/test/unit_test.hpp"

#include <limits>

using namespace banksia;

namespace {

constexpr auto monday = timestamp{std::chrono::sys_days{
  std::chrono::year{2024} / 1 / 8}};
constexpr auto tuesday = monday + std::chrono::days{1};

constexpr bar_values plain{10, 12, 9, 11, 123456};

seen_rows after(const bar_values& before) {
  return {monday, before, before.close};
}

quality_verdict judge(const bar_values& x, const seen_rows& seen = {}) {
  return judge_row(x, tuesday, true, seen);
}

bool is_quarantined(const quality_verdict& x, quality_rule rule) {
  return x.action == quality_action::quarantine && x.rule == rule
         && x.repair_count == 0;
}

} // namespace

CAF_TEST(a sound row is accepted as it came) {
  auto verdict = judge(plain);
  CAF_CHECK(verdict.action == quality_action::accept);
  CAF_CHECK(verdict.values == plain);
  CAF_CHECK_EQUAL(reason_of(verdict), "");
  CAF_CHECK_EQUAL(verdict.repair_count, 0u);
}

CAF_TEST(a closed market goes before every other rule) {
  auto broken = plain;
  broken.close = -1;
  auto verdict = judge_row(broken, tuesday, false, {});
  CAF_CHECK(is_quarantined(verdict, quality_rule::market_closed));
  CAF_CHECK(!verdict.is_copy);
  CAF_CHECK_EQUAL(reason_of(verdict), "market_closed");
  CAF_CHECK(judge_row(plain, tuesday, false, after(plain)).is_copy);
}

CAF_TEST(infinity and NaN are not repaired) {
  for (auto x : {std::numeric_limits<double>::infinity(),
                 -std::numeric_limits<double>::infinity(),
                 std::numeric_limits<double>::quiet_NaN()})
    for (auto field : {&bar_values::open, &bar_values::high, &bar_values::low,
                       &bar_values::close, &bar_values::volume}) {
      auto row = plain;
      row.*field = x;
      CAF_CHECK(is_quarantined(judge(row), quality_rule::not_finite));
    }
}

CAF_TEST(a negative volume and a close that is no price are kept apart) {
  CAF_CHECK(is_quarantined(judge({10, 12, 9, 11, -1}),
                           quality_rule::negative_volume));
  CAF_CHECK(is_quarantined(judge({10, 12, 9, 0, 5}),
                           quality_rule::not_positive));
  CAF_CHECK(is_quarantined(judge({10, 12, 9, -11, 5}),
                           quality_rule::not_positive));
}

CAF_TEST(a missing open becomes the previous close within the range) {
  auto repaired_open = [](double previous_close) {
    auto verdict = judge({0, 12, 9, 11, 5},
                         after({1, 1, 1, previous_close, 1}));
    CAF_CHECK(verdict.action == quality_action::repair);
    CAF_CHECK_EQUAL(reason_of(verdict), "not_positive");
    CAF_REQUIRE_EQUAL(verdict.repair_count, 1u);
    CAF_CHECK(verdict.repairs[0]
              == (field_repair{bar_column::open, 0, verdict.values.open}));
    return verdict.values.open;
  };
  CAF_CHECK_EQUAL(repaired_open(10.5), 10.5);
  CAF_CHECK_EQUAL(repaired_open(100), 12.0);
  CAF_CHECK_EQUAL(repaired_open(1), 9.0);
  // Without a previous close, or with one that is not earlier, the close.
  CAF_CHECK_EQUAL(judge({0, 12, 9, 11, 5}).values.open, 11.0);
  seen_rows later{tuesday + std::chrono::days{1}, plain, 10.5};
  CAF_CHECK_EQUAL(judge({0, 12, 9, 11, 5}, later).values.open, 11.0);
}

CAF_TEST(a missing high or low comes from the other prices) {
  auto high = judge({10, 0, 9, 11, 5});
  CAF_CHECK(high.values == (bar_values{10, 11, 9, 11, 5}));
  CAF_CHECK(high.rule == quality_rule::not_positive);
  auto low = judge({10, 12, -3, 11, 5});
  CAF_CHECK(low.values == (bar_values{10, 12, 10, 11, 5}));
  auto only_close = judge({0, 0, 0, 11, 5}, after(plain));
  CAF_CHECK(only_close.values == (bar_values{11, 11, 11, 11, 5}));
  CAF_CHECK_EQUAL(only_close.repair_count, 3u);
}

CAF_TEST(a range that does not enclose open and close is widened) {
  auto above = judge({10, 10.5, 9, 11, 5});
  CAF_CHECK(above.action == quality_action::repair);
  CAF_CHECK_EQUAL(reason_of(above), "ohlc_order");
  CAF_CHECK(above.values == (bar_values{10, 11, 9, 11, 5}));
  CAF_REQUIRE_EQUAL(above.repair_count, 1u);
  CAF_CHECK(above.repairs[0] == (field_repair{bar_column::high, 10.5, 11}));
  auto below = judge({8, 12, 9, 11, 5});
  CAF_CHECK(below.values == (bar_values{8, 12, 8, 11, 5}));
  auto swapped = judge({10, 9, 12, 11, 5});
  CAF_CHECK(swapped.values == (bar_values{10, 12, 9, 11, 5}));
  CAF_CHECK_EQUAL(swapped.repair_count, 2u);
  // Exactly at the edge is no violation.
  CAF_CHECK(judge({9, 12, 9, 12, 5}).action == quality_action::accept);
}

CAF_TEST(both repairs of one field are one step from what came) {
  auto verdict = judge({20, -1, 9, 11, 5}, after(plain));
  CAF_CHECK(verdict.values == (bar_values{20, 20, 9, 11, 5}));
  CAF_REQUIRE_EQUAL(verdict.repair_count, 1u);
  CAF_CHECK(verdict.repairs[0] == (field_repair{bar_column::high, -1, 20}));
}

CAF_TEST(an open day that repeats the row before is stale) {
  auto verdict = judge(plain, after(plain));
  CAF_CHECK(is_quarantined(verdict, quality_rule::stale_copy));
  CAF_CHECK(verdict.is_copy);
  for (auto field : {&bar_values::open, &bar_values::high, &bar_values::low,
                     &bar_values::close, &bar_values::volume}) {
    auto other = plain;
    other.*field += 0.25;
    CAF_CHECK(judge(plain, after(other)).action == quality_action::accept);
  }
}

CAF_TEST(a penny stock may repeat one price and a round volume) {
  auto accepts_copy = [](const bar_values& x) {
    auto verdict = judge(x, after(x));
    CAF_CHECK(verdict.is_copy);
    return verdict.action == quality_action::accept;
  };
  CAF_CHECK(accepts_copy({.002, .002, .002, .002, 123456}));
  CAF_CHECK(accepts_copy({.002, .003, .002, .003, 100000}));
  CAF_CHECK(accepts_copy({.002, .003, .002, .003, 999}));
  CAF_CHECK(accepts_copy({.002, .003, .002, .003, 9990000}));
  CAF_CHECK(accepts_copy({.002, .003, .002, .003, 0}));
  CAF_CHECK(!accepts_copy({.002, .003, .002, .003, 1001}));
  CAF_CHECK(!accepts_copy({.002, .003, .002, .003, 10010000}));
  CAF_CHECK(!accepts_copy({.002, .003, .002, .003, 0.5}));
  CAF_CHECK(!accepts_copy({.002, .003, .001, .003, 0}));
}

CAF_TEST(only an earlier row is compared with) {
  CAF_CHECK(judge_row(plain, monday, true, after(plain)).action
            == quality_action::accept);
  CAF_CHECK(judge_row(plain, monday - std::chrono::days{1}, true, after(plain))
              .action
            == quality_action::accept);
}

CAF_TEST(memory follows the rows as they came) {
  seen_rows seen;
  bar_values repaired{10, 10.5, 9, 11, 123456};
  remember(seen, repaired, monday, judge_row(repaired, monday, true, seen));
  CAF_CHECK(seen.last_at == monday);
  CAF_CHECK(seen.last == repaired);
  CAF_CHECK(seen.accepted_close == 11.0);
  // A copy of a repaired row is a copy all the same; a run of copies as well.
  auto copy = judge_row(repaired, tuesday, true, seen);
  CAF_CHECK(is_quarantined(copy, quality_rule::stale_copy));
  bar_values refused{1, 1, 1, -5, 1};
  remember(seen, refused, tuesday, judge_row(refused, tuesday, true, seen));
  CAF_CHECK(seen.last == refused);
  CAF_CHECK(seen.accepted_close == 11.0);
  // What is not later changes nothing.
  remember(seen, plain, tuesday, judge(plain));
  CAF_CHECK(seen.last == refused);
}

CAF_TEST(a row that could not be read keeps its problem as the reason) {
  raw_row row;
  row.problem = row_problem::missing_value;
  auto verdict = judge_malformed(row);
  CAF_CHECK(is_quarantined(verdict, quality_rule::malformed));
  CAF_CHECK_EQUAL(reason_of(verdict), "missing_value");
  seen_rows seen;
  remember(seen, row.values, monday, verdict);
  CAF_CHECK(!seen.last_at);
}

CAF_TEST(the bar with volume wins and otherwise the stored one) {
  bar_values other{10, 12, 9, 11.5, 999};
  bar_values silent{10, 12, 9, 11.5, 0};
  CAF_CHECK(reconcile({}, plain) == reconciliation::fresh);
  CAF_CHECK(reconcile(plain, plain) == reconciliation::duplicate);
  CAF_CHECK(reconcile(plain, other) == reconciliation::keep_stored);
  CAF_CHECK(reconcile(plain, silent) == reconciliation::keep_stored);
  CAF_CHECK(reconcile(silent, plain) == reconciliation::take_incoming);
  CAF_CHECK(reconcile(silent, {1, 1, 1, 1, 0}) == reconciliation::keep_stored);
}

CAF_TEST(each row is in exactly one of the five counts) {
  using enum reconciliation;
  auto count = [](quality_action action, reconciliation against) {
    return to_string(classify(action, against));
  };
  CAF_CHECK_EQUAL(count(quality_action::accept, fresh), "stored");
  CAF_CHECK_EQUAL(count(quality_action::repair, fresh), "repaired");
  CAF_CHECK_EQUAL(count(quality_action::repair, duplicate), "duplicates");
  CAF_CHECK_EQUAL(count(quality_action::accept, duplicate), "duplicates");
  CAF_CHECK_EQUAL(count(quality_action::accept, keep_stored), "merged");
  CAF_CHECK_EQUAL(count(quality_action::repair, take_incoming), "merged");
  for (auto x : {fresh, duplicate, keep_stored, take_incoming})
    CAF_CHECK_EQUAL(count(quality_action::quarantine, x), "quarantined");
  CAF_CHECK_EQUAL(to_string(quality_action::repair), "repair");
  CAF_CHECK_EQUAL(to_string(bar_column::close), "close");
}

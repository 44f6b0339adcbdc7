#define CAF_SUITE row_outcomes
#include "models/market/row_outcomes.hpp"

#include "series_samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

std::vector<row_outcome> judged(const std::vector<series_row>& rows) {
  return outcomes_of(rows, judge_series(rows));
}

} // namespace

CAF_TEST(an ordinary row is accepted and known as it was) {
  auto rows = plain_series(40);
  for (const auto& x : judged(rows)) {
    CAF_CHECK(x.action == quality_action::accept);
    CAF_CHECK_EQUAL(x.reason, "");
  }
  CAF_CHECK(judged(rows)[7].known_at == rows[7].known_at);
  CAF_CHECK(judged(rows)[7].values == rows[7].values);
}

CAF_TEST(a repaired row is known when its evidence is) {
  auto rows = plain_series(80);
  auto want = rows[40].values;
  scale(rows, 40, 42, 100.0);
  auto x = judged(rows)[40];
  CAF_CHECK(x.action == quality_action::repair);
  CAF_CHECK_EQUAL(x.reason, "unit_block");
  CAF_CHECK(x.known_at == rows[42].known_at);
  CAF_CHECK(near(x.values.close, want.close));
}

CAF_TEST(what a rule of rows adds takes the reason of what moved it) {
  auto rows = plain_series(80);
  // The high is below the close, in cents or not.
  rows[40].values.high = rows[40].values.close * 0.999;
  auto alone = judged(rows)[40];
  CAF_CHECK_EQUAL(alone.reason, "ohlc_order");
  CAF_CHECK(alone.by_row_rule);
  CAF_CHECK(alone.known_at == rows[40].known_at);
  scale(rows, 40, 41, 100.0);
  auto both = judged(rows)[40];
  CAF_CHECK_EQUAL(both.reason, "unit_block");
  CAF_CHECK(!both.by_row_rule);
  CAF_CHECK(both.known_at == rows[41].known_at);
  CAF_CHECK_EQUAL(both.values.high, both.values.open);
}

CAF_TEST(a refused row keeps what it said) {
  auto rows = plain_series(80);
  scale(rows, 40, 41, 1.5);
  auto x = judged(rows)[40];
  CAF_CHECK(x.action == quality_action::quarantine);
  CAF_CHECK_EQUAL(x.reason, "spike");
  CAF_CHECK(x.known_at == rows[41].known_at);
  CAF_CHECK(x.values == rows[40].values);
}

CAF_TEST(adjusted closes and dividends change no bar) {
  auto rows = plain_series(80);
  rows[40].adj_close *= 100.0;
  auto verdict = judge_series(rows);
  CAF_REQUIRE_EQUAL(verdict.changes.size(), 1u);
  CAF_CHECK(!is_bar_field(verdict.changes[0].field));
  CAF_CHECK(outcomes_of(rows, verdict)[40].action == quality_action::accept);
}

CAF_TEST(differences name the fields) {
  bar_values a{1, 2, 3, 4, 5};
  CAF_CHECK(differences(a, a).empty());
  auto b = a;
  b.low = 0.5;
  b.volume = 7;
  auto found = differences(a, b);
  CAF_REQUIRE_EQUAL(found.size(), 2u);
  CAF_CHECK(found[0].field == series_field::low);
  CAF_CHECK_EQUAL(found[0].from, 3.0);
  CAF_CHECK_EQUAL(found[0].to, 0.5);
  CAF_CHECK(found[1].field == series_field::volume);
}

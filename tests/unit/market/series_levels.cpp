#define CAF_SUITE series_levels
#include "series_samples.hpp"

#include "caf/test/unit_test.hpp"

/// Prices in another unit, and splits: found, and told from crashes.

using namespace banksia;
using namespace banksia::test;

CAF_TEST(one price of a bar is a hundred times off) {
  for (auto field : {series_field::open, series_field::high,
                     series_field::low, series_field::close,
                     series_field::adj_close})
    for (auto by : {100.0, 0.01}) {
      auto rows = plain_series();
      field_of(rows[40], field) *= by;
      auto verdict = judge_series(rows);
      CAF_CHECK_EQUAL(reasons(verdict), "unit_field");
      CAF_CHECK(is_restored(verdict, plain_series()));
      CAF_REQUIRE_EQUAL(verdict.changes.size(), 1u);
      // The derivation is complete.
      const auto& change = verdict.changes[0];
      const auto& f = verdict.findings[change.finding];
      CAF_CHECK(change.field == field && change.row == 40);
      CAF_CHECK(near(change.from * f.factor, change.to));
      CAF_CHECK(f.action == quality_action::repair);
    }
}

CAF_TEST(a price within a bar is known to be off at once) {
  auto rows = plain_series();
  rows[40].values.low *= 0.01;
  CAF_CHECK(judge_series(rows).findings[0].known_at == rows[40].known_at);
  // The second row has to wait for those after it.
  rows = plain_series();
  rows[1].values.low *= 0.01;
  CAF_CHECK(judge_series(rows).findings[0].known_at > rows[1].known_at);
}

CAF_TEST(bars a hundred times off are brought back wherever they are) {
  struct part {
    std::size_t first, end;
    timestamp known_at;
  };
  // The start is known to be wrong when more bars are right.
  for (auto x : {part{0, 20, day(41)}, part{30, 31, day(32)},
                 part{30, 50, day(51)}, part{70, 80, day(80)}})
    for (auto by : {100.0, 0.01}) {
      auto rows = plain_series();
      scale(rows, x.first, x.end, by);
      auto verdict = judge_series(rows);
      CAF_CHECK_EQUAL(reasons(verdict), "unit_block");
      CAF_CHECK(is_restored(verdict, plain_series()));
      const auto& f = verdict.findings[0];
      CAF_CHECK_EQUAL(f.first_row, x.first);
      CAF_CHECK_EQUAL(f.row_count, x.end - x.first);
      CAF_CHECK_EQUAL(to_rfc3339(f.known_at), to_rfc3339(x.known_at));
    }
}

CAF_TEST(a consolidation that nobody declared is no change of unit) {
  auto rows = plain_series();
  scale(rows, 50, 80, 100.0);
  series_context traded;
  traded.basis = price_basis::as_traded;
  CAF_CHECK_EQUAL(reasons(judge_series(rows, traded)), "unit_block");
  for (std::size_t i = 50; i < 80; ++i)
    rows[i].values.volume /= 100.0;
  for (auto basis : {price_basis::as_traded, price_basis::split_adjusted}) {
    traded.basis = basis;
    auto verdict = judge_series(rows, traded);
    CAF_CHECK_EQUAL(reasons(verdict), "level_break");
    CAF_CHECK(verdict.changes.empty());
  }
  // Without volumes it depends on what the prices are.
  for (auto& row : rows)
    row.values.volume = 0.0;
  CAF_CHECK_EQUAL(reasons(judge_series(rows)), "unit_block");
  traded.basis = price_basis::as_traded;
  CAF_CHECK_EQUAL(reasons(judge_series(rows, traded)), "level_break");
}

CAF_TEST(a price of a few ticks may jump by one and back) {
  auto rows = plain_series();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto price = i == 40 || (i > 60 && i < 65) ? 0.002 : 0.001;
    rows[i].values = {price, price, price, price, rows[i].values.volume};
    rows[i].adj_close = missing;
  }
  rows[50].values.high = 0.002;
  CAF_CHECK_EQUAL(reasons(judge_series(rows)), "");
}

CAF_TEST(flat bars of a suspended share do not outvote traded ones) {
  auto rows = plain_series(40);
  for (std::size_t i = 10; i < 40; ++i)
    rows[i].values = {0.5, 0.5, 0.5, 0.5, 0.0};
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(verdict.findings.back().first_row, 10u);
  CAF_CHECK(near(verdict.rows[39].values.close, 50.0));
}

CAF_TEST(an adjusted close alone is no block) {
  // All later adjusted closes in another unit: a change of scale, which no
  // return sees but one.
  auto rows = plain_series();
  for (std::size_t i = 40; i < 80; ++i)
    rows[i].adj_close *= 100.0;
  CAF_CHECK_EQUAL(reasons(judge_series(rows)), "");
}

CAF_TEST(a split that earlier bars miss) {
  for (auto ratio : {5.0, 2.0, 0.1, 0.8511}) {
    auto want = plain_series();
    want[60].split = ratio;
    auto rows = want;
    scale(rows, 0, 60, ratio);
    for (std::size_t i = 0; i < 60; ++i)
      rows[i].values.volume /= ratio;
    auto verdict = judge_series(rows);
    CAF_CHECK_EQUAL(reasons(verdict), "split_missed");
    CAF_CHECK(is_restored(verdict, want));
    CAF_CHECK(verdict.findings[0].known_at == want[60].known_at);
  }
}

CAF_TEST(a split that a part of earlier bars misses) {
  auto want = plain_series();
  want[60].split = 4.0;
  auto rows = want;
  scale(rows, 20, 35, 4.0);
  for (std::size_t i = 20; i < 35; ++i)
    rows[i].values.volume /= 4.0;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "split_missed");
  CAF_CHECK(is_restored(verdict, want));
  // One field of one bar.
  rows = want;
  rows[30].values.high *= 4.0;
  verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "split_field");
  CAF_CHECK(is_restored(verdict, want));
}

CAF_TEST(a split that did not happen) {
  auto want = plain_series();
  want[60].split = 2.0;
  auto rows = want;
  scale(rows, 0, 60, 0.5);
  for (std::size_t i = 0; i < 60; ++i)
    rows[i].values.volume *= 2.0;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "split_false");
  CAF_CHECK(is_restored(verdict, want));
}

CAF_TEST(prices as traded step at a split) {
  auto traded = plain_series();
  traded[60].split = 2.0;
  scale(traded, 0, 60, 2.0);
  series_context context;
  context.basis = price_basis::as_traded;
  CAF_CHECK_EQUAL(reasons(judge_series(traded, context)), "");
  // Some of it was adjusted already.
  auto rows = traded;
  scale(rows, 0, 30, 0.5);
  for (std::size_t i = 0; i < 30; ++i)
    rows[i].values.volume *= 2.0;
  auto verdict = judge_series(rows, context);
  CAF_CHECK_EQUAL(reasons(verdict), "split_false");
  CAF_CHECK(is_restored(verdict, traded));
}

CAF_TEST(bars step aside by a ratio and back) {
  auto rows = plain_series();
  scale(rows, 30, 40, 0.1);
  for (std::size_t i = 30; i < 40; ++i)
    rows[i].values.volume *= 10.0;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "split_undeclared");
  CAF_CHECK(is_restored(verdict, plain_series()));
}

CAF_TEST(a crash is noted and not repaired) {
  auto rows = plain_series();
  scale(rows, 40, 80, 0.55);
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "level_break");
  CAF_CHECK(verdict.changes.empty());
  CAF_CHECK(verdict.findings[0].action == quality_action::accept);
  CAF_CHECK(std::abs(verdict.findings[0].measured - 0.55) < 0.02);
  // Even with a split of about that size declared at another time.
  rows[70].split = 2.0;
  CAF_CHECK_EQUAL(reasons(judge_series(rows)), "level_break");
}

#define CAF_SUITE series_rules
#include "models/market/repair/judge_series.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <cmath>

/// Each rule on the smallest series that shows it, and what it must leave.

using namespace banksia;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

timestamp day(std::size_t i) {
  return timestamp{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}}
         + std::chrono::days{static_cast<int>(i)};
}

/// A share near 50 that moves by a half to one per cent a day, up and down, on
/// volumes that never repeat.
series_row plain(std::size_t i) {
  auto wave = static_cast<double>(i * 7 % 11) / 11.0 - 0.5;
  auto close = 50.0 * (1.0 + 0.015 * wave);
  series_row row;
  row.at = day(i);
  row.known_at = day(i + 1);
  row.values = {close * 1.001, close * 1.008, close * 0.993, close,
                123'457.0 + 1'001.0 * static_cast<double>(i)};
  row.adj_close = close;
  return row;
}

std::vector<series_row> plain_series(std::size_t size = 80) {
  std::vector<series_row> result;
  for (std::size_t i = 0; i < size; ++i)
    result.push_back(plain(i));
  return result;
}

void scale(std::vector<series_row>& rows, std::size_t first, std::size_t end,
           double by) {
  for (auto i = first; i < end; ++i)
    for (auto field : {series_field::open, series_field::high,
                       series_field::low, series_field::close,
                       series_field::adj_close})
      field_of(rows[i], field) *= by;
}

std::string reasons(const series_verdict& x) {
  std::string result;
  for (const auto& f : x.findings)
    result += (result.empty() ? "" : " ") + std::string{reason_of(f)};
  return result;
}

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-6 * std::abs(b) + 1e-12;
}

/// Whether the accepted rows are those of `want`.
bool is_restored(const series_verdict& x, const std::vector<series_row>& want) {
  for (std::size_t i = 0; i < want.size(); ++i)
    for (std::size_t f = 0; f < series_field_count; ++f) {
      auto field = static_cast<series_field>(f);
      if (!near(field_of(x.rows[i], field), field_of(want[i], field)))
        return false;
    }
  return true;
}

} // namespace

CAF_TEST(a clean series is left alone) {
  auto verdict = judge_series(plain_series());
  CAF_CHECK_EQUAL(reasons(verdict), "");
  CAF_CHECK(verdict.changes.empty());
  CAF_CHECK_EQUAL(accepted_rows(verdict).size(), 80u);
}

CAF_TEST(short series are judged without harm) {
  for (std::size_t size = 0; size < 4; ++size) {
    auto verdict = judge_series(plain_series(size));
    CAF_CHECK_EQUAL(reasons(verdict), "");
    CAF_CHECK_EQUAL(verdict.rows.size(), size);
  }
  auto two = plain_series(2);
  scale(two, 1, 2, 100.0);
  // Of two levels none is right.
  CAF_CHECK_EQUAL(reasons(judge_series(two)), "");
}

CAF_TEST(a series of nothing but missing values is refused row by row) {
  auto rows = plain_series(5);
  for (auto& row : rows)
    row.values = {nan, nan, nan, nan, nan};
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict),
                  "not_finite not_finite not_finite not_finite not_finite");
  CAF_CHECK(accepted_rows(verdict).empty());
}

CAF_TEST(rows that are not later are refused) {
  auto rows = plain_series();
  rows[30].at = day(10);
  rows[40].at = day(39);
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "out_of_order duplicate_time");
  CAF_CHECK(verdict.refused[30] && verdict.refused[40]);
}

CAF_TEST(of two rows of one time the one with volume stays) {
  auto rows = plain_series();
  rows[40].at = day(39);
  rows[39].values.volume = 0.0;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "duplicate_time");
  CAF_CHECK(verdict.refused[39] && !verdict.refused[40]);
}

CAF_TEST(a row may take the place of a refused one) {
  auto rows = plain_series();
  rows[40].at = day(39);
  rows[39].values.close = -1.0;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "not_positive");
  CAF_CHECK(!verdict.refused[40]);
}

CAF_TEST(the rules of one row hold in a series) {
  auto rows = plain_series();
  rows[20].values.volume = -1.0;
  rows[25].values = rows[24].values;
  std::swap(rows[30].values.high, rows[30].values.low);
  rows[35].values.open = 0.0;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict),
                  "negative_volume stale_copy ohlc_order not_positive");
  CAF_CHECK(near(verdict.rows[30].values.high, plain(30).values.high));
  CAF_CHECK(verdict.rows[35].values.open > 0.0);
}

CAF_TEST(closed days are refused and missing sessions noted) {
  auto rows = plain_series();
  series_context context;
  context.market_open = [](timestamp at) { return at != day(20); };
  context.sessions_between = [](timestamp a, timestamp b) {
    return static_cast<std::size_t>((b - a) / std::chrono::days{1} - 1);
  };
  context.expected_until = day(83);
  rows.erase(rows.begin() + 50, rows.begin() + 53);
  auto verdict = judge_series(rows, context);
  CAF_CHECK_EQUAL(reasons(verdict), "market_closed missing_rows missing_rows");
  CAF_CHECK_EQUAL(verdict.findings[1].measured, 3.0);
  CAF_CHECK_EQUAL(verdict.findings[1].first_row, 50u);
  CAF_CHECK_EQUAL(verdict.findings[2].measured, 3.0);
  CAF_CHECK(verdict.findings[2].known_at == day(83));
}

CAF_TEST(a flat bar without trade is a fill only where trade is usual) {
  auto flatten = [](series_row& row) {
    auto close = row.values.close;
    row.values = {close, close, close, close, 0.0};
  };
  auto rows = plain_series();
  flatten(rows[40]);
  CAF_CHECK_EQUAL(reasons(judge_series(rows)), "flat_fill");
  // Too early to tell what is usual.
  rows = plain_series();
  flatten(rows[10]);
  CAF_CHECK_EQUAL(reasons(judge_series(rows)), "");
  // A share that trades every other day.
  rows = plain_series();
  for (std::size_t i = 0; i < rows.size(); i += 2)
    flatten(rows[i]);
  CAF_CHECK_EQUAL(reasons(judge_series(rows)), "");
}

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

CAF_TEST(a bar far from those on both sides is refused) {
  for (auto by : {1.5, 0.6, 3.0}) {
    auto rows = plain_series();
    scale(rows, 40, 41, by);
    auto verdict = judge_series(rows);
    CAF_CHECK_EQUAL(reasons(verdict), "spike");
    CAF_CHECK(verdict.refused[40]);
    CAF_CHECK(verdict.findings[0].known_at == rows[41].known_at);
  }
  // The last bar could be news.
  auto rows = plain_series();
  scale(rows, 79, 80, 1.5);
  CAF_CHECK(!judge_series(rows).refused[79]);
}

CAF_TEST(one price far outside its bar) {
  auto rows = plain_series();
  rows[40].values.close *= 1.6;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "field_spike");
  CAF_CHECK(is_restored(verdict, plain_series())); // from the adjusted close
  rows[40].adj_close = nan;
  verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "field_spike");
  CAF_CHECK(verdict.refused[40]);
  rows = plain_series();
  rows[40].values.open *= 0.5;
  CAF_CHECK_EQUAL(reasons(judge_series(rows)), "field_spike");
  rows = plain_series();
  rows[40].values.high *= 2.0;
  verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "field_spike");
  CAF_CHECK(near(verdict.rows[40].values.high, rows[40].values.open));
  rows = plain_series();
  rows[40].values.low *= 0.1;
  CAF_CHECK_EQUAL(reasons(judge_series(rows)), "field_spike");
}

CAF_TEST(another source tells which bar is right) {
  auto other = plain_series();
  // Of another scale throughout, as an adjusted source is.
  scale(other, 0, 80, 0.9);
  series_context context;
  context.other_source = other;
  CAF_CHECK_EQUAL(reasons(judge_series(plain_series(), context)), "");
  auto rows = plain_series();
  scale(rows, 40, 41, 1.2);
  rows[40].adj_close = plain(40).adj_close;
  auto verdict = judge_series(rows, context);
  CAF_CHECK_EQUAL(reasons(verdict), "sources_differ");
  CAF_CHECK(is_restored(verdict, plain_series()));
  // It is the other one that is off.
  scale(other, 50, 51, 1.2);
  verdict = judge_series(plain_series(), context);
  CAF_CHECK_EQUAL(reasons(verdict), "");
}

CAF_TEST(the price of another security is refused) {
  std::vector<peer_close> closes;
  for (std::size_t i = 0; i < 80; ++i)
    closes.push_back({day(i), 30.0 + 0.01 * static_cast<double>(i)});
  std::vector<peer_series> peers{{"WBC.AX", closes}};
  series_context context;
  context.other_symbols = peers;
  auto rows = plain_series();
  scale(rows, 40, 43, 30.4 / 50.0);
  auto verdict = judge_series(rows, context);
  CAF_CHECK_EQUAL(std::count(verdict.refused.begin(), verdict.refused.end(),
                             true),
                  3);
  for (const auto& f : verdict.findings)
    CAF_CHECK(f.rule == series_rule::wrong_symbol);
  CAF_CHECK(verdict.findings[0].known_at == rows[40].known_at);
  // A fall to a level that nobody else has is a fall.
  rows = plain_series();
  scale(rows, 40, 80, 0.8);
  verdict = judge_series(rows, context);
  CAF_CHECK_EQUAL(std::count(verdict.refused.begin(), verdict.refused.end(),
                             true),
                  0);
}

CAF_TEST(what is switched off is not looked for) {
  auto rows = plain_series();
  scale(rows, 0, 20, 100.0);
  scale(rows, 40, 41, 1.5);
  std::swap(rows[50].values.high, rows[50].values.low);
  rows[60].dividend = 20.0;
  series_context context;
  context.rules = {false, false, false, false};
  CAF_CHECK_EQUAL(reasons(judge_series(rows, context)), "");
}

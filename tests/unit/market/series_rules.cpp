#define CAF_SUITE series_rules
#include "series_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <random>

/// Each rule on the smallest series that shows it, and what it must leave.

using namespace banksia;
using namespace banksia::test;

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
    row.values = {missing, missing, missing, missing, missing};
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
  rows[40].adj_close = missing;
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

/// Any values whatever: no crash, every change traceable, the same each time.
CAF_TEST(garbage is judged without harm) {
  std::mt19937_64 random{5};
  auto any = [&](int most) {
    return std::uniform_int_distribution<int>{0, most}(random);
  };
  constexpr auto infinite = std::numeric_limits<double>::infinity();
  constexpr std::array<double, 10> garbage{
    missing, infinite, -infinite, 0.0, -1.0, 1e300, 1e-300, 100.0, 0.5, 5000.0};
  for (int round = 0; round < 2000; ++round) {
    auto rows = plain_series(static_cast<std::size_t>(any(60)));
    for (auto& row : rows) {
      if (any(5) == 0)
        field_of(row, static_cast<series_field>(any(7)))
          = garbage[static_cast<std::size_t>(any(9))];
      if (any(20) == 0)
        row.at = day(static_cast<std::size_t>(any(60)));
      if (any(9) == 0)
        row.dividend = garbage[static_cast<std::size_t>(any(9))];
      if (any(9) == 0)
        row.split = garbage[static_cast<std::size_t>(any(9))];
    }
    series_context context;
    context.basis = static_cast<price_basis>(any(2));
    auto verdict = judge_series(rows, context);
    CAF_REQUIRE_EQUAL(verdict.rows.size(), rows.size());
    CAF_REQUIRE_EQUAL(verdict.refused.size(), rows.size());
    auto replayed = rows;
    for (const auto& x : verdict.changes) {
      CAF_REQUIRE(x.finding < verdict.findings.size());
      CAF_REQUIRE(verdict.findings[x.finding].action
                  == quality_action::repair);
      CAF_REQUIRE(field_of(replayed[x.row], x.field) == x.from);
      field_of(replayed[x.row], x.field) = x.to;
    }
    // The changes are all that differs.
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t f = 0; f < series_field_count; ++f) {
        auto a = field_of(replayed[i], static_cast<series_field>(f));
        auto b = field_of(verdict.rows[i], static_cast<series_field>(f));
        CAF_REQUIRE(a == b || (std::isnan(a) && std::isnan(b)));
      }
    for (const auto& f : verdict.findings)
      CAF_REQUIRE(f.first_row + f.row_count <= rows.size());
    auto again = judge_series(rows, context);
    CAF_REQUIRE_EQUAL(reasons(again), reasons(verdict));
    // What is accepted is a sound bar.
    for (const auto& row : accepted_rows(verdict)) {
      const auto& x = row.values;
      CAF_REQUIRE(x.low > 0.0 && x.low <= std::min(x.open, x.close)
                  && x.high >= std::max(x.open, x.close)
                  && std::isfinite(x.high) && x.volume >= 0.0);
    }
  }
}

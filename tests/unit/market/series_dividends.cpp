#define CAF_SUITE series_dividends
#include "models/market/repair/judge_series.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

/// Dividends, adjusted closes and prices that contradict each other.

using namespace banksia;

namespace {

timestamp day(std::size_t i) {
  return timestamp{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}}
         + std::chrono::days{static_cast<int>(i)};
}

constexpr std::array<std::size_t, 3> ex_days{60, 150, 240};

/// A share that moves by some half per cent a day and pays on three days: the
/// price falls by the dividend, earlier adjusted closes are lower by it.
std::vector<series_row> paying_series(double yield = 0.03) {
  std::vector<series_row> rows;
  auto level = 50.0;
  for (std::size_t i = 0; i < 300; ++i) {
    auto wave = static_cast<double>(i * 7 % 11) / 11.0 - 0.5;
    series_row row;
    row.at = day(i);
    row.known_at = day(i + 1);
    if (std::find(ex_days.begin(), ex_days.end(), i) != ex_days.end()) {
      row.dividend = yield * rows.back().values.close;
      level *= 1.0 - yield;
    }
    auto close = level * (1.0 + 0.01 * wave);
    row.values = {close * 1.001, close * 1.004, close * 0.996, close,
                  123'457.0 + 1'001.0 * static_cast<double>(i)};
    rows.push_back(row);
  }
  auto factor = 1.0;
  for (auto i = rows.size(); i-- > 0;) {
    rows[i].adj_close = rows[i].values.close * factor;
    if (rows[i].dividend > 0.0)
      factor *= 1.0 - rows[i].dividend / rows[i - 1].values.close;
  }
  return rows;
}

/// Multiplies the adjusted closes before a row.
void step(std::vector<series_row>& rows, std::size_t end, double by) {
  for (std::size_t i = 0; i < end; ++i)
    rows[i].adj_close *= by;
}

double yield_at(const std::vector<series_row>& rows, std::size_t i) {
  return rows[i].dividend / rows[i - 1].values.close;
}

std::string reasons(const series_verdict& x) {
  std::string result;
  for (const auto& f : x.findings)
    result += (result.empty() ? "" : " ") + std::string{reason_of(f)};
  return result;
}

bool is_restored(const series_verdict& x, const std::vector<series_row>& want) {
  for (std::size_t i = 0; i < want.size(); ++i)
    if (std::abs(x.rows[i].adj_close - want[i].adj_close)
          > 1e-6 * want[i].adj_close
        || std::abs(x.rows[i].dividend - want[i].dividend) > 1e-9)
      return false;
  return true;
}

} // namespace

CAF_TEST(dividends in order are left alone) {
  for (auto yield : {0.03, 0.001, 0.15})
    CAF_CHECK_EQUAL(reasons(judge_series(paying_series(yield))), "");
}

CAF_TEST(a dividend a hundred times too large) {
  auto want = paying_series();
  // The adjusted closes know better,
  auto rows = want;
  rows[150].dividend *= 100.0;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "dividend_unit");
  CAF_CHECK(is_restored(verdict, want));
  // or followed, beyond zero even.
  auto yield = yield_at(want, 150);
  step(rows, 150, (1.0 - 100.0 * yield) / (1.0 - yield));
  verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "dividend_unit");
  CAF_CHECK(is_restored(verdict, want));
}

CAF_TEST(a dividend a hundred times too small) {
  auto want = paying_series();
  auto rows = want;
  rows[150].dividend *= 0.01;
  CAF_CHECK(is_restored(judge_series(rows), want));
  auto yield = yield_at(want, 150);
  step(rows, 150, (1.0 - 0.01 * yield) / (1.0 - yield));
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "dividend_unit");
  CAF_CHECK(is_restored(verdict, want));
  // All of them: the price tells.
  rows = want;
  for (auto i : ex_days) {
    auto true_yield = yield_at(want, i);
    rows[i].dividend *= 0.01;
    step(rows, i, (1.0 - 0.01 * true_yield) / (1.0 - true_yield));
  }
  CAF_CHECK(is_restored(judge_series(rows), want));
}

CAF_TEST(a company may pay next to nothing) {
  // The price does not fall by a hundred times as much.
  CAF_CHECK_EQUAL(reasons(judge_series(paying_series(0.0003))), "");
}

CAF_TEST(adjusted closes miss a dividend) {
  auto want = paying_series();
  auto rows = want;
  step(rows, 150, 1.0 / (1.0 - yield_at(want, 150)));
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "dividend_unadjusted");
  CAF_CHECK(is_restored(verdict, want));
  CAF_CHECK_EQUAL(verdict.changes.size(), 150u);
  CAF_CHECK(verdict.findings[0].known_at == rows[150].known_at);
}

CAF_TEST(adjusted closes step by another amount) {
  auto want = paying_series();
  auto yield = yield_at(want, 150);
  for (auto by : {0.01, 2.0}) {
    auto rows = want;
    step(rows, 150, (1.0 - by * yield) / (1.0 - yield));
    auto verdict = judge_series(rows);
    CAF_CHECK_EQUAL(reasons(verdict), "adjustment_wrong");
    CAF_CHECK(is_restored(verdict, want));
  }
}

CAF_TEST(a dividend that nothing shows is noted) {
  // Neither did the price fall nor was it adjusted.
  auto rows = paying_series();
  rows[200].dividend = 0.05 * rows[199].values.close;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "dividend_unclear");
  CAF_CHECK(verdict.changes.empty());
}

CAF_TEST(the same dividend twice within days) {
  auto want = paying_series();
  auto rows = want;
  rows[153].dividend = rows[150].dividend;
  step(rows, 153, 1.0 - yield_at(rows, 153));
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "dividend_phantom");
  CAF_CHECK(is_restored(verdict, want));
  CAF_CHECK_EQUAL(verdict.findings[0].first_row, 153u);
  // Months apart it is two dividends, and another amount is another one.
  rows = want;
  rows[152].dividend = rows[150].dividend * 0.5;
  for (const auto& f : judge_series(rows).findings)
    CAF_CHECK(f.rule != series_rule::dividend_phantom);
}

CAF_TEST(a dividend before the day of its fall) {
  auto want = paying_series(0.08);
  auto rows = want;
  auto amount = rows[150].dividend;
  rows[150].dividend = 0.0;
  rows[147].dividend = amount;
  step(rows, 150, 1.0 / (1.0 - yield_at(want, 150)));
  step(rows, 147, 1.0 - yield_at(rows, 147));
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "dividend_date");
  CAF_CHECK(is_restored(verdict, want));
  CAF_CHECK(verdict.findings[0].known_at == rows[150].known_at);
}

CAF_TEST(a dividend that misses the split of its day) {
  auto want = paying_series();
  want[150].split = 5.0;
  auto rows = want;
  rows[150].dividend *= 5.0;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "dividend_split");
  CAF_CHECK(is_restored(verdict, want));
}

CAF_TEST(capital gains counted twice) {
  auto want = paying_series(0.05);
  for (auto i : ex_days)
    want[i].capital_gain = want[i].dividend * 0.5;
  CAF_CHECK_EQUAL(reasons(judge_series(want)), "");
  auto rows = want;
  for (auto i : ex_days) {
    auto yield = yield_at(rows, i);
    step(rows, i, (1.0 - 1.5 * yield) / (1.0 - yield));
  }
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict),
                  "capital_gain_twice capital_gain_twice capital_gain_twice");
  CAF_CHECK(is_restored(verdict, want));
  // Gains beside the dividend: the price fell by both.
  auto beside = paying_series(0.06);
  for (auto i : ex_days) {
    beside[i].capital_gain = beside[i].dividend * 0.5;
    beside[i].dividend *= 0.5;
  }
  CAF_CHECK_EQUAL(reasons(judge_series(beside)), "");
}

CAF_TEST(a dividend on a refused row is measured at the next) {
  auto want = paying_series();
  auto rows = want;
  step(rows, 150, 1.0 / (1.0 - yield_at(want, 150)));
  rows[149].values.close = std::numeric_limits<double>::quiet_NaN();
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "not_finite dividend_unadjusted");
}

CAF_TEST(fully adjusted prices do not fall at an ex date) {
  auto rows = paying_series();
  for (auto& row : rows) {
    auto by = row.adj_close / row.values.close;
    for (auto field : {series_field::open, series_field::high,
                       series_field::low, series_field::close})
      field_of(row, field) *= by;
    row.adj_close = std::numeric_limits<double>::quiet_NaN();
  }
  series_context context;
  context.basis = price_basis::fully_adjusted;
  CAF_CHECK_EQUAL(reasons(judge_series(rows, context)), "");
}

CAF_TEST(without adjusted closes amounts are judged by the price) {
  auto want = paying_series();
  for (auto& row : want)
    row.adj_close = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK_EQUAL(reasons(judge_series(want)), "");
  auto rows = want;
  rows[150].dividend *= 100.0;
  auto verdict = judge_series(rows);
  CAF_CHECK_EQUAL(reasons(verdict), "dividend_unit");
  CAF_CHECK_EQUAL(verdict.changes.size(), 1u);
}

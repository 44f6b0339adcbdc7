#define CAF_SUITE series_dirt
#include "models/market/calendar.hpp"
#include "series_files.hpp"

#include "caf/test/unit_test.hpp"

#include <iomanip>
#include <map>

/// The dirt that is known to be in recorded files, each with the reason that a
/// person would give.

using namespace banksia;
using namespace banksia::test;
using namespace std::chrono_literals;

namespace {

const exchange_calendar& calendar() {
  static const exchange_calendar result;
  return result;
}

bool in_session(timestamp at) {
  return calendar().is_trading_day(
    trading_date{std::chrono::floor<std::chrono::days>(at)});
}

std::size_t sessions_between(timestamp a, timestamp b) {
  auto day = [](timestamp t) {
    return std::chrono::floor<std::chrono::days>(t);
  };
  auto span = calendar().sessions_between(
    trading_date{day(a) + std::chrono::days{1}},
    trading_date{day(b) - std::chrono::days{1}});
  return span ? span->size() : 0;
}

series_context on_exchange(price_basis basis) {
  series_context result;
  result.basis = basis;
  result.market_open = in_session;
  result.sessions_between = sessions_between;
  return result;
}

struct judged {
  std::vector<series_row> rows;
  series_verdict verdict;

  /// The reasons found for a day, each once, in order.
  std::string reasons(trading_date day) const {
    std::string result;
    timestamp at{std::chrono::sys_days{day}};
    for (const auto& x : verdict.findings)
      for (auto i = x.first_row; i < x.first_row + x.row_count; ++i)
        if (rows[i].at == at) {
          std::string reason{reason_of(x)};
          if (result.find(reason) == result.npos)
            result += (result.empty() ? "" : " ") + reason;
        }
    return result;
  }

  const series_row& at(trading_date day) const {
    timestamp at{std::chrono::sys_days{day}};
    for (const auto& x : verdict.rows)
      if (x.at == at)
        return x;
    throw std::runtime_error{"no row on " + to_string(day)};
  }

  std::size_t count(std::string_view reason) const {
    return static_cast<std::size_t>(std::count_if(
      verdict.findings.begin(), verdict.findings.end(),
      [&](const auto& x) { return reason_of(x) == reason; }));
  }
};

/// The file judged; nothing, after a word to the runner, when it is not there.
std::optional<judged> judge_file(const std::string& file, price_basis basis) {
  auto path = recorded(file);
  if (path.empty())
    return std::nullopt;
  judged result;
  result.rows = read_series(path);
  result.verdict = judge_series(result.rows, on_exchange(basis));
  return result;
}

const std::string raw = "market/asx_raw_daily_1997-2022/";
const std::string yfinance = "market/asx_yfinance_2024-01_2025-06/";

} // namespace

CAF_TEST(a close above the high widens the bar) {
  for (auto name : {"CBA.AX.csv", "ANZ.AX.csv"}) {
    auto x = judge_file(yfinance + name, price_basis::fully_adjusted);
    CAF_CHECK(true);
    if (!x)
      return;
    CAF_CHECK_EQUAL(x->reasons(2024y / 11 / 15), "ohlc_order");
    CAF_CHECK_EQUAL(x->at(2024y / 11 / 15).values.high,
                    x->at(2024y / 11 / 15).values.close);
    // Nothing else is wrong with the file.
    CAF_CHECK_EQUAL(x->count("ohlc_order"), x->verdict.findings.size());
  }
}

CAF_TEST(a consolidation of Suncorp was adjusted for once too often) {
  auto x = judge_file(yfinance + "SUN.AX.csv", price_basis::fully_adjusted);
  CAF_CHECK(true);
  if (!x)
    return;
  CAF_CHECK_EQUAL(x->reasons(2025y / 2 / 17), "flat_fill");
  CAF_CHECK_EQUAL(x->reasons(2025y / 2 / 14), "split_false");
  CAF_CHECK_EQUAL(x->reasons(2025y / 2 / 18), "");
  // From the flat bar it fell by 19 %; in truth by 2 % since Friday.
  auto before = x->at(2025y / 2 / 14).values.close;
  auto after = x->at(2025y / 2 / 18).values.close;
  CAF_CHECK_LESS(std::abs(after / before - 1.0), 0.03);
  CAF_CHECK_EQUAL(x->verdict.findings.size(), 2u);
}

CAF_TEST(early files have opens of zero and closes out of range) {
  for (auto name : {"ANZ", "CBA", "NAB", "QBE", "WBC"}) {
    auto x = judge_file(raw + name + ".csv", price_basis::as_traded);
    CAF_CHECK(true);
    if (!x)
      return;
    // The first day is after two months without rows.
    CAF_CHECK_EQUAL(x->reasons(1997y / 3 / 24), "missing_rows not_positive");
    for (auto day : {25, 26, 27})
      CAF_CHECK_EQUAL(x->reasons(1997y / 3 / day), "not_positive");
    // NAB's bar of that day is in order.
    CAF_CHECK_EQUAL(x->reasons(1997y / 5 / 9),
                    std::string_view{name} == "NAB" ? "" : "ohlc_order");
  }
  for (auto name : {"QBE", "MQG", "SUN"}) {
    auto x = judge_file(raw + name + ".csv", price_basis::as_traded);
    CAF_CHECK_EQUAL(x->reasons(2008y / 2 / 14), "ohlc_order");
  }
}

CAF_TEST(rows on holidays are refused) {
  auto x = judge_file(raw + "CBA.csv", price_basis::as_traded);
  CAF_CHECK(true);
  if (!x)
    return;
  for (auto day : {trading_date{2005y / 12 / 27}, trading_date{2009y / 1 / 1}})
    CAF_CHECK_EQUAL(x->reasons(day), "market_closed");
}

CAF_TEST(single prices of another order are found) {
  auto x = judge_file(raw + "QBE.csv", price_basis::as_traded);
  CAF_CHECK(true);
  if (!x)
    return;
  // A low of 0.004 at a price of 16, a high of 100 at a price of 45.
  CAF_CHECK_EQUAL(x->reasons(2009y / 3 / 9), "field_spike");
  x = judge_file(raw + "MQG.csv", price_basis::as_traded);
  CAF_CHECK_EQUAL(x->reasons(2010y / 6 / 22), "field_spike");
}

CAF_TEST(crashes are not repaired) {
  auto x = judge_file(raw + "QBE.csv", price_basis::as_traded);
  CAF_CHECK(true);
  if (!x)
    return;
  // September 2001 and the warning of December 2013.
  for (auto day : {2001y / 9 / 17, 2001y / 9 / 20, 2001y / 9 / 21,
                   2013y / 12 / 9})
    CAF_CHECK_EQUAL(x->reasons(day), "");
}

CAF_TEST(sessions without a row are counted) {
  auto path = recorded(raw + "ANZ.csv");
  CAF_CHECK(true);
  if (path.empty())
    return;
  judged x;
  x.rows = read_series(path);
  auto context = on_exchange(price_basis::as_traded);
  context.expected_until = timestamp{std::chrono::sys_days{2023y / 1 / 4}};
  x.verdict = judge_series(x.rows, context);
  // From 2022-12-21 on, three holidays left out.
  const auto* last = &x.verdict.findings.front();
  for (const auto& f : x.verdict.findings)
    if (f.rule == series_rule::missing_rows)
      last = &f;
  CAF_CHECK_EQUAL(last->first_row, x.rows.size() - 1);
  CAF_CHECK_EQUAL(last->measured, 7.0);
}

CAF_TEST(an index without volume is no row of fills) {
  auto x = judge_file(raw + "XJO.csv", price_basis::as_traded);
  CAF_CHECK(true);
  if (!x)
    return;
  CAF_CHECK_EQUAL(x->count("flat_fill"), 0u);
  // The open of .00.
  CAF_CHECK_EQUAL(x->reasons(2001y / 9 / 20), "not_positive");
  CAF_CHECK_GREATER(x->at(2001y / 9 / 20).values.open, 2000.0);
  CAF_CHECK_GREATER_OR_EQUAL(x->count("ohlc_order"), 100u);
}

CAF_TEST(holidays filled by the source are refused) {
  for (auto name : {"CBA", "WBC", "NAB"}) {
    auto x = judge_file("market/asx_yahoo_adjusted_2001-2022/"
                          + std::string{name} + ".AX_data.csv",
                        price_basis::fully_adjusted);
    CAF_CHECK(true);
    if (!x)
      return;
    // On days that the exchange was closed, and on some that it was open.
    auto fills = x->count("market_closed") + x->count("flat_fill");
    CAF_CHECK_GREATER_OR_EQUAL(fills, 37u);
    CAF_CHECK_LESS_OR_EQUAL(fills, 39u);
  }
}

CAF_TEST(a row of nulls is refused) {
  auto x = judge_file("market/asx_yahoo_csv_2017-2020/CBA.AX.csv",
                      price_basis::split_adjusted);
  CAF_CHECK(true);
  if (!x)
    return;
  CAF_CHECK_EQUAL(x->reasons(2019y / 6 / 7), "not_finite");
  CAF_CHECK_EQUAL(x->verdict.findings.size(), 1u);
}

CAF_TEST(of sixty other securities few are touched) {
  auto folder = recorded("market/asx_yfinance_2024-2026_other");
  CAF_CHECK(true);
  if (folder.empty())
    return;
  std::map<std::string, std::size_t> counts;
  std::size_t rows = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() != ".csv")
      continue;
    auto x = read_series(entry.path());
    rows += x.size();
    for (const auto& f :
         judge_series(x, on_exchange(price_basis::fully_adjusted)).findings)
      ++counts[std::string{reason_of(f)}];
  }
  std::cout << rows << " rows";
  for (const auto& [reason, count] : counts)
    std::cout << ", " << reason << ' ' << count;
  std::cout << '\n';
  // Penny stocks that move by a third a day, consolidations, long halts.
  for (auto reason : {"unit_field", "unit_block", "split_missed",
                      "split_false", "split_field", "split_undeclared",
                      "spike", "not_positive", "stale_copy"})
    CAF_CHECK_EQUAL(counts[reason], 0u);
  CAF_CHECK_LESS_OR_EQUAL(counts["field_spike"], 5u);
}

#define CAF_SUITE bar_files
#include "models/market/calendar.hpp"
#include "models/market/quality.hpp"
#include "tests/unit/market/bar_samples.hpp"

#include "caf/test/unit_test.hpp"

#include <zlib.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <unordered_map>

using namespace banksia;
using namespace banksia::test;
namespace fs = std::filesystem;

namespace {

/// The text files of bars below `folder`, in order of name.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> result;
  for (const auto& x : fs::recursive_directory_iterator(folder)) {
    auto inside = x.path().string();
    if (x.is_regular_file() && inside.find("/reference/") == inside.npos
        && x.path().extension() != ".gz")
      result.push_back(x.path());
  }
  std::sort(result.begin(), result.end());
  return result;
}

/// The lines with anything in them, counted without the reader.
std::size_t filled_lines(const std::string& text) {
  std::size_t count = 0;
  bool filled = false;
  for (char c : text + '\n') {
    if (c == '\n')
      count += std::exchange(filled, false);
    else if (c != '\r' && c != ' ')
      filled = true;
  }
  return count;
}

std::size_t occurrences(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

using flagged_days = std::map<std::string, std::set<std::string>>;

/// Judges a daily file; the days that each reason flagged. Copies on a closed
/// day stand under "closed_copy" besides.
flagged_days judge_file(const fs::path& path,
                        const exchange_calendar& calendar) {
  flagged_days result;
  seen_rows seen;
  for (const auto& row :
       read_all(read_file(path), path.filename().string()).rows) {
    CAF_REQUIRE(row.day.has_value());
    auto day = to_string(*row.day);
    if (row.problem != row_problem::none) {
      result[std::string(to_string(row.problem))].insert(day);
      continue;
    }
    timestamp at{std::chrono::sys_days{*row.day}};
    auto verdict = judge_row(row.values, at,
                             calendar.is_trading_day(*row.day), seen);
    remember(seen, row.values, at, verdict);
    if (verdict.action != quality_action::accept)
      result[std::string(reason_of(verdict))].insert(day);
    if (verdict.is_copy && verdict.rule == quality_rule::market_closed)
      result["closed_copy"].insert(day);
  }
  return result;
}

} // namespace

CAF_TEST(every data line of the real files comes out as a row) {
  auto data = shared_data();
  if (!data)
    return;
  std::size_t total = 0;
  for (const auto& path : files_in(*data / "market")) {
    auto text = read_file(path);
    auto read = read_all(text, path.filename().string());
    CAF_REQUIRE_EQUAL(read.error, "");
    CAF_CHECK(read.source->interval.has_value());
    CAF_CHECK(!read.rows.empty() && !read.rows[0].symbol.empty());
    auto expected = read.source->format == bar_format::alpha_vantage_json
                      ? occurrences(text, "\"1. open\"")
                      : filled_lines(text) - read.source->header_lines;
    CAF_CHECK_EQUAL(read.rows.size(), expected);
    total += read.rows.size();
  }
  CAF_MESSAGE("rows: " << total);
  CAF_CHECK(total > 100'000);
}

CAF_TEST(the chunks that real files come in change nothing) {
  auto data = shared_data();
  if (!data)
    return;
  std::minstd_rand random{3};
  for (auto name : {"asx_yfinance_2024-2026_other/ARU.AX.csv",
                    "axjo_like_yfinance_multiheader/^VIX.csv",
                    "asx_yahoo_csv_2017-2020/CBA.AX.csv",
                    "asx_eod_dayfiles_2020-02_03/20200224.csv",
                    "intraday/alphavantage_1min_CBA.AX_2018-06-18.json"}) {
    auto path = *data / "market" / name;
    auto text = read_file(path);
    auto whole = read_all(text, path.filename().string());
    CAF_REQUIRE(!whole.rows.empty());
    for (auto most : {2u, 100u, 5000u}) {
      auto read = read_chunks(text, path.filename().string(),
                              [&] { return 1 + random() % most; });
      CAF_CHECK(read.rows == whole.rows);
    }
  }
}

CAF_TEST(a file of all equities is read from its compressed form) {
  auto data = shared_data();
  if (!data)
    return;
  auto path = *data / "market/scale/asx_all_equities_eod_2015-2018.csv.gz";
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file{
    gzopen(path.c_str(), "rb"), gzclose};
  CAF_REQUIRE(file != nullptr);
  exchange_calendar calendar;
  std::optional<bar_reader> reader;
  std::unordered_map<std::string, seen_rows> seen;
  std::map<std::string_view, std::size_t> counts;
  std::size_t rows = 0;
  auto drain = [&] {
    while (const auto* row = reader->next()) {
      ++rows;
      CAF_REQUIRE(row->problem == row_problem::none);
      timestamp at{std::chrono::sys_days{*row->day}};
      auto& before = seen[std::string(row->symbol)];
      auto verdict = judge_row(row->values, at,
                               calendar.is_trading_day(*row->day), before);
      remember(before, row->values, at, verdict);
      ++counts[to_string(verdict.action)];
    }
  };
  std::vector<char> chunk(1 << 20);
  for (int size = 0;
       (size = gzread(file.get(), chunk.data(), 1 << 20)) > 0;) {
    std::string_view text{chunk.data(), static_cast<std::size_t>(size)};
    if (!reader)
      reader.emplace(*detect_bars(text.substr(0, 65536), "all.csv").source);
    reader->feed(text);
    drain();
  }
  reader->finish();
  drain();
  CAF_CHECK_EQUAL(rows, 1'732'603u); // as the data's README has it
  CAF_CHECK_EQUAL(counts["accept"] + counts["repair"] + counts["quarantine"],
                  rows);
  // Penny stocks repeat themselves: hardly anything may be taken for stale.
  CAF_CHECK(counts["quarantine"] < 1000);
  CAF_CHECK(counts["repair"] > 1000);
}

CAF_TEST(files of the legacy system are no bars) {
  auto data = shared_data();
  if (!data)
    return;
  for (const auto& path : files_in(*data / "legacy")) {
    auto found = detect_bars(read_file(path).substr(0, 65536),
                             path.filename().string());
    CAF_CHECK(!found.source);
    CAF_CHECK(found.error.starts_with("not bar data: "));
  }
}

CAF_TEST(the known stale copies are caught) {
  auto data = shared_data();
  if (!data)
    return;
  exchange_calendar calendar;
  const std::set<std::string> closed{
    "1999-12-27", "1999-12-28", "1999-12-31", "2000-12-25", "2000-12-26",
    "2001-01-01", "2002-03-29", "2004-06-14", "2005-12-27", "2009-01-01"};
  std::set<std::string> closed_copies;
  std::map<std::string, std::set<std::string>> stale;
  for (const auto& path : files_in(*data / "market/asx_raw_daily_1997-2022")) {
    auto flagged = judge_file(path, calendar);
    closed_copies.merge(flagged["closed_copy"]);
    for (const auto& day : flagged["stale_copy"])
      stale[day].insert(path.stem().string());
    if (path.stem() == "XJO")
      CAF_CHECK(flagged["not_positive"].contains("2001-09-20"));
  }
  CAF_CHECK(std::includes(closed_copies.begin(), closed_copies.end(),
                          closed.begin(), closed.end()));
  CAF_CHECK(!stale["2001-11-07"].empty());
  CAF_CHECK(!stale["2007-03-02"].empty());
  CAF_CHECK((stale["2006-03-29"]
             == std::set<std::string>{"ANZ", "MBL", "XJO"}));
  CAF_CHECK_EQUAL(stale.size(), 3u);
}

CAF_TEST(the dirt that is known of is found where it is) {
  auto data = shared_data();
  if (!data)
    return;
  exchange_calendar calendar;
  auto market = *data / "market";
  auto yahoo = judge_file(market / "asx_yahoo_csv_2017-2020/CBA.AX.csv",
                          calendar);
  CAF_CHECK(yahoo["missing_value"] == std::set<std::string>{"2019-06-07"});
  for (auto name : {"CBA.AX.csv", "ANZ.AX.csv"}) {
    auto recent = judge_file(market / "asx_yfinance_2024-01_2025-06" / name,
                             calendar);
    CAF_CHECK(recent["ohlc_order"].contains("2024-11-15"));
  }
  auto filled = judge_file(
    market / "asx_yahoo_adjusted_2001-2022/CBA.AX_data.csv", calendar);
  CAF_CHECK(filled["market_closed"].contains("2001-01-01"));
}

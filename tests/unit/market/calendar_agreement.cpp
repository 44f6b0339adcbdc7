#define CAF_SUITE calendar_agreement
#include "models/market/calendar.hpp"

#include "tests/unit/market/recorded_days.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

#include <zlib.h>

using namespace banksia;
using namespace banksia::test;
using namespace std::chrono;

namespace {

/// A day on which recorded data and calendar disagree, and who is wrong.
struct disagreement {
  const char* date;
  const char* reason;
};

using disagreements = std::vector<disagreement>;

constexpr auto stale = "the file repeats the previous day's bars";
constexpr auto gap = "the file has a gap: a session without any bar";

/// Bars where the exchange was closed.
const disagreements raw_without_session{
  {"1999-12-27", stale}, {"1999-12-28", stale}, {"1999-12-31", stale},
  {"2000-12-25", stale}, {"2000-12-26", stale}, {"2001-01-01", stale},
  {"2002-03-29", stale}, {"2004-06-14", stale}, {"2005-12-27", stale},
  {"2009-01-01", stale}};

/// Sessions without bars. None is near a holiday that could have moved, most
/// are runs, and other sources that cover their years have bars on them.
const disagreements raw_without_bars{
  {"1997-01-20", gap}, {"1997-01-21", gap}, {"1997-01-22", gap},
  {"1997-03-19", gap}, {"1997-03-20", gap}, {"1997-03-21", gap},
  {"1997-04-07", gap}, {"1998-05-18", gap}, {"1998-05-19", gap},
  {"1998-05-20", gap}, {"1998-05-21", gap}, {"1999-01-29", gap},
  {"2000-03-27", gap}, {"2000-04-10", gap}, {"2000-06-09", gap},
  {"2001-11-21", gap}, {"2001-12-04", gap}, {"2001-12-05", gap},
  {"2001-12-06", gap}, {"2001-12-11", gap}, {"2001-12-12", gap},
  {"2001-12-13", gap}, {"2002-07-03", gap}, {"2004-03-11", gap},
  {"2008-03-19", gap}, {"2016-10-31", gap}, {"2016-11-01", gap},
  {"2016-11-02", gap}, {"2016-11-03", gap}, {"2016-11-04", gap},
  {"2020-05-29", gap}};

std::set<trading_date> set_of(const disagreements& rows) {
  std::set<trading_date> result;
  for (const auto& row : rows)
    result.insert(*parse_date(row.date));
  return result;
}

std::string text_of(const std::set<trading_date>& dates) {
  std::string result;
  for (auto date : dates)
    result += to_string(date) + ' ';
  return result;
}

struct fixture {
  exchange_calendar calendar;

  /// Compares both ways; the lists must name every disagreement and no more.
  void agree(const std::vector<trading_date>& dates,
             const disagreements& without_session,
             const disagreements& without_bars) {
    CAF_REQUIRE(!dates.empty());
    std::set<trading_date> closed;
    for (auto date : dates)
      if (!calendar.is_trading_day(date))
        closed.insert(date);
    std::set<trading_date> missing;
    auto expected = calendar.sessions_between(dates.front(), dates.back());
    CAF_REQUIRE(expected.has_value());
    for (const auto& s : *expected)
      if (!std::binary_search(dates.begin(), dates.end(), s.date))
        missing.insert(s.date);
    CAF_CHECK_EQUAL(text_of(closed), text_of(set_of(without_session)));
    CAF_CHECK_EQUAL(text_of(missing), text_of(set_of(without_bars)));
  }
};

/// Whether every stock has, on `date`, the bar it had the day before in its
/// file. The index, which has no volume, does not count.
bool repeats_previous_day(const recorded_days& files, trading_date date) {
  int compared = 0;
  for (const auto& [name, days] : files) {
    auto row = days.find(date);
    if (name == "XJO" || row == days.end() || row == days.begin())
      continue;
    ++compared;
    if (row->second != std::prev(row)->second)
      return false;
  }
  return compared >= 5;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(calendar_agreement_tests, fixture)

CAF_TEST(raw daily bars of 1997 to 2022) {
  auto folder = recorded("market/asx_raw_daily_1997-2022");
  if (folder.empty())
    return;
  auto files = read_days(folder);
  CAF_CHECK_EQUAL(files.size(), 9u);
  agree(dates_of(files), raw_without_session, raw_without_bars);
  for (const auto& row : raw_without_session) {
    CAF_MESSAGE(row.date << ": " << row.reason);
    CAF_CHECK(repeats_previous_day(files, *parse_date(row.date)));
  }
  // Repeated bars on true sessions: dirt in prices, no matter of the calendar.
  for (auto date : {2001y / 11 / 7, 2007y / 3 / 2}) {
    CAF_CHECK(repeats_previous_day(files, date));
    CAF_CHECK(calendar.is_trading_day(date));
  }
  CAF_CHECK(!repeats_previous_day(files, 2007y / 3 / 1));
}

CAF_TEST(adjusted bars of 2001 to 2022) {
  auto folder = recorded("market/asx_yahoo_adjusted_2001-2022");
  if (folder.empty())
    return;
  auto files = read_days(folder);
  CAF_CHECK_EQUAL(files.size(), 3u);
  auto dates = dates_of(files);
  // The source fills some holidays with bars without volume: each of them must
  // have none, and fall on a holiday, never on a weekend.
  std::vector<trading_date> kept;
  int filled = 0;
  for (auto date : dates) {
    if (calendar.is_trading_day(date)) {
      kept.push_back(date);
      continue;
    }
    ++filled;
    CAF_CHECK(calendar.reason_closed(date) != "weekend");
    for (const auto& [name, days] : files)
      if (auto row = days.find(date); row != days.end())
        CAF_CHECK_EQUAL(row->second.at(4), "0");
  }
  CAF_CHECK_EQUAL(filled, 32);
  constexpr auto state_holiday
    = "a holiday in some states: the exchange traded (the unadjusted file has "
      "bars with volume), the source took it for closed";
  agree(kept, {},
        {{"2011-03-14", state_holiday},
         {"2011-08-01", state_holiday},
         {"2011-10-03", state_holiday},
         {"2011-11-01", state_holiday}});
}

CAF_TEST(downloads of 2017 to 2020 and of 2024 to 2026 agree on every day) {
  for (auto name : {"market/asx_yahoo_csv_2017-2020/asx200",
                    "market/asx_yfinance_2024-01_2025-06",
                    "market/asx_yfinance_2024-2026_other"}) {
    auto folder = recorded(name);
    if (folder.empty())
      return;
    CAF_MESSAGE(name);
    agree(dates_of(read_days(folder)), {}, {});
  }
  auto folder = recorded("market/asx_yahoo_csv_2017-2020");
  if (folder.empty())
    return;
  auto files = read_days(folder);
  // A currency that trades on every day of the week.
  CAF_CHECK_EQUAL(files.erase("BTC-USD"), 1u);
  agree(dates_of(files), {}, {});
}

CAF_TEST(day files of the crash of 2020 agree on every day) {
  auto folder = recorded("market/asx_eod_dayfiles_2020-02_03");
  if (folder.empty())
    return;
  std::vector<trading_date> dates;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    if (auto date = parse_date(entry.path().stem().string()))
      dates.push_back(*date);
  std::sort(dates.begin(), dates.end());
  CAF_CHECK_EQUAL(dates.size(), 42u);
  agree(dates, {}, {});
}

CAF_TEST(the whole market of 2015 to 2018) {
  auto folder = recorded("market/scale");
  if (folder.empty())
    return;
  auto path = folder / "asx_all_equities_eod_2015-2018.csv.gz";
  gzFile in = gzopen(path.c_str(), "rb");
  CAF_REQUIRE(in != nullptr);
  std::map<trading_date, int> rows;
  std::string last_text;
  int* count = nullptr;
  char line[512];
  while (gzgets(in, line, sizeof(line))) {
    auto text = split(line).at(1);
    if (text != last_text) {
      auto date = parse_date(text);
      count = date ? &rows[*date] : nullptr;
      last_text = text;
    }
    if (count)
      ++*count;
  }
  gzclose(in);
  std::vector<trading_date> dates;
  for (const auto& [date, number] : rows)
    dates.push_back(date);
  agree(dates,
        {{"2018-03-17", "a Saturday: two rows of a source that has about 1,700 "
                        "a session"}},
        {{"2016-10-31", gap},
         {"2016-11-01", gap},
         {"2016-11-02", gap},
         {"2016-11-03", gap},
         {"2016-11-04", gap}});
  CAF_CHECK_EQUAL(rows[2018y / 3 / 17], 2);
}

CAF_TEST_FIXTURE_SCOPE_END()

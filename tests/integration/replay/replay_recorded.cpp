#define CAF_SUITE replay_recorded

// The recorded years against a reader of the same files that shares nothing
// with the product's.

#include "tests/integration/replay/replay_fixture.hpp"
#include "tests/integration/replay/sydney_days.hpp"

#include "caf/test/unit_test.hpp"

#include <map>

using namespace banksia;
using namespace banksia::test;

namespace {

/// What a store says of one prediction.
struct stored_row {
  std::int64_t timestamp = 0;
  bool abstained = false;
  std::string action;
  double entry_price = 0;
  int outcomes = 0;
  double exit_price = 0;
  double actual_return = 0;
  std::int64_t sessions_elapsed = 0;
};

/// By symbol, then by the day in Sydney. A day that occurs twice fails.
using stored_days = std::map<std::string, std::map<std::string, stored_row>>;

stored_days read_days(storage::database& db) {
  stored_days days;
  auto query = db.prepare(
    "SELECT p.symbol, p.timestamp, abstained, action, p.entry_price, "
    "count(outcome_id), exit_price, actual_return, sessions_elapsed "
    "FROM predictions AS p LEFT JOIN outcomes USING(prediction_id) "
    "GROUP BY prediction_id");
  while (query.step()) {
    stored_row x;
    x.timestamp = query.integer(1);
    x.abstained = query.integer(2) != 0;
    x.action = query.is_null(3) ? "" : std::string{query.text(3)};
    x.entry_price = query.number(4);
    x.outcomes = static_cast<int>(query.integer(5));
    x.exit_price = query.number(6);
    x.actual_return = query.number(7);
    x.sessions_elapsed = query.integer(8);
    auto day = sydney_text(x.timestamp).substr(0, 10);
    auto& of_symbol = days[std::string{query.text(0)}];
    if (!of_symbol.emplace(day, x).second)
      CAF_ERROR("two predictions of " << query.text(0) << " on " << day);
  }
  return days;
}

struct wrong_count {
  int missing = 0;
  int entry = 0;
  int exit = 0;
  int outcomes = 0;
  int time = 0;
  int extra = 0;
};

/// 16:10 since the mid-2000s but on the eve
/// of holidays.
bool plausible_time(const stored_row& x, const std::string& date) {
  auto time = sydney_text(x.timestamp).substr(11);
  if (date >= "2012-01-01" && !may_end_early(date))
    return time == "16:10";
  return time >= "12:00" && time <= "16:15";
}

/// Compares one symbol's usable bars from `from` to `to` with what was stored.
wrong_count compare(const std::vector<file_bar>& bars,
                    const std::map<std::string, stored_row>& stored,
                    const std::string& from, const std::string& to) {
  wrong_count wrong;
  std::size_t expected = 0;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (bars[i].date < from || bars[i].date > to)
      continue;
    ++expected;
    auto found = stored.find(bars[i].date);
    if (found == stored.end()) {
      ++wrong.missing;
      CAF_MESSAGE("no prediction on " << bars[i].date);
      continue;
    }
    const auto& x = found->second;
    auto last = i + 1 == bars.size() || bars[i + 1].date > to;
    wrong.time += !plausible_time(x, bars[i].date);
    wrong.outcomes += x.outcomes != (x.abstained || last ? 0 : 1);
    if (x.abstained)
      continue;
    wrong.entry += x.entry_price != bars[i].close;
    if (!last)
      wrong.exit += x.exit_price != bars[i + 1].close
                    || x.actual_return
                         != bars[i + 1].close / bars[i].close - 1.0;
  }
  wrong.extra = static_cast<int>(stored.size())
                - static_cast<int>(expected) + wrong.missing;
  return wrong;
}

void check_against(const market_files& files, const stored_days& days,
                   const std::string& from, const std::string& to) {
  for (const auto& [symbol, bars] : files) {
    CAF_MESSAGE(symbol);
    CAF_REQUIRE(days.contains(symbol));
    auto wrong = compare(bars, days.at(symbol), from, to);
    CAF_CHECK_EQUAL(wrong.missing, 0);
    CAF_CHECK_EQUAL(wrong.extra, 0);
    CAF_CHECK_EQUAL(wrong.entry, 0);
    CAF_CHECK_EQUAL(wrong.exit, 0);
    CAF_CHECK_EQUAL(wrong.outcomes, 0);
    CAF_CHECK_EQUAL(wrong.time, 0);
  }
}

std::map<std::string, int> actions_of(const stored_days& days) {
  std::map<std::string, int> result;
  for (const auto& [symbol, rows] : days)
    for (const auto& [day, x] : rows)
      ++result[x.action];
  return result;
}

words everything(const fs::path& file) {
  auto db = open_store(file);
  auto rows = rows_of(db, "predictions", "ORDER BY prediction_id");
  for (auto& x : rows_of(db, "outcomes", "ORDER BY prediction_id"))
    rows.push_back(std::move(x));
  return rows;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(recorded_tests, replay_fixture)

CAF_TEST(the years 1998 to 2022 come out as the files say) {
  auto bars = shared_folder("asx_raw_daily_1997-2022");
  if (bars.empty())
    return;
  auto call = recorded_call(bars, "once.db");
  auto answer = replay(call);
  auto db = open_store(call.db);
  auto days = read_days(db);
  check_against(read_seven(bars), days, call.from, call.to);
  auto actions = actions_of(days);
  CAF_CHECK(actions["BUY"] > 100);
  CAF_CHECK(actions["SELL"] > 100);
  CAF_CHECK(actions["HOLD"] > 100);
  CAF_CHECK_EQUAL(count_of(answer, "predictions"),
                  actions["BUY"] + actions["SELL"] + actions["HOLD"]);
  CAF_CHECK_EQUAL(count_of(answer, "abstentions"), actions[""]);
  for (const auto& [symbol, rows] : days)
    for (const auto& date : stale_dates())
      CAF_CHECK(!rows.contains(date));
  // The index decides the context, from the day it is known long enough.
  CAF_CHECK(db.scalar("SELECT count(*) FROM cycles WHERE context_flagged = 0 "
                      "AND context_trend = 'BEARISH'") > 100);
  CAF_CHECK(db.scalar("SELECT count(*) FROM cycles WHERE context_flagged = 0 "
                      "AND context_trend = 'BULLISH'") > 100);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM cycles WHERE "
                            "context_flagged = 0 AND scheduled_at < "
                            + std::to_string(sydney_micros("2000-11-23", 0, 0))),
                  0);
}

CAF_TEST(two runs are byte identical and a resumed one too) {
  auto bars = shared_folder("asx_raw_daily_1997-2022");
  if (bars.empty())
    return;
  auto once = recorded_call(bars, "a.db");
  auto first = replay(once);
  auto expected = everything(once.db);
  auto resumed = recorded_call(bars, "b.db");
  resumed.to = "2008-09-15";
  CAF_CHECK(digest_of(replay(resumed)) != digest_of(first));
  resumed.to = once.to;
  CAF_CHECK_EQUAL(digest_of(replay(resumed)), digest_of(first));
  CAF_CHECK_EQUAL(difference(everything(resumed.db), expected), "");
  CAF_CHECK(expected.size() > 80'000);
}

CAF_TEST(without an index every context is neutral and flagged) {
  auto bars = shared_folder("asx_yfinance_2024-01_2025-06");
  if (bars.empty())
    return;
  replay_call call{bars, {}, "2024-01-01", "2025-06-30", folder / "y.db"};
  auto first = replay(call);
  auto db = open_store(call.db);
  check_against(read_seven(bars), read_days(db), call.from, call.to);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM predictions "
                            "WHERE market_context <> 'NEUTRAL'"),
                  0);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM cycles "
                            "WHERE context_flagged = 0"),
                  0);
  auto again = call;
  again.db = folder / "z.db";
  CAF_CHECK_EQUAL(digest_of(replay(again)), digest_of(first));
}

CAF_TEST_FIXTURE_SCOPE_END()

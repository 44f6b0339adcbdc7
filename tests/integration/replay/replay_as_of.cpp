#define CAF_SUITE replay_as_of

// Look-ahead has no way in: what comes later changes nothing before it.

#include "tests/integration/replay/replay_fixture.hpp"
#include "tests/integration/replay/sydney_days.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

/// Every row after `date` says something else; the files look sound.
void spoil_after(const std::string& date, const fs::path& from,
                 const fs::path& to) {
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator{from}) {
    std::ifstream in{entry.path()};
    std::ofstream out{to / entry.path().filename()};
    std::string line;
    double price = 3.0;
    while (std::getline(in, line)) {
      auto day = line.substr(0, line.find(','));
      if (day > date && day[0] == '2') {
        price = price > 900.0 ? 1.0 : price * 1.31 + 0.07;
        out << day << ',' << price << ',' << price * 1.4 << ',' << price * 0.6
            << ',' << price * 1.1 << ',' << 17 + static_cast<int>(price * 1e4)
            << '\n';
      } else {
        out << line << '\n';
      }
    }
  }
}

words rows_until(const fs::path& file, const std::string& table,
                 const std::string& column, std::int64_t until) {
  auto db = open_store(file);
  return rows_of(db, table,
                 "WHERE " + column + " <= " + std::to_string(until)
                   + " ORDER BY prediction_id");
}

words rows_after(const fs::path& file, std::int64_t after) {
  auto db = open_store(file);
  return rows_of(db, "predictions",
                 "WHERE timestamp > " + std::to_string(after)
                   + " ORDER BY prediction_id");
}

void check_as_of(replay_call truth, const std::string& date,
                 const fs::path& spoilt, const fs::path& scratch) {
  auto until = sydney_micros(date, 23, 0);
  truth.db = scratch / ("truth-" + date + ".db");
  replay(truth);
  auto garbage = truth;
  garbage.bars = spoilt;
  garbage.index = spoilt / truth.index.filename();
  garbage.db = scratch / ("garbage-" + date + ".db");
  replay(garbage);
  auto expected = rows_until(truth.db, "predictions", "timestamp", until);
  CAF_CHECK(!expected.empty());
  CAF_CHECK_EQUAL(
    difference(rows_until(garbage.db, "predictions", "timestamp", until),
               expected),
    "");
  CAF_CHECK_EQUAL(
    difference(rows_until(garbage.db, "outcomes", "evaluation_timestamp",
                          until),
               rows_until(truth.db, "outcomes", "evaluation_timestamp",
                          until)),
    "");
  // Else the garbage was none.
  CAF_CHECK(difference(rows_after(garbage.db, until),
                       rows_after(truth.db, until))
            != "");
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(as_of_tests, replay_fixture)

CAF_TEST(garbage after a date changes nothing up to it) {
  auto bars = simulate(500, 11);
  for (const std::string date : {"2010-08-13", "2011-03-31"}) {
    auto spoilt = folder / ("spoilt-" + date);
    spoil_after(date, bars, spoilt);
    check_as_of(simulated_call(bars, "x.db"), date, spoilt, folder);
  }
}

CAF_TEST(the same on recorded bars in a crash) {
  auto bars = shared_folder("asx_raw_daily_1997-2022");
  if (bars.empty())
    return;
  auto call = recorded_call(bars, "x.db");
  call.from = "2007-01-01";
  call.to = "2010-12-31";
  auto spoilt = folder / "spoilt";
  spoil_after("2008-09-15", bars, spoilt);
  check_as_of(call, "2008-09-15", spoilt, folder);
}

CAF_TEST_FIXTURE_SCOPE_END()

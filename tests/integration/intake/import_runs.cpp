#define CAF_SUITE import_runs
#include "tests/integration/intake/import_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

/// Stands for the end of the process between two transactions.
struct stopped {};

bool is_stopped(import_fixture& x, const intake::import_options& options) {
  try {
    x.run(options);
  } catch (const stopped&) {
    return true;
  }
  return false;
}

/// Days of three symbols, day by day, with each kind of row.
std::string many_rows() {
  std::string text = "Symbol,Date,Open,High,Low,Close,Volume\n";
  auto day = std::chrono::sys_days{std::chrono::year{2023} / 1 / 1};
  for (int i = 0; i < 200; ++i, day += std::chrono::days{1}) {
    auto date = to_string(trading_date{day});
    auto volume = std::to_string(1001 + i / 7 * 7);
    for (auto symbol : {"WBC", "ANZ", "CBA"})
      text += std::string{symbol} + ',' + date + ",10,"
              + (i % 11 == 0 ? "10.5" : "12") + ",9,11," + volume + '\n';
  }
  return text;
}

std::string everything(import_fixture& x) {
  std::string result;
  for (auto sql : {"SELECT * FROM bars", "SELECT * FROM bar_repairs",
                   "SELECT * FROM quarantine"}) {
    auto query = x.db.prepare(sql);
    auto columns = std::string_view{sql}.ends_with("bars") ? 12 : 7;
    while (query.step()) {
      for (int i = 0; i < columns; ++i) {
        result += query.text(i);
        result += '|';
      }
      result += '\n';
    }
  }
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(runs, import_fixture)

CAF_TEST(an import that was stopped is finished by doing it again) {
  auto path = file("all.csv", many_rows());
  auto whole = import({path});
  CAF_CHECK(add_up(whole));
  CAF_CHECK(whole.stored > 0 && whole.repaired > 0 && whole.quarantined > 0);
  auto expected = everything(*this);
  for (std::uint64_t stop_after : {1u, 150u, 400u}) {
    import_fixture other;
    auto some = other.options({path});
    some.batch_rows = 50;
    some.progress = [&](const intake::import_progress& x) {
      if (x.total.read >= stop_after)
        throw stopped{};
    };
    CAF_CHECK(is_stopped(other, some));
    auto half = other.rows("bars");
    CAF_CHECK(half > 0 && half < rows("bars"));
    auto rest = other.import({path});
    CAF_CHECK_EQUAL(rest.read, whole.read);
    CAF_CHECK_EQUAL(rest.duplicates, static_cast<std::uint64_t>(half));
    CAF_CHECK(everything(other) == expected);
    CAF_CHECK_EQUAL(other.line("PRAGMA integrity_check", 1), "ok");
  }
}

CAF_TEST(the size of a transaction changes nothing) {
  auto path = file("all.csv", many_rows());
  auto whole = import({path});
  import_fixture other;
  auto small = other.options({path});
  small.batch_rows = 1;
  CAF_CHECK(other.run(small).total == whole);
  CAF_CHECK(everything(other) == everything(*this));
}

CAF_TEST(progress is told with what is committed) {
  auto path = file("all.csv", many_rows());
  auto some = options({path});
  some.batch_rows = 100;
  std::vector<std::uint64_t> told;
  some.progress = [&](const intake::import_progress& x) {
    CAF_CHECK_EQUAL(x.path, path.string());
    CAF_CHECK_EQUAL(x.bytes_total, std::filesystem::file_size(path));
    CAF_CHECK(x.bytes_taken > 0 && x.bytes_taken <= x.bytes_total);
    CAF_CHECK_EQUAL(static_cast<std::int64_t>(x.total.read),
                    rows("bars") + rows("quarantine"));
    told.push_back(x.total.read);
  };
  run(some);
  CAF_REQUIRE_EQUAL(told.size(), 7u); // six batches, and the end of the file
  CAF_CHECK_EQUAL(told.front(), 100u);
  CAF_CHECK_EQUAL(told.back(), 600u);
}

CAF_TEST(a dry run counts as an import would and writes nothing) {
  auto first = file("a/CBA.csv",
                    "Date,Open,High,Low,Close,Volume\n"
                    "2024-01-08,10,12,9,11,123456\n"
                    "2024-01-09,11,13,10,12,0\n"
                    "2024-01-10,12,14,11,13,1003\n");
  // A copy of the bar before, a winner, a loser, a repair, a repeated row.
  auto second = file("b/CBA.csv",
                     "Date,Open,High,Low,Close,Volume\n"
                     "2024-01-09,10,12,9,11,123456\n"
                     "2024-01-09,11,13,10,12.5,1002\n"
                     "2024-01-10,12,14,11,13.5,1003\n"
                     "2024-01-11,13,13,12,14,1004\n"
                     "2024-01-12,14,16,13,15,1005\n"
                     "2024-01-12,14,16,13,15,1005\n");
  auto third = file("c/CBA.csv", "Date,Open,High,Low,Close,Volume\n"
                                 "2024-01-15,14,16,13,15,123456\n"
                                 "2024-01-16,14,16,13,15,123456\n");
  import({first});
  auto before = everything(*this);
  auto dry = options({second, third});
  dry.dry_run = true;
  auto counted = run(dry);
  CAF_CHECK(everything(*this) == before);
  CAF_CHECK_EQUAL(rows("bar_conflicts"), 0);
  CAF_CHECK(counted.total == counts(8, 2, 1, 2, 1, 2));
  CAF_CHECK(import({second, third}) == counted.total);
  CAF_CHECK(run(dry).total == counts(8, 0, 5, 1, 0, 2));
}

CAF_TEST(a dry run is content with a store that it may only read) {
  import({file("CBA.csv", week)});
  auto reading = store::open_for_reading(db.file());
  auto dry = options({file("b/CBA.csv", week)});
  dry.dry_run = true;
  CAF_CHECK(intake::import_bars(reading, calendar, dry).total
            == counts(5, 0, 5, 0, 0, 0));
}

CAF_TEST(settings of the connection are given back) {
  auto cache = db.scalar("PRAGMA cache_size");
  auto checkpoint = db.scalar("PRAGMA wal_autocheckpoint");
  auto some = options({file("CBA.csv", week)});
  some.progress = [&](const auto&) {
    CAF_CHECK(db.scalar("PRAGMA cache_size") != cache);
    throw stopped{};
  };
  CAF_CHECK(is_stopped(*this, some));
  CAF_CHECK_EQUAL(db.scalar("PRAGMA cache_size"), cache);
  CAF_CHECK_EQUAL(db.scalar("PRAGMA wal_autocheckpoint"), checkpoint);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE import_failures
#include "tests/integration/intake/import_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

std::string long_history() {
  std::string text = "Symbol,Date,Open,High,Low,Close,Volume\n";
  for (int code = 100; code < 900; ++code)
    text += "A" + std::to_string(code) + ",20240108,10,12,9,11,1001\n";
  return text;
}

/// The kind of the storage error that `f` ends with.
template <class F>
std::optional<storage::failure> failure_of(F f) {
  try {
    f();
  } catch (const storage::storage_error& error) {
    return error.kind();
  }
  return std::nullopt;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(failures, import_fixture)

CAF_TEST(a store that may only be read) {
  auto path = file("CBA.csv", week);
  auto reading = store::open_for_reading(db.file());
  auto failed = failure_of(
    [&] { intake::import_bars(reading, calendar, options({path})); });
  CAF_CHECK(failed == storage::failure::read_only);
  CAF_CHECK_EQUAL(rows("bars"), 0);
}

CAF_TEST(a full disk ends the import and rolls back what was open) {
  auto path = file("all.csv", long_history());
  auto limited = options({path});
  limited.batch_rows = 200;
  auto pages = db.scalar("PRAGMA page_count") + 2;
  db.execute("PRAGMA max_page_count=" + std::to_string(pages));
  CAF_CHECK(failure_of([&] { run(limited); }) == storage::failure::full);
  auto kept = rows("bars");
  CAF_CHECK(kept > 0 && kept < 800);
  CAF_CHECK_EQUAL(kept % 200, 0);
  // Room again: the connection is usable, and the rest comes in.
  db.execute("PRAGMA max_page_count=1000000");
  CAF_CHECK_EQUAL(run(limited).total.duplicates,
                  static_cast<std::uint64_t>(kept));
  CAF_CHECK_EQUAL(rows("bars"), 800);
  CAF_CHECK_EQUAL(line("PRAGMA integrity_check", 1), "ok");
}

CAF_TEST(gzip that is cut off stores nothing of its last batch) {
  auto path = packed("all.csv.gz", long_history());
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  auto error = error_of(options({path}));
  CAF_CHECK(contains(error, "damaged gzip data"));
  CAF_CHECK(contains(error, path.string() + ": fetch the file again"));
  CAF_CHECK_EQUAL(rows("bars"), 0);
}

CAF_TEST(a broken file in a folder does not stop the others) {
  file("bars/a.csv", "");
  auto path = packed("bars/broken.csv.gz", long_history());
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  file("bars/cut.json", R"json({"Meta Data": {"2. Symbol": "CBA.AX"},
"Time Series (Daily)": {"2024-01-08": {"1. open": "10")json");
  file("bars/z/CBA.csv", week);
  auto report = run(options({folder.path() / "bars"}));
  CAF_CHECK(report.total == counts(5, 5, 0, 0, 0, 0));
  CAF_REQUIRE_EQUAL(report.files.size(), 4u);
  CAF_CHECK(contains(report.files[0].error, "empty"));
  CAF_CHECK(contains(report.files[1].error, "damaged gzip data"));
  CAF_CHECK(contains(report.files[2].error, "cut.json"));
  CAF_CHECK_EQUAL(report.files[3].error, "");
  CAF_CHECK_EQUAL(rows("bars"), 5);
}

CAF_TEST(a reversed file beyond what can be held is refused) {
  std::string text = "Date,Open,High,Low,Close,Volume\n"
                     "2024-01-12,14,16,13,15,1005\n"
                     "2024-01-11,13,15,12,14,1004\n"
                     "2024-01-10,12,14,11,13,1003\n";
  text += std::string(65u * 1024 * 1024, '\n');
  auto error = error_of(options({packed("CBA.csv.gz", text)}));
  CAF_CHECK(contains(error, "the newest row comes first"));
  CAF_CHECK_EQUAL(rows("bars"), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE import_inputs
#include "tests/integration/intake/import_fixture.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/serialize.hpp>

using namespace banksia;
using namespace banksia::test;

namespace {

constexpr std::string_view minutes = "Datetime,Open,High,Low,Close,Volume\n"
                                     "2024-01-08T01:00:00Z,10,12,9,11,1001\n"
                                     "2024-01-08T01:07:00Z,11,13,10,12,1002\n";

constexpr std::string_view two_symbols
  = "Symbol,Date,Open,High,Low,Close,Volume\n"
    "CBA,20240108,10,12,9,11,1001\n"
    "WBC,20240108,20,22,19,21,2001\n"
    "WBC,20240109,x,22,19,21,2002\n";

} // namespace

CAF_TEST_FIXTURE_SCOPE(inputs, import_fixture)

CAF_TEST(a folder is searched in order and says which file holds no bars) {
  file("bars/b/WBC.csv", week);
  file("bars/CBA.csv", week);
  file("bars/a/notes.csv", "name,age\nx,1\n");
  file("bars/readme.txt", "not looked at");
  packed("bars/NAB.CSV.GZ", week);
  auto report = run(options({folder.path() / "bars"}));
  CAF_CHECK(report.total == counts(15, 15, 0, 0, 0, 0));
  CAF_REQUIRE_EQUAL(report.files.size(), 4u);
  CAF_CHECK(contains(report.files[0].path, "CBA.csv"));
  CAF_CHECK(contains(report.files[1].path, "NAB.CSV.GZ"));
  CAF_CHECK(contains(report.files[2].path, "a/notes.csv"));
  CAF_CHECK(contains(report.files[2].error, "not bar data"));
  CAF_CHECK(contains(report.files[2].error, report.files[2].path));
  CAF_CHECK(report.files[2].counts == intake::import_counts{});
  CAF_CHECK(contains(report.files[3].path, "b/WBC.csv"));
  CAF_CHECK_EQUAL(report.files[3].error, "");
}

CAF_TEST(a named file without bars ends the import before it begins) {
  auto good = file("CBA.csv", week);
  auto bad = file("notes.csv", "name,age\nx,1\n");
  auto error = error_of(options({good, bad}));
  CAF_CHECK(contains(error, "not bar data"));
  CAF_CHECK(contains(error, bad.string() + ": pass CSV"));
  CAF_CHECK_EQUAL(rows("bars"), 0);
  CAF_CHECK(contains(error_of(options({file("CBA.AX.csv", "")})),
                     "empty"));
}

CAF_TEST(paths that lead nowhere) {
  auto missing = folder.path() / "missing.csv";
  CAF_CHECK_EQUAL(error_of(options({missing})),
                  "no such file or folder: " + missing.string()
                    + ": check the path");
  file("empty/readme.txt", "");
  CAF_CHECK(contains(error_of(options({folder.path() / "empty"})),
                     "no *.csv, *.csv.gz or *.json in the folder"));
  CAF_CHECK(contains(error_of(options({"/dev/null"})),
                     "neither a file nor a folder: /dev/null"));
}

CAF_TEST(a symbol that nobody tells has to be given) {
  auto path = file("prices.csv", week);
  CAF_CHECK(contains(error_of(options({path})), "give it with --symbol"));
  auto given = options({path});
  given.symbol = "CBA";
  CAF_CHECK(run(given).total == counts(5, 5, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(bars("CBA.AX").size(), 5u);
  given.symbol = "no symbol!";
  CAF_CHECK(contains(error_of(given), "not a symbol: \"no symbol!\""));
}

CAF_TEST(a given symbol cannot rename rows that name their own) {
  auto given = options({file("all.csv", two_symbols)});
  given.symbol = "CBA";
  CAF_CHECK(contains(error_of(given), "each row names its own symbol"));
  CAF_CHECK_EQUAL(rows("bars"), 0);
}

CAF_TEST(an interval that nobody tells has to be given) {
  auto path = file("CBA.AX.csv", minutes);
  CAF_CHECK(contains(error_of(options({path})), "give it with --interval"));
  auto given = options({path});
  given.interval = bar_interval::m5;
  CAF_CHECK(run(given).total == counts(2, 2, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(bars("CBA.AX", bar_interval::m5).size(), 2u);
}

CAF_TEST(a given interval cannot make minutes of days) {
  auto given = options({file("CBA.csv", week)});
  given.interval = bar_interval::m5;
  CAF_CHECK(contains(error_of(given), "the bars are of 1d, not of 5m"));
}

CAF_TEST(a header without rows is an import of nothing) {
  auto path = file("CBA.csv", "Date,Open,High,Low,Close,Volume\n");
  CAF_CHECK(import({path}) == intake::import_counts{});
}

CAF_TEST(other symbols are not read) {
  auto only = options({file("all.csv", two_symbols), file("CBA.csv", week),
                       file("NAB.csv", week)});
  only.only_symbols = {"CBA"};
  auto report = run(only);
  CAF_CHECK(report.total == counts(6, 5, 1, 0, 0, 0));
  CAF_REQUIRE_EQUAL(report.files.size(), 3u);
  CAF_CHECK(report.files[0].counts == counts(1, 1, 0, 0, 0, 0));
  CAF_CHECK_EQUAL(report.files[2].counts.read, 0u);
  CAF_CHECK_EQUAL(rows("quarantine"), 0);
  CAF_CHECK_EQUAL(db.scalar("SELECT count(DISTINCT symbol) FROM bars"), 1);
  only.only_symbols = {"?"};
  CAF_CHECK(contains(error_of(only), "--symbols"));
}

CAF_TEST(the report has the names that scripts read) {
  file("bars/CBA.csv", week);
  file("bars/notes.csv", "name,age\nx,1\n");
  auto report = run(options({folder.path() / "bars"}));
  auto json = intake::import_json(report);
  for (auto name : {"read", "stored"})
    CAF_CHECK_EQUAL(json.at(name).to_number<int>(), 5);
  for (auto name : {"duplicates", "merged", "repaired", "quarantined"})
    CAF_CHECK_EQUAL(json.at(name).to_number<int>(), 0);
  const auto& files = json.at("files").as_array();
  CAF_REQUIRE_EQUAL(files.size(), 2u);
  CAF_CHECK_EQUAL(files[0].at("stored").to_number<int>(), 5);
  CAF_CHECK(files[0].at("error").is_null());
  CAF_CHECK(contains(std::string_view{files[1].at("error").as_string()},
                     "not bar data"));
  auto text = intake::import_text(report);
  CAF_CHECK(contains(text, "CBA.csv: read 5, stored 5, duplicates 0"));
  CAF_CHECK(contains(text, "left out: not bar data"));
  CAF_CHECK(text.ends_with("2 files: read 5, stored 5, duplicates 0, merged 0, "
                           "repaired 0, quarantined 0\n"));
}

CAF_TEST_FIXTURE_SCOPE_END()

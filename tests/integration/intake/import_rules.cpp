#define CAF_SUITE import_rules
#include "tests/integration/intake/import_fixture.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

constexpr std::string_view header = "Date,Open,High,Low,Close,Volume\n";

std::string csv(std::string_view rows) {
  return std::string{header} += rows;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(rules, import_fixture)

CAF_TEST(each kind of row is counted once and they add up) {
  import({file("first/CBA.csv", csv("2024-01-08,10,12,9,11,1001\n"
                                    "2024-01-09,11,13,10,12,1002\n"))});
  auto report = run(options(
    {file("CBA.csv", csv("2024-01-08,10,12,9,11,1001\n"  // duplicate
                         "2024-01-09,11,13,10,12.5,1002\n" // merged
                         "2024-01-10,12,14,11,13,1003\n" // stored
                         "2024-01-11,13,13.5,12,14,1004\n" // repaired
                         "2024-01-12,14,null,13,15,1005\n" // quarantined
                         "2024-01-13,14,16,13,15,1005\n"))})); // a Saturday
  CAF_CHECK(report.total == counts(6, 1, 1, 1, 1, 2));
  CAF_REQUIRE_EQUAL(report.files.size(), 1u);
  CAF_CHECK(report.files[0].counts == report.total);
  CAF_CHECK(add_up(report.total));
}

CAF_TEST(a second import adds nothing) {
  auto path = file("CBA.csv", csv("2024-01-08,10,12,9,11,1001\n"
                                  "2024-01-09,11,12.5,10,13,1002\n"
                                  "2024-01-10,,14,11,13,1003\n"));
  CAF_CHECK(import({path}) == counts(3, 1, 0, 0, 1, 1));
  CAF_CHECK(import({path}) == counts(3, 0, 2, 0, 0, 1));
  CAF_CHECK_EQUAL(rows("bars"), 2);
  CAF_CHECK_EQUAL(rows("bar_repairs"), 1);
  CAF_CHECK_EQUAL(rows("quarantine"), 1);
  CAF_CHECK_EQUAL(rows("bar_conflicts"), 0);
}

CAF_TEST(what is refused can be found again) {
  auto path = file("CBA.csv", csv("2024-01-08,10,12,9,11,1001\n"
                                  "2024-01-09,11,13,x\xff,12,1002\n"));
  import({path});
  CAF_CHECK_EQUAL(
    line("SELECT kind, file, line, symbol, reason, payload FROM quarantine", 6),
    "bar|" + path.string()
      + "|3|CBA.AX|not_utf8|2024-01-09,11,13,x\\xff,12,1002");
  CAF_CHECK_EQUAL(line("SELECT received_at FROM quarantine", 1),
                  std::to_string(to_micros(received)));
}

CAF_TEST(a repair keeps what the row said) {
  import({file("CBA.csv", csv("2024-01-08,10,10.5,9,11,1001\n"))});
  CAF_CHECK_EQUAL(
    line("SELECT field, original, repaired, reason FROM bar_repairs", 4),
    "high|10.5|11.0|ohlc_order");
  auto stored = bars("CBA.AX");
  CAF_REQUIRE_EQUAL(stored.size(), 1u);
  CAF_CHECK(stored[0].verdict == bar_verdict::repaired);
  CAF_CHECK(stored[0].high == price{11});
}

CAF_TEST(the stored bar stays and the other one is kept as the conflict) {
  import({file("a/CBA.csv", csv("2024-01-08,10,12,9,11,1001\n"))});
  auto other = file("b/CBA.csv", csv("2024-01-08,10,12,9,11.5,1001\n"));
  for (int i = 0; i < 2; ++i) {
    CAF_CHECK(import({other}) == counts(1, 0, 0, 1, 0, 0));
    CAF_CHECK_EQUAL(rows("bar_conflicts"), 1);
  }
  CAF_CHECK_EQUAL(line("SELECT source, close, reason FROM bar_conflicts", 3),
                  "csv|11.5|another was stored before");
  auto stored = bars("CBA.AX");
  CAF_CHECK(stored.at(0).close == price{11});
  CAF_CHECK(stored.at(0).verdict == bar_verdict::accepted);
}

CAF_TEST(a bar with volume replaces one without) {
  auto loser = options({file("a/CBA.csv", csv("2024-01-08,10,9.5,9,9.8,0\n"))});
  loser.source = "first";
  run(loser);
  CAF_CHECK_EQUAL(rows("bar_repairs"), 1);
  auto winner = file("b/CBA.csv", csv("2024-01-08,10,12,9,11,1001\n"));
  CAF_CHECK(import({winner}) == counts(1, 0, 0, 1, 0, 0));
  CAF_CHECK_EQUAL(
    line("SELECT source, high, close, reason FROM bar_conflicts", 4),
    "first|10.0|9.8|has no volume, the other has");
  auto stored = bars("CBA.AX");
  CAF_CHECK(stored.at(0).verdict == bar_verdict::merged);
  CAF_CHECK(stored.at(0).volume == shares{1001});
  CAF_CHECK_EQUAL(stored.at(0).source, "csv");
  CAF_CHECK_EQUAL(rows("bar_repairs"), 0); // they were the loser's
  CAF_CHECK(import({winner}) == counts(1, 0, 1, 0, 0, 0));
}

CAF_TEST(the row before a file is the last one stored) {
  import({file("a/CBA.csv", csv("2024-01-08,10,12,9,11,123456\n"))});
  CAF_CHECK(import({file("b/CBA.csv", csv("2024-01-09,10,12,9,11,123456\n"))})
            == counts(1, 0, 0, 0, 0, 1));
  CAF_CHECK_EQUAL(line("SELECT reason FROM quarantine", 1), "stale_copy");
}

CAF_TEST(a later bar that is stored already says nothing of an earlier row) {
  import({file("a/CBA.csv", csv("2024-01-09,10,12,9,11,123456\n"))});
  CAF_CHECK(import({file("b/CBA.csv", csv("2024-01-08,10,12,9,11,123456\n"))})
            == counts(1, 1, 0, 0, 0, 0));
}

CAF_TEST(an open that is missing comes from the last stored close) {
  import({file("a/CBA.csv", csv("2024-01-08,10,12,9,11,1001\n"))});
  import({file("b/CBA.csv", csv("2024-01-09,0,13,10,12,1002\n"))});
  CAF_CHECK(bars("CBA.AX").at(1).open == price{11});
}

CAF_TEST(newest first gives the same as oldest first) {
  std::string forward{header};
  std::string backward{header};
  std::vector<std::string> days{
    "2024-01-08,10,12,9,11,123456\n", "2024-01-09,10,12,9,11,123456\n",
    "2024-01-10,0,14,11,13,1003\n",   "2024-01-11,13,13,12,14,1004\n",
    "2024-01-12,14,16,13,15,1005\n"};
  for (std::size_t i = 0; i < days.size(); ++i) {
    forward += days[i];
    backward += days[days.size() - 1 - i];
  }
  backward.pop_back(); // the last line need not end
  CAF_CHECK(import({file("a/CBA.csv", forward)})
            == counts(5, 2, 0, 0, 2, 1));
  import_fixture other;
  CAF_CHECK(other.import({other.file("a/CBA.csv", backward)})
            == counts(5, 2, 0, 0, 2, 1));
  CAF_CHECK(bars("CBA.AX") == other.bars("CBA.AX"));
  CAF_CHECK_EQUAL(line("SELECT line FROM quarantine", 1), "3");
  CAF_CHECK_EQUAL(other.line("SELECT line FROM quarantine", 1), "5");
}

CAF_TEST(a line that is too long is kept apart in a reversed file too) {
  std::string text = csv("2024-01-12,14,16,13,15,1005\n"
                         "2024-01-11,13,15,12,14,1004\n");
  text += std::string(70'000, 'a') + '\n' + std::string(70'000, 'b') + '\n';
  text += "2024-01-10,12,14,11,13,1003\n";
  CAF_CHECK(import({file("CBA.csv", text)}) == counts(5, 3, 0, 0, 0, 2));
  CAF_CHECK_EQUAL(line("SELECT reason, substr(payload, 1, 2) FROM quarantine "
                       "ORDER BY line", 2),
                  "line_too_long|aa");
  CAF_CHECK_EQUAL(line("SELECT substr(payload, 1, 2) FROM quarantine "
                       "ORDER BY line DESC", 1),
                  "bb");
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE command_report

#include "tests/integration/commands/program.hpp"
#include "tests/integration/commands/stored_run.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::test;

namespace {

struct fixture {
  program p;
  std::string db = p.file("a.db");

  boost::json::value report(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"report", "--db", db, "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto x = p.banksia(arguments);
    CAF_CHECK_EQUAL(x.exit_code, 0);
    CAF_CHECK_EQUAL(x.err, "");
    CAF_CHECK(is_one_line(x.out));
    return x.json();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(command_report, fixture)

CAF_TEST(the fields that scripts read) {
  make_run(db, "test");
  auto json = report();
  CAF_CHECK(json.at("run").as_string() == run_name);
  CAF_CHECK_EQUAL(json.at("samples").as_int64(), 38);
  CAF_CHECK_EQUAL(json.at("predictions").as_int64(), 40);
  CAF_CHECK_EQUAL(json.at("coverage").to_number<double>(), 1.0);
  CAF_CHECK_EQUAL(json.at("difference_interval").as_array().size(), 2u);
  for (auto field : {"success_rate", "always_hold_rate", "best_constant_rate",
                     "difference", "skill_shown", "days_needed"})
    CAF_CHECK(json.as_object().contains(field));
  for (auto action : {"BUY", "SELL", "HOLD"})
    CAF_CHECK(json.at("by_action").as_object().contains(action));
  // A third of the outcomes is + 2 %: HOLD would have been right on the rest.
  CAF_CHECK(json.at("always_hold_rate").as_double() > 0.6);
}

CAF_TEST(a symbol and a span) {
  make_run(db, "test");
  auto one = report({"--symbol", "cba"});
  CAF_CHECK_EQUAL(one.at("samples").as_int64(), 19);
  CAF_CHECK(one.at("symbol").as_string() == "CBA.AX");
  auto week = report({"--days", "7"});
  CAF_CHECK(week.at("samples").as_int64() > 0);
  CAF_CHECK(week.at("samples").as_int64() <= 12);
  auto all = report({"--days", "36500"});
  CAF_CHECK_EQUAL(all.at("samples").as_int64(), 38);
}

CAF_TEST(an empty database) {
  store::open_for_writing(db);
  auto json = report();
  CAF_CHECK(json.at("run").is_null());
  CAF_CHECK_EQUAL(json.at("samples").as_int64(), 0);
  CAF_CHECK(json.at("success_rate").is_null());
  auto text = p.banksia({"report", "--db", db});
  CAF_CHECK_EQUAL(text.exit_code, 0);
  CAF_CHECK(holds(text.out, "no outcomes yet"));
}

CAF_TEST(one prediction now) {
  make_run(db, "test");
  auto x = p.banksia({"predict", "cba", "NAB.AX", "--at", "2024-05-10", "--db",
                      db, "--json"});
  CAF_CHECK_EQUAL(x.exit_code, 0);
  auto json = x.json();
  CAF_REQUIRE_EQUAL(json.at("predictions").as_array().size(), 2u);
  auto first = json.at("predictions").at(0).as_object();
  CAF_CHECK(first.at("symbol").as_string() == "CBA.AX");
  CAF_CHECK(first.at("timestamp").as_string() == "2024-05-10T06:10:00Z");
  CAF_CHECK(!first.at("abstained").as_bool());
  CAF_CHECK(first.at("factors").as_array().size() > 20);
  CAF_CHECK(!first.contains("prediction_id"));
  CAF_CHECK_EQUAL(first.at("bars").as_int64(), 48);
  // A weekend later the prices are stale, and it says so.
  auto stale = p.banksia({"predict", "CBA.AX", "--at", "2024-05-12T00:00:00Z",
                          "--db", db});
  CAF_CHECK_EQUAL(stale.exit_code, 0);
  CAF_CHECK(holds(stale.out, "decision    none: stale_prices"));
  // Nothing of this was stored.
  auto again = report();
  CAF_CHECK_EQUAL(again.at("predictions").as_int64(), 40);
}

CAF_TEST_FIXTURE_SCOPE_END()

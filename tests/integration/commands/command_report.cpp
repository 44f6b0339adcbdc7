#define CAF_SUITE command_report

#include "tests/integration/commands/program.hpp"
#include "tests/integration/commands/stored_run.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

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

CAF_TEST(forecasts that were served are judged and those of shadows not) {
  make_run(db, "test", {}, feature_set_version, [](prediction& p) {
    class_forecast said;
    said.model_version = "champion";
    said.served = true;
    said.down = fraction{0.2};
    said.flat = fraction{0.5};
    said.up = fraction{0.3};
    auto shadow = said;
    shadow.model_version = "shadow";
    shadow.served = false;
    shadow.up = fraction{0.0};
    shadow.down = fraction{0.5};
    p.forecasts = {said, shadow};
  });
  auto json = report();
  CAF_CHECK_EQUAL(json.at("forecast_samples").as_int64(), 38);
  // 12 of them went up, 26 hardly moved.
  auto up = 0.2 * 0.2 + 0.5 * 0.5 + 0.7 * 0.7;
  auto flat = 0.2 * 0.2 + 0.5 * 0.5 + 0.3 * 0.3;
  auto brier = (12 * up + 26 * flat) / 38;
  CAF_CHECK(std::abs(json.at("brier").as_double() - brier) < 1e-12);
  auto loss = -(12 * std::log(0.3) + 26 * std::log(0.5)) / 38;
  CAF_CHECK(std::abs(json.at("log_loss").as_double() - loss) < 1e-12);
  // It said 0.5 of what came true 26 times of 38.
  CAF_CHECK(std::abs(json.at("ece").as_double() - (26.0 / 38 - 0.5)) < 1e-12);
  CAF_CHECK(json.at("brier_skill").as_double() < 0.0);
  CAF_CHECK_EQUAL(json.at("log_loss_gain_interval").as_array().size(), 2u);
  auto text = p.banksia({"report", "--db", db});
  CAF_CHECK(holds(text.out, "38 forecasts over 19 trading days"));
  CAF_CHECK(holds(text.out, "above its bound"));
}

CAF_TEST(a report without forecasts says nothing of them) {
  make_run(db, "test");
  CAF_CHECK(!report().as_object().contains("brier"));
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

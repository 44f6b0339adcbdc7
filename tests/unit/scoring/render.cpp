#define CAF_SUITE scoring_render
#include "models/scoring/report_json.hpp"
#include "models/scoring/report_text.hpp"

#include "tests/unit/scoring/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/serialize.hpp>

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A report whose figures are given, not drawn.
performance_report legacy_report() {
  performance_report x;
  x.samples = 1282;
  x.successes = 706;
  x.days = 43;
  x.success_rate = {0.551, interval95{0.53, 0.572}};
  x.always_hold_rate = {0.582, interval95{0.56, 0.604}};
  x.best_constant = trade_action::hold;
  x.best_constant_rate = {0.582, interval95{0.56, 0.604}};
  x.difference = {-0.031, interval95{-0.04, -0.022}};
  x.coverage = 0.8;
  x.counts = {.predictions = 1600, .abstentions = 400, .void_outcomes = 1};
  x.excluded = {.void_outcomes = 1, .gaps = 3, .unusable = 0};
  x.by_action[0].action = trade_action::buy;
  x.by_action[1].action = trade_action::sell;
  x.by_action[2].action = trade_action::hold;
  return x;
}

} // namespace

CAF_TEST(the headline says what is and is not shown) {
  auto x = legacy_report();
  CAF_CHECK_EQUAL(headline_of(x),
                  "no skill shown, worse than a constant answer: success "
                  "55.1 % vs best constant (always HOLD) 58.2 %, difference "
                  "-3.1 points [-4.0, -2.2]");
  x.difference = {-0.031, interval95{-0.07, 0.008}};
  CAF_CHECK(headline_of(x).starts_with("no skill shown: success 55.1 %"));
  x.difference = {0.021, interval95{0.004, 0.038}};
  x.skill_shown = true;
  CAF_CHECK(headline_of(x).starts_with("skill shown: success 55.1 %"));
  CAF_CHECK(has(headline_of(x), "difference +2.1 points [+0.4, +3.8]"));
  x.difference = {-0.0001, std::nullopt};
  x.skill_shown = false;
  CAF_CHECK(has(headline_of(x), "(too few days to tell)"));
  CAF_CHECK(headline_of(x).ends_with("difference +0.0 points"));
}

CAF_TEST(the text has every figure) {
  auto text = to_text(legacy_report());
  for (auto part :
       {"1282 over 43 trading days", "55.1 % [53.0, 57.2]",
        "58.2 % [56.0, 60.4] (always HOLD)", "none would do",
        "80.0 % (1600 predictions, 400 abstentions)",
        "3 over a gap of sessions, 1 void, 0 unusable", "BUY", "0 samples"})
    CAF_CHECK(has(text, part));
  CAF_CHECK(!has(text, "warning"));
  CAF_CHECK(!has(text, "nan"));
}

CAF_TEST(the text warns of a leak and of damaged outcomes) {
  auto x = legacy_report();
  x.leak = {.told = 301, .days = 43, .accuracy = 0.61,
            .interval = {0.585, 0.635}, .leak_suspected = true};
  x.success_disagreements = 1;
  x.excluded.unusable = 2;
  auto text = to_text(x);
  CAF_CHECK(has(text, "warning: BUY and SELL were right 61.0 % over 43 trading "
                      "days, surely more than 58.5 %: treat it as a leak"));
  CAF_CHECK(has(text, "warning: the stored success of 1 outcome contradicts"));
  CAF_CHECK(has(text, "warning: 2 outcomes unusable"));
}

CAF_TEST(days needed are said in each case) {
  auto x = legacy_report();
  x.difference = {0.02, interval95{-0.01, 0.05}};
  x.days_needed = 97;
  CAF_CHECK(has(to_text(x), "about 97 trading days in all"));
  x.days_needed.reset();
  x.difference.interval.reset();
  CAF_CHECK(has(to_text(x), "unknown: an interval takes 5 trading days"));
}

CAF_TEST(an empty report says that there are no outcomes) {
  auto x = make_report({}, {.abstentions = 12, .void_outcomes = 2});
  auto text = to_text(x);
  CAF_CHECK(text.starts_with("no outcomes yet\n"));
  CAF_CHECK(has(text, "0.0 % (0 predictions, 12 abstentions)"));
  CAF_CHECK(has(text, "2 void"));
}

CAF_TEST(the JSON of an empty report has nulls and no NaN) {
  auto json = to_json(make_report({}, {}));
  CAF_CHECK_EQUAL(json.at("samples").to_number<int>(), 0);
  for (auto name : {"success_rate", "always_hold_rate", "best_constant",
                    "best_constant_rate", "difference", "days_needed",
                    "coverage", "mean_confidence"})
    CAF_CHECK(json.at(name).is_null());
  CAF_CHECK_EQUAL(boost::json::serialize(json.at("difference_interval")),
                  "[null,null]");
  CAF_CHECK(!json.at("skill_shown").as_bool());
  CAF_CHECK(json.at("message").as_string() == "no outcomes yet");
  CAF_CHECK(json.at("by_open_minutes").as_array().empty());
  for (auto action : {"BUY", "SELL", "HOLD"})
    CAF_CHECK(json.at("by_action").at(action).at("success_rate").is_null());
  auto text = boost::json::serialize(json);
  CAF_CHECK(!has(text, "nan") && !has(text, "NaN") && !has(text, "1e99999"));
}

CAF_TEST(the JSON has the fields of the contract) {
  auto report = legacy_report();
  report.days_needed = 97;
  auto json = to_json(report);
  CAF_CHECK_EQUAL(json.at("samples").to_number<int>(), 1282);
  CAF_CHECK_EQUAL(json.at("success_rate").as_double(), 0.551);
  CAF_CHECK_EQUAL(json.at("always_hold_rate").as_double(), 0.582);
  CAF_CHECK_EQUAL(json.at("best_constant_rate").as_double(), 0.582);
  CAF_CHECK(json.at("best_constant").as_string() == "HOLD");
  CAF_CHECK_EQUAL(json.at("difference").as_double(), -0.031);
  const auto& interval = json.at("difference_interval").as_array();
  CAF_REQUIRE_EQUAL(interval.size(), 2u);
  CAF_CHECK_EQUAL(interval[0].as_double(), -0.04);
  CAF_CHECK_EQUAL(interval[1].as_double(), -0.022);
  CAF_CHECK_EQUAL(json.at("days_needed").to_number<int>(), 97);
  CAF_CHECK_EQUAL(json.at("days").to_number<int>(), 43);
  CAF_CHECK_EQUAL(json.at("coverage").as_double(), 0.8);
  CAF_CHECK_EQUAL(json.at("excluded").at("gaps").to_number<int>(), 3);
  CAF_CHECK_EQUAL(json.at("excluded").at("void").to_number<int>(), 1);
  CAF_CHECK_EQUAL(json.at("predictions").to_number<int>(), 1600);
}

CAF_TEST(the JSON nests actions and open minutes) {
  std::vector<scored_sample> book;
  for (std::uint32_t day = 0; day < 6; ++day) {
    book.push_back(sample(day, trade_action::buy, up));
    book.push_back(sample(day, trade_action::sell, up));
    book.back().open_minutes = 60;
  }
  auto json = to_json(make_report(book, {.predictions = 12}));
  const auto& buy = json.at("by_action").at("BUY");
  CAF_CHECK_EQUAL(buy.at("samples").to_number<int>(), 6);
  CAF_CHECK_EQUAL(buy.at("successes").to_number<int>(), 6);
  CAF_CHECK_EQUAL(buy.at("success_rate").as_double(), 1.0);
  CAF_CHECK_EQUAL(buy.at("mean_confidence").as_double(), 0.75);
  CAF_CHECK(buy.at("success_rate_interval").at(0).as_double() < 0.7);
  const auto& buckets = json.at("by_open_minutes").as_array();
  CAF_REQUIRE_EQUAL(buckets.size(), 2u);
  CAF_CHECK_EQUAL(buckets[0].at("from_minutes").to_number<int>(), 1);
  CAF_CHECK_EQUAL(buckets[0].at("to_minutes").to_number<int>(), 60);
  CAF_CHECK_EQUAL(buckets[0].at("success_rate").as_double(), 0.0);
  CAF_CHECK(buckets[1].at("to_minutes").is_null());
}

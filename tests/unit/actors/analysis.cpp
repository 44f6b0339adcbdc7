#define CAF_SUITE analysis
#include "actors/analyst/analysis.hpp"
#include "tests/unit/actors/samples.hpp"

#include <boost/json/array.hpp>

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;
namespace json = boost::json;

namespace {

headline news(std::string title, double score) {
  headline x;
  x.title = std::move(title);
  x.source = "wire";
  x.known_at = x.published_at = at("2025-06-30T20:00:00Z");
  x.score = real{score};
  x.scored = true;
  return x;
}

analysis::symbol_morning quiet(std::string symbol) {
  analysis::symbol_morning x;
  x.symbol = std::move(symbol);
  x.last_price = 100.0;
  x.last_known_at = at("2025-06-30T06:10:00Z");
  x.last_move = 0.001;
  x.volatility = 0.01;
  return x;
}

analysis::morning_inputs quiet_morning() {
  analysis::morning_inputs x;
  x.as_of = at("2025-06-30T23:00:00Z");
  x.day = first_day();
  x.last_open = at("2025-06-30T00:00:00Z");
  x.last_close = at("2025-06-30T06:10:00Z");
  x.symbols = {quiet("CBA.AX"), quiet("WBC.AX"), quiet("MQG.AX")};
  return x;
}

/// "CBA.AX halted ex_date, WBC.AX most_news".
std::string watched(const analysis::morning_inputs& x) {
  std::string result;
  auto document = analysis::morning(x);
  for (const auto& entry : document.at("watch").as_array()) {
    result += (result.empty() ? "" : ", ")
              + std::string{entry.at("symbol").as_string()};
    for (const auto& reason : entry.at("reasons").as_array())
      result += " " + std::string{reason.at("code").as_string()};
  }
  return result;
}

analysis::day_outcome outcome_of(std::string symbol, trade_action action,
                                 double change) {
  analysis::day_outcome x;
  x.symbol = std::move(symbol);
  x.prediction = make_prediction_id("live", x.symbol, "30m", slot_time(0));
  x.slot = slot_time(0);
  x.action = action;
  x.confidence = 0.7;
  x.actual_return = change;
  x.success = plan_success(action, fraction{change});
  x.sessions_elapsed = 0;
  return x;
}

analysis::evening_inputs quiet_evening() {
  analysis::evening_inputs x;
  x.as_of = at("2025-07-01T07:10:00Z");
  x.day = first_day();
  x.since = at("2025-06-30T06:10:00Z");
  return x;
}

std::string symbols_of(const json::value& list) {
  std::string result;
  for (const auto& x : list.as_array())
    result += (result.empty() ? "" : " ")
              + std::string{x.at("symbol").as_string()};
  return result;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

// -- the morning ------------------------------------------------------------------

CAF_TEST(on a quiet morning nothing stands out) {
  auto x = quiet_morning();
  CAF_CHECK_EQUAL(watched(x), "");
  auto document = analysis::morning(x);
  CAF_CHECK_EQUAL(document.at("session").at("date").as_string(),
                  "2025-07-01");
  CAF_CHECK(document.at("model").is_null());
  auto text = analysis::to_text(document);
  CAF_CHECK(holds(text, "morning of 2025-07-01, as of 2025-06-30T23:00:00Z"));
  CAF_CHECK(holds(text, "nothing stands out"));
  CAF_CHECK(holds(text, "none: the rules predict"));
  CAF_CHECK(holds(text, "assumed: no usable index data"));
}

CAF_TEST(each reason to watch a symbol) {
  auto x = quiet_morning();
  x.symbols[0].halted = true;
  x.symbols[0].last_known_at = at("2025-06-20T06:10:00Z"); // not stale as well
  corporate_action dividend;
  dividend.value = real{2.25};
  x.symbols[0].ex_today = {dividend};
  x.symbols[1].news = {news("Up", 0.5), news("Down", -0.1)};
  x.symbols[1].sentiment = -0.4;
  x.symbols[2].last_known_at = at("2025-06-29T23:59:59Z");
  x.symbols[2].last_move = -0.025;
  CAF_CHECK_EQUAL(watched(x), "CBA.AX halted ex_date, WBC.AX most_news "
                              "strongest_sentiment, MQG.AX stale_prices "
                              "largest_move");
  auto text = analysis::to_text(analysis::morning(x));
  CAF_CHECK(holds(text, "trades without its dividend of 2.25"));
  CAF_CHECK(holds(text, "moved -2.5 %, 2.5 times its usual day"));
  CAF_CHECK(holds(text, "+0.50  Up (wire)"));
  CAF_CHECK(holds(text, "CBA.AX"));
  CAF_CHECK(holds(text, "halted"));
}

CAF_TEST(of equals the first stands out and what is small does not) {
  auto x = quiet_morning();
  for (auto& symbol : x.symbols) {
    symbol.last_move = 0.02;
    symbol.sentiment = 0.3;
    symbol.news = {news("News", 0.3)};
  }
  CAF_CHECK_EQUAL(watched(x),
                  "CBA.AX most_news strongest_sentiment largest_move");
  for (auto& symbol : x.symbols) {
    symbol.last_move = 0.0099;
    symbol.sentiment = 0.19;
    symbol.news.clear();
  }
  CAF_CHECK_EQUAL(watched(x), "");
}

CAF_TEST(without prices a symbol is stale and has no move) {
  auto x = quiet_morning();
  x.symbols = {analysis::symbol_morning{}};
  x.symbols[0].symbol = "NEW.AX";
  CAF_CHECK_EQUAL(watched(x), "NEW.AX stale_prices");
  auto document = analysis::morning(x);
  const auto& row = document.at("symbols").as_array()[0];
  CAF_CHECK(row.at("move_size").is_null());
  CAF_CHECK(row.at("last_price").is_null());
  CAF_CHECK(holds(analysis::to_text(document), "stale"));
}

CAF_TEST(a bounded number of headlines is told and all are counted) {
  auto x = quiet_morning();
  for (int i = 0; i < 9; ++i)
    x.symbols[0].news.push_back(news("News", i < 3 ? 1.0 : 0.0));
  x.symbols[0].news[8].scored = false;
  auto document = analysis::morning(x);
  const auto& told = document.at("symbols").as_array()[0].at("news");
  CAF_CHECK_EQUAL(told.at("count").to_number<int>(), 9);
  CAF_CHECK_EQUAL(told.at("headlines").as_array().size(),
                  analysis::headlines_told);
  CAF_CHECK_EQUAL(told.at("mean_score").to_number<double>(), 3.0 / 8);
}

// -- the evening ------------------------------------------------------------------

CAF_TEST(an evening without anything says so) {
  auto document = analysis::evening(quiet_evening());
  CAF_CHECK(document.at("outcomes").at("success_rate").is_null());
  CAF_CHECK(document.at("training").is_null());
  auto text = analysis::to_text(document);
  CAF_CHECK(holds(text, "outcomes    0 final, 0 of them void"));
  CAF_CHECK(holds(text, "training    none yet"));
  CAF_CHECK(holds(text, "supervision 0 restarts, 0 escalations"));
}

CAF_TEST(success stands beside the best constant of the same outcomes) {
  auto x = quiet_evening();
  using enum trade_action;
  // BUY would have been right on four of five, HOLD on three.
  x.outcomes = {outcome_of("A", buy, 0.02), outcome_of("B", sell, 0.03),
                outcome_of("C", hold, 0.001), outcome_of("D", buy, -0.004),
                outcome_of("E", hold, 0.005), outcome_of("F", buy, 0.5),
                outcome_of("G", buy, 0.5)};
  x.outcomes[5].is_void = true;
  x.outcomes[6].sessions_elapsed = 2; // over a gap: in no rate
  auto document = analysis::evening(x);
  const auto& o = document.at("outcomes");
  CAF_CHECK_EQUAL(o.at("finished").to_number<int>(), 7);
  CAF_CHECK_EQUAL(o.at("void").to_number<int>(), 1);
  CAF_CHECK_EQUAL(o.at("samples").to_number<int>(), 5);
  CAF_CHECK_EQUAL(o.at("success_rate").as_double(), 3.0 / 5);
  CAF_CHECK_EQUAL(o.at("best_constant").as_string(), "BUY");
  CAF_CHECK_EQUAL(o.at("best_constant_rate").as_double(), 4.0 / 5);
  CAF_CHECK_EQUAL(o.at("difference").as_double(), 3.0 / 5 - 4.0 / 5);
  auto text = analysis::to_text(document);
  CAF_CHECK(holds(text, "right 60.0 % of 5; always BUY would have been right "
                        "80.0 %: -20.0 points"));
}

CAF_TEST(the biggest hits and misses are told) {
  auto x = quiet_evening();
  using enum trade_action;
  x.outcomes = {outcome_of("A", buy, 0.01),   outcome_of("B", buy, 0.03),
                outcome_of("C", sell, -0.02), outcome_of("D", buy, 0.005),
                outcome_of("E", hold, 0.0),   outcome_of("F", buy, -0.01),
                outcome_of("G", sell, 0.04),  outcome_of("H", hold, -0.06),
                outcome_of("I", sell, 0.001)};
  auto document = analysis::evening(x);
  CAF_CHECK_EQUAL(symbols_of(document.at("hits")), "B C A");
  CAF_CHECK_EQUAL(symbols_of(document.at("misses")), "H G F");
  auto text = analysis::to_text(document);
  CAF_CHECK(holds(text, "hits        B        BUY  at confidence 0.70, then "
                        "+3.00 %"));
}

CAF_TEST(counts are told with their reasons) {
  auto x = quiet_evening();
  x.completed = 10;
  x.late = 1;
  x.missed = 2;
  x.missed_by_reason = {{"not running when it was due", 2}};
  x.by_action = {{"BUY", 3}, {"HOLD", 4}};
  x.abstained = {{"stale_prices", 5}};
  x.bars = 1;
  x.quarantined = {{"not_positive", 6}};
  x.repaired = {{"ohlc_order", 7}};
  x.restarts = {{"cycle", 2}, {"evaluator", 1}};
  x.escalations = 1;
  x.champion = model_record{};
  x.champion->model_version = "m-1";
  x.training = training_record{};
  x.training->status = "failed";
  x.training->reason = "too few samples";
  x.training->ended_at = at("2025-07-01T01:00:00Z");
  x.quarantined_ever = {{"not_positive", 12}};
  x.last_supervision_event = 34;
  auto document = analysis::evening(x);
  CAF_CHECK_EQUAL(document.at("predictions").at("made").to_number<int>(), 7);
  CAF_CHECK_EQUAL(document.at("supervision").at("restarts").to_number<int>(),
                  3);
  CAF_CHECK_EQUAL(
    document.at("counted_to").at("supervision_event").to_number<int>(), 34);
  CAF_CHECK_EQUAL(document.at("counted_to").at("quarantined")
                    .at("not_positive").to_number<int>(),
                  12);
  auto text = analysis::to_text(document);
  CAF_CHECK(holds(text, "cycles      10 in time, 1 late, 2 missed (not running "
                        "when it was due 2), 0 owed"));
  CAF_CHECK(holds(text, "predictions 7 (BUY 3, HOLD 4), 5 abstentions "
                        "(stale_prices 5)"));
  CAF_CHECK(holds(text, "data        1 bar, 6 refused (not_positive 6), 7 "
                        "repaired (ohlc_order 7), 0 revised"));
  CAF_CHECK(holds(text, "model       m-1"));
  CAF_CHECK(holds(text, "training    failed at 2025-07-01T01:00:00Z: too few "
                        "samples"));
  CAF_CHECK(holds(text, "supervision 3 restarts (cycle 2, evaluator 1), 1 "
                        "escalation"));
}

#pragma once

/// Records like those of a real run, small enough to see through.

#include "actors/store/ledger.hpp"
#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"
#include "tests/scratch_folder.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace banksia::store_test {

inline const auto first_slot = from_micros(1'751'350'200'000'000);

inline timestamp slot_at(int i) {
  return first_slot + std::chrono::minutes{30} * i;
}

inline cycle_slot make_slot(int i, std::string run = "live") {
  cycle_slot x;
  x.run = std::move(run);
  x.interval = bar_interval::m30;
  x.slot = slot_at(i);
  x.issued_at = x.slot;
  x.id = make_cycle_id(x.run, "30m", x.slot);
  x.sequence = static_cast<std::uint64_t>(i);
  return x;
}

inline market_context make_context() {
  market_context x;
  x.trend = market_trend::bullish;
  x.trend_return = fraction{1.0 / 30};
  x.volatility = fraction{0.11};
  x.multiplier = real{1.05};
  x.buy_threshold = real{0.7};
  x.sell_threshold = real{0.9};
  x.stress = real{0.95};
  x.flagged = false;
  x.lineage = 0xfedc'ba98'7654'3210;
  return x;
}

inline prediction make_prediction(const cycle_slot& slot, std::string symbol) {
  prediction x;
  x.symbol = std::move(symbol);
  x.id = make_prediction_id(slot.run, x.symbol, "30m", slot.slot);
  x.cycle = slot.id;
  x.interval = slot.interval;
  x.slot = slot.slot;
  x.action = trade_action::buy;
  x.optimal_action = trade_action::strong_buy;
  x.confidence = fraction{0.1 + 0.2};
  x.predicted_direction = 1;
  x.predicted_magnitude = fraction{1.0 / 3};
  x.entry_price = price{179.1};
  x.horizon_minutes = 240;
  x.model_version = "rules-1";
  x.context = make_context();
  x.features.set(3, 1.0 / 7);
  x.features.set(52, -0.0);
  x.trace.inputs.rsi14 = real{30.0 / 7};
  x.trace.buy.gates = 9;
  x.trace.buy.holds = true;
  x.trace.sell.confidence = fraction{0.2};
  x.input_lineage = 0x8000'0000'0000'0001;
  x.input_count = 60;
  return x;
}

inline prediction make_abstention(const cycle_slot& slot, std::string symbol) {
  auto x = make_prediction(slot, std::move(symbol));
  x.abstained = true;
  x.reason = abstain_reason::insufficient_history;
  x.action = trade_action::none;
  x.optimal_action = trade_action::none;
  x.confidence = fraction{};
  x.predicted_direction = 0;
  x.predicted_magnitude = fraction{};
  x.entry_price = price{};
  return x;
}

inline obligation owed_by(const prediction& x, std::uint32_t horizon) {
  obligation owed;
  owed.prediction = x.id;
  owed.symbol = x.symbol;
  owed.interval = x.interval;
  owed.slot = x.slot;
  owed.due_at = x.slot + std::chrono::minutes{horizon};
  owed.horizon_minutes = horizon;
  owed.action = x.action;
  owed.entry_price = x.entry_price;
  return owed;
}

/// A completed cycle over the symbols; each prediction owes 60, 240 and 1440.
inline cycle_record make_cycle(int i, std::vector<std::string> symbols,
                               std::string run = "live") {
  cycle_record x;
  x.slot = make_slot(i, std::move(run));
  x.completed_at = x.slot.slot;
  x.context = make_context();
  for (auto& symbol : symbols) {
    x.predictions.push_back(make_prediction(x.slot, std::move(symbol)));
    for (auto horizon : {60u, 240u, 1440u})
      x.obligations.push_back(owed_by(x.predictions.back(), horizon));
  }
  return x;
}

inline outcome make_outcome(const prediction& x, std::uint32_t horizon) {
  outcome result;
  result.prediction = x.id;
  result.id = make_outcome_id(x.id, horizon);
  result.symbol = x.symbol;
  result.horizon_minutes = horizon;
  result.due_at = x.slot + std::chrono::minutes{horizon};
  result.evaluation_timestamp = result.due_at + micros{7};
  result.entry_price = x.entry_price;
  result.exit_price = price{180.3};
  result.actual_return = return_between(x.entry_price, result.exit_price);
  result.total_return = fraction{0.01};
  result.actual_direction = 1;
  result.success = true;
  result.sessions_elapsed = 1;
  result.open_minutes = horizon;
  return result;
}

inline bar make_bar(int i, std::string symbol = "CBA.AX") {
  bar x;
  x.symbol = std::move(symbol);
  x.interval = bar_interval::m30;
  x.opened_at = slot_at(i);
  x.known_at = slot_at(i + 1);
  x.received_at = slot_at(i + 1) + micros{3};
  x.open = price{100.1};
  x.high = price{101.7};
  x.low = price{99.3};
  x.close = price{100.0 + 1.0 / 3};
  x.volume = shares{123456};
  x.source = "csv";
  return x;
}

inline bar_repair make_repair() {
  return {1,      "CBA.AX",     bar_interval::m30, slot_at(0),
          "high", real{1.5}, real{2.5},         "high_under_close"};
}

/// Of bar 0, known from slot 2 on.
inline bar_revision make_revision(bool withdrawn = false) {
  bar_revision x;
  x.content.symbol = "CBA.AX";
  x.content.interval = bar_interval::m30;
  x.content.opened_at = slot_at(0);
  x.content.known_at = slot_at(2);
  x.content.received_at = slot_at(3);
  x.content.source = "yahoo";
  x.content.verdict = bar_verdict::repaired;
  x.withdrawn = withdrawn;
  x.reason = withdrawn ? "spike" : "unit_block";
  if (!withdrawn) {
    x.content.open = price{1.5};
    x.content.high = price{1.75};
    x.content.low = price{1.25};
    x.content.close = price{1.625};
    x.content.volume = shares{7};
  }
  return x;
}

/// Known from slot 1 on.
inline corporate_action make_action(double value = 0.75) {
  corporate_action x;
  x.symbol = "CBA.AX";
  x.effective_at = slot_at(5);
  x.known_at = slot_at(1);
  x.received_at = slot_at(2);
  x.value = real{value};
  x.source = "yahoo";
  return x;
}

/// Known from slot 1 on.
inline listing_change make_listing(std::string symbol = "SUN.AX") {
  listing_change x;
  x.symbol = std::move(symbol);
  x.event = listing_event::halted;
  x.effective_at = slot_at(3);
  x.known_at = slot_at(1);
  x.received_at = slot_at(2);
  x.reason = "an announcement is awaited";
  x.source = "operator";
  return x;
}

inline headline make_headline(int i, std::string symbol = "CBA.AX") {
  headline x;
  x.headline_id = sha256_hex(std::to_string(i));
  x.symbol = std::move(symbol);
  x.title = "A title with ünicode";
  x.source = "wire";
  x.link = "https://example.org/1";
  x.published_at = slot_at(i);
  x.known_at = slot_at(i) + micros{5};
  x.received_at = slot_at(i) + micros{6};
  x.score = real{-0.3};
  x.scored = true;
  return x;
}

/// A store in a folder of its own.
struct store_fixture {
  test::scratch_folder folder;
  storage::database db{store::open_for_writing(folder.file())};
  store::ledger ledger{db};
  store::queries queries{db};

  store_fixture() {
    ledger.set_provenance({"hash", "text", "build"});
    ledger.register_run("live", "live", "{}");
  }

  std::int64_t count(const std::string& table) {
    return db.scalar("SELECT count(*) FROM " + table);
  }
};

inline job_record make_job() {
  job_record x;
  x.run = "live";
  x.kind = "morning";
  x.due_at = first_slot;
  x.status = "owed";
  return x;
}

inline training_record make_training() {
  training_record x;
  x.training_id = "t1";
  x.run = "live";
  x.cause = "schedule";
  x.requested_at = first_slot;
  x.status = "owed";
  x.stage = "waiting";
  return x;
}

inline model_record make_model() {
  return {1, "m1", "candidate", "mlp", slot_at(0), slot_at(0), "trained", "{}"};
}

} // namespace banksia::store_test

#pragma once

/// A plan, times and bars as a small real run has them.

#include "actors/run_plan.hpp"
#include "actors/scheduler/slot_walk.hpp"
#include "messages/protocol.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace banksia::actors_test {

using namespace std::chrono_literals;

/// RFC 3339 to a time. @throws std::runtime_error on a misspelt one
inline timestamp at(std::string_view text) {
  if (auto t = parse_rfc3339(text))
    return *t;
  throw std::runtime_error("not a time: " + std::string{text});
}

/// Made once: it takes longer than most tests here.
inline const exchange_calendar& sydney() {
  static const exchange_calendar calendar;
  return calendar;
}

inline run_plan make_plan() {
  static const run_plan usual;
  auto plan = usual;
  plan.symbols = {"CBA.AX", "WBC.AX", "MQG.AX"};
  plan.horizons_minutes = {60, 240, 1440};
  return plan;
}

/// A session day with 30 minute slots from 10:30 to 16:00 in Sydney.
inline shared_plan intraday_plan() {
  return std::make_shared<run_plan>(make_plan());
}

inline shared_plan daily_bars_plan() {
  auto plan = make_plan();
  plan.run = "replay";
  plan.interval = plan.data_interval = bar_interval::d1;
  plan.horizons_minutes = {1440};
  plan.primary_horizon_minutes = 1440;
  plan.stale_after = std::chrono::minutes{0};
  return std::make_shared<run_plan>(std::move(plan));
}

/// The session of a date; the tests know that there is one.
inline const session& session_of(trading_date date) {
  if (auto found = sydney().session_on(date))
    return *found;
  throw std::runtime_error("no session on " + to_string(date));
}

/// Tuesday, 1 July 2025: 00:00Z to 06:00Z, auction until 06:10Z.
inline const session& first_day() {
  return session_of(std::chrono::year{2025} / 7 / 1);
}

/// The slot `i` half-hours after that day's first.
inline timestamp slot_time(int i) {
  return first_day().opens_at + 30min * (i + 1);
}

inline cycle_slot slot_of(const run_plan& plan, int i) {
  return make_slot(plan, slot_time(i), slot_time(i));
}

/// A five minute bar of one price.
inline bar make_bar(std::string symbol, timestamp known_at, double close) {
  bar x;
  x.symbol = std::move(symbol);
  x.interval = bar_interval::m5;
  x.opened_at = known_at - 5min;
  x.known_at = x.received_at = known_at;
  x.open = x.high = x.low = x.close = price{close};
  x.volume = shares{1000};
  x.source = "test";
  return x;
}

inline bar daily_bar(std::string symbol, const session& s, double close) {
  auto x = make_bar(std::move(symbol), s.auction_ends_at, close);
  x.interval = bar_interval::d1;
  x.opened_at = s.opens_at;
  return x;
}

/// A symbol's answer to a cycle: a prediction to buy at 100.
inline prediction_draft make_draft(const run_plan& plan,
                                   const cycle_slot& slot,
                                   std::uint32_t index) {
  prediction_draft draft;
  draft.sequence = slot.sequence;
  draft.symbol_index = index;
  auto& p = draft.content;
  p.symbol = plan.symbols[index];
  p.id = make_prediction_id(slot.run, p.symbol, to_string(slot.interval),
                            slot.slot);
  p.cycle = slot.id;
  p.interval = slot.interval;
  p.slot = slot.slot;
  p.action = p.optimal_action = trade_action::buy;
  p.confidence = fraction{0.8};
  p.predicted_direction = 1;
  p.entry_price = price{100.0};
  p.horizon_minutes = plan.primary_horizon_minutes;
  p.model_version = plan.model_version;
  return draft;
}

inline obligation owed_for(const run_plan& plan, const std::string& symbol,
                           timestamp slot, std::uint32_t horizon,
                           double entry = 100.0,
                           trade_action action = trade_action::buy) {
  obligation x;
  x.symbol = symbol;
  x.prediction = make_prediction_id(plan.run, symbol, to_string(plan.interval),
                                    slot);
  x.interval = plan.interval;
  x.slot = slot;
  x.due_at = due_at(plan, slot, horizon).value();
  x.horizon_minutes = horizon;
  x.action = action;
  x.entry_price = price{entry};
  return x;
}

} // namespace banksia::actors_test

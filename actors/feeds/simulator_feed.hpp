#pragma once

#include "actors/feeds/delivery.hpp"
#include "actors/store/outbox.hpp"
#include "messages/actors.hpp"
#include "models/market/simulator.hpp"
#include "runtime/supervision/shell.hpp"

#include <deque>
#include <optional>

namespace banksia {

/// Where a simulated market stands.
struct simulation_start {
  simulation::simulator_settings settings;
  trading_date first_session;          ///< of the market, history included
  std::uint32_t history_sessions = 60; ///< delivered as daily bars only
  timestamp after; ///< what was known by then was delivered before a restart
};

/// `feed/prices/simulator`: a seeded market. After a restart it simulates the
/// same sessions again and goes on where it stood. Bars go to the store ahead of
/// everything made from them: the writer commits in order.
struct simulator_feed_state {
  static inline const char* name = "simulator_feed";

  shared_plan plan;
  feed_wiring wiring;
  simulation_start start;
  std::optional<simulation::market_simulator> market;
  std::optional<delivery> out;
  const session* next_session = nullptr; ///< to be simulated
  std::uint32_t sessions_made = 0;
  std::deque<bar> bars;           ///< simulated, not yet known
  std::deque<headline> headlines; ///< likewise
  outbox<bar_batch> unstored_bars;
  outbox<headline_batch> unstored_headlines;
  std::uint64_t next_number = 1;
};

using simulator_feed_self = shell<simulator_feed_state, price_feed_actor>;

price_feed_actor::behavior_type
simulator_feed(simulator_feed_self* self, std::shared_ptr<probe> watched,
               shared_plan plan, feed_wiring wiring, simulation_start start);

} // namespace banksia

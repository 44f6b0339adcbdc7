#pragma once

#include "actors/feeds/delivery.hpp"
#include "actors/store/outbox.hpp"
#include "messages/actors.hpp"
#include "models/market/simulator.hpp"
#include "models/sentiment/headline_rating.hpp"
#include "runtime/supervision/shell.hpp"

#include <caf/typed_response_promise.hpp>

#include <deque>
#include <optional>
#include <set>
#include <string>

namespace banksia {

/// Where a simulated market stands.
struct simulation_start {
  simulation::simulator_settings settings;
  trading_date first_session;          ///< of the market, history included
  std::uint32_t history_sessions = 60; ///< delivered as daily bars
  /// Of these, the last ones are delivered as bars within the day too, so that
  /// there is something to train on.
  std::uint32_t intraday_sessions = 0;
  timestamp after; ///< what was known by then was delivered before a restart
  /// Symbols without a bar in the store: of these all is delivered. A symbol
  /// that was added, but whose past was not stored before a crash, is one.
  std::set<std::string> missing = {};
};

/// What became known in one step. It is delivered after its commit: whoever is
/// started again finds in the store all that its predecessor was sent.
struct feed_step {
  using promise = caf::typed_response_promise<feed_progress>;

  bar_batch bars;
  headline_batch headlines;
  bool headlines_stored = false;
  promise answer;
};

/// `feed/prices/simulator`: a seeded market. After a restart it simulates the
/// same sessions again and delivers them once more from where the node started;
/// receivers refuse what they know. A symbol that is added has always been part
/// of the market: its past is simulated, stored and delivered when it comes, and
/// nobody else's prices change. One that is renamed trades on under its new
/// code.
struct simulator_feed_state {
  static inline const char* name = "simulator_feed";

  shared_plan plan;
  feed_wiring wiring;
  simulation_start start;
  std::optional<simulation::market_simulator> market;
  std::optional<delivery> out;
  sentiment::headline_rating rating; ///< of headlines without a score
  const session* next_session = nullptr; ///< to be simulated
  std::set<std::string> whole; ///< codes of which all is delivered
  std::uint32_t sessions_made = 0;
  std::deque<bar> bars;           ///< simulated, not yet known
  std::deque<headline> headlines; ///< likewise
  std::deque<feed_step> steps; ///< the first one is being stored

  simulator_feed_state() = default;
  simulator_feed_state(const simulator_feed_state&) = delete;
  simulator_feed_state& operator=(const simulator_feed_state&) = delete;
  /// Whoever waits for a step is told that nobody will answer.
  ~simulator_feed_state();
};

using simulator_feed_self = shell<simulator_feed_state, price_feed_actor>;

price_feed_actor::behavior_type
simulator_feed(simulator_feed_self* self, std::shared_ptr<probe> watched,
               shared_plan plan, feed_wiring wiring, simulation_start start);

} // namespace banksia

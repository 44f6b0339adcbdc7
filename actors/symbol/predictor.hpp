#pragma once

/// What one symbol knows and predicts, without any actor: used by the symbol's
/// actor, by `banksia predict` and, to recompute a stored prediction, by
/// `banksia explain`.

#include "actors/run_plan.hpp"
#include "messages/protocol.hpp"
#include "models/features/symbol_features.hpp"
#include "models/market/bar_revisions.hpp"
#include "models/sentiment/news_window.hpp"

#include <deque>
#include <set>
#include <tuple>
#include <vector>

namespace banksia {

/// Look-ahead has no way in: what is told waits until a request's time has
/// reached its `known_at`, whatever order messages arrive in.
///
/// A prediction as of a time is made from all bars known by then, each as the
/// revisions known by then say it, and on the basis of its last bar: each split
/// or dividend known by then takes effect before the first bar that opened at
/// or after it. What is learnt of bars that are part of the state already cannot
/// be undone in it: then this predictor no longer fits, and one that is given
/// everything anew makes the same prediction as if it had never known less.
class predictor {
public:
  /// @param settled no request will ask about a time before it, so that bars
  ///        known by then are applied at once instead of being kept
  predictor(shared_plan plan, std::string symbol, timestamp settled = {});

  /// Takes a bar in; it counts from its `known_at` on.
  void add(bar x);

  /// Takes a headline in; likewise from its `known_at` on.
  void add(const headline& x);

  /// Takes in a split or dividend, or a later word on a bar; likewise. One that
  /// is there already changes nothing.
  void add(const corporate_action& x);
  void add(const bar_revision& x);

  /// Whether a request about `slot` can be answered from what this one holds:
  /// nothing later was asked for, no bar came that should have been in an
  /// earlier answer, and nothing known by then concerns bars that are part of
  /// the state already.
  bool fits(timestamp slot) const;

  /// The prediction or abstention as of the slot, which `fits`. Otherwise what
  /// was learnt too late is left out.
  prediction predict(const cycle_slot& slot, const market_context& context,
                     const market_values& market = {});

  /// The last bars known at the time that was asked about.
  bar_window window() const { return features_.window(); }

  const std::string& symbol() const noexcept { return symbol_; }

  /// The latest time that was asked about.
  timestamp asked_until() const noexcept { return asked_until_; }

  /// Bars that were refused, being older than what is known or unusable.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  /// Makes all bars known by then part of the state.
  void advance(timestamp known_by);
  void learn(timestamp known_by);
  bool is_late(const corporate_action& x) const noexcept;
  bool is_late(const bar_revision& x) const noexcept;
  void apply(const bar& x, timestamp as_of);
  bar_use consume(const bar& x);
  const session* session_of(timestamp t);
  session_time place_in_session(timestamp t);
  session_time place_of(const bar& x);
  feature_surroundings surroundings(const cycle_slot& slot,
                                    const market_context& context,
                                    const market_values& market) const;
  abstain_reason obstacle(timestamp slot) const;

  shared_plan plan_;
  std::string symbol_;
  timestamp settled_;
  std::deque<bar> waiting_; ///< by `known_at`, not yet applied
  std::deque<headline> waiting_news_; ///< likewise: news keep a limited number
  std::deque<corporate_action> waiting_actions_;  ///< by `known_at`
  std::deque<bar_revision> waiting_revisions_;    ///< by `known_at`
  std::vector<corporate_action> pending_; ///< known, no bar after them yet
  bar_revisions revisions_;               ///< known
  std::set<std::tuple<timestamp, action_kind, double>> actions_told_;
  std::set<std::tuple<bar_interval, timestamp, timestamp>> revisions_told_;
  std::optional<timestamp> newest_opened_at_; ///< of the bars applied
  bool overtaken_ = false; ///< something was learnt too late
  symbol_features features_;
  news_window news_;
  const session* cached_session_ = nullptr;
  std::int64_t cached_open_minutes_ = 0; ///< before that session
  timestamp newest_known_at_{};
  timestamp asked_until_{};
  std::uint64_t refused_ = 0;
};

} // namespace banksia

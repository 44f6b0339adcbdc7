#pragma once

/// What one symbol knows and predicts, without any actor: used by the symbol's
/// actor, by `banksia predict` and, to recompute a stored prediction, by
/// `banksia explain`.

#include "actors/run_plan.hpp"
#include "messages/protocol.hpp"
#include "models/features/symbol_features.hpp"
#include "models/sentiment/news_window.hpp"

#include <deque>

namespace banksia {

/// Look-ahead has no way in: a bar waits until a request's time has reached its
/// `known_at`, whatever order messages arrive in.
class predictor {
public:
  /// @param settled no request will ask about a time before it, so that bars
  ///        known by then are applied at once instead of being kept
  predictor(shared_plan plan, std::string symbol, timestamp settled = {});

  /// Takes a bar in; it counts from its `known_at` on.
  void add(bar x);

  /// Takes a headline in; likewise from its `known_at` on.
  void add(const headline& x);

  /// The prediction or abstention as of the slot.
  prediction predict(const cycle_slot& slot, const market_context& context);

  const std::string& symbol() const noexcept { return symbol_; }

  /// The latest time that was asked about. A request about an earlier one needs
  /// a new predictor: this one knows more than was known then.
  timestamp asked_until() const noexcept { return asked_until_; }

  /// Bars that were refused, being older than what is known or unusable.
  std::uint64_t refused() const noexcept { return refused_; }

private:
  /// Makes all bars known by then part of the state.
  void advance(timestamp known_by);
  void apply(const bar& x);
  const session* session_of(timestamp t);
  session_time place_in_session(timestamp t);
  abstain_reason obstacle(timestamp slot) const;

  shared_plan plan_;
  std::string symbol_;
  timestamp settled_;
  std::deque<bar> waiting_; ///< by `known_at`, not yet applied
  std::deque<headline> waiting_news_; ///< likewise: news keep a limited number
  symbol_features features_;
  news_window news_;
  const session* cached_session_ = nullptr;
  timestamp newest_known_at_{};
  timestamp asked_until_{};
  std::uint64_t refused_ = 0;
};

} // namespace banksia

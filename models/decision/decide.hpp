#pragma once

/// The rule engine: inputs and context to BUY, SELL or HOLD.

#include "messages/domain.hpp"
#include "models/decision/rule_parameters.hpp"
#include "models/decision/score_side.hpp"

#include <cstdint>

namespace banksia {

/// A decision and all that went into it.
struct decision {
  using gate = rule_gate;

  trade_action action = trade_action::hold;         ///< buy, sell or hold
  trade_action optimal_action = trade_action::hold; ///< may be strong
  fraction confidence;
  std::int8_t direction = 0; ///< +1 buy, -1 sell, 0 hold
  fraction magnitude;        ///< signed expected return over the horizon
  decision_trace trace;

  friend bool operator==(const decision&, const decision&) = default;
};

/// Decides. The side whose gates all hold wins; with both the more confident
/// one, and at equal confidence or with none it is HOLD, with confidence
/// 1 - the higher of both, clamped. Magnitude = direction ×
/// max(0, 2 confidence - 1) × volatility × √`horizon_sessions`; a negative
/// horizon counts as zero. `p` must be fit (`problem_of`).
decision decide(const rule_inputs& inputs, const market_context& context,
                double horizon_sessions, const rule_parameters& p) noexcept;

/// Inputs on which BUY scores what SELL scores on `x`, up to rounding in
/// 2 sma20 - sma5 and 100 - rsi.
rule_inputs mirrored(const rule_inputs& x) noexcept;

/// The context with BULLISH and BEARISH exchanged.
market_context mirrored(market_context x, const rule_parameters& p) noexcept;

} // namespace banksia

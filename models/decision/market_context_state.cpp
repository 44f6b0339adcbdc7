#include "models/decision/market_context_state.hpp"

#include "models/decision/score_side.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace banksia {

namespace {

market_trend trend_of(double change, const rule_parameters& p) noexcept {
  if (change < p.bearish_below)
    return market_trend::bearish;
  return change > p.bullish_above ? market_trend::bullish
                                  : market_trend::neutral;
}

double stress_of(double change, double volatility,
                 const rule_parameters& p) noexcept {
  if (!(volatility > p.stress_volatility_above))
    return 1.0;
  auto crash
    = change < p.crash_trend_below && volatility > p.crash_volatility_above;
  return crash ? p.stress_multiplier * p.crash_multiplier
               : p.stress_multiplier;
}

} // namespace

bar_use market_context_state::add(const bar& index_bar, int session_ordinal) {
  auto close = index_bar.close.value();
  if (!std::isfinite(close) || !(close > 0.0))
    return bar_use::unusable;
  auto daily = index_bar.interval == bar_interval::d1;
  auto same = count_ > 0 && closes_.back().ordinal == session_ordinal;
  if (count_ > 0 && session_ordinal < closes_.back().ordinal)
    return bar_use::out_of_order;
  if (same
      && (newest_whole_ || (!daily && index_bar.opened_at < until_)))
    return bar_use::out_of_order;
  if (!same) {
    std::copy(closes_.begin() + 1, closes_.end(), closes_.begin());
    count_ = std::min(count_ + 1, window);
  }
  closes_.back() = {session_ordinal, close};
  newest_whole_ = daily;
  until_ = index_bar.opened_at
           + std::chrono::minutes{minutes_of(index_bar.interval)};
  lineage_.add(index_bar);
  return bar_use::consumed;
}

bool market_context_state::fit_for(int session_ordinal, bar_interval interval,
                                   const rule_parameters& p) const noexcept {
  if (count_ < window)
    return false;
  auto behind = session_ordinal - closes_.back().ordinal;
  auto allowed = interval == bar_interval::d1 ? 0 : 1;
  if (behind < 0 || behind > allowed)
    return false;
  return session_ordinal - closes_.front().ordinal <= p.context_sessions_max;
}

market_context market_context_state::at(int session_ordinal,
                                        bar_interval interval,
                                        const rule_parameters& p) const {
  market_context x;
  if (fit_for(session_ordinal, interval, p)) {
    std::array<double, window - 1> returns;
    double sum = 0.0;
    for (std::size_t i = 0; i < returns.size(); ++i) {
      returns[i] = closes_[i + 1].close / closes_[i].close - 1.0;
      sum += returns[i];
    }
    auto mean = sum / static_cast<double>(returns.size());
    double squares = 0.0;
    for (auto r : returns)
      squares += (r - mean) * (r - mean);
    auto deviation
      = std::sqrt(squares / static_cast<double>(returns.size() - 1));
    auto volatility = deviation * std::sqrt(p.sessions_per_year);
    auto change = closes_.back().close / closes_.front().close - 1.0;
    x.trend = trend_of(change, p);
    x.trend_return = fraction{change};
    x.volatility = fraction{volatility};
    x.stress = real{stress_of(change, volatility, p)};
    x.flagged = false;
    x.lineage = lineage_.value();
  }
  x.multiplier = real{multiplier_of(x.trend, p)};
  x.buy_threshold = real{threshold_of(x.trend, p)};
  x.sell_threshold = real{threshold_of(mirrored(x.trend), p)};
  return x;
}

} // namespace banksia

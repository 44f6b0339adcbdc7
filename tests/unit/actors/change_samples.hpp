#pragma once

/// Splits, dividends and revisions of a symbol's past.

#include "tests/unit/actors/market_samples.hpp"

#include <random>

namespace banksia::actors_test {

inline corporate_action make_action(action_kind kind, const std::string& symbol,
                                    timestamp effective_at, double value,
                                    timestamp known_at) {
  corporate_action x;
  x.symbol = symbol;
  x.kind = kind;
  x.effective_at = effective_at;
  x.known_at = x.received_at = known_at;
  x.value = real{value};
  x.source = "test";
  return x;
}

inline bar_revision make_revision(const bar& of, double close,
                                  timestamp known_at) {
  bar_revision x;
  x.content = of;
  x.content.known_at = known_at;
  x.content.open = x.content.high = x.content.low = x.content.close
    = price{close};
  x.content.verdict = bar_verdict::repaired;
  x.reason = "test";
  return x;
}

inline bar_revision make_withdrawal(const bar& of, timestamp known_at) {
  auto x = make_revision(of, 0.0, known_at);
  x.withdrawn = true;
  return x;
}

/// What changes bars.
struct changes {
  std::vector<corporate_action> actions;
  std::vector<bar_revision> revisions;
};

/// Some of each, known before, with and after the bars they are about.
inline changes random_changes(const symbol_past& past, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  auto any = [&](std::size_t n) { return random() % n; };
  auto all = past.all();
  auto last = all.back().known_at;
  auto some_time = [&] {
    auto first = all.front().known_at;
    return any(3) == 0 ? last - std::chrono::minutes{any(600)}
                       : first + std::chrono::minutes{any(
                           static_cast<std::size_t>((last - first)
                                                    / std::chrono::minutes{1}))};
  };
  changes result;
  for (int i = 0; i < 4; ++i) {
    const auto& day = any(4) == 0 ? past.intraday.front()
                                  : past.daily[any(past.daily.size())];
    auto kind = any(2) == 0 ? action_kind::split : action_kind::dividend;
    auto value = kind == action_kind::split
                   ? 0.25 * static_cast<double>(1 + any(12))
                   : 0.01 * static_cast<double>(1 + any(90));
    result.actions.push_back(
      make_action(kind, day.symbol, day.opened_at, value, some_time()));
  }
  for (int i = 0; i < 6; ++i) {
    const auto& of = all[any(all.size())];
    auto known_at = std::max(some_time(), of.known_at);
    result.revisions.push_back(
      any(3) == 0 ? make_withdrawal(of, known_at)
                  : make_revision(of, of.close.value() * 1.01, known_at));
  }
  return result;
}

} // namespace banksia::actors_test

#include "models/market/adjustment.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace banksia {

namespace {

bool is_split(const corporate_action& x) noexcept {
  return x.kind == action_kind::split;
}

/// Valid actions known by `as_of`, in order of effect. Ties are broken by
/// every field: the order given does not matter.
std::vector<corporate_action>
known_actions(std::span<const corporate_action> actions, timestamp as_of) {
  std::vector<corporate_action> result;
  for (const auto& x : actions)
    if (x.known_at <= as_of && problem_of(x).empty())
      result.push_back(x);
  std::sort(result.begin(), result.end(), effective_before);
  return result;
}

/// The last close that opened before `t` and is known by `as_of`.
const traded_close* close_before(std::span<const traded_close> closes,
                                 timestamp t, timestamp as_of) {
  auto end = std::lower_bound(closes.begin(), closes.end(), t,
                              [](const auto& x, timestamp y) {
                                return x.opened_at < y;
                              });
  while (end != closes.begin()) {
    --end;
    if (end->known_at <= as_of && end->close > 0.0)
      return &*end;
  }
  return nullptr;
}

/// 1 − dividend / close before, where the dividend is in the shares that trade
/// after the splits of the same day, and the close in those before.
double kept_share(const corporate_action& dividend,
                  std::span<const corporate_action> actions,
                  std::span<const traded_close> closes, timestamp as_of) {
  const auto* before = close_before(closes, dividend.effective_at, as_of);
  if (!before)
    return 1.0;
  auto splits = 1.0;
  for (const auto& x : actions)
    if (is_split(x) && x.effective_at > before->opened_at
        && x.effective_at <= dividend.effective_at)
      splits *= x.value.value();
  auto kept = 1.0 - dividend.value.value() * splits / before->close;
  return kept > 0.0 ? kept : 1.0;
}

} // namespace

std::string_view problem_of(const corporate_action& x) noexcept {
  if (!std::isfinite(x.value.value()))
    return "the value is no number";
  if (x.value.value() <= 0.0)
    return "the value is not positive";
  return {};
}

bool effective_before(const corporate_action& a,
                      const corporate_action& b) noexcept {
  return std::tuple(a.effective_at, a.kind, a.value.value(), a.known_at)
         < std::tuple(b.effective_at, b.kind, b.value.value(), b.known_at);
}

basis_change change_of_basis(std::span<const corporate_action> actions,
                             double close_before) {
  std::vector<corporate_action> ordered;
  for (const auto& x : actions)
    if (problem_of(x).empty())
      ordered.push_back(x);
  std::sort(ordered.begin(), ordered.end(), effective_before);
  double splits = 1.0;
  double dividends = 1.0;
  for (const auto& x : ordered) {
    if (is_split(x)) {
      splits *= x.value.value();
      continue;
    }
    // The dividend is in the shares of its day, the close in those before.
    auto kept = close_before > 0.0
                  ? 1.0 - x.value.value() * splits / close_before
                  : 1.0;
    dividends *= kept > 0.0 ? kept : 1.0;
  }
  return {dividends / splits, splits};
}

double split_factor(std::span<const corporate_action> actions, timestamp entry,
                    timestamp exit, timestamp as_of) {
  double result = 1.0;
  for (const auto& x : known_actions(actions, as_of))
    if (is_split(x) && x.effective_at > entry && x.effective_at <= exit)
      result *= x.value.value();
  return result;
}

double total_return_factor(std::span<const corporate_action> actions,
                           std::span<const traded_close> closes,
                           timestamp entry, timestamp exit, timestamp as_of) {
  auto known = known_actions(actions, as_of);
  double result = 1.0;
  for (const auto& x : known) {
    if (x.effective_at <= entry || x.effective_at > exit)
      continue;
    if (is_split(x))
      result *= x.value.value();
    else
      result /= kept_share(x, known, closes, as_of);
  }
  return result;
}

std::vector<adjusted_close>
adjust(std::span<const traded_close> closes,
       std::span<const corporate_action> actions, timestamp as_of) {
  auto known = known_actions(actions, as_of);
  std::vector<adjusted_close> result;
  result.reserve(closes.size());
  auto next = known.rbegin();
  // What is not in effect yet moves no price.
  while (next != known.rend() && next->effective_at > as_of)
    ++next;
  double splits = 1.0;
  double dividends = 1.0;
  for (auto x = closes.rbegin(); x != closes.rend(); ++x) {
    if (x->known_at > as_of)
      continue;
    for (; next != known.rend() && next->effective_at > x->opened_at; ++next)
      if (is_split(*next))
        splits *= next->value.value();
      else
        dividends *= kept_share(*next, known, closes, as_of);
    auto adjusted = x->close / splits;
    result.push_back({x->opened_at, x->close, adjusted, adjusted * dividends});
  }
  std::reverse(result.begin(), result.end());
  return result;
}

std::string symbol_at(std::span<const renaming> renamings,
                      std::string_view symbol, timestamp from, timestamp at,
                      timestamp as_of) {
  std::vector<const renaming*> known;
  for (const auto& x : renamings)
    if (x.known_at <= as_of)
      known.push_back(&x);
  std::sort(known.begin(), known.end(), [](const auto* a, const auto* b) {
    return std::tie(a->effective_at, a->from, a->to)
           < std::tie(b->effective_at, b->from, b->to);
  });
  std::string result{symbol};
  if (at >= from) {
    for (const auto* x : known)
      if (x->effective_at > from && x->effective_at <= at && x->from == result)
        result = x->to;
  } else {
    for (auto x = known.rbegin(); x != known.rend(); ++x)
      if ((*x)->effective_at > at && (*x)->effective_at <= from
          && (*x)->to == result)
        result = (*x)->from;
  }
  return result;
}

} // namespace banksia

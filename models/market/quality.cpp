#include "models/market/quality.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace banksia {

namespace {

constexpr std::array<std::string_view, 3> action_names{"accept", "repair",
                                                       "quarantine"};

constexpr std::array<std::string_view, 8> rule_names{
  "",           "malformed",       "market_closed", "not_finite",
  "negative_volume", "not_positive", "stale_copy",    "ohlc_order"};

constexpr std::array<std::string_view, 5> class_names{
  "stored", "duplicates", "merged", "repaired", "quarantined"};

bool all_finite(const bar_values& x) noexcept {
  return std::isfinite(x.open) && std::isfinite(x.high) && std::isfinite(x.low)
         && std::isfinite(x.close) && std::isfinite(x.volume);
}

/// Whether the number of shares has at least four digits before its zeros.
bool is_distinctive_volume(double volume) noexcept {
  constexpr double exact_below = 9007199254740992.0; // 2^53
  if (volume != std::floor(volume) || volume >= exact_below)
    return true;
  auto digits = static_cast<std::uint64_t>(volume);
  while (digits != 0 && digits % 10 == 0)
    digits /= 10;
  return digits >= 1000;
}

std::size_t distinct_prices(const bar_values& x) {
  std::array<double, 4> prices{x.open, x.high, x.low, x.close};
  std::sort(prices.begin(), prices.end());
  auto end = std::unique(prices.begin(), prices.end());
  return static_cast<std::size_t>(end - prices.begin());
}

/// Whether a repeated row cannot be chance.
bool is_telling(const bar_values& x) {
  if (!(x.high > x.low))
    return false;
  return x.volume == 0.0 ? distinct_prices(x) >= 3
                         : is_distinctive_volume(x.volume);
}

quality_verdict quarantine(quality_verdict verdict, quality_rule rule) {
  verdict.action = quality_action::quarantine;
  verdict.rule = rule;
  return verdict;
}

void change(quality_verdict& verdict, quality_rule rule, bar_column field,
            double& value, double to) {
  if (value == to)
    return;
  if (verdict.rule == quality_rule::none)
    verdict.rule = rule;
  verdict.action = quality_action::repair;
  auto begin = verdict.repairs.begin();
  auto end = begin + static_cast<std::ptrdiff_t>(verdict.repair_count);
  auto same = std::find_if(begin, end,
                           [&](const auto& x) { return x.field == field; });
  if (same == end) {
    assert(verdict.repair_count < verdict.repairs.size());
    *same = {field, value, to};
    ++verdict.repair_count;
  } else {
    same->to = to; // one step from what came to what is stored
  }
  value = to;
}

/// Replaces an open, high or low that is no price. The close is one.
void fill_prices(quality_verdict& verdict, const seen_rows& seen) {
  constexpr auto rule = quality_rule::not_positive;
  auto& x = verdict.values;
  if (x.high <= 0.0)
    change(verdict, rule, bar_column::high, x.high,
           std::max({x.open, x.low, x.close}));
  if (x.low <= 0.0)
    change(verdict, rule, bar_column::low, x.low,
           x.open > 0.0 ? std::min({x.open, x.high, x.close})
                        : std::min(x.high, x.close));
  if (x.open <= 0.0) {
    auto [low, high] = std::minmax({x.low, x.high});
    change(verdict, rule, bar_column::open, x.open,
           seen.accepted_close ? std::clamp(*seen.accepted_close, low, high)
                               : x.close);
  }
}

/// Widens the range until it encloses open and close.
void widen_range(quality_verdict& verdict) {
  constexpr auto rule = quality_rule::ohlc_order;
  auto& x = verdict.values;
  auto high = std::max({x.open, x.high, x.low, x.close});
  auto low = std::min({x.open, x.high, x.low, x.close});
  change(verdict, rule, bar_column::high, x.high, high);
  change(verdict, rule, bar_column::low, x.low, low);
}

} // namespace

bar_values values_of(const bar& x) noexcept {
  return {x.open.value(), x.high.value(), x.low.value(), x.close.value(),
          x.volume.value()};
}

void put(bar& x, const bar_values& values) noexcept {
  x.open = price{values.open};
  x.high = price{values.high};
  x.low = price{values.low};
  x.close = price{values.close};
  x.volume = shares{values.volume};
}

std::string_view to_string(quality_action x) noexcept {
  return action_names[static_cast<std::size_t>(x)];
}

std::string_view to_string(row_class x) noexcept {
  return class_names[static_cast<std::size_t>(x)];
}

std::string_view reason_of(const quality_verdict& verdict) noexcept {
  return verdict.rule == quality_rule::malformed
           ? to_string(verdict.problem)
           : rule_names[static_cast<std::size_t>(verdict.rule)];
}

quality_verdict judge_row(const bar_values& values, timestamp at,
                          bool market_open, const seen_rows& seen) {
  quality_verdict verdict;
  verdict.values = values;
  auto has_before = seen.last_at && *seen.last_at < at;
  verdict.is_copy = has_before && values == seen.last;
  if (!market_open)
    return quarantine(verdict, quality_rule::market_closed);
  if (!all_finite(values))
    return quarantine(verdict, quality_rule::not_finite);
  if (values.volume < 0.0)
    return quarantine(verdict, quality_rule::negative_volume);
  if (values.close <= 0.0)
    return quarantine(verdict, quality_rule::not_positive);
  if (verdict.is_copy && is_telling(values))
    return quarantine(verdict, quality_rule::stale_copy);
  fill_prices(verdict, has_before ? seen : seen_rows{});
  widen_range(verdict);
  return verdict;
}

quality_verdict judge_malformed(const raw_row& row) {
  assert(row.problem != row_problem::none);
  quality_verdict verdict;
  verdict.values = row.values;
  verdict.problem = row.problem;
  return quarantine(verdict, quality_rule::malformed);
}

void remember(seen_rows& seen, const bar_values& as_it_came, timestamp at,
              const quality_verdict& verdict) {
  if ((seen.last_at && *seen.last_at >= at)
      || verdict.rule == quality_rule::malformed)
    return;
  seen.last_at = at;
  seen.last = as_it_came;
  if (verdict.action != quality_action::quarantine)
    seen.accepted_close = verdict.values.close;
}

reconciliation reconcile(const std::optional<bar_values>& stored,
                         const bar_values& incoming) noexcept {
  if (!stored)
    return reconciliation::fresh;
  if (*stored == incoming)
    return reconciliation::duplicate;
  return incoming.volume > 0.0 && !(stored->volume > 0.0)
           ? reconciliation::take_incoming
           : reconciliation::keep_stored;
}

row_class classify(quality_action action, reconciliation against) noexcept {
  if (action == quality_action::quarantine)
    return row_class::quarantined;
  if (against == reconciliation::duplicate)
    return row_class::duplicate;
  if (against != reconciliation::fresh)
    return row_class::merged;
  return action == quality_action::repair ? row_class::repaired
                                          : row_class::stored;
}

} // namespace banksia

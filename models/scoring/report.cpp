#include "models/scoring/report.hpp"

#include "models/scoring/day_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

namespace banksia {

namespace {

// -- groups -------------------------------------------------------------------

constexpr std::array reported_actions{trade_action::buy, trade_action::sell,
                                      trade_action::hold};

/// First minute of each bucket: closed all along, each hour up to the default
/// horizon of four, and longer (a whole session).
constexpr std::array<std::uint32_t, 6> bucket_starts{0, 1, 61, 121, 181, 241};

constexpr std::size_t all_group = 0;
constexpr std::size_t directional_group = 1;
constexpr std::size_t first_action_group = 2;
constexpr std::size_t first_bucket_group
  = first_action_group + reported_actions.size();
constexpr std::size_t group_count = first_bucket_group + bucket_starts.size();

std::size_t action_group(trade_action action) {
  auto i = std::find(reported_actions.begin(), reported_actions.end(), action);
  return first_action_group
         + static_cast<std::size_t>(i - reported_actions.begin());
}

std::size_t bucket_group(std::uint32_t open_minutes) {
  auto i = std::upper_bound(bucket_starts.begin(), bucket_starts.end(),
                            open_minutes);
  return first_bucket_group
         + static_cast<std::size_t>(i - bucket_starts.begin()) - 1;
}

/// The groups of a sample: of all four kinds, or three for a HOLD.
std::vector<std::size_t> groups_of(const scored_sample& x) {
  std::vector<std::size_t> result{all_group, action_group(x.action),
                                  bucket_group(x.open_minutes)};
  if (x.action != trade_action::hold)
    result.push_back(directional_group);
  return result;
}

// -- samples ------------------------------------------------------------------

bool usable(const scored_sample& x) {
  auto confidence = x.confidence.value();
  return std::find(reported_actions.begin(), reported_actions.end(), x.action)
           != reported_actions.end()
         && x.day.ok() && std::isfinite(x.actual_return.value())
         && confidence >= 0.0 && confidence <= 1.0;
}

/// The samples that headline rates are made of; the rest is counted.
std::vector<const scored_sample*>
select(std::span<const scored_sample> samples, excluded_counts& excluded) {
  std::vector<const scored_sample*> result;
  result.reserve(samples.size());
  for (const auto& x : samples) {
    if (!usable(x))
      ++excluded.unusable;
    else if (x.sessions_elapsed > 1)
      ++excluded.gaps;
    else
      result.push_back(&x);
  }
  return result;
}

day_table make_table(const std::vector<const scored_sample*>& samples) {
  std::vector<trading_date> days;
  days.reserve(samples.size());
  for (const auto* x : samples)
    days.push_back(x->day);
  return day_table{std::move(days), group_count};
}

/// How often BUY and SELL were right, day by day.
suspicion leak_of(const std::vector<const scored_sample*>& samples) {
  std::map<trading_date, day_hits> by_day;
  for (const auto* x : samples) {
    if (x->action == trade_action::hold)
      continue;
    auto& day = by_day[x->day];
    ++day.told;
    day.right += plan_success(x->action, x->actual_return);
  }
  std::vector<day_hits> days;
  for (const auto& [day, hits] : by_day)
    days.push_back(hits);
  return suspicion_of(days);
}

// -- the whole ----------------------------------------------------------------

std::optional<std::uint64_t> days_needed(const group_performance& x) {
  if (x.difference.value <= 0.0)
    return std::nullopt;
  return days_to_tell_apart(x.difference, x.days);
}

std::optional<double> coverage_of(const report_counts& x) {
  auto all = static_cast<double>(x.predictions)
             + static_cast<double>(x.abstentions);
  if (all == 0.0)
    return std::nullopt;
  return static_cast<double>(x.predictions) / all;
}

} // namespace

performance_report make_report(std::span<const scored_sample> samples,
                               const report_counts& counts,
                               const bootstrap_options& options) {
  performance_report result;
  result.counts = counts;
  result.coverage = coverage_of(counts);
  result.excluded.void_outcomes = counts.void_outcomes;
  auto chosen = select(samples, result.excluded);
  auto table = make_table(chosen);
  std::array<double, group_count> confidence_sums{};
  for (const auto* x : chosen) {
    result.success_disagreements
      += x->success != plan_success(x->action, x->actual_return);
    for (auto group : groups_of(*x)) {
      table.add(x->day, group, x->action, x->actual_return);
      confidence_sums[group] += x->confidence.value();
    }
  }
  auto replicates = table.bootstrap(options);
  auto fill = [&](group_performance& target, std::size_t group) {
    target = judge_group(table.total(group), table.days_with(group),
                         options.block_days, confidence_sums[group],
                         std::move(replicates[group]));
  };
  fill(result, all_group);
  fill(result.directional, directional_group);
  for (std::size_t i = 0; i < reported_actions.size(); ++i) {
    result.by_action[i].action = reported_actions[i];
    fill(result.by_action[i], first_action_group + i);
  }
  for (std::size_t i = 0; i < bucket_starts.size(); ++i) {
    open_minutes_performance bucket;
    bucket.from_minutes = bucket_starts[i];
    if (i + 1 < bucket_starts.size())
      bucket.to_minutes = bucket_starts[i + 1] - 1;
    fill(bucket, first_bucket_group + i);
    if (bucket.samples > 0)
      result.by_open_minutes.push_back(bucket);
  }
  result.days_needed = days_needed(result);
  result.leak = leak_of(chosen);
  return result;
}

} // namespace banksia

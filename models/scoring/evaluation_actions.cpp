#include "models/scoring/day_table.hpp"
#include "models/scoring/evaluation_parts.hpp"

#include <cstddef>
#include <utility>

namespace banksia {

namespace {

/// Groups of one forecast in the table of successes.
enum group : std::size_t { all, buy, sell, directional, group_count };

/// What a forecast's directions came to, a day each.
struct day_directions {
  std::vector<direction_table> tables;
  std::vector<day_hits> hits;

  explicit day_directions(std::uint32_t days) : tables(days), hits(days) {}

  void add(std::uint32_t row, trade_action action, fraction r) {
    auto told_up = action == trade_action::buy;
    tables[row].add(told_up, r.value() > 0.0);
    ++hits[row].told;
    hits[row].right += plan_success(action, r);
  }
};

day_directions fill(day_table& table, std::size_t first_group,
                    const judged_samples& x, const named_forecast& forecast) {
  day_directions result{x.days};
  for (std::size_t i = 0; i < x.samples.size(); ++i) {
    auto action = forecast.actions[i];
    auto r = x.samples[i].actual_return;
    auto row = x.rows[i];
    if (action == trade_action::none)
      continue;
    table.add_at(row, first_group + all, action, r);
    if (action == trade_action::hold)
      continue;
    table.add_at(row, first_group + (action == trade_action::buy ? buy : sell),
                 action, r);
    table.add_at(row, first_group + directional, action, r);
    result.add(row, action, r);
  }
  return result;
}

direction_table sum_of(const std::vector<direction_table>& days) {
  direction_table sum;
  for (const auto& x : days) {
    sum.told_up_rose += x.told_up_rose;
    sum.told_up_fell += x.told_up_fell;
    sum.told_down_rose += x.told_down_rose;
    sum.told_down_fell += x.told_down_fell;
  }
  return sum;
}

void judge_directions(action_evaluation& result, const day_directions& x,
                      const evaluation_options& options) {
  result.direction_test = pesaran_timmermann(sum_of(x.tables));
  result.direction_test_by_day = pesaran_timmermann_by_day(x.tables);
  result.leak = suspicion_of(x.hits, options.suspicion);
}

} // namespace

std::vector<std::optional<action_evaluation>>
evaluate_actions(const judged_samples& x,
                 std::span<const named_forecast* const> forecasts,
                 const evaluation_options& options) {
  std::vector<trading_date> days;
  for (const auto& sample : x.samples)
    days.push_back(sample.day);
  day_table table{std::move(days), forecasts.size() * group_count};
  std::vector<std::optional<action_evaluation>> result(forecasts.size());
  for (std::size_t k = 0; k < forecasts.size(); ++k) {
    if (forecasts[k]->actions.empty())
      continue;
    auto directions = fill(table, k * group_count, x, *forecasts[k]);
    judge_directions(result[k].emplace(), directions, options);
  }
  auto replicates = table.bootstrap(options.bootstrap);
  const auto samples = static_cast<double>(x.samples.size());
  for (std::size_t k = 0; k < forecasts.size(); ++k) {
    if (!result[k])
      continue;
    auto judge = [&](std::size_t group) {
      auto i = k * group_count + group;
      return judge_group(table.total(i), table.days_with(i),
                         options.bootstrap.block_days, 0.0,
                         std::move(replicates[i]));
    };
    auto& actions = *result[k];
    actions.all = judge(all);
    actions.buy = judge(buy);
    actions.sell = judge(sell);
    actions.directional = judge(directional);
    actions.coverage = static_cast<double>(actions.all.samples) / samples;
    actions.buy_coverage = static_cast<double>(actions.buy.samples) / samples;
    actions.sell_coverage = static_cast<double>(actions.sell.samples) / samples;
    if (actions.all.difference.value > 0.0)
      actions.days_needed
        = days_to_tell_apart(actions.all.difference, actions.all.days);
  }
  return result;
}

} // namespace banksia

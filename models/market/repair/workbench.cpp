#include "models/market/repair/workbench.hpp"

#include <algorithm>
#include <utility>

namespace banksia::repair {

workbench::workbench(std::span<const series_row> rows,
                     const series_context& context)
  : context_(&context) {
  out_.rows.assign(rows.begin(), rows.end());
  out_.refused.assign(rows.size(), false);
  has_adjusted_ = std::any_of(rows.begin(), rows.end(), [](const auto& x) {
    return std::isfinite(x.adj_close);
  });
  collect_live();
}

void workbench::collect_live() {
  live_.clear();
  live_.reserve(size());
  for (std::size_t i = 0; i < size(); ++i)
    if (is_live(i))
      live_.push_back(i);
}

std::size_t workbench::add(const finding& x) {
  out_.findings.push_back(x);
  return out_.findings.size() - 1;
}

std::size_t workbench::refuse(std::size_t i, series_rule rule,
                              timestamp known_at, double expected,
                              double measured, double scale) {
  finding x;
  x.rule = rule;
  x.action = quality_action::quarantine;
  x.first_row = i;
  x.known_at = known_at;
  x.expected = expected;
  x.measured = measured;
  x.scale = scale;
  out_.refused[i] = true;
  return add(x);
}

void workbench::change(std::size_t finding, std::size_t row,
                       series_field field, double to) {
  auto& value = field_of(out_.rows[row], field);
  if (value == to || std::isnan(value))
    return;
  out_.changes.push_back({finding, row, field, value, to});
  value = to;
}

timestamp workbench::known_at(std::size_t i) const {
  return out_.rows[std::min(i, size() - 1)].known_at;
}

double median_of(std::span<double> x) {
  if (x.empty())
    return std::numeric_limits<double>::quiet_NaN();
  auto middle = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
  std::nth_element(x.begin(), middle, x.end());
  if (x.size() % 2 == 1)
    return *middle;
  return (*std::max_element(x.begin(), middle) + *middle) / 2.0;
}

double log_level(const bar_values& x) noexcept {
  std::array<double, 4> prices{x.open, x.high, x.low, x.close};
  std::size_t count = 0;
  for (auto price : prices)
    if (price > 0.0 && std::isfinite(price))
      prices[count++] = price;
  switch (count) {
    case 0:
      return std::numeric_limits<double>::quiet_NaN();
    case 1:
      return std::log(prices[0]);
    case 2:
      return std::log(std::sqrt(prices[0] * prices[1]));
    case 3:
      return std::log(std::max(std::min(prices[0], prices[1]),
                               std::min(std::max(prices[0], prices[1]),
                                        prices[2])));
  }
  // The geometric mean of the two in the middle.
  auto [low1, high1] = std::minmax(prices[0], prices[1]);
  auto [low2, high2] = std::minmax(prices[2], prices[3]);
  return 0.5 * std::log(std::max(low1, low2) * std::min(high1, high2));
}

/// Steps beyond this log return are no movement of a price; nor is NaN.
static constexpr double most_usual = 2.0;

double step_scale(std::span<double> steps) {
  constexpr double least = 0.004;
  auto usual = steps.first(static_cast<std::size_t>(
    std::partition(steps.begin(), steps.end(),
                   [](double x) { return x < most_usual; })
    - steps.begin()));
  if (usual.empty())
    return least;
  auto at = [&](double quantile) {
    auto k = static_cast<std::ptrdiff_t>(
      quantile * static_cast<double>(usual.size() - 1));
    std::nth_element(usual.begin(), usual.begin() + k, usual.end());
    return usual[static_cast<std::size_t>(k)];
  };
  return std::max({1.4826 * at(0.5), 0.6 * at(0.9), least});
}

namespace {

double step(const workbench& bench, std::size_t k) {
  const auto& live = bench.live();
  return std::abs(std::log(bench.row(live[k]).values.close
                           / bench.row(live[k - 1]).values.close));
}

} // namespace

double usual_step(const workbench& bench) {
  // A part of a long series tells enough.
  constexpr std::size_t most = 512;
  const auto& live = bench.live();
  std::vector<double> steps;
  auto stride = std::max<std::size_t>(1, live.size() / most);
  for (std::size_t k = 1; k < live.size(); k += stride)
    steps.push_back(step(bench, k));
  return step_scale(steps);
}

double smallest_change(const workbench& bench, std::size_t first,
                       std::size_t end) {
  const auto& live = bench.live();
  auto least = std::numeric_limits<double>::infinity();
  for (auto k = first + 1; k < std::min(end, live.size()); ++k) {
    auto a = bench.row(live[k - 1]).values.close;
    auto b = bench.row(live[k]).values.close;
    auto change = std::abs(b - a);
    // Less than that is the rounding of a float.
    if (change > 1e-5 * a && change < least && a < 7.0 * b && b < 7.0 * a)
      least = change;
  }
  return std::isfinite(least) ? least : 0.0;
}

double tick_near(const workbench& bench, std::size_t k) {
  constexpr std::size_t reach = 40;
  return smallest_change(bench, k > reach ? k - reach : 0,
                         std::max(k + 1, reach));
}

double usual_step_before(const workbench& bench, std::size_t k,
                         std::size_t reach) {
  constexpr std::size_t fewest = 10;
  std::vector<double> steps;
  for (auto j = k; j-- > 1 && steps.size() < reach;)
    steps.push_back(step(bench, j));
  for (auto j = k + 2; j < bench.live().size() && steps.size() < fewest; ++j)
    steps.push_back(step(bench, j));
  return step_scale(steps);
}

} // namespace banksia::repair

namespace banksia {

series_verdict judge_series(std::span<const series_row> rows,
                            const series_context& context) {
  repair::workbench bench{rows, context};
  const auto& rules = context.rules;
  repair::refuse_rows(bench);
  bench.collect_live();
  if (rules.spikes) {
    repair::judge_other_symbols(bench);
    bench.collect_live();
  }
  if (rules.levels) {
    repair::repair_fields(bench);
    repair::repair_blocks(bench);
  }
  if (rules.spikes) {
    repair::judge_other_source(bench);
    repair::judge_spikes(bench);
    bench.collect_live();
  }
  if (rules.rows)
    repair::repair_row_order(bench);
  if (rules.dividends)
    repair::repair_dividends(bench);
  return std::move(bench).finish();
}

std::vector<series_row> accepted_rows(const series_verdict& verdict) {
  std::vector<series_row> result;
  for (std::size_t i = 0; i < verdict.rows.size(); ++i)
    if (!verdict.refused[i])
      result.push_back(verdict.rows[i]);
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return result;
}

} // namespace banksia

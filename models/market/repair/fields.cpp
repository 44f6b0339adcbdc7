/// Single prices within a bar that are 100 times, or a split, off.

#include "models/market/repair/workbench.hpp"

#include <algorithm>

namespace banksia::repair {

namespace {

constexpr std::array<series_field, 4> price_fields{
  series_field::open, series_field::high, series_field::low,
  series_field::close};

/// A split that the series names, at the first live row it applies to.
struct declared_split {
  double ratio = 1.0;
  std::size_t at = 0; ///< a position among the live rows
};

std::vector<declared_split> large_splits(const workbench& bench) {
  std::vector<declared_split> result;
  const auto& live = bench.live();
  for (std::size_t i = 0; i < bench.size(); ++i) {
    auto ratio = split_of(bench.row(i));
    if (std::abs(std::log(ratio)) < std::log(1.7))
      continue;
    auto at = std::lower_bound(live.begin(), live.end(), i) - live.begin();
    result.push_back({ratio, static_cast<std::size_t>(at)});
  }
  return result;
}

/// The log level that live row `k` is expected at: the median of up to five
/// rows before; of the rows after where there are fewer than two. Nothing when
/// the series is too short. `evidence` is the last row looked at.
double expected_level(const workbench& bench, std::size_t k,
                      std::size_t& evidence) {
  const auto& live = bench.live();
  std::array<double, 5> levels{};
  std::size_t count = 0;
  evidence = live[k];
  for (auto j = k; j > 0 && count < 5; --j)
    levels[count++] = log_level(bench.row(live[j - 1]).values);
  if (count < 2)
    for (auto j = k + 1; j < live.size() && count < 5; ++j) {
      levels[count++] = log_level(bench.row(live[j]).values);
      evidence = live[j];
    }
  return median_of(std::span{levels}.first(count));
}

/// How much one field is off, and why.
struct misfit {
  series_rule rule = series_rule::unit_field;
  double factor = 1.0; ///< repairs it; 1: nothing is wrong
};

misfit unit_misfit(double off) {
  // From 64 to 157 times: a unit, and an ordinary or a wild day.
  if (std::abs(std::abs(off) - log_unit) < 0.45)
    return {series_rule::unit_field, off > 0.0 ? 0.01 : 100.0};
  return {};
}

/// `event` is set to the live position of the split that explains it.
misfit split_misfit(double off, std::size_t k,
                    std::span<const declared_split> splits,
                    std::size_t& event) {
  for (const auto& x : splits) {
    auto size = std::log(x.ratio);
    auto tolerance = std::min(0.08, 0.25 * std::abs(size));
    if (k > x.at + 1 || std::abs(std::abs(off) - std::abs(size)) > tolerance)
      continue;
    auto up = off * size > 0.0;
    event = x.at;
    return {series_rule::split_field, up ? 1.0 / x.ratio : x.ratio};
  }
  return {};
}

void repair_bar(workbench& bench, std::size_t k,
                std::span<const declared_split> splits) {
  constexpr double near = 0.35;
  const auto& live = bench.live();
  auto i = live[k];
  std::size_t evidence = i;
  auto expected = expected_level(bench, k, evidence);
  if (std::isnan(expected))
    return;
  auto off_of = [&](series_field field) {
    return std::log(field_of(bench.row(i), field)) - expected;
  };
  auto is_near = [&](series_field field) {
    return std::abs(off_of(field)) < near;
  };
  if (std::none_of(price_fields.begin(), price_fields.end(), is_near))
    return; // the whole bar: not a matter of fields
  for (auto field : price_fields) {
    auto value = field_of(bench.row(i), field);
    if (!(value > 0.0) || is_near(field))
      continue;
    auto off = off_of(field);
    auto found = unit_misfit(off);
    if (found.factor == 1.0 && k + 1 < live.size()) {
      // A crash looks the same until the next bar.
      auto next = live[k + 1];
      if (std::abs(log_level(bench.row(next).values) - expected) < 0.15) {
        auto event = k;
        // A price of a few ticks doubles by itself.
        if (std::abs(off) > 6.0 * tick_near(bench, k) / std::exp(expected))
          found = split_misfit(off, k, splits, event);
        if (found.factor != 1.0)
          evidence = std::max({evidence, next,
                               live[std::min(event, live.size() - 1)]});
      }
    }
    if (found.factor == 1.0)
      continue;
    finding x;
    x.rule = found.rule;
    x.action = quality_action::repair;
    x.first_row = i;
    x.known_at = bench.known_at(evidence);
    x.factor = found.factor;
    x.expected = std::exp(expected);
    x.measured = value;
    bench.change(bench.add(x), i, field, value * found.factor);
  }
}

/// Adjusted closes stand in a slowly changing ratio to the closes, one that a
/// dividend moves and does not move back: one bar that is far from the bars on
/// both sides is off. At an end of the series two bars on one side must do.
void repair_adjusted_units(workbench& bench) {
  const auto& live = bench.live();
  if (live.size() < 3)
    return;
  auto ratio_at = [&](std::size_t k) {
    const auto& row = bench.row(live[k]);
    return row.adj_close / row.values.close;
  };
  for (std::size_t k = 0; k < live.size(); ++k) {
    auto is_last = k + 1 == live.size();
    auto one = k > 0 ? k - 1 : 2;
    auto other = is_last ? k - 2 : k + 1;
    auto ratio = ratio_at(k);
    auto off = ratio / ratio_at(other);
    if (!(off > 30.0 || (off > 0.0 && off < 1.0 / 30.0)))
      continue;
    auto apart = std::abs(std::log(ratio_at(one) / ratio_at(other)));
    auto found = unit_misfit(std::log(off));
    if (found.factor == 1.0)
      found = unit_misfit(std::log(ratio / ratio_at(one)));
    if (!(apart < 1.0) || found.factor == 1.0)
      continue;
    finding x;
    x.rule = series_rule::unit_field;
    x.action = quality_action::repair;
    x.first_row = live[k];
    x.known_at = bench.known_at(live[std::max({k, one, other})]);
    x.factor = found.factor;
    x.expected = ratio_at(other);
    x.measured = ratio;
    bench.change(bench.add(x), live[k], series_field::adj_close,
                 bench.row(live[k]).adj_close * found.factor);
  }
}

} // namespace

void repair_fields(workbench& bench) {
  // Wider than any day's range but of the wildest; the rest is judged in full.
  constexpr double suspicious = 1.6;
  auto splits = large_splits(bench);
  for (std::size_t k = 0; k < bench.live().size(); ++k) {
    const auto& x = bench.row(bench.live()[k]).values;
    auto high = std::max({x.open, x.high, x.low, x.close});
    auto low = std::min({x.open, x.high, x.low, x.close});
    if (high > suspicious * low)
      repair_bar(bench, k, splits);
  }
  if (bench.has_adjusted())
    repair_adjusted_units(bench);
}

} // namespace banksia::repair

#include "models/market/repair/level_states.hpp"

#include <algorithm>

namespace banksia::repair {

namespace {

/// How far a step may be from the change that explains it: a unit leaves room
/// for a wild day, a split for a usual one, so that few crashes fit it.
double tolerance(double change, double scale) noexcept {
  auto size = std::abs(change);
  return std::abs(size - log_unit) < 1e-9
           ? 0.5
           : std::min(0.25 * size, std::max(6.0 * scale, 0.05));
}

/// What bar `k` pays for being in a state: decides between equal stories.
double anchor(const level_steps& series, const level_state& x,
              std::size_t k) noexcept {
  if (x.offset == 0.0)
    return 0.0;
  if (x.event != nowhere)
    return k >= x.event ? 3.0 : 0.001;
  return series.votes[k];
}

/// What going from one state to another costs at bar `k`.
double passage(const level_steps& series, const level_state& from,
               const level_state& to, std::size_t k) noexcept {
  constexpr double change_of_state = 6.0;
  auto step = series.steps[k];
  if (&from == &to)
    return std::abs(step) / series.scale;
  auto change = to.offset - from.offset;
  const auto& off = from.offset == 0.0 ? to : from;
  auto possible = (from.offset == 0.0 || to.offset == 0.0)
                  && explains(change, step, series.scale)
                  && std::abs(change) > 6.0 * series.ticks[k];
  // A small ratio could be any day's step, but for those about the split.
  if (possible && off.event != nowhere
      && std::abs(off.offset) < std::log(1.7))
    possible = k + 5 >= off.event && k <= off.event + 1;
  return possible ? change_of_state + std::abs(step - change) / series.scale
                  : std::numeric_limits<double>::infinity();
}

} // namespace

bool explains(double change, double step, double scale) noexcept {
  return std::abs(step - change) < tolerance(change, scale)
         && std::abs(change) > 6.0 * scale;
}

std::vector<std::size_t> cheapest_states(const level_steps& series,
                                         std::span<const level_state> states) {
  auto count = states.size();
  auto size = series.steps.size();
  std::vector<double> cost(count);
  std::vector<double> next(count);
  std::vector<std::uint8_t> came_from(count * size);
  for (std::size_t s = 0; s < count; ++s)
    cost[s] = anchor(series, states[s], 0);
  for (std::size_t k = 1; k < size; ++k) {
    for (std::size_t to = 0; to < count; ++to) {
      auto best = std::numeric_limits<double>::infinity();
      for (std::size_t from = 0; from < count; ++from) {
        auto x = cost[from] + passage(series, states[from], states[to], k);
        if (x < best) {
          best = x;
          came_from[k * count + to] = static_cast<std::uint8_t>(from);
        }
      }
      next[to] = best + anchor(series, states[to], k);
    }
    cost.swap(next);
  }
  std::vector<std::size_t> result(size);
  auto s = static_cast<std::size_t>(
    std::min_element(cost.begin(), cost.end()) - cost.begin());
  for (auto k = size; k-- > 0;) {
    result[k] = s;
    if (k > 0)
      s = came_from[k * count + s];
  }
  return result;
}

} // namespace banksia::repair

#include "models/scoring/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>

namespace banksia {

std::vector<double> ranks_of(std::span<const double> xs) {
  std::vector<std::uint32_t> order(xs.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return xs[a] < xs[b]; });
  std::vector<double> result(xs.size());
  for (std::size_t begin = 0; begin < order.size();) {
    auto end = begin + 1;
    while (end < order.size() && xs[order[end]] == xs[order[begin]])
      ++end;
    // The mean of begin + 1 … end.
    auto rank = static_cast<double>(begin + 1 + end) / 2.0;
    for (; begin < end; ++begin)
      result[order[begin]] = rank;
  }
  return result;
}

std::optional<double> correlation_of(double n, double x, double y, double xx,
                                     double yy, double xy) {
  if (!(n > 1.0))
    return std::nullopt;
  auto varies_x = xx - x * x / n;
  auto varies_y = yy - y * y / n;
  // What is left of equal values is rounding.
  if (!(varies_x > 1e-12 * xx) || !(varies_y > 1e-12 * yy))
    return std::nullopt;
  auto result = (xy - x * y / n) / std::sqrt(varies_x * varies_y);
  return std::clamp(result, -1.0, 1.0);
}

std::optional<double> pearson(std::span<const double> xs,
                              std::span<const double> ys) {
  if (xs.size() != ys.size() || xs.size() < 2)
    return std::nullopt;
  auto n = static_cast<double>(xs.size());
  auto mean_x = std::accumulate(xs.begin(), xs.end(), 0.0) / n;
  auto mean_y = std::accumulate(ys.begin(), ys.end(), 0.0) / n;
  double xx = 0.0, yy = 0.0, xy = 0.0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    xx += (xs[i] - mean_x) * (xs[i] - mean_x);
    yy += (ys[i] - mean_y) * (ys[i] - mean_y);
    xy += (xs[i] - mean_x) * (ys[i] - mean_y);
  }
  // What is left of equal values is rounding.
  if (!(xx > 1e-24 * n * mean_x * mean_x)
      || !(yy > 1e-24 * n * mean_y * mean_y))
    return std::nullopt;
  return std::clamp(xy / (std::sqrt(xx) * std::sqrt(yy)), -1.0, 1.0);
}

std::optional<double> spearman(std::span<const double> xs,
                               std::span<const double> ys) {
  if (xs.size() != ys.size())
    return std::nullopt;
  return pearson(ranks_of(xs), ranks_of(ys));
}

std::optional<double> area_under_curve(std::span<const double> scores,
                                       const std::vector<bool>& positive) {
  if (scores.size() != positive.size())
    return std::nullopt;
  return area_of_ranks(ranks_of(scores), positive);
}

std::optional<double> area_of_ranks(std::span<const double> ranks,
                                    const std::vector<bool>& positive) {
  if (ranks.size() != positive.size())
    return std::nullopt;
  double n = 0.0, sum = 0.0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    if (!positive[i])
      continue;
    n += 1.0;
    sum += ranks[i];
  }
  auto others = static_cast<double>(ranks.size()) - n;
  if (n == 0.0 || others == 0.0)
    return std::nullopt;
  return (sum - n * (n + 1.0) / 2.0) / (n * others);
}

} // namespace banksia

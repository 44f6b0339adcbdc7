#include "models/scoring/drift.hpp"

#include <boost/math/distributions/chi_squared.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace banksia {

namespace {

/// Counts of the bins and of missing values.
struct bin_counts {
  std::vector<double> in_bin;
  double missing = 0.0;
  double present = 0.0;
};

bin_counts count(std::span<const double> values,
                 const std::vector<double>& edges) {
  bin_counts result;
  result.in_bin.resize(edges.size() + 1);
  for (auto x : values) {
    if (std::isnan(x)) {
      result.missing += 1.0;
      continue;
    }
    auto bin = std::upper_bound(edges.begin(), edges.end(), x) - edges.begin();
    result.in_bin[static_cast<std::size_t>(bin)] += 1.0;
    result.present += 1.0;
  }
  return result;
}

/// One bin's term of the index.
double term(double expected, double actual) {
  auto e = std::max(expected, least_bin_part);
  auto a = std::max(actual, least_bin_part);
  return (a - e) * std::log(a / e);
}

} // namespace

drift_reference make_drift_reference(std::span<const double> values,
                                     std::uint32_t bins) {
  if (bins < 2)
    throw std::invalid_argument("fewer than 2 bins: drift: give 2 or more");
  drift_reference result;
  result.samples = values.size();
  std::vector<double> present;
  present.reserve(values.size());
  std::copy_if(values.begin(), values.end(), std::back_inserter(present),
               [](double x) { return !std::isnan(x); });
  if (!values.empty())
    result.missing = static_cast<double>(values.size() - present.size())
                     / static_cast<double>(values.size());
  if (present.empty())
    return result;
  std::sort(present.begin(), present.end());
  for (std::uint32_t i = 1; i < bins; ++i) {
    // A value of the sample, not between two: no bin is empty then.
    auto edge = present[present.size() * i / bins];
    auto last = result.edges.empty() ? present.front() : result.edges.back();
    if (edge > last)
      result.edges.push_back(edge);
  }
  result.parts = count(present, result.edges).in_bin;
  for (auto& part : result.parts)
    part /= static_cast<double>(present.size());
  return result;
}

drift drift_of(const drift_reference& reference, std::span<const double> now) {
  drift result;
  result.samples = now.size();
  if (now.empty() || reference.samples == 0)
    return result;
  auto counts = count(now, reference.edges);
  result.missing = counts.missing / static_cast<double>(now.size());
  std::size_t bins = 0;
  // Parts of all samples, the missing ones being a bin of their own.
  auto add = [&](double expected, double actual) {
    result.index += term(expected, actual);
    ++bins;
  };
  if (reference.missing > 0.0 || result.missing > 0.0)
    add(reference.missing, result.missing);
  for (std::size_t i = 0; i < reference.parts.size(); ++i)
    add(reference.parts[i] * (1.0 - reference.missing),
        counts.in_bin[i] / static_cast<double>(now.size()));
  if (bins < 2)
    return result;
  auto level = boost::math::quantile(
    boost::math::chi_squared(static_cast<double>(bins) - 1.0), 0.999);
  result.chance_level = level
                        * (1.0 / static_cast<double>(now.size())
                           + 1.0 / static_cast<double>(reference.samples));
  result.drifted
    = result.index > large_drift && result.index > result.chance_level;
  return result;
}

} // namespace banksia

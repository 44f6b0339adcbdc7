#include "models/scoring/reliability.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace banksia {

namespace {

struct bin_sums {
  std::uint64_t samples = 0;
  std::uint64_t happened = 0;
  double stated = 0.0;

  void add(const stated_probability& x) {
    ++samples;
    happened += x.happened;
    stated += x.stated;
  }
};

reliability_bin make_bin(double from, double to, const bin_sums& sums) {
  auto n = static_cast<double>(sums.samples);
  reliability_bin bin;
  bin.from = from;
  bin.to = to;
  bin.samples = sums.samples;
  bin.mean_stated = sums.stated / n;
  bin.observed_rate = static_cast<double>(sums.happened) / n;
  bin.observed_interval = wilson_interval(sums.happened, sums.samples);
  return bin;
}

std::vector<reliability_bin>
equal_width_bins(const std::vector<stated_probability>& samples,
                 std::uint32_t bins) {
  std::vector<bin_sums> sums(bins);
  for (const auto& x : samples) {
    auto i = static_cast<std::uint32_t>(x.stated * bins);
    sums[std::min(i, bins - 1)].add(x);
  }
  std::vector<reliability_bin> result;
  for (std::uint32_t i = 0; i < bins; ++i)
    if (sums[i].samples > 0)
      result.push_back(make_bin(static_cast<double>(i) / bins,
                                static_cast<double>(i + 1) / bins, sums[i]));
  return result;
}

/// Where the group of values equal to the one before `end` ends.
std::size_t end_of_equals(const std::vector<stated_probability>& samples,
                          std::size_t end) {
  while (end < samples.size() && samples[end].stated == samples[end - 1].stated)
    ++end;
  return end;
}

/// The end of part `i` of `parts` of `n`, rounded.
std::size_t part_end(std::size_t n, std::uint32_t i, std::uint32_t parts) {
  return (n * (i + 1) + parts / 2) / parts;
}

std::vector<reliability_bin>
equal_mass_bins(std::vector<stated_probability>& samples, std::uint32_t bins) {
  sort_by_stated(samples);
  std::vector<reliability_bin> result;
  std::size_t begin = 0;
  for (std::uint32_t i = 0; i < bins; ++i) {
    auto end = part_end(samples.size(), i, bins);
    if (end <= begin)
      continue;
    end = end_of_equals(samples, end);
    bin_sums sums;
    for (auto k = begin; k < end; ++k)
      sums.add(samples[k]);
    result.push_back(
      make_bin(samples[begin].stated, samples[end - 1].stated, sums));
    begin = end;
  }
  return result;
}

void check(const std::vector<stated_probability>& samples,
           std::uint32_t parts) {
  if (parts == 0)
    throw std::invalid_argument("no bins: reliability: give 1 or more");
  for (const auto& x : samples)
    if (!(x.stated >= 0.0 && x.stated <= 1.0))
      throw std::invalid_argument("a probability outside 0 ... 1: reliability: "
                                  "check what made the forecast");
}

} // namespace

void sort_by_stated(std::vector<stated_probability>& samples) {
  auto less = [](const auto& a, const auto& b) { return a.stated < b.stated; };
  if (!std::is_sorted(samples.begin(), samples.end(), less))
    std::sort(samples.begin(), samples.end(), less);
}

reliability reliability_of(std::vector<stated_probability> samples,
                           binning by, std::uint32_t bins) {
  check(samples, bins);
  reliability result;
  if (samples.empty())
    return result;
  result.bins = by == binning::equal_width ? equal_width_bins(samples, bins)
                                           : equal_mass_bins(samples, bins);
  for (const auto& bin : result.bins) {
    auto error = std::abs(bin.mean_stated - bin.observed_rate);
    result.expected_error += error * static_cast<double>(bin.samples)
                             / static_cast<double>(samples.size());
    result.largest_error = std::max(result.largest_error, error);
  }
  return result;
}

std::vector<stated_probability>
top_class(std::span<const class_probabilities> forecasts,
          std::span<const move_class> labels) {
  std::vector<stated_probability> result(forecasts.size());
  for (std::size_t i = 0; i < forecasts.size(); ++i) {
    auto top = most_likely(forecasts[i]);
    result[i] = {forecasts[i][index_of(top)], labels[i] == top};
  }
  return result;
}

std::vector<stated_probability>
of_class(std::span<const class_probabilities> forecasts,
         std::span<const move_class> labels, move_class of) {
  std::vector<stated_probability> result(forecasts.size());
  for (std::size_t i = 0; i < forecasts.size(); ++i)
    result[i] = {forecasts[i][index_of(of)], labels[i] == of};
  return result;
}

std::vector<coverage_point>
coverage_curve(std::vector<stated_probability> samples, std::uint32_t steps) {
  check(samples, steps);
  sort_by_stated(samples);
  std::reverse(samples.begin(), samples.end());
  std::vector<coverage_point> result;
  std::uint64_t right = 0;
  std::size_t seen = 0;
  for (std::uint32_t i = 0; i < steps; ++i) {
    auto end = part_end(samples.size(), i, steps);
    if (end <= seen)
      continue;
    end = end_of_equals(samples, end);
    for (; seen < end; ++seen)
      right += samples[seen].happened;
    coverage_point point;
    point.coverage
      = static_cast<double>(seen) / static_cast<double>(samples.size());
    point.threshold = samples[seen - 1].stated;
    point.samples = seen;
    point.accuracy = static_cast<double>(right) / static_cast<double>(seen);
    point.interval = wilson_interval(right, seen);
    result.push_back(point);
  }
  return result;
}

} // namespace banksia

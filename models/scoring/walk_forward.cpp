#include "models/scoring/walk_forward.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace banksia {

namespace {

/// A run of samples: of a day, or of a test fold.
struct sample_range {
  std::size_t first = 0;
  std::size_t end = 0;
};

std::vector<sample_range> days_of(std::span<const label_window> samples) {
  std::vector<sample_range> result;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i == 0 || samples[i].day != samples[i - 1].day)
      result.push_back({i, i});
    result.back().end = i + 1;
  }
  return result;
}

/// The test folds as ranges of days.
std::vector<sample_range> test_folds(std::span<const label_window> samples,
                                     const std::vector<sample_range>& days,
                                     const walk_forward_options& options) {
  std::vector<sample_range> result;
  auto year_of = [&](std::size_t day) {
    return samples[days[day].first].day.year();
  };
  std::size_t day = options.min_training_days;
  // A year that the least history reaches into would be a torso.
  if (options.test_days == 0 && options.min_training_days > 0)
    while (day < days.size() && year_of(day) == year_of(day - 1))
      ++day;
  while (day < days.size()) {
    auto end = day + 1;
    if (options.test_days > 0)
      end = std::min<std::size_t>(day + options.test_days, days.size());
    else
      while (end < days.size() && year_of(end) == year_of(day))
        ++end;
    result.push_back({day, end});
    day = end;
  }
  return result;
}

/// The first sample that training may begin with.
std::size_t training_begin(const std::vector<sample_range>& days,
                           std::size_t first_test_day,
                           const walk_forward_options& options) {
  if (options.window != training_window::rolling
      || first_test_day <= options.rolling_days)
    return 0;
  return days[first_test_day - options.rolling_days].first;
}

walk_forward_fold make_fold(std::span<const label_window> samples,
                            sample_range test, std::size_t begin,
                            const walk_forward_options& options) {
  walk_forward_fold fold;
  fold.first_day = samples[test.first].day;
  fold.last_day = samples[test.end - 1].day;
  const auto test_begin = samples[test.first].slot;
  auto test_known = samples[test.first].label_end;
  for (auto i = test.first; i < test.end; ++i) {
    fold.test.push_back(static_cast<std::uint32_t>(i));
    test_known = std::max(test_known, samples[i].label_end);
  }
  for (auto i = begin; i < test.first; ++i) {
    if (options.purge && samples[i].label_end >= test_begin)
      ++fold.purged;
    else
      fold.training.push_back(static_cast<std::uint32_t>(i));
  }
  if (options.window != training_window::both_sides)
    return fold;
  for (auto i = test.end; i < samples.size(); ++i) {
    if (options.purge && samples[i].slot <= test_known)
      ++fold.purged;
    else if (options.embargo.count() > 0
             && samples[i].slot <= test_known + options.embargo)
      ++fold.embargoed;
    else
      fold.training.push_back(static_cast<std::uint32_t>(i));
  }
  return fold;
}

std::optional<std::string> problem_of(const walk_forward_options& options) {
  if (options.window == training_window::rolling && options.rolling_days == 0)
    return "a rolling window without days: walk-forward: set rolling_days";
  if (options.window == training_window::both_sides) {
    if (options.min_training_days > 0)
      return "training on both sides has no first part: walk-forward: set "
             "min_training_days to 0";
  } else if (options.min_training_days == 0) {
    return "a test fold without a past: walk-forward: set min_training_days "
           "to 1 or more";
  }
  if (options.embargo.count() < 0)
    return "a negative embargo: walk-forward: give one horizon";
  return std::nullopt;
}

} // namespace

std::optional<std::string> problem_of(std::span<const label_window> samples,
                                      const walk_forward_options& options) {
  if (auto problem = problem_of(options))
    return problem;
  if (samples.empty())
    return "no samples: walk-forward: give evaluated samples";
  if (samples.size() > std::numeric_limits<std::uint32_t>::max())
    return "more than 2^32 samples: walk-forward: judge fewer at a time";
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto where = ": sample " + std::to_string(i) + ": ";
    if (!samples[i].day.ok())
      return "not a real day" + where + "give the exchange's date";
    if (samples[i].label_end < samples[i].slot)
      return "a label known before its slot" + where + "check label_end";
    if (i > 0
        && (samples[i].slot < samples[i - 1].slot
            || samples[i].day < samples[i - 1].day))
      return "out of order" + where + "sort by slot";
  }
  return std::nullopt;
}

std::vector<walk_forward_fold>
walk_forward(std::span<const label_window> samples,
             const walk_forward_options& options) {
  if (auto problem = problem_of(samples, options))
    throw std::invalid_argument(*problem);
  const auto days = days_of(samples);
  std::vector<walk_forward_fold> result;
  for (const auto& test : test_folds(samples, days, options)) {
    auto fold = make_fold(samples,
                          {days[test.first].first, days[test.end - 1].end},
                          training_begin(days, test.first, options), options);
    if (!fold.training.empty())
      result.push_back(std::move(fold));
  }
  return result;
}

} // namespace banksia

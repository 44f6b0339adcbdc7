#pragma once

/// Samples and forecasts made by chance for the tests of evaluation.

#include "models/scoring/named_forecast.hpp"

#include "tests/unit/scoring/numbers.hpp"
#include "tests/unit/scoring/samples.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

namespace banksia::scoring_test {

/// A sample of one day whose flat band is 1 %, known within the day.
inline forecast_sample forecast_on(int day, double actual_return) {
  forecast_sample x;
  x.day = nth_day(static_cast<std::uint32_t>(day));
  x.slot = timestamp{std::chrono::sys_days{x.day}} + std::chrono::hours{1};
  x.label_end = x.slot + std::chrono::hours{4};
  x.actual_return = fraction{actual_return};
  x.band = fraction{0.01};
  return x;
}

/// Seven symbols a day that share half of their variance; classes about even.
/// The last return says nothing.
inline std::vector<forecast_sample> noise(std::uint64_t seed, int days) {
  splitmix64 random{seed * 86'028'121};
  constexpr double size = 0.01 / 0.43;
  std::vector<forecast_sample> result;
  for (int day = 0; day < days; ++day) {
    auto mood = normal(random);
    for (std::uint32_t symbol = 0; symbol < 7; ++symbol) {
      auto x = forecast_on(
        day, size * std::sqrt(0.5) * (mood + normal(random)));
      x.symbol = symbol;
      x.last_return = fraction{size * normal(random)};
      x.half_hour = static_cast<std::uint32_t>(random.below(12));
      result.push_back(x);
    }
  }
  return result;
}

/// A calibrated forecast that knows a part: with the chance `foresight` (told
/// to nobody) it leans by `lean` towards what comes, else towards a class
/// drawn at random.
inline named_forecast leaning(const std::vector<forecast_sample>& samples,
                              double foresight, std::uint64_t seed) {
  splitmix64 random{seed * 49'979'687};
  named_forecast result;
  result.name = "model";
  for (const auto& x : samples) {
    auto towards = chance(random, foresight)
                     ? x.label()
                     : move_classes[random.below(3)];
    // It is right with foresight + (1 - foresight) / 3.
    auto right = foresight + (1.0 - foresight) / 3.0;
    class_probabilities p{};
    p.fill((1.0 - right) / 2.0);
    p[index_of(towards)] = right;
    result.probabilities.push_back(p);
  }
  result.actions = actions_of(result.probabilities);
  return result;
}

/// Climatology's forecast of samples that are about even.
inline named_forecast even_climatology(std::size_t samples) {
  named_forecast result;
  result.name = "climatology";
  result.probabilities.assign(samples, {0.33, 0.34, 0.33});
  result.actions.assign(samples, trade_action::hold);
  return result;
}

/// The same samples whose outcomes have changed places.
inline std::vector<forecast_sample>
with_shuffled_outcomes(std::vector<forecast_sample> samples,
                       std::uint64_t seed) {
  splitmix64 random{seed};
  for (auto i = samples.size(); i > 1; --i)
    std::swap(samples[i - 1].actual_return,
              samples[random.below(static_cast<std::uint32_t>(i))]
                .actual_return);
  return samples;
}

} // namespace banksia::scoring_test

#pragma once

/// Too good to be true. Direction of daily and intraday prices is told right
/// in 51 … 54 % by honest work; what stays above 58 % has seen the future until
/// it is shown otherwise.

#include "models/scoring/interval.hpp"

#include <cstdint>
#include <span>

namespace banksia {

struct suspicion_options {
  double rate = 0.58;          ///< of directions told right
  std::uint32_t min_days = 20; ///< a month of trading days
};

/// Directions told on one trading day.
struct day_hits {
  std::uint64_t told = 0;
  std::uint64_t right = 0;
};

struct suspicion {
  std::uint64_t told = 0;
  std::uint32_t days = 0; ///< with something told
  double accuracy = 0.0;  ///< right / told
  /// The 95 % interval over days: a ratio estimator's, with Student's t of
  /// days - 1 (Cochran, "Sampling techniques", 1977, chapter 6); where days
  /// are all alike, Wilson's with a day as one trial. [0, 1] under
  /// `min_interval_days` days.
  interval95 interval{0.0, 1.0};
  /// The lower end lies above the rate, over at least `min_days`.
  bool leak_suspected = false;
};

/// Judges by the lower end of the interval and not by the rate itself: a lucky
/// month is no leak.
suspicion suspicion_of(std::span<const day_hits> days,
                       const suspicion_options& options = {});

} // namespace banksia

#pragma once

/// Does it happen as often as it was said to? Reliability bins, the expected
/// calibration error, and accuracy among the surest.

#include "models/scoring/interval.hpp"
#include "models/scoring/move_class.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace banksia {

/// A stated probability and whether it came true.
struct stated_probability {
  double stated = 0.0; ///< 0 … 1
  bool happened = false;
};

enum class binning : std::uint8_t {
  equal_width, ///< [0, 1/n), [1/n, 2/n), …, the last with 1
  equal_mass,  ///< about as many samples each; equal values stay together
};

/// Samples whose stated probability fell into one bin.
struct reliability_bin {
  double from = 0.0; ///< equal width: the bin's edge; equal mass: least stated
  double to = 0.0;   ///< the other edge; the most stated
  std::uint64_t samples = 0;
  double mean_stated = 0.0;
  double observed_rate = 0.0;
  interval95 observed_interval; ///< Wilson's: takes samples as independent
};

/// How far what was stated is from what happened.
struct reliability {
  std::vector<reliability_bin> bins; ///< ascending; only those with samples
  /// The mean over samples of |mean_stated - observed_rate| of their bin
  /// (Naeini, Cooper and Hauskrecht, AAAI 2015). Never 0 by chance: with few
  /// samples a bin it is above the true error.
  double expected_error = 0.0;
  double largest_error = 0.0; ///< of any bin with samples
};

/// Ascending by what was stated; what is in order already costs a look.
void sort_by_stated(std::vector<stated_probability>& samples);

/// @throws std::invalid_argument for no bins or a probability outside 0 … 1
reliability reliability_of(std::vector<stated_probability> samples,
                           binning by, std::uint32_t bins);

/// The most likely class of each forecast and whether it came true: what the
/// ECE of a classifier is made of (Guo et al., "On calibration of modern
/// neural networks", ICML 2017).
std::vector<stated_probability>
top_class(std::span<const class_probabilities> forecasts,
          std::span<const move_class> labels);

/// The probability given to one class and whether it came true.
std::vector<stated_probability>
of_class(std::span<const class_probabilities> forecasts,
         std::span<const move_class> labels, move_class of);

/// Accuracy when only the surest part of the forecasts is looked at.
struct coverage_point {
  double coverage = 0.0;  ///< part looked at, 0 … 1
  double threshold = 0.0; ///< all those stated at least so
  std::uint64_t samples = 0;
  double accuracy = 0.0;
  interval95 interval; ///< Wilson's
};

/// The accuracy-coverage curve in `steps` steps of equal coverage, the surest
/// first; the last point is all samples. Equally sure samples are taken
/// together, so a point may cover more than its step, and steps that would
/// repeat a point are left out (El-Yaniv and Wiener, "On the foundations of
/// noise-free selective classification", JMLR 11, 2010).
std::vector<coverage_point>
coverage_curve(std::vector<stated_probability> samples, std::uint32_t steps);

} // namespace banksia

#pragma once

/// Means that remember a whole series in two numbers.

#include "models/features/number_pair.hpp"

#include <cstdint>

namespace banksia {

/// An exponential mean over `Period` values, seeded with the simple mean of the
/// first `Period` (the convention of TA libraries), then
/// mean += 2 / (Period + 1) × (value - mean).
template <int Period>
class exponential_mean {
public:
  void add(double x) noexcept {
    if (count_ < Period) {
      value_ += x;
      if (++count_ == Period)
        value_ /= Period;
    } else {
      value_ += 2.0 / (Period + 1) * (x - value_);
    }
  }

  /// As if every value added so far had been `factor` times as large.
  void rescale(double factor) noexcept { value_ *= factor; }

  /// False until `Period` values were added.
  bool ready() const noexcept { return count_ == Period; }

  /// The mean. Only when `ready`.
  double value() const noexcept { return value_; }

  friend bool operator==(const exponential_mean&,
                         const exponential_mean&) = default;

private:
  double value_ = 0.0; ///< the sum until ready
  std::int32_t count_ = 0;
};

/// The mean of Wilder, New Concepts in Technical Trading Systems (1978): the
/// first is the simple one of `Period` values, each later one
/// ((Period - 1) × mean + value) / Period.
/// @tparam Number a double, or a pair of them: two means of equally many values
template <int Period, class Number = double>
class wilder_mean {
public:
  void add(Number x) noexcept {
    if (count_ < Period) {
      value_ += x;
      if (++count_ == Period)
        value_ = value_ / Period;
    } else {
      value_ = (value_ * (Period - 1) + x) / Period;
    }
  }

  /// As if every value added so far had been `factor` times as large.
  void rescale(double factor) noexcept { value_ = value_ * factor; }

  /// False until `Period` values were added.
  bool ready() const noexcept { return count_ == Period; }

  /// The mean. Only when `ready`.
  Number value() const noexcept { return value_; }

  friend bool operator==(const wilder_mean&, const wilder_mean&) = default;

private:
  Number value_{}; ///< the sum until ready
  std::int32_t count_ = 0;
};

/// Wilder's RSI of a series, from the means of its gains and of its losses.
template <int Period>
class relative_strength {
public:
  /// Takes in the change from one value to the next.
  void add(double change) noexcept {
    means_.add({change > 0.0 ? change : 0.0, change < 0.0 ? -change : 0.0});
  }

  /// As if every change so far had been `factor` times as large.
  void rescale(double factor) noexcept { means_.rescale(factor); }

  /// False until `Period` changes were added.
  bool ready() const noexcept { return means_.ready(); }

  /// In [0, 100]; 100 without losses, 50 without any change (flat is neutral,
  /// and mirrors to itself). Only when `ready`.
  double value() const noexcept {
    auto [gain, loss] = means_.value();
    if (loss > 0.0)
      return 100.0 - 100.0 / (1.0 + gain / loss);
    return gain > 0.0 ? 100.0 : 50.0;
  }

  friend bool operator==(const relative_strength&,
                         const relative_strength&) = default;

private:
  wilder_mean<Period, number_pair> means_; ///< of gains and of losses
};

} // namespace banksia

#pragma once

/// The sum of the last values of a series, for windows too long to add up anew.

#include <array>
#include <cstddef>
#include <cstdint>

namespace banksia {

/// The sum over the last `N` values, O(1) a value on average and without drift:
/// nothing is ever subtracted. The series is cut into blocks of `N`; a window is
/// a suffix of the block before (its sums are made once, when that block is
/// full) and a prefix of the present one (van Herk 1992 and Gil and Werman 1993,
/// for sums). So whatever has left the window leaves no trace of its rounding,
/// and equal series give equal bits.
template <std::size_t N>
class window_sum {
public:
  void add(double x) noexcept {
    prefix_ += x;
    slots_[filled_] = x;
    if (++filled_ < N) {
      sum_ = prefix_ + slots_[filled_];
      return;
    }
    sum_ = prefix_;
    for (auto i = N - 1; i-- > 0;)
      slots_[i] += slots_[i + 1];
    prefix_ = 0.0;
    filled_ = 0;
    ready_ = true;
  }

  /// As if every value added so far had been `factor` times as large.
  void rescale(double factor) noexcept {
    for (auto& x : slots_)
      x *= factor;
    prefix_ *= factor;
    sum_ *= factor;
  }

  /// False until `N` values were added.
  bool ready() const noexcept { return ready_; }

  /// The sum. Only when `ready`.
  double value() const noexcept { return sum_; }

  /// The mean. Only when `ready`.
  double mean() const noexcept { return sum_ / static_cast<double>(N); }

  /// `ready`, `value` and `mean` as they would be after `add(x)`.
  bool ready_with_one_more() const noexcept {
    return ready_ || filled_ + 1 == N;
  }
  double value_with(double x) const noexcept {
    auto prefix = prefix_ + x;
    return filled_ + 1 < N ? prefix + slots_[filled_ + 1] : prefix;
  }
  double mean_with(double x) const noexcept {
    return value_with(x) / static_cast<double>(N);
  }

  friend bool operator==(const window_sum&, const window_sum&) = default;

private:
  /// Values of the present block, then suffix sums of the one before.
  std::array<double, N> slots_{};
  double prefix_ = 0.0; ///< sum of the values of the present block
  double sum_ = 0.0;
  std::uint32_t filled_ = 0; ///< values of the present block
  bool ready_ = false;
};

} // namespace banksia

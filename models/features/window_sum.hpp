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
/// @tparam Number a double, or a pair of them: two sums side by side
template <std::size_t N, class Number = double>
class window_sum {
public:
  void add(Number x) noexcept {
    prefix_ += x;
    slots_[filled_] = x;
    if (++filled_ < N) {
      sum_ = prefix_ + slots_[filled_];
      return;
    }
    sum_ = prefix_;
    auto suffix = slots_[N - 1];
#pragma GCC unroll 64
    for (std::size_t ago = 2; ago <= N; ++ago)
      slots_[N - ago] = suffix += slots_[N - ago];
    prefix_ = Number{};
    filled_ = 0;
    ready_ = true;
  }

  /// As if every value added so far had been `factor` times as large.
  void rescale(double factor) noexcept {
    for (auto& x : slots_)
      x = x * factor;
    prefix_ = prefix_ * factor;
    sum_ = sum_ * factor;
  }

  /// False until `N` values were added.
  bool ready() const noexcept { return ready_; }

  /// The sum. Only when `ready`.
  Number value() const noexcept { return sum_; }

  /// The mean. Only when `ready`.
  Number mean() const noexcept { return sum_ / static_cast<double>(N); }

  /// `ready`, `value` and `mean` as they would be after `add(x)`.
  bool ready_with_one_more() const noexcept {
    return ready_ || filled_ + 1 == N;
  }
  Number value_with(Number x) const noexcept {
    auto prefix = prefix_ + x;
    return filled_ + 1 < N ? prefix + slots_[filled_ + 1] : prefix;
  }
  Number mean_with(Number x) const noexcept {
    return value_with(x) / static_cast<double>(N);
  }

  friend bool operator==(const window_sum&, const window_sum&) = default;

private:
  /// Values of the present block, then suffix sums of the one before.
  std::array<Number, N> slots_{};
  Number prefix_{}; ///< sum of the values of the present block
  Number sum_{};
  std::uint32_t filled_ = 0; ///< values of the present block
  bool ready_ = false;
};

} // namespace banksia

#pragma once

/// How features get into a vector.

#include "messages/features.hpp"
#include "models/features/optional_number.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace banksia {

using feature_values = std::array<double, feature_count>;

/// Sets some of the values and keeps the mask of what it set: in the vector each
/// bit would wait until the one before has gone through memory.
class values_writer {
public:
  explicit values_writer(feature_values& to) noexcept : to_(to) {}

  /// A number that is not finite (prices far outside of any market) is as good
  /// as unknown; what is missing is not finite either.
  void set(std::size_t index, optional_number value) noexcept {
    if (!std::isfinite(*value))
      return;
    to_[index] = *value;
    mask_ |= std::uint64_t{1} << index;
  }

  std::uint64_t mask() const noexcept { return mask_; }

private:
  feature_values& to_;
  std::uint64_t mask_ = 0;
};

/// A number on its way to the place of a feature.
template <std::size_t Index>
struct placed_number {
  double value;
};

template <std::size_t Index>
[[gnu::always_inline]] inline placed_number<Index>
at(optional_number x) noexcept {
  return {*x};
}

/// Sets all features of a row of them, two at once: to zero where a
/// `values_writer` would leave them as they are, with neither a branch nor a bit
/// of the mask for each.
class row_writer {
public:
  explicit row_writer(feature_values& to) noexcept : to_(to) {}

  template <std::size_t First, std::size_t Second, class... Others>
  [[gnu::always_inline]] void set(placed_number<First> a,
                                  placed_number<Second> b,
                                  Others... others) noexcept {
    static_assert(Second == First + 1, "features of a row lie side by side");
    lanes x{a.value, b.value};
    // Of infinities, and of what is missing, this is not a number.
    auto none = x - x;
    auto there = none == none;
    auto kept = std::bit_cast<bits>(x) & there;
    std::memcpy(to_.data() + First, &kept, sizeof kept);
    mask_ |= there & bits{std::int64_t{1} << First, std::int64_t{1} << Second};
    if constexpr (sizeof...(others) > 0)
      set(others...);
  }

  /// The last of a row of an odd number.
  template <std::size_t Last>
  [[gnu::always_inline]] void set(placed_number<Last> x) noexcept {
    auto there = std::isfinite(x.value);
    to_[Last] = there ? x.value : 0.0;
    mask_ |= bits{static_cast<std::int64_t>(there) << Last, 0};
  }

  std::uint64_t mask() const noexcept {
    return static_cast<std::uint64_t>(mask_[0] | mask_[1]);
  }

private:
  using lanes = double __attribute__((vector_size(16)));
  using bits = std::int64_t __attribute__((vector_size(16)));

  feature_values& to_;
  bits mask_{};
};

} // namespace banksia

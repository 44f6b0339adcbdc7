#pragma once

/// How features get into a vector.

#include "messages/features.hpp"
#include "models/features/optional_number.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

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

} // namespace banksia

#pragma once

/// A number that may be missing, as small as the number.

#include <limits>
#include <optional>

namespace banksia {

/// A double or nothing, in eight bytes: what is not a number is nothing. Used
/// where many stand together and are made for each bar.
class optional_number {
public:
  constexpr optional_number() noexcept = default;
  constexpr optional_number(double x) noexcept : value_(x) {}
  constexpr optional_number(std::optional<double> x) noexcept
    : optional_number(x ? optional_number(*x) : optional_number()) {}

  constexpr bool has_value() const noexcept { return value_ == value_; }
  constexpr explicit operator bool() const noexcept { return has_value(); }

  /// The number; NaN when there is none.
  constexpr double operator*() const noexcept { return value_; }

  constexpr operator std::optional<double>() const noexcept {
    return has_value() ? std::optional{value_} : std::nullopt;
  }

  /// Both nothing, or equal numbers.
  friend constexpr bool operator==(optional_number a,
                                   optional_number b) noexcept {
    return a.value_ == b.value_ || (!a && !b);
  }

private:
  double value_ = std::numeric_limits<double>::quiet_NaN();
};

} // namespace banksia

#pragma once

/// Two numbers that are worked on side by side.

#include <bit>

namespace banksia {

/// Two doubles of which each operation does both at once, one instruction where
/// the processor has it. Each rounds as it would alone.
struct alignas(16) number_pair {
  double first = 0.0;
  double second = 0.0;

  friend number_pair operator+(number_pair a, number_pair b) noexcept {
    return of(lanes_of(a) + lanes_of(b));
  }
  friend number_pair operator-(number_pair a, number_pair b) noexcept {
    return of(lanes_of(a) - lanes_of(b));
  }
  friend number_pair operator*(number_pair a, number_pair b) noexcept {
    return of(lanes_of(a) * lanes_of(b));
  }
  friend number_pair operator*(number_pair a, double b) noexcept {
    return of(lanes_of(a) * b);
  }
  friend number_pair operator/(number_pair a, double b) noexcept {
    return of(lanes_of(a) / b);
  }
  number_pair& operator+=(number_pair x) noexcept { return *this = *this + x; }

  friend bool operator==(const number_pair&, const number_pair&) = default;

private:
  using lanes = double __attribute__((vector_size(16)));

  static lanes lanes_of(number_pair x) noexcept {
    return std::bit_cast<lanes>(x);
  }
  static number_pair of(lanes x) noexcept {
    return std::bit_cast<number_pair>(x);
  }
};

} // namespace banksia

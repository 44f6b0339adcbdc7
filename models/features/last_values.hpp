#pragma once

/// A window over a series whose values lie side by side.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace banksia {

/// The last `N` values of a series, zeros before the first. Each is kept twice,
/// `N` apart, so that the window is a stretch of memory wherever it begins: who
/// goes over it has neither an end of a ring to look for nor a branch to guess.
template <class T, std::size_t N>
class last_values {
public:
  void add(const T& x) noexcept {
    put(oldest_, x);
    oldest_ = oldest_ + 1 == N ? 0 : oldest_ + 1;
  }

  /// Oldest first.
  std::span<const T, N> values() const noexcept {
    return std::span<const T, N>{twice_.data() + oldest_, N};
  }

  const T& oldest() const noexcept { return twice_[oldest_]; }

  /// The value so many places before the newest. @pre `ago < N`
  const T& before(std::size_t ago) const noexcept {
    return twice_[oldest_ + N - 1 - ago];
  }

  /// Replaces each value by what `change` makes of it, oldest first.
  template <class Change>
  void change_each(Change change) noexcept {
    for (std::size_t i = 0; i < N; ++i) {
      auto at = (oldest_ + i) % N;
      put(at, change(twice_[at]));
    }
  }

  friend bool operator==(const last_values&, const last_values&) = default;

private:
  void put(std::size_t at, const T& x) noexcept {
    twice_[at] = x;
    twice_[at + N] = x;
  }

  std::array<T, 2 * N> twice_{};
  std::uint32_t oldest_ = 0;
};

} // namespace banksia

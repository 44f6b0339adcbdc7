#pragma once

/// A chained hash over bars and what changed their basis, by which a stored prediction proves which bars it
/// was made from.

#include "messages/domain.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

namespace banksia {

/// The hash of a sequence of bars, in order. Definition, with all arithmetic
/// modulo 2^64 and `g = 0x9E3779B97F4A7C15` (2^64 / golden ratio):
///
///   none:   h = 0
///   a bar:  h = h + g, then for each word x of the bar
///           h = h xor x; h = h × g; h = h xor (h >> 32);
///           h = h × 0xD6E8FEB86659FD93; h = h xor (h >> 32)
///   an action: likewise, at the place where it took effect
///
/// The words: minutes of the interval, `opened_at` in microseconds, then open,
/// high, low, close, volume as IEEE-754 bits (-0 as +0). Where it came from and
/// when we received it do not count. The words of an action: 2^16 + its kind,
/// `effective_at`, its value's bits; a revised bar counts with its new values, a
/// withdrawn one not at all. It guards against mistakes, not against
/// somebody who searches for a collision.
class bar_lineage {
public:
  void add(const bar& x) noexcept {
    value_ += golden;
    mix(minutes_of(x.interval));
    mix(static_cast<std::uint64_t>(to_micros(x.opened_at)));
    mix_number(x.open.value());
    mix_number(x.high.value());
    mix_number(x.low.value());
    mix_number(x.close.value());
    mix_number(x.volume.value());
    ++count_;
  }

  void add(const corporate_action& x) noexcept {
    value_ += golden;
    mix(std::uint64_t{0x10000} + static_cast<std::uint64_t>(x.kind));
    mix(static_cast<std::uint64_t>(to_micros(x.effective_at)));
    mix_number(x.value.value());
  }

  std::uint64_t value() const noexcept { return value_; }

  /// The number of bars in it.
  std::uint32_t count() const noexcept { return count_; }

  friend bool operator==(const bar_lineage&, const bar_lineage&) = default;

private:
  static constexpr std::uint64_t golden = 0x9E3779B97F4A7C15;

  void mix(std::uint64_t x) noexcept {
    value_ ^= x;
    value_ *= golden;
    value_ ^= value_ >> 32;
    value_ *= 0xD6E8FEB86659FD93;
    value_ ^= value_ >> 32;
  }

  void mix_number(double x) noexcept {
    mix(std::bit_cast<std::uint64_t>(x + 0.0)); // -0 + 0 is +0
  }

  std::uint64_t value_ = 0;
  std::uint32_t count_ = 0;
};

/// What a consumer of bars did with one.
enum class bar_use : std::uint8_t {
  consumed = 0,
  out_of_order = 1, ///< not after the bars consumed so far; nothing changed
  unusable = 2,     ///< a number is not finite or not positive where it must be
};

/// Whether indicators can live with `x`: prices finite, close and low above
/// zero, volume finite and not negative. One NaN would stay in an exponential
/// mean for ever, so this is checked even though quality rules come first.
inline bool usable(const bar& x) noexcept {
  // What is not finite gives no number less itself, and that stays in a sum: one
  // look instead of five.
  auto none = [](auto y) { return y.value() - y.value(); };
  auto sum = none(x.open) + none(x.high) + none(x.low) + none(x.close)
             + none(x.volume);
  return sum == 0.0 && x.low.value() > 0.0 && x.close.value() > 0.0
         && x.volume.value() >= 0.0;
}

} // namespace banksia

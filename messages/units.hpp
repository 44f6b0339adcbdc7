#ifndef BANKSIA_MESSAGES_UNITS_HPP
#define BANKSIA_MESSAGES_UNITS_HPP

/// Quantities that must not be mixed up. Each wraps a double; construction from
/// a bare number is explicit, so a percentage cannot slip in where a fraction
/// is meant. The legacy system stored returns now as one, now as the other.

#include <compare>
#include <cstdint>

namespace banksia {

/// A double with a unit. `Tag` names the unit and is never defined.
template <class Tag>
class quantity {
public:
  constexpr quantity() noexcept = default;
  constexpr explicit quantity(double value) noexcept : value_(value) {}

  constexpr double value() const noexcept { return value_; }

  friend constexpr bool operator==(quantity a, quantity b) noexcept {
    return a.value_ == b.value_;
  }
  friend constexpr std::partial_ordering operator<=>(quantity a,
                                                     quantity b) noexcept {
    return a.value_ <=> b.value_;
  }

private:
  double value_ = 0.0;
};

/// A plain number without unit (an indicator, a ratio, a score).
using real = quantity<struct real_tag>;

/// Money per share, in the currency the security trades in.
using price = quantity<struct price_tag>;

/// A number of shares traded; may be fractional after an adjustment.
using shares = quantity<struct shares_tag>;

/// A part of one: 0.0125 is 1.25 %. Returns, magnitudes and confidences.
using fraction = quantity<struct fraction_tag>;

/// A part of a hundred: 1.25 is 1.25 %. For display only.
using percent = quantity<struct percent_tag>;

constexpr percent to_percent(fraction x) noexcept {
  return percent{x.value() * 100.0};
}

constexpr fraction to_fraction(percent x) noexcept {
  return fraction{x.value() / 100.0};
}

/// The return of buying at `entry` and selling at `exit`. Both must be > 0.
constexpr fraction return_between(price entry, price exit) noexcept {
  return fraction{exit.value() / entry.value() - 1.0};
}

} // namespace banksia

#endif // BANKSIA_MESSAGES_UNITS_HPP

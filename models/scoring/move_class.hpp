#pragma once

/// The three exclusive classes that a forecast is about, and probabilities of
/// them.

#include "messages/domain.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

/// What a price does over the horizon. Flat is a move within a band that
/// follows the symbol's own volatility (`labels.hpp`).
enum class move_class : std::uint8_t { down = 0, flat = 1, up = 2 };

inline constexpr std::size_t move_class_count = 3;

inline constexpr std::array move_classes{move_class::down, move_class::flat,
                                         move_class::up};

/// Probabilities of down, flat and up, in this order.
using class_probabilities = std::array<double, move_class_count>;

constexpr std::size_t index_of(move_class x) noexcept {
  return static_cast<std::size_t>(x);
}

/// "down", "flat", "up".
std::string_view to_string(move_class x) noexcept;

/// Down for up, up for down, flat for flat.
move_class mirrored(move_class x) noexcept;

/// SELL for down, HOLD for flat, BUY for up.
trade_action action_of(move_class x) noexcept;

/// The class of the largest probability. A tie goes to flat, then to up: the
/// order of the constant answers HOLD, BUY, SELL.
move_class most_likely(const class_probabilities& p) noexcept;

/// What is wrong with probabilities: not finite, outside 0 … 1, or a sum more
/// than 1e-6 from 1. Nothing when they are sound.
std::optional<std::string> problem_of(const class_probabilities& p);

} // namespace banksia

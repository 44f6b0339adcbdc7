#pragma once

/// How a prediction's vectors lie in the store: fixed little-endian blocks that
/// begin with their version, so that they are read back bit for bit.

#include "messages/domain.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace banksia::store {

/// version (8 bytes) · mask (8) · 53 values (8 each).
inline constexpr std::size_t features_size = 8 + 8 + feature_count * 8;

/// version and flags (8 bytes) · 9 inputs · 8 scores of each side (8 each).
inline constexpr std::size_t trace_size = 8 + (9 + 2 * 8) * 8;

std::array<std::byte, features_size> encode(const feature_vector& x);

/// Nothing when the block has another length.
std::optional<feature_vector>
decode_features(std::span<const std::byte> block);

std::array<std::byte, trace_size> encode(const decision_trace& x);

/// Nothing when the block has another length or version.
std::optional<decision_trace> decode_trace(std::span<const std::byte> block);

} // namespace banksia::store

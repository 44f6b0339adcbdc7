#pragma once

/// How a prediction's vectors lie in the store: fixed little-endian blocks that
/// begin with their version, so that they are read back bit for bit.

#include "messages/domain.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace banksia::store {

/// version (8 bytes) · mask (8) · 53 values (8 each).
inline constexpr std::size_t features_size = 8 + 8 + feature_count * 8;

std::vector<std::byte> encode(const feature_vector& x);

/// Nothing when the block has another length.
std::optional<feature_vector>
decode_features(std::span<const std::byte> block);

std::vector<std::byte> encode(const decision_trace& x);

/// Nothing when the block has another length or version.
std::optional<decision_trace> decode_trace(std::span<const std::byte> block);

} // namespace banksia::store

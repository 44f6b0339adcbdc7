#pragma once

/// Two predictions, field by field and bit for bit.

#include "messages/domain.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace banksia {

/// A field in which two predictions differ.
struct field_difference {
  std::string field; ///< "confidence", "features.rsi", "trace.buy.risk"
  std::string stored;
  std::string recomputed;
  /// A number, and no further off than another build may be.
  bool within_tolerance = false;

  friend bool operator==(const field_difference&,
                         const field_difference&) = default;
};

/// How far a number may be off on another build: this, or this part of it.
inline constexpr double build_tolerance = 1e-6;

/// Every field of two predictions.
struct field_comparison {
  std::size_t compared = 0; ///< fields
  std::vector<field_difference> differences;
};

/// Compares bit for bit. Only -0 and +0 are equal in what the store keeps in a
/// column of its own: SQLite has no negative zero.
field_comparison compare(const prediction& stored,
                         const prediction& recomputed);

} // namespace banksia

#pragma once

/// Figures as reports write them.

#include "models/scoring/interval.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace banksia {

/// `x` in per cent with one decimal, "-0.0" written "0.0"; `sign` writes "+"
/// before what is not negative.
std::string per_cent(double x, bool sign = false);

/// `x` with so many decimals, without a sign on what rounds to zero unless
/// `sign` is set.
std::string decimal(double x, int decimals, bool sign = false);

/// " [lower, upper]" in per cent; empty without an interval.
std::string bracket(const std::optional<interval95>& x, bool sign = false);

/// The same with so many decimals.
std::string decimal_bracket(const std::optional<interval95>& x, int decimals,
                            bool sign = false);

/// "1 day", "2 days".
std::string count_of(std::uint64_t n, const std::string& noun);

/// "  label   text\n", texts below each other.
std::string text_line(std::string label, const std::string& text);

} // namespace banksia

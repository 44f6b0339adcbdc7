#pragma once

/// Numbers with a name and a shape, as they are stored.

#include <cstdint>
#include <string>
#include <vector>

namespace banksia::forecast {

/// How a tensor's numbers are stored: 4 or 8 bytes each.
enum class number_width : std::uint8_t { single = 4, whole = 8 };

/// A tensor in row-major order. Single precision numbers are exact in a double,
/// so one vector carries both widths.
struct named_tensor {
  std::string name;
  number_width width = number_width::single;
  std::vector<std::uint32_t> shape;
  std::vector<double> values;

  friend bool operator==(const named_tensor&, const named_tensor&) = default;
};

} // namespace banksia::forecast

#pragma once

/// What the bits of a forecast depend on beside its inputs.

#include <optional>
#include <string>

namespace banksia::forecast {

struct numeric_environment {
  std::string library;    ///< "LibTorch 1.13.1"
  std::string capability; ///< of the processor, as LibTorch uses it: "AVX2"
  std::string blas;       ///< "OpenBLAS 0.3.21 Haswell"; empty: another one

  friend bool operator==(const numeric_environment&,
                         const numeric_environment&) = default;
};

/// The three in one line, as forecasts keep it.
std::string to_string(const numeric_environment& x);

/// What this process computes with.
numeric_environment current_numeric_environment();

/// Says what makes training several times slower than it need be, and what to
/// install: Debian's reference BLAS. Nothing when all is well.
std::optional<std::string> problem_of(const numeric_environment& x);

} // namespace banksia::forecast

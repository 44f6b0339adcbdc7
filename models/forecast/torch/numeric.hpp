#pragma once

#include <cstdint>

namespace banksia::forecast {

/// Makes LibTorch and its BLAS compute on the calling thread alone: sums are
/// then always taken in one order. Cheap; called wherever computing begins.
void use_one_thread();

} // namespace banksia::forecast

#pragma once

#include "runtime/resilience/splitmix.hpp"

namespace banksia::chaos {

/// What a seed decides.
class dice : public splitmix {
public:
  using splitmix::splitmix;

  /// From `low` to `high`, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) noexcept {
    return low
           + static_cast<std::int64_t>(
             below(static_cast<std::uint64_t>(high - low + 1)));
  }

  template <class Range>
  auto& pick(Range& of) noexcept {
    return of[below(of.size())];
  }
};

} // namespace banksia::chaos

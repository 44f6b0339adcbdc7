#pragma once

/// What a feed has shown before.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_set>

namespace banksia {

/// A bounded set of identities; the oldest go first. It keeps 64 bits of each:
/// among 10,000 items two are taken for one with a chance of 3 in 10^12. Not
/// thread-safe.
class seen_items {
public:
  explicit seen_items(std::size_t capacity = 10'000);

  /// True the first time.
  bool add(std::string_view identity);

  bool contains(std::string_view identity) const;

  std::size_t size() const noexcept { return order_.size(); }

private:
  std::size_t capacity_;
  std::unordered_set<std::uint64_t> keys_;
  std::deque<std::uint64_t> order_; ///< oldest first
};

} // namespace banksia

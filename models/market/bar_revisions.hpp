#pragma once

/// Later words on bars, as of a time.

#include "messages/domain.hpp"

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace banksia {

/// The revisions of one symbol's bars. Not thread-safe.
class bar_revisions {
public:
  /// Takes one in, in any order. @returns false when it is there already
  bool add(const bar_revision& x);

  /// `x` as it is to be used at `t`, by the newest revision known then: with
  /// other prices and volume (its times and its source stay), or nothing where
  /// it is withdrawn. Unchanged without a revision.
  std::optional<bar> as_of(const bar& x, timestamp t) const;

  /// Whether it was taken in.
  bool contains(const bar_revision& x) const;

  bool empty() const noexcept { return by_bar_.empty(); }

private:
  using key = std::pair<bar_interval, timestamp>;

  std::map<key, std::vector<bar_revision>> by_bar_; ///< each by `known_at`
};

} // namespace banksia

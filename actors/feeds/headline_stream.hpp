#pragma once

/// Stored headlines of many symbols as one stream in the order in which they
/// became known. Memory is bounded.

#include "messages/domain.hpp"
#include "runtime/storage/sqlite.hpp"

#include <deque>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace banksia {

class headline_stream {
public:
  /// @param after only headlines that became known after it
  headline_stream(storage::database& db, std::vector<std::string> symbols,
                  timestamp after);

  /// The next headline that is known by `until`. Those known at one instant come
  /// in the order of the symbols.
  std::optional<headline> next(timestamp until);

private:
  struct lane {
    std::string symbol;
    std::deque<headline> chunk;
    timestamp last_known_at;
    std::string last_id;
    bool drained = false;
  };
  /// Where a lane stands, for the queue.
  struct head {
    timestamp known_at;
    std::size_t lane;

    bool operator>(const head& other) const {
      return known_at != other.known_at ? known_at > other.known_at
                                        : lane > other.lane;
    }
  };

  /// Puts the lane into the queue, unless it is at its end.
  void queue(std::size_t position);

  storage::statement query_;
  std::vector<lane> lanes_;
  std::priority_queue<head, std::vector<head>, std::greater<>> heads_;
};

} // namespace banksia

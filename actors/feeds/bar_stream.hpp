#pragma once

/// Stored bars of many symbols as one stream in the order in which they became
/// known. Memory is bounded whatever the number of symbols and years.

#include "messages/domain.hpp"
#include "runtime/storage/sqlite.hpp"

#include <deque>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace banksia {

class bar_stream {
public:
  /// One symbol of the stream.
  struct source {
    std::string symbol;
    std::uint32_t index; ///< given back with its bars
  };

  /// A bar and whose it is.
  struct item {
    std::uint32_t index;
    bar content;
  };

  /// @param after only bars that became known after it
  bar_stream(storage::database& db, std::vector<source> sources,
             bar_interval interval, timestamp after);

  /// When the next bar becomes known; nothing at the end.
  std::optional<timestamp> next_known_at() const;

  /// The next bar. Bars known at one instant come in the order of the sources.
  item pop();

private:
  struct lane {
    source from;
    std::deque<bar> chunk;
    timestamp last_opened_at;
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

  void refill(lane& x);

  storage::statement query_;
  bar_interval interval_;
  timestamp after_;
  std::int64_t chunk_size_;
  std::vector<lane> lanes_;
  std::priority_queue<head, std::vector<head>, std::greater<>> heads_;
};

} // namespace banksia

#pragma once

/// What changes bars, out of the store, in the order in which it became known:
/// splits and dividends, and revisions. Memory is bounded.

#include "messages/domain.hpp"
#include "runtime/storage/sqlite.hpp"

#include <deque>
#include <optional>

namespace banksia {

class change_stream {
public:
  /// @param interval of the bars whose revisions are given
  /// @param after only what became known after it
  change_stream(storage::database& db, bar_interval interval, timestamp after);

  /// The next split or dividend of any symbol that is known by `until`.
  std::optional<corporate_action> next_action(timestamp until);

  /// The next revision of any symbol's bar that is known by `until`.
  std::optional<bar_revision> next_revision(timestamp until);

  /// Looks for what was stored since. What it has given does not come again.
  void look_again() noexcept;

private:
  /// One table: the rows read ahead, and behind which row to go on.
  template <class T>
  struct lane {
    storage::statement query;
    std::deque<T> chunk;
    std::optional<T> last;
    bool drained = false;
  };

  void refill(lane<corporate_action>& x);
  void refill(lane<bar_revision>& x);

  bar_interval interval_;
  timestamp after_;
  lane<corporate_action> actions_;
  lane<bar_revision> revisions_;
};

} // namespace banksia

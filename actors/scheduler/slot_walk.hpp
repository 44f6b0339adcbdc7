#pragma once

/// The cycles of a run in time order, one after the other.

#include "actors/run_plan.hpp"

#include <optional>
#include <vector>

namespace banksia {

/// Walks the slots after a point in time. A plain cursor over the calendar.
class slot_walk {
public:
  /// The first slot given is the first one after `after`.
  slot_walk(shared_plan plan, timestamp after);

  /// The next slot, without moving on; nothing beyond the calendar.
  std::optional<timestamp> peek();

  void pop() { ++position_; }

private:
  void load_session(const session* s);

  shared_plan plan_;
  const session* session_ = nullptr;
  std::vector<timestamp> slots_;
  std::size_t position_ = 0;
};

/// A cycle slot of the plan, ready to be issued. Its sequence is its time: a
/// cycle issued twice, also by a scheduler that was started again, has the same.
cycle_slot make_slot(const run_plan& plan, timestamp slot, timestamp issued_at);

} // namespace banksia

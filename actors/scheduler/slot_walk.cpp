#include "actors/scheduler/slot_walk.hpp"

namespace banksia {

slot_walk::slot_walk(shared_plan plan, timestamp after)
  : plan_(std::move(plan)) {
  const auto& calendar = plan_->calendar;
  auto start = calendar.session_at(after);
  load_session(start ? start : calendar.next_session_after(after));
  for (auto next = peek(); next && *next <= after; next = peek())
    pop();
}

void slot_walk::load_session(const session* s) {
  session_ = s;
  position_ = 0;
  slots_.clear();
  if (s)
    slots_ = slots_of(*plan_, *s);
}

std::optional<timestamp> slot_walk::peek() {
  while (session_ && position_ >= slots_.size())
    load_session(plan_->calendar.next_session_after(session_->auction_ends_at));
  if (!session_)
    return std::nullopt;
  return slots_[position_];
}

cycle_slot make_slot(const run_plan& plan, timestamp slot,
                     timestamp issued_at) {
  cycle_slot x;
  x.id = make_cycle_id(plan.run, to_string(plan.interval), slot);
  x.run = plan.run;
  x.interval = plan.interval;
  x.slot = slot;
  x.issued_at = issued_at;
  x.sequence = static_cast<std::uint64_t>(to_micros(slot));
  return x;
}

} // namespace banksia

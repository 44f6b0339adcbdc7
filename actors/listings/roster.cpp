#include "actors/listings/roster.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

shared_plan with_symbols(const run_plan& base, const listings& of) {
  auto plan = std::make_shared<run_plan>(base);
  plan->symbols = of.symbols();
  return plan;
}

} // namespace

roster::roster(shared_plan base, listings from)
  : plan_(with_symbols(*base, from)),
    now_(std::make_shared<listings>(std::move(from))) {}

std::shared_ptr<const listings> roster::now() const {
  std::lock_guard guard{mutex_};
  return now_;
}

shared_plan roster::plan() const {
  std::lock_guard guard{mutex_};
  return plan_;
}

timestamp roster::time() const {
  std::lock_guard guard{mutex_};
  return time_;
}

bool roster::begin_step(timestamp until) {
  std::lock_guard guard{mutex_};
  if (changing_)
    return false;
  time_ = std::max(time_, until);
  return true;
}

void roster::reach(timestamp begun) {
  std::lock_guard guard{mutex_};
  time_ = std::max(time_, begun);
}

std::optional<timestamp> roster::begin_change() {
  std::lock_guard guard{mutex_};
  if (time_ == timestamp{})
    return std::nullopt;
  changing_ = true;
  // A wall clock that was set back does not bring changes out of order.
  return std::max(time_, now_->newest()) + micros{1};
}

void roster::end_change(std::shared_ptr<const listings> made) {
  std::lock_guard guard{mutex_};
  changing_ = false;
  if (!made)
    return;
  if (made->symbols() != plan_->symbols)
    plan_ = with_symbols(*plan_, *made);
  now_ = std::move(made);
  version_.fetch_add(1, std::memory_order_release);
}

} // namespace banksia

#include "runtime/resilience/queue_watch.hpp"

#include <array>
#include <cassert>

namespace banksia {

namespace {

/// Before any time that is passed in, and yet not so far that a difference to
/// it would overflow.
constexpr queue_watch::time_point for_ever{-std::chrono::hours{24 * 365}};

/// Of these one is always there when the one before is done. While the queue
/// stands no more are taken: the age of the oldest says too late how long those
/// will wait that come now.
constexpr std::size_t enough_to_do = 4;

} // namespace

std::optional<std::string> problem_of(const queue_rule& x) {
  if (x.target.count() <= 0)
    return "target: must be more than 0 ms";
  if (x.interval < x.target)
    return "interval: must be at least the target";
  if (x.waiting_max < 1)
    return "waiting_max: must be at least 1";
  return std::nullopt;
}

std::string_view to_string(queue_refusal x) noexcept {
  constexpr std::array<std::string_view, 3> names{"", "full", "standing"};
  return names[static_cast<std::size_t>(x)];
}

queue_watch::queue_watch(queue_rule rule) : rule_(rule) {
  assert(!problem_of(rule_));
}

std::chrono::nanoseconds queue_watch::oldest(time_point now) const {
  return waiting_.empty() ? std::chrono::nanoseconds{0}
                          : now - waiting_.begin()->second;
}

bool queue_watch::is_standing(time_point now) const {
  auto age = oldest(now);
  // One job keeps all others from coming up at all.
  if (age >= rule_.target + rule_.interval)
    return true;
  if (slow_since_ == for_ever)
    return waiting_.size() >= enough_to_do;
  return age > rule_.target && slow_since_
         && now - *slow_since_ >= rule_.interval;
}

queue_refusal queue_watch::enter(time_point now, place& into) {
  if (waiting_.size() >= rule_.waiting_max)
    return queue_refusal::full;
  if (is_standing(now)) {
    // From now on, until one was quick and none waits behind it: else the queue
    // would be let grow for another interval each time that it is short.
    slow_since_ = for_ever;
    return queue_refusal::standing;
  }
  into = next_++;
  waiting_.emplace_hint(waiting_.end(), into, now);
  return queue_refusal::none;
}

std::chrono::nanoseconds queue_watch::begin(place of, time_point now) {
  auto found = waiting_.find(of);
  if (found == waiting_.end())
    return {};
  auto waited = now - found->second;
  waiting_.erase(found);
  auto is_quick = waited <= rule_.target;
  if (is_quick && (slow_since_ != for_ever || waiting_.empty()))
    slow_since_.reset();
  else if (!is_quick && !slow_since_)
    slow_since_ = now;
  return waited;
}

void queue_watch::abandon(place of) {
  waiting_.erase(of);
  if (waiting_.empty())
    slow_since_.reset();
}

} // namespace banksia

#include "actors/services/dependency.hpp"

#include <utility>

namespace banksia {

using time_point = dependency::time_point;

part_call::~part_call() {
  std::lock_guard guard{part_->mutex_};
  --part_->waiting_;
  // No time passes by a withdrawal but what the breaker has seen already.
  if (!is_over_)
    part_->breaker_.withdrawn(permit_, {});
}

void part_call::succeeded(time_point now) {
  std::lock_guard guard{part_->mutex_};
  if (std::exchange(is_over_, true))
    return;
  part_->breaker_.succeeded(permit_, now);
  part_->retries_.succeeded();
}

void part_call::failed(time_point now, std::string_view reason) {
  std::lock_guard guard{part_->mutex_};
  if (!std::exchange(is_over_, true))
    part_->breaker_.failed(permit_, now, reason);
}

dependency::dependency(std::string_view name, std::string_view component,
                       std::chrono::milliseconds patience, const rule& of)
  : name_(name),
    component_(component),
    patience_(patience),
    waiting_max_(of.waiting_max),
    breaker_(of.breaker) {}

std::shared_ptr<part_call> dependency::begin(time_point now,
                                             part_refusal& why) {
  std::lock_guard guard{mutex_};
  if (waiting_ >= waiting_max_)
    return nullptr;
  auto permit = breaker_.allow(now);
  if (!permit) {
    why.is_failing = true;
    why.reason = breaker_.reason();
    // Half open: a probe is out, and its result is near.
    if (auto at = breaker_.retry_at(now))
      why.retry_after
        = std::chrono::ceil<std::chrono::milliseconds>(*at - now);
    return nullptr;
  }
  auto result = std::make_shared<part_call>(*this, *permit);
  ++waiting_;
  return result;
}

bool dependency::take_retry() {
  std::lock_guard guard{mutex_};
  return retries_.failed({}).again();
}

breaker_state dependency::state(time_point now) const {
  std::lock_guard guard{mutex_};
  return breaker_.state(now);
}

std::string dependency::trouble(time_point now) const {
  std::lock_guard guard{mutex_};
  if (breaker_.state(now) != breaker_state::open)
    return {};
  return name_ + " is not asked for now: " + breaker_.reason();
}

void dependencies::show(telemetry::metrics& into,
                        dependency::time_point now) const {
  for (auto part : all())
    into
      .gauge_of("banksia_dependency_state",
                "Of a part that the services ask: 0 closed, 1 half open, 2 "
                "open: not asked.",
                {{"dependency", part->name()}})
      .set(static_cast<double>(part->state(now)));
}

} // namespace banksia

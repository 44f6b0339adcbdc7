#include "runtime/resilience/circuit_breaker.hpp"

#include <array>
#include <cassert>
#include <utility>

namespace banksia {

std::string_view to_string(breaker_state x) noexcept {
  constexpr std::array<std::string_view, 3> names{"closed", "half_open",
                                                  "open"};
  return names[static_cast<std::size_t>(x)];
}

std::optional<std::string> problem_of(const breaker_rule& x) {
  if (x.window < 1 || x.window > 10'000)
    return "window: must be 1 to 10000 results";
  if (x.minimum < 1 || x.minimum > x.window)
    return "minimum: must be 1 to the window's size";
  if (!(x.failure_share > 0.0 && x.failure_share <= 1.0))
    return "failure_share: must be above 0 and at most 1";
  if (x.open_for.count() <= 0)
    return "open_for: must be more than 0 ms";
  if (x.probes < 1)
    return "probes: must be at least 1";
  return std::nullopt;
}

circuit_breaker::circuit_breaker(breaker_rule rule) : rule_(rule) {
  assert(!problem_of(rule_));
}

// -- states -------------------------------------------------------------------

void circuit_breaker::to(breaker_state next) {
  state_ = next;
  ++epoch_;
  window_.clear();
  failures_ = 0;
  probes_out_ = 0;
  probes_good_ = 0;
}

void circuit_breaker::open(time_point now) {
  to(breaker_state::open);
  changed_ = now;
  ++counts_.opened;
}

/// What time alone changes.
void circuit_breaker::advance(time_point now) {
  if (state_ == breaker_state::open && now - changed_ >= rule_.open_for)
    to(breaker_state::half_open);
  if (state_ == breaker_state::half_open && probes_out_ > 0
      && now - last_probe_ >= rule_.open_for) {
    reason_ = "a probe was never answered";
    open(last_probe_ + rule_.open_for);
    if (now - changed_ >= rule_.open_for)
      to(breaker_state::half_open);
  }
}

breaker_state circuit_breaker::state(time_point now) const noexcept {
  if (state_ == breaker_state::open && now - changed_ >= rule_.open_for)
    return breaker_state::half_open;
  if (state_ == breaker_state::half_open && probes_out_ > 0
      && now - last_probe_ >= rule_.open_for
      && now - last_probe_ < 2 * rule_.open_for)
    return breaker_state::open;
  return state_;
}

std::optional<circuit_breaker::time_point>
circuit_breaker::retry_at(time_point now) const noexcept {
  if (state(now) != breaker_state::open)
    return std::nullopt;
  return state_ == breaker_state::open ? changed_ + rule_.open_for
                                       : last_probe_ + 2 * rule_.open_for;
}

// -- calls --------------------------------------------------------------------

std::optional<circuit_breaker::permit> circuit_breaker::allow(time_point now) {
  advance(now);
  if (state_ == breaker_state::open
      || (state_ == breaker_state::half_open
          && probes_out_ + probes_good_ >= rule_.probes)) {
    ++counts_.refused;
    return std::nullopt;
  }
  if (state_ == breaker_state::half_open) {
    ++probes_out_;
    last_probe_ = now;
  }
  return permit{epoch_};
}

bool circuit_breaker::is_stale(permit of) noexcept {
  if (of.epoch == epoch_)
    return false;
  ++counts_.stale;
  return true;
}

void circuit_breaker::remember(bool failure) {
  window_.push_back(failure);
  failures_ += failure ? 1 : 0;
  if (window_.size() > rule_.window) {
    failures_ -= window_.front() ? 1 : 0;
    window_.pop_front();
  }
}

void circuit_breaker::succeeded(permit of, time_point now) {
  ++counts_.succeeded;
  advance(now);
  if (is_stale(of))
    return;
  if (state_ == breaker_state::closed)
    return remember(false);
  --probes_out_;
  if (++probes_good_ >= rule_.probes)
    to(breaker_state::closed);
}

void circuit_breaker::failed(permit of, time_point now,
                             std::string_view reason) {
  ++counts_.failed;
  reason_.assign(reason.substr(0, 200));
  advance(now);
  if (is_stale(of))
    return;
  if (state_ == breaker_state::half_open)
    return open(now);
  remember(true);
  auto share = static_cast<double>(failures_)
               / static_cast<double>(window_.size());
  if (window_.size() >= rule_.minimum && share >= rule_.failure_share)
    open(now);
}

void circuit_breaker::withdrawn(permit of, time_point now) {
  advance(now);
  if (!is_stale(of) && state_ == breaker_state::half_open)
    --probes_out_;
}

} // namespace banksia

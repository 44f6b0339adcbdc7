#include "runtime/supervision/supervisor_state.hpp"

#include <algorithm>

namespace banksia {

bool is_abnormal(const caf::error& reason) {
  return reason && reason != caf::exit_reason::normal
         && reason != caf::exit_reason::user_shutdown;
}

namespace {

/// OTP's `shutdown`, with a word why: a transient supervisor that gave up is not
/// started again.
caf::error shutdown_because(const std::string& why) {
  return {static_cast<std::uint8_t>(caf::exit_reason::user_shutdown),
          caf::atom("exit"), caf::make_message(why)};
}

} // namespace

bool supervisor_state::is_group() const noexcept {
  return options_.how == strategy::one_for_all
         || options_.how == strategy::rest_for_one;
}

void supervisor_state::died(const death& d) {
  auto x = find(d.of, d.generation, child_phase::undefined);
  if (x == nullptr)
    return; // started again since, with its group
  auto reason = self_->system().render(d.reason);
  report_end(*x, reason);
  auto again = x->spec.restart == restart_type::permanent
               || (x->spec.restart == restart_type::transient
                   && is_abnormal(d.reason));
  if (again)
    restart_after_death(d.of, *x, reason);
  else
    ended_for_good(d.of, *x);
}

void supervisor_state::ended_for_good(key k, child& x) {
  auto significant = x.spec.significant;
  auto path = x.spec.path();
  x.ended_for_good = true;
  if (x.spec.restart == restart_type::temporary
      || options_.how == strategy::dynamic)
    erase(k);
  if (!significant || options_.when == auto_shutdown::never)
    return;
  auto another = std::any_of(children_.begin(), children_.end(),
                             [](const auto& y) {
                               return y.second.spec.significant
                                      && !y.second.ended_for_good;
                             });
  if (options_.when == auto_shutdown::all_significant && another)
    return;
  shut_down(shutdown_because("significant child " + path + " has ended"));
}

// -- budget and pause -------------------------------------------------------------

bool supervisor_state::within_budget(restart_budget& restarts) {
  return restarts.spend(now(), options_.intensity, options_.period);
}

std::chrono::milliseconds supervisor_state::next_pause(child& x) {
  const auto& rule = x.spec.backoff;
  if (x.up_since != time_point{} && now() - x.up_since >= rule.reset_after)
    x.failures = 0;
  x.up_since = time_point{};
  x.spec.slot->set_in_trouble(++x.failures >= failures_of_trouble);
  auto longest = longest_pause(rule, x.failures).count();
  if (longest <= 0)
    return std::chrono::milliseconds{0};
  return std::chrono::milliseconds{static_cast<std::int64_t>(
    random_.below(static_cast<std::uint64_t>(longest) + 1))};
}

// -- restarts ---------------------------------------------------------------------

void supervisor_state::restart_after_death(key k, child& x,
                                           const std::string& reason) {
  x.watched->restarts.fetch_add(1);
  x.restarting = true;
  if (options_.how == strategy::dynamic) {
    if (within_budget(x.restarts))
      pause_then_start(k, x);
    else
      park(k, x, reason);
    return;
  }
  if (!within_budget(restarts_)) {
    give_up(x.spec.path() + ": " + reason);
    return;
  }
  if (is_group())
    restart_group(k);
  else
    pause_then_start(k, x);
}

void supervisor_state::is_healthy(key k, std::uint64_t generation) {
  auto x = find(k, generation, child_phase::running);
  if (x == nullptr)
    return;
  x->failures = 0;
  x->spec.slot->set_in_trouble(false);
}

void supervisor_state::pause_then_start(key k, child& x) {
  wait_for(k, x, next_pause(x));
}

void supervisor_state::wait_for(key k, child& x,
                                std::chrono::milliseconds pause) {
  x.phase = child_phase::waiting;
  x.token = next_token_++;
  if (pause.count() == 0) {
    resume(k, x.token);
    return;
  }
  auto e = event_of(x, "backoff", "");
  e.pause = pause;
  if (options_.report)
    options_.report(e);
  self_->delayed_send(self_, pause, resume_atom::value, k, x.token);
}

void supervisor_state::resume(key k, std::uint64_t token) {
  auto x = find(k);
  if (ending_ || x == nullptr || x->token != token
      || (x->phase != child_phase::waiting && x->phase != child_phase::parked))
    return;
  if (job_)
    wishes_.push_back([this, k, token] { resume(k, token); });
  else if (is_group())
    start_waiting();
  else
    start(k, *x);
}

/// A budget of its own is exhausted: it costs its siblings nothing.
void supervisor_state::park(key k, child& x, const std::string& reason) {
  report(x, "escalated", reason);
  x.spec.slot->set_in_trouble(true);
  x.failures = failures_of_trouble;
  x.phase = child_phase::parked;
  x.restarts.clear();
  x.token = next_token_++;
  self_->delayed_send(self_, options_.park_pause, resume_atom::value, k,
                      x.token);
}

bool supervisor_state::has_died(key k) const {
  return std::any_of(deaths_.begin(), deaths_.end(),
                     [k](const death& x) { return x.of == k; });
}

/// Who is restarted with a child: those that run, wait or have just died. What
/// was stopped on purpose stays so.
std::vector<supervisor_state::key> supervisor_state::group_of(key k) const {
  std::vector<key> result;
  for (const auto& [other, x] : children_) {
    if (options_.how == strategy::rest_for_one && other < k)
      continue;
    if (other == k || x.handle || x.phase == child_phase::waiting
        || has_died(other))
      result.push_back(other);
  }
  return result;
}

void supervisor_state::restart_group(key k) {
  auto group = group_of(k);
  job stops;
  for (auto i = group.rbegin(); i != group.rend(); ++i)
    stops.steps.push_back({step::kind::stop, *i});
  stops.done = [this, k, group] {
    for (auto other : group) {
      auto y = find(other);
      if (y == nullptr)
        continue;
      if (y->spec.restart == restart_type::temporary) {
        y->spec.slot->clear();
        erase(other);
        continue;
      }
      y->phase = child_phase::waiting;
      y->token = 0;
      y->restarting = true;
    }
    if (auto x = find(k))
      pause_then_start(k, *x);
  };
  run(std::move(stops));
}

void supervisor_state::start_waiting() {
  job starts;
  for (const auto& [k, x] : children_)
    if (x.phase == child_phase::waiting)
      starts.steps.push_back({step::kind::start, k});
  starts.failed = [this](key k, const std::string& reason) {
    if (!ending_)
      restart_after_death(k, children_.at(k), reason);
  };
  run(std::move(starts));
}

void supervisor_state::give_up(const std::string& reason) {
  if (ending_)
    return;
  gave_up_ = reason;
  report_own("escalated", reason);
  shut_down(shutdown_because("gave up: " + reason));
}

} // namespace banksia

#include "runtime/supervision/supervisor_state.hpp"

#include <utility>

namespace banksia {

// -- children ---------------------------------------------------------------------

supervisor_state::child* supervisor_state::find(key k) {
  auto found = children_.find(k);
  return found == children_.end() ? nullptr : &found->second;
}

supervisor_state::child* supervisor_state::find(key k, std::uint64_t generation,
                                                child_phase phase) {
  auto x = find(k);
  return x != nullptr && x->generation == generation && x->phase == phase
           ? x
           : nullptr;
}

supervisor_state::child* supervisor_state::find(const std::string& path,
                                                key* at) {
  auto found = by_path_.find(path);
  if (found == by_path_.end())
    return nullptr;
  if (at != nullptr)
    *at = found->second;
  return find(found->second);
}

supervisor_state::key supervisor_state::insert(child_spec spec) {
  auto k = next_key_++;
  by_path_[spec.path()] = k;
  auto& x = children_[k];
  x.watched = board_->at(spec.path());
  x.generation = x.watched->generation.load();
  x.spec = std::move(spec);
  return k;
}

void supervisor_state::erase(key k) {
  by_path_.erase(children_.at(k).spec.path());
  children_.erase(k);
}

void supervisor_state::start(key k, child& x) {
  // Before its start: a child of a later generation has lost messages and may
  // want to read what it missed.
  x.watched->generation.store(++x.generation);
  x.token = 0;
  x.ended_for_good = false;
  try {
    x.handle = x.spec.start(self_->system(), x.watched);
  } catch (...) {
    start_failed(k, x,
                 self_->system().render(error_from(std::current_exception())));
    return;
  }
  if (!x.handle) {
    ignored(k, x);
    return;
  }
  x.phase = child_phase::starting;
  by_actor_[x.handle.id()] = k;
  self_->monitor(x.handle);
  // Before it is ready: what it is sent waits in its mailbox, while what goes
  // to the one before is lost.
  x.spec.slot->publish(x.handle);
  ask_ready(k, x);
}

void supervisor_state::ask_ready(key k, const child& x) {
  auto generation = x.generation;
  self_->request(x.handle, x.spec.ready_limit, ready_atom::value)
    .then(
      [this, k, generation](bool) { child_ready(k, generation); },
      [this, k, generation](const caf::error& error) {
        if (error == caf::sec::request_timeout)
          child_hangs(k, generation);
        else if (error != caf::sec::request_receiver_down)
          child_ready(k, generation); // it has no wrapper, but it answers
      });
}

void supervisor_state::ignored(key k, child& x) {
  x.phase = child_phase::undefined;
  x.is_new = false;
  x.ended_for_good = true;
  for (auto& promise : std::exchange(x.started, {}))
    promise.deliver(admin_answer{});
  if (x.spec.restart == restart_type::temporary)
    erase(k);
}

void supervisor_state::child_ready(key k, std::uint64_t generation) {
  auto x = find(k, generation, child_phase::starting);
  if (x == nullptr)
    return;
  came_up(k, *x);
  advance();
}

void supervisor_state::came_up(key k, child& x) {
  x.phase = child_phase::running;
  x.is_new = false;
  x.up_since = now();
  if (x.failures >= failures_of_trouble)
    self_->delayed_send(self_, x.spec.backoff.reset_after, health_atom::value,
                        k, x.generation);
  report(x, x.restarting ? "restarted" : "progress", "");
  x.restarting = false;
  for (auto& promise : std::exchange(x.started, {}))
    promise.deliver(admin_answer{admin_error::none, {}, x.handle});
}

void supervisor_state::child_hangs(key k, std::uint64_t generation) {
  auto x = find(k, generation, child_phase::starting);
  if (x == nullptr)
    return;
  by_actor_.erase(x->handle.id());
  self_->demonitor(x->handle);
  self_->send_exit(x->handle, caf::exit_reason::kill);
  x->handle = nullptr;
  start_failed(k, *x, "not ready in time: killed");
  advance();
}

void supervisor_state::start_failed(key k, child& x,
                                    const std::string& reason) {
  x.handle = nullptr;
  x.phase = child_phase::undefined;
  report_end(x, "start failed: " + reason);
  if (!x.started.empty()) {
    // Who asked for it is told; a child that never ran is not kept.
    for (auto& promise : std::exchange(x.started, {}))
      promise.deliver(admin_answer{admin_error::start_failed, reason, {}});
    x.ended_for_good = true;
    if (x.is_new)
      erase(k);
    return;
  }
  if (job_starts(k)) {
    auto failed = std::move(job_->failed);
    job_.reset();
    failed(k, reason);
    return;
  }
  if (!ending_)
    restart_after_death(k, x, reason);
}

void supervisor_state::child_down(const caf::down_msg& down) {
  auto found = by_actor_.find(down.source.id());
  // A down message of an old generation changes nothing.
  if (found == by_actor_.end())
    return;
  auto k = found->second;
  auto& x = children_.at(k);
  by_actor_.erase(found);
  auto was = x.phase;
  if (was == child_phase::starting && !is_abnormal(down.reason)) {
    came_up(k, x); // its work was done before it was asked
    was = child_phase::running;
  }
  x.handle = nullptr;
  if (was == child_phase::stopping) {
    gone(k, x);
  } else if (was == child_phase::starting) {
    start_failed(k, x, self_->system().render(down.reason));
  } else {
    x.phase = child_phase::undefined;
    deaths_.push_back({k, x.generation, down.reason});
  }
  advance();
}

void supervisor_state::stop(key k, child& x) {
  x.phase = child_phase::stopping;
  switch (x.spec.shutdown.how) {
    case shutdown_rule::kind::kill:
      self_->send_exit(x.handle, caf::exit_reason::kill);
      return;
    case shutdown_rule::kind::timeout:
      self_->delayed_send(self_, x.spec.shutdown.limit, kill_atom::value, k,
                          x.generation);
      [[fallthrough]];
    case shutdown_rule::kind::infinity:
      self_->send_exit(x.handle, caf::exit_reason::user_shutdown);
  }
}

void supervisor_state::kill_slow(key k, std::uint64_t generation) {
  auto x = find(k, generation, child_phase::stopping);
  if (x == nullptr)
    return;
  report(*x, "shutdown", "did not stop in time: killed");
  self_->send_exit(x->handle, caf::exit_reason::kill);
}

void supervisor_state::gone(key k, child& x) {
  x.phase = child_phase::undefined;
  auto asked = std::exchange(x.stopped, {});
  if (asked.empty() && !ending_)
    return; // its group is being restarted
  x.spec.slot->clear();
  x.ended_for_good = true;
  auto keep = ending_ || (x.spec.restart != restart_type::temporary
                          && options_.how != strategy::dynamic);
  if (!keep)
    erase(k);
  for (auto& promise : asked)
    promise.deliver(admin_answer{});
}

// -- reports ----------------------------------------------------------------------

supervision_event supervisor_state::event_of(const child& x, std::string what,
                                             std::string reason) const {
  supervision_event e;
  e.supervisor = options_.path;
  e.child = x.spec.path();
  e.generation = x.generation;
  e.event = std::move(what);
  e.reason = std::move(reason);
  e.strategy = to_string(options_.how);
  e.restarts_in_period = options_.how == strategy::dynamic
                           ? x.restarts.spent()
                           : restarts_.spent();
  e.mailbox = x.watched->mailbox_size.load();
  e.ancestors = options_.ancestors;
  e.ancestors.insert(e.ancestors.begin(), options_.path);
  return e;
}

void supervisor_state::report(const child& x, std::string what,
                              std::string reason) {
  if (options_.report)
    options_.report(event_of(x, std::move(what), std::move(reason)));
}

void supervisor_state::report_own(std::string what, std::string reason) {
  if (!options_.report)
    return;
  supervision_event e;
  e.supervisor = options_.path;
  e.child = options_.path;
  e.event = std::move(what);
  e.reason = std::move(reason);
  e.strategy = to_string(options_.how);
  e.restarts_in_period = restarts_.spent();
  e.ancestors = options_.ancestors;
  options_.report(e);
}

void supervisor_state::report_end(child& x, const std::string& reason) {
  auto killer = x.watched->poison.take_last();
  if (!options_.report)
    return;
  auto e = event_of(x, "child_terminated", reason);
  e.last_message = killer.type.empty()
                     ? last_message_of(*x.watched)
                     : killer.type;
  e.trace = killer.trace;
  if (killer.kills >= poison_record::kills_max)
    e.reason += "; its message is set aside";
  options_.report(e);
}

} // namespace banksia

#include "runtime/supervision/supervisor_state.hpp"

#include <utility>

namespace banksia {

supervisor_state::~supervisor_state() {
  for (auto& [k, x] : children_)
    if (x.handle)
      caf::anon_send_exit(x.handle, caf::exit_reason::kill);
}

void supervisor_state::configure(self_type* self,
                                 std::shared_ptr<probe_board> board,
                                 std::vector<child_spec> children,
                                 supervisor_options options) {
  self_ = self;
  board_ = std::move(board);
  options_ = std::move(options);
  random_ = options_.seed ^ std::hash<std::string>{}(options_.path);
  for (auto& x : children)
    insert(std::move(x));
}

supervisor_state::time_point supervisor_state::now() const {
  return self_->clock().now();
}

// -- jobs -------------------------------------------------------------------------

void supervisor_state::run(job x) {
  job_ = std::move(x);
  advance();
}

bool supervisor_state::begin(step& s) {
  auto x = find(s.of);
  if (x == nullptr)
    return false;
  if (s.what == step::kind::stop) {
    if (x->handle && x->phase != child_phase::stopping)
      stop(s.of, *x);
    return static_cast<bool>(x->handle);
  }
  if (!std::exchange(s.begun, true))
    start(s.of, *x);
  x = find(s.of); // a start that failed may have taken it away
  return x != nullptr && x->phase == child_phase::starting;
}

void supervisor_state::advance() {
  if (std::exchange(advancing_, true))
    return;
  while (job_) {
    if (job_->steps.empty()) {
      auto done = std::move(job_->done);
      job_.reset();
      if (done)
        done();
      continue;
    }
    // By value: a start that fails at once takes the job away.
    auto now_at = job_->steps.front();
    job_->steps.front().begun = true;
    auto of = now_at.of;
    if (begin(now_at))
      break;
    if (job_ && !job_->steps.empty() && job_->steps.front().of == of
        && job_->steps.front().what == now_at.what)
      job_->steps.pop_front();
  }
  advancing_ = false;
  work_off();
}

void supervisor_state::work_off() {
  if (std::exchange(working_off_, true))
    return;
  while (!job_) {
    if (!deaths_.empty()) {
      auto x = std::move(deaths_.front());
      deaths_.pop_front();
      if (!ending_)
        died(x);
    } else if (!wishes_.empty()) {
      auto wish = std::move(wishes_.front());
      wishes_.pop_front();
      wish();
    } else {
      break;
    }
  }
  working_off_ = false;
}

bool supervisor_state::job_starts(key k) const {
  return job_ && job_->failed && !job_->steps.empty()
         && job_->steps.front().of == k
         && job_->steps.front().what == step::kind::start;
}

supervisor_state::job supervisor_state::starting_all() const {
  job all;
  for (const auto& [k, x] : children_)
    all.steps.push_back({step::kind::start, k});
  return all;
}

void supervisor_state::start_all() {
  auto all = starting_all();
  all.done = [this] { self_->say_ready(); };
  if (options_.how == strategy::dynamic) {
    // All at once, and each for itself.
    for (auto& s : all.steps) {
      s.begun = true;
      start(s.of, children_.at(s.of));
    }
  } else {
    all.failed = [this](key k, const std::string& reason) {
      give_up(children_.at(k).spec.path() + ": its start failed: " + reason);
    };
  }
  run(std::move(all));
}

// -- children ---------------------------------------------------------------------

supervisor_state::child* supervisor_state::find(key k) {
  auto found = children_.find(k);
  return found == children_.end() ? nullptr : &found->second;
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
  x.ended_for_good = true;
  for (auto& promise : std::exchange(x.started, {}))
    promise.deliver(admin_answer{});
  if (x.spec.restart == restart_type::temporary)
    erase(k);
}

void supervisor_state::child_ready(key k, std::uint64_t generation) {
  auto x = find(k);
  if (x == nullptr || x->generation != generation
      || x->phase != child_phase::starting)
    return;
  came_up(k, *x);
  advance();
}

void supervisor_state::came_up(key k, child& x) {
  x.phase = child_phase::running;
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
  auto x = find(k);
  if (x == nullptr || x->generation != generation
      || x->phase != child_phase::starting)
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
    // Who asked for it is told; a new child is not kept.
    for (auto& promise : std::exchange(x.started, {}))
      promise.deliver(admin_answer{admin_error::start_failed, reason, {}});
    x.ended_for_good = true;
    if (x.generation == 1)
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
  auto x = find(k);
  if (x == nullptr || x->generation != generation
      || x->phase != child_phase::stopping)
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

// -- ending -----------------------------------------------------------------------

void supervisor_state::shut_down(caf::error reason) {
  if (std::exchange(ending_, true))
    return;
  end_reason_ = std::move(reason);
  job_.reset();
  stop_all([this] { finish(); });
}

void supervisor_state::stop(caf::response_promise promise) {
  stopping_.push_back(std::move(promise));
  shut_down(caf::exit_reason::user_shutdown);
}

void supervisor_state::stop_all(std::function<void()> done) {
  job all;
  for (auto i = children_.rbegin(); i != children_.rend(); ++i) {
    all.steps.push_back({step::kind::stop, i->first});
    auto& x = i->second;
    if (options_.how == strategy::dynamic && x.handle
        && x.phase != child_phase::stopping)
      stop(i->first, x); // all at once; the job waits for each
  }
  all.done = std::move(done);
  run(std::move(all));
}

void supervisor_state::finish() {
  for (auto& [k, x] : children_) {
    x.spec.slot->clear();
    for (auto& promise : std::exchange(x.started, {}))
      promise.deliver(admin_answer{admin_error::stopping, options_.path, {}});
  }
  supervision_event own;
  own.supervisor = options_.ancestors.empty() ? "" : options_.ancestors.front();
  own.child = options_.path;
  own.event = "shutdown";
  own.reason = gave_up_;
  own.strategy = to_string(options_.how);
  own.ancestors = options_.ancestors;
  if (options_.report)
    options_.report(own);
  for (auto& promise : std::exchange(stopping_, {}))
    promise.deliver(true);
  if (!gave_up_.empty() && options_.give_up)
    options_.give_up(gave_up_);
  self_->quit(end_reason_);
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
  e.restarts_in_period = static_cast<std::uint32_t>(
    options_.how == strategy::dynamic ? x.restarts.size() : restarts_.size());
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

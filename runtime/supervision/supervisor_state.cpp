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
  random_ = splitmix{options_.seed ^ std::hash<std::string>{}(options_.path)};
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

void supervisor_state::start_all() {
  job all;
  for (const auto& [k, x] : children_)
    all.steps.push_back({step::kind::start, k});
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
  report_own("shutdown", gave_up_);
  for (auto& promise : std::exchange(stopping_, {}))
    promise.deliver(true);
  if (!gave_up_.empty() && options_.give_up)
    options_.give_up(gave_up_);
  self_->quit(end_reason_);
}

} // namespace banksia

#include "runtime/supervision/supervisor_state.hpp"

#include <algorithm>

namespace banksia {

std::string_view to_string(admin_error x) noexcept {
  switch (x) {
    case admin_error::none: return "none";
    case admin_error::already_started: return "already_started";
    case admin_error::already_present: return "already_present";
    case admin_error::not_found: return "not_found";
    case admin_error::running: return "running";
    case admin_error::restarting: return "restarting";
    case admin_error::start_failed: return "start_failed";
    case admin_error::faulty_spec: return "faulty_spec";
    case admin_error::stopping: return "stopping";
  }
  return "?";
}

std::string_view to_string(child_phase x) noexcept {
  switch (x) {
    case child_phase::undefined: return "undefined";
    case child_phase::starting: return "starting";
    case child_phase::running: return "running";
    case child_phase::stopping: return "stopping";
    case child_phase::waiting: return "waiting";
    case child_phase::parked: return "parked";
  }
  return "?";
}

namespace {

admin_answer refused(admin_error why, std::string text) {
  return {why, std::move(text), {}};
}

} // namespace

void supervisor_state::add(child_spec spec, caf::response_promise promise) {
  if (ending_) {
    promise.deliver(refused(admin_error::stopping, options_.path));
    return;
  }
  if (job_) {
    wishes_.push_back([this, spec, promise] { add(spec, promise); });
    return;
  }
  if (auto problem = problem_of(options_, {&spec, 1})) {
    promise.deliver(refused(admin_error::faulty_spec, *problem));
    return;
  }
  if (auto known = find(spec.path())) {
    auto there = known->handle || known->phase == child_phase::waiting;
    auto answer = refused(there ? admin_error::already_started
                                : admin_error::already_present,
                          spec.path());
    answer.handle = known->handle;
    promise.deliver(std::move(answer));
    return;
  }
  auto k = insert(std::move(spec));
  auto& x = children_.at(k);
  x.started.push_back(std::move(promise));
  start(k, x);
}

void supervisor_state::terminate(const std::string& path,
                                 caf::response_promise promise) {
  if (job_) {
    wishes_.push_back([this, path, promise] { terminate(path, promise); });
    return;
  }
  key k = 0;
  auto x = find(path, &k);
  if (x == nullptr) {
    promise.deliver(refused(admin_error::not_found, path));
    return;
  }
  x->stopped.push_back(std::move(promise));
  if (!x->handle) {
    x->token = 0; // whatever pause it waits in
    gone(k, *x);
  } else if (x->phase != child_phase::stopping) {
    stop(k, *x);
  }
}

void supervisor_state::restart(const std::string& path,
                               caf::response_promise promise) {
  if (ending_) {
    promise.deliver(refused(admin_error::stopping, options_.path));
    return;
  }
  if (job_) {
    wishes_.push_back([this, path, promise] { restart(path, promise); });
    return;
  }
  key k = 0;
  auto x = find(path, &k);
  if (x == nullptr) {
    promise.deliver(refused(admin_error::not_found, path));
  } else if (x->handle) {
    promise.deliver(refused(admin_error::running, path));
  } else if (x->phase == child_phase::waiting) {
    promise.deliver(refused(admin_error::restarting, path));
  } else {
    x->started.push_back(std::move(promise));
    start(k, *x);
  }
}

admin_answer supervisor_state::forget(const std::string& path) {
  key k = 0;
  auto x = find(path, &k);
  if (x == nullptr)
    return refused(admin_error::not_found, path);
  if (x->handle)
    return refused(admin_error::running, path);
  if (x->phase == child_phase::waiting)
    return refused(admin_error::restarting, path);
  erase(k);
  return {};
}

child_list supervisor_state::list() const {
  child_list result;
  for (const auto& [k, x] : children_)
    result.push_back({x.spec.path(), x.phase, x.spec.restart, x.generation,
                      x.watched->restarts.load(), x.handle});
  return result;
}

child_counts supervisor_state::count() const {
  child_counts result;
  for (const auto& [k, x] : children_) {
    ++result.specs;
    result.active += x.handle ? 1 : 0;
    ++(x.spec.is_supervisor ? result.supervisors : result.workers);
  }
  return result;
}

} // namespace banksia

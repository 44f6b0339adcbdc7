#include "runtime/supervision/supervisor.hpp"

#include "runtime/supervision/shell.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <deque>

namespace banksia {

namespace {

using begin_atom = caf::atom_constant<caf::atom("begin")>;
using stop_atom = caf::atom_constant<caf::atom("stoptree")>;
using kill_atom = caf::atom_constant<caf::atom("killslow")>;

struct running_child {
  child_spec spec;
  std::shared_ptr<probe> watched;
  caf::actor handle;
  std::uint64_t generation = 0;
};

/// The supervisor's own state: which children run and how often they fell.
class supervisor_state {
public:
  caf::event_based_actor* self = nullptr;
  caf::actor_system* system = nullptr;
  supervisor_options options;
  std::vector<running_child> children;
  std::deque<std::uint64_t> restarts_ns; ///< within the period
  bool stopping = false;
  bool gave_up = false;
  std::string give_up_reason;
  std::vector<caf::response_promise> waiting; ///< for the end of the stop

  void report(const running_child& child, std::string event,
              std::string reason) {
    if (options.report)
      options.report({child.spec.slot->path(), child.generation,
                      std::move(event), std::move(reason),
                      static_cast<std::uint32_t>(restarts_ns.size())});
  }

  void start(running_child& child) {
    // Before its start: a child of a later generation has lost messages and
    // may want to read what it missed.
    child.watched->generation.store(++child.generation);
    child.handle = child.spec.start(*system, child.watched);
    self->monitor(child.handle);
    child.spec.slot->publish(child.handle);
    report(child, child.generation == 1 ? "progress" : "restarted", "");
  }

  bool restart_allowed() {
    auto now = monotonic_ns();
    auto period = static_cast<std::uint64_t>(
      std::chrono::nanoseconds{options.period}.count());
    while (!restarts_ns.empty() && now - restarts_ns.front() > period)
      restarts_ns.pop_front();
    restarts_ns.push_back(now);
    return restarts_ns.size() <= options.intensity;
  }

  void child_down(const caf::down_msg& down) {
    auto child = std::find_if(children.begin(), children.end(),
                              [&](const running_child& x) {
                                return x.handle.address() == down.source;
                              });
    // A down message of an old generation changes nothing.
    if (child == children.end())
      return;
    child->handle = nullptr;
    if (stopping) {
      stop_next();
      return;
    }
    auto reason = self->system().render(down.reason);
    report(*child, "child_terminated", reason);
    child->watched->restarts.fetch_add(1);
    if (restart_allowed()) {
      start(*child);
      return;
    }
    gave_up = true;
    give_up_reason = child->spec.slot->path() + ": " + reason;
    report(*child, "escalated", reason);
    begin_stop();
  }

  void begin_stop() {
    if (stopping)
      return;
    stopping = true;
    stop_next();
  }

  /// Stops the last child that still runs; when none does, all is told.
  void stop_next() {
    auto last = std::find_if(children.rbegin(), children.rend(),
                             [](const running_child& x) {
                               return static_cast<bool>(x.handle);
                             });
    if (last != children.rend()) {
      self->send_exit(last->handle, caf::exit_reason::user_shutdown);
      self->delayed_send(self, options.stop_timeout, kill_atom::value,
                         last->spec.slot->path());
      return;
    }
    for (auto& child : children)
      child.spec.slot->clear();
    for (auto& promise : waiting)
      promise.deliver(true);
    waiting.clear();
    if (gave_up && options.give_up)
      options.give_up(give_up_reason);
    self->quit();
  }

  void kill_slow(const std::string& path) {
    for (auto& child : children)
      if (child.spec.slot->path() == path && child.handle) {
        report(child, "shutdown", "did not stop in time: killed");
        self->send_exit(child.handle, caf::exit_reason::kill);
      }
  }
};

caf::behavior supervise(caf::stateful_actor<supervisor_state>* self,
                        std::shared_ptr<probe_board> board,
                        std::vector<child_spec> specs,
                        supervisor_options options) {
  auto& state = self->state;
  state.self = self;
  state.system = &self->system();
  state.options = std::move(options);
  for (auto& spec : specs) {
    auto watched = board->at(spec.slot->path());
    state.children.push_back({std::move(spec), std::move(watched), {}, 0});
  }
  self->set_down_handler(
    [self](caf::down_msg& down) { self->state.child_down(down); });
  self->set_error_handler([](caf::error&) {});
  self->set_default_handler(caf::drop);
  return {
    [self](begin_atom) {
      for (auto& child : self->state.children)
        self->state.start(child);
      return true;
    },
    [self](stop_atom) {
      auto promise = self->make_response_promise();
      self->state.waiting.push_back(promise);
      self->state.begin_stop();
      return promise;
    },
    [self](kill_atom, const std::string& path) {
      self->state.kill_slow(path);
    },
  };
}

} // namespace

caf::actor start_supervisor(caf::actor_system& system,
                            std::shared_ptr<probe_board> board,
                            std::vector<child_spec> children,
                            supervisor_options options) {
  auto result = system.spawn(supervise, std::move(board), std::move(children),
                             std::move(options));
  caf::anon_send(result, begin_atom::value);
  return result;
}

bool stop_tree(caf::actor_system& system, const caf::actor& supervisor,
               std::chrono::milliseconds limit) {
  caf::scoped_actor self{system};
  bool stopped = false;
  self->request(supervisor, limit, stop_atom::value)
    .receive([&](bool) { stopped = true; },
             [&](const caf::error& err) {
               // It had stopped already.
               stopped = err == caf::sec::request_receiver_down;
             });
  return stopped;
}

} // namespace banksia

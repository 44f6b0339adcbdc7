#include "runtime/supervision/supervisor.hpp"

#include "runtime/supervision/supervisor_state.hpp"

#include <caf/scoped_actor.hpp>

#include <stdexcept>

namespace banksia {

namespace {

using self_type = supervisor_state::self_type;

/// What an administration request waits for, asked of the state.
template <class Request>
auto ask_state(self_type* self,
               void (*what)(supervisor_state&, const Request&,
                            caf::response_promise)) {
  return [self, what](const Request& x) {
    auto promise = self->make_response_promise();
    what(self->state, x, promise);
    return promise;
  };
}

caf::behavior supervise(self_type* self, std::shared_ptr<probe> watched,
                        std::shared_ptr<probe_board> board,
                        std::vector<child_spec> specs,
                        supervisor_options options) {
  prepare(self, std::move(watched));
  self->hold_ready();
  self->state.configure(self, std::move(board), std::move(specs),
                        std::move(options));
  self->set_down_handler(
    [self](caf::down_msg& down) { self->state.child_down(down); });
  self->set_exit_handler(
    [self](caf::exit_msg& x) { self->state.shut_down(std::move(x.reason)); });
  self->state.start_all();
  using promise = caf::response_promise;
  return {
    [self](stop_atom) {
      auto answer = self->make_response_promise();
      self->state.stop(answer);
      return answer;
    },
    [self](resume_atom, std::uint64_t k, std::uint64_t token) {
      self->state.resume(k, token);
    },
    [self](kill_atom, std::uint64_t k, std::uint64_t generation) {
      self->state.kill_slow(k, generation);
    },
    [self](health_atom, std::uint64_t k, std::uint64_t generation) {
      self->state.is_healthy(k, generation);
    },
    ask_state<start_child>(self, [](auto& s, const auto& x, promise p) {
      s.add(x.spec, std::move(p));
    }),
    ask_state<terminate_child>(self, [](auto& s, const auto& x, promise p) {
      s.terminate(x.path, std::move(p));
    }),
    ask_state<restart_child>(self, [](auto& s, const auto& x, promise p) {
      s.restart(x.path, std::move(p));
    }),
    [self](const delete_child& x) { return self->state.forget(x.path); },
    [self](const which_children&) { return self->state.list(); },
    [self](const count_children&) { return self->state.count(); },
  };
}

} // namespace

caf::actor start_supervisor(caf::actor_system& system,
                            std::shared_ptr<probe_board> board,
                            std::vector<child_spec> children,
                            supervisor_options options) {
  if (auto problem = problem_of(options, children))
    throw std::invalid_argument(*problem);
  auto watched = board->at(options.path);
  return system.spawn(supervise, std::move(watched), std::move(board),
                      std::move(children), std::move(options));
}

child_spec supervisor_child(std::shared_ptr<actor_slot> slot,
                            std::shared_ptr<probe_board> board,
                            std::vector<child_spec> children,
                            supervisor_options options,
                            std::vector<std::string> ancestors) {
  options.ancestors = std::move(ancestors);
  if (auto problem = problem_of(options, children))
    throw std::invalid_argument(*problem);
  child_spec spec;
  spec.slot = std::move(slot);
  spec.is_supervisor = true;
  spec.shutdown = shutdown_rule::infinity();
  // Its own children have their limits; this one is for all of them.
  spec.ready_limit = std::chrono::minutes{10};
  spec.start = [board, children, options](caf::actor_system& system,
                                          const std::shared_ptr<probe>&) {
    return start_supervisor(system, board, children, options);
  };
  return spec;
}

bool await_ready(caf::actor_system& system, const caf::actor& supervisor,
                 std::chrono::milliseconds limit) {
  caf::scoped_actor self{system};
  bool is_ready = false;
  self->request(supervisor, limit, ready_atom::value)
    .receive([&](bool) { is_ready = true; }, [](const caf::error&) {});
  return is_ready;
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

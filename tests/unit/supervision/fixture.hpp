#pragma once

/// Small actors to be watched: one that answers, and one that can be told to
/// crash or to refuse its stop.

#include "runtime/supervision/directory.hpp"
#include "runtime/supervision/shell.hpp"
#include "runtime/supervision/supervisor.hpp"

#include "caf/test/dsl.hpp"

#include <caf/all.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace banksia::supervision_test {

using crash_atom = caf::atom_constant<caf::atom("crash")>;

/// Doubles a number; dies of a text.
using doubler_actor
  = caf::typed_actor<caf::replies_to<std::int32_t>::with<std::int32_t>,
                     caf::reacts_to<crash_atom, std::string>>;

struct doubler_state {
  static inline const char* name = "doubler";
};

using doubler_self = shell<doubler_state, doubler_actor>;

inline doubler_actor::behavior_type doubler(doubler_self* self,
                                            std::shared_ptr<probe> watched) {
  prepare(self, std::move(watched));
  return {
    [](std::int32_t x) { return 2 * x; },
    [](crash_atom, const std::string& text) {
      throw std::runtime_error(text);
    },
  };
}

/// Does not stop when it is asked to, only when it is killed.
inline caf::behavior stubborn(caf::event_based_actor* self,
                              std::shared_ptr<probe>) {
  self->set_exit_handler([](caf::exit_msg&) {});
  return {[](crash_atom, const std::string&) {}};
}

/// Why an actor ended, as text; empty while it runs.
struct ending {
  bool ended = false;
  std::string reason;
};

struct supervision_fixture : test_coordinator_fixture<> {
  directory names;
  std::shared_ptr<probe_board> board = std::make_shared<probe_board>();

  /// How an actor ends comes into the returned value.
  template <class Handle>
  std::shared_ptr<ending> watch(const Handle& actor) {
    auto result = std::make_shared<ending>();
    auto* system = &sys;
    caf::actor_cast<caf::abstract_actor*>(actor)->attach_functor(
      [result, system](const caf::error& reason) {
        result->ended = true;
        result->reason = system->render(reason);
      });
    return result;
  }

  /// The doubler's answer; nothing when there is none.
  template <class Handle>
  std::optional<std::int32_t> ask(const Handle& actor, std::int32_t x) {
    auto result = std::make_shared<std::optional<std::int32_t>>();
    auto target = caf::actor_cast<doubler_actor>(actor);
    sys.spawn([=](caf::event_based_actor* asker) {
      asker->request(target, std::chrono::seconds{3600}, x)
        .then([=](std::int32_t y) { *result = y; }, [](const caf::error&) {});
    });
    sched.run();
    return *result;
  }
};

/// A supervisor with children whose reports are kept.
struct supervisor_fixture : supervision_fixture {
  using stop_atom = caf::atom_constant<caf::atom("stoptree")>;

  std::vector<supervision_event> events;
  std::vector<std::string> given_up;
  /// What each child's start was given: path and generation by then.
  std::vector<std::pair<std::string, std::uint64_t>> starts;
  std::vector<std::pair<std::string, std::string>> ends; ///< path, reason
  supervisor_options options;
  std::vector<child_spec> specs;
  shutdown_rule shutdown; ///< of the children that are added next
  caf::actor root;

  supervisor_fixture() {
    options.report = [this](const supervision_event& x) {
      events.push_back(x);
    };
    options.give_up = [this](const std::string& reason) {
      given_up.push_back(reason);
    };
  }

  ~supervisor_fixture() override {
    if (root)
      caf::anon_send(root, stop_atom::value);
    // Also those that have to be killed.
    run();
  }

  template <class F>
  void add(const std::string& path, F fun) {
    auto start = [this, path, fun](caf::actor_system& system,
                                   std::shared_ptr<probe> watched) {
      starts.emplace_back(path, watched->generation.load());
      auto child = caf::actor_cast<caf::actor>(system.spawn(fun, watched));
      caf::actor_cast<caf::abstract_actor*>(child)->attach_functor(
        [this, path](const caf::error& reason) {
          ends.emplace_back(path, sys.render(reason));
        });
      return child;
    };
    child_spec spec;
    spec.slot = names.slot(path);
    spec.start = start;
    spec.shutdown = shutdown;
    specs.push_back(std::move(spec));
  }

  /// Starts the tree and lets every child begin.
  void begin() {
    root = start_supervisor(sys, board, specs, options);
    sched.run();
  }

  caf::actor at(const std::string& path) {
    return names.slot(path)->current();
  }

  /// Each crash has another message: what kills twice is set aside.
  void crash(const std::string& path, const std::string& text) {
    caf::anon_send(at(path), crash_atom::value,
                   text + " #" + std::to_string(++crashes_));
    sched.run();
  }

  /// The events of a path, in order.
  std::vector<std::string> told(const std::string& path) const {
    std::vector<std::string> result;
    for (const auto& x : events)
      if (x.child == path)
        result.push_back(x.event);
    return result;
  }

private:
  int crashes_ = 0;
};

using texts = std::vector<std::string>;

} // namespace banksia::supervision_test

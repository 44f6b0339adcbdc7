#pragma once

/// What the cases ported from OTP's `supervisor_SUITE` share. A test there is
/// named as it is here; `docs/supervision.md` has the table.

#include "tests/unit/supervision/fixture.hpp"

#include <functional>
#include <map>
#include <set>

namespace banksia::supervision_test {

using end_atom = caf::atom_constant<caf::atom("end")>;

/// How a child ends when a test says so.
enum class ending_kind : std::uint8_t { normal, shutdown, abnormal };

struct worker_state {
  static inline const char* name = "worker";
};

using worker_self
  = caf::stateful_actor<worker_state, instrumented<caf::event_based_actor>>;

/// What a child's next starts do.
struct start_plan {
  int failures = 0;     ///< so many starts throw
  bool ignore = false;  ///< start gives no actor
  bool hang = false;    ///< never says ready
  bool stubborn = false; ///< does not stop when asked to
};

inline caf::behavior worker(worker_self* self, std::shared_ptr<probe> watched,
                            start_plan plan) {
  prepare(self, std::move(watched));
  if (plan.hang)
    self->hold_ready();
  if (plan.stubborn)
    self->set_exit_handler([](caf::exit_msg&) {});
  return {
    [self](end_atom, std::uint8_t kind, std::uint64_t number) {
      switch (static_cast<ending_kind>(kind)) {
        case ending_kind::normal:
          self->quit();
          break;
        case ending_kind::shutdown:
          self->quit(caf::exit_reason::user_shutdown);
          break;
        case ending_kind::abnormal:
          throw std::runtime_error("abnormal " + std::to_string(number));
      }
    },
    [](std::int32_t x) { return 2 * x; },
  };
}

struct otp_fixture : supervision_fixture {
  std::vector<supervision_event> events;
  std::vector<std::string> given_up;
  std::map<std::string, start_plan> plans;
  std::vector<std::string> started; ///< paths, in the order of starts
  std::vector<std::string> ended;   ///< likewise of ends
  supervisor_options options;
  std::vector<child_spec> specs;
  caf::actor sup;
  std::uint64_t endings = 0;

  otp_fixture() {
    options.path = "sup";
    options.report = [this](const supervision_event& x) {
      events.push_back(x);
    };
    options.give_up = [this](const std::string& x) { given_up.push_back(x); };
  }

  ~otp_fixture() override {
    if (sup)
      caf::anon_send_exit(sup, caf::exit_reason::kill);
    sched.run();
  }

  child_spec spec(const std::string& path,
                  restart_type restart = restart_type::permanent) {
    child_spec x;
    x.slot = names.slot(path);
    x.restart = restart;
    x.shutdown = shutdown_rule::after(std::chrono::milliseconds{1000});
    x.start = [this, path](caf::actor_system& system,
                           std::shared_ptr<probe> watched) -> caf::actor {
      auto& plan = plans[path];
      started.push_back(path);
      if (plan.ignore)
        return {};
      if (plan.failures > 0) {
        --plan.failures;
        throw std::runtime_error("no start for " + path);
      }
      caf::actor child = system.spawn(worker, std::move(watched), plan);
      caf::actor_cast<caf::abstract_actor*>(child)->attach_functor(
        [this, path](const caf::error&) { ended.push_back(path); });
      return child;
    };
    return x;
  }

  void add(const std::string& path,
           restart_type restart = restart_type::permanent) {
    specs.push_back(spec(path, restart));
  }

  void begin(strategy how = strategy::one_for_one) {
    options.how = how;
    sup = start_supervisor(sys, board, specs, options);
    sched.run();
  }

  caf::actor at(const std::string& path) { return names.slot(path)->current(); }

  bool lives(const std::string& path) { return ask(at(path), 4) == 8; }

  std::uint64_t generation(const std::string& path) {
    return board->at(path)->generation.load();
  }

  void end(const std::string& path, ending_kind how) {
    caf::anon_send(at(path), end_atom::value, static_cast<std::uint8_t>(how),
                   ++endings);
    sched.run();
  }

  void pass(std::chrono::milliseconds time) {
    advance_time(time);
    sched.run();
  }

  /// The supervisor's answer; a failed test when there is none.
  template <class Answer, class Request>
  Answer request(Request what) {
    auto result = std::make_shared<std::optional<Answer>>();
    auto target = sup;
    sys.spawn([=](caf::event_based_actor* asker) {
      asker->request(target, std::chrono::seconds{36000}, what)
        .then([=](const Answer& x) { *result = x; },
              [](const caf::error& x) {
                CAF_FAIL("no answer: " << caf::to_string(x));
              });
    });
    sched.run();
    if (!*result)
      throw std::runtime_error("the supervisor has not answered");
    return **result;
  }

  template <class Request>
  admin_answer admin(Request what) {
    return request<admin_answer>(std::move(what));
  }

  child_list children() { return request<child_list>(which_children{}); }

  child_counts counts() { return request<child_counts>(count_children{}); }

  std::optional<child_info> info(const std::string& path) {
    for (auto& x : children())
      if (x.path == path)
        return x;
    return std::nullopt;
  }

  std::size_t count(const std::string& event, const std::string& child) const {
    std::size_t result = 0;
    for (const auto& x : events)
      result += x.event == event && x.child == child;
    return result;
  }

  /// Stops it as its parent does; how it ended.
  std::shared_ptr<ending> shut_down() {
    auto result = watch(sup);
    caf::anon_send_exit(sup, caf::exit_reason::user_shutdown);
    sched.run();
    return result;
  }
};

} // namespace banksia::supervision_test

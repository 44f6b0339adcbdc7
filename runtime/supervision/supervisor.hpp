#pragma once

/// A supervisor: starts its children in order, each after the one before has
/// said that it is ready; starts again what has ended, by its strategy; stops
/// all in reverse order; and gives up when restarts come too fast. The semantics
/// are OTP's; `docs/supervision.md` maps its own test cases to ours.

#include "runtime/supervision/child_spec.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace banksia {

// -- starting and stopping --------------------------------------------------------

/// Starts a supervisor and, asynchronously, its children. It takes the messages
/// below. An initial start that fails ends it: what runs is stopped.
/// @throws std::invalid_argument when the specs make no sense (`problem_of`)
caf::actor start_supervisor(caf::actor_system& system,
                            std::shared_ptr<probe_board> board,
                            std::vector<child_spec> children,
                            supervisor_options options);

/// A supervisor as the child of another: it reports as its parent does, is
/// ready when its children are, and is waited for when it stops.
/// @param ancestors of the new one, the nearest first
child_spec supervisor_child(std::shared_ptr<actor_slot> slot,
                            std::shared_ptr<probe_board> board,
                            std::vector<child_spec> children,
                            supervisor_options options,
                            std::vector<std::string> ancestors);

/// Waits until a supervisor's children have all said that they are ready.
/// @returns false when the time was over first, or the start has failed
bool await_ready(caf::actor_system& system, const caf::actor& supervisor,
                 std::chrono::milliseconds limit);

/// Stops all children in reverse order and waits for it.
/// @returns false when the time was over first
bool stop_tree(caf::actor_system& system, const caf::actor& supervisor,
               std::chrono::milliseconds limit);

// -- administration ---------------------------------------------------------------

/// Requests to a supervisor, each answered by an `admin_answer`, the last two by
/// lists. For one process: they hold functions and never cross a wire.

/// Adds a child and starts it; answered when it is ready.
struct start_child {
  child_spec spec;
};

/// Stops a child; its spec stays (but of a temporary or dynamic one).
struct terminate_child {
  std::string path;
};

/// Starts a child that was stopped, ignored or has ended.
struct restart_child {
  std::string path;
};

/// Forgets the spec of a child that does not run.
struct delete_child {
  std::string path;
};

struct which_children {};
struct count_children {};

/// Why an administration request was refused.
enum class admin_error : std::uint8_t {
  none,
  already_started, ///< a child of that name runs
  already_present, ///< a spec of that name is there; it does not run
  not_found,
  running,
  restarting,
  start_failed,
  faulty_spec,
  stopping, ///< the supervisor is on its way out
};

std::string_view to_string(admin_error x) noexcept;

struct admin_answer {
  admin_error error = admin_error::none;
  std::string text;   ///< of the error
  caf::actor handle;  ///< of a started child; null: ignored
};

enum class child_phase : std::uint8_t {
  undefined, ///< spec without an actor: ignored, stopped, or ended for good
  starting,
  running,
  stopping,
  waiting, ///< for its restart
  parked,  ///< its own budget is exhausted
};

std::string_view to_string(child_phase x) noexcept;

struct child_info {
  std::string path;
  child_phase phase = child_phase::undefined;
  restart_type restart = restart_type::permanent;
  std::uint64_t generation = 0;
  std::uint64_t restarts = 0;
  caf::actor handle;
};

/// OTP's `count_children`.
struct child_counts {
  std::size_t specs = 0;
  std::size_t active = 0;
  std::size_t supervisors = 0;
  std::size_t workers = 0;
};

using child_list = std::vector<child_info>;

} // namespace banksia

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::start_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::terminate_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::restart_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::delete_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::which_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::count_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::admin_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::child_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(banksia::child_counts)

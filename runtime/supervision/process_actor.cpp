#include "runtime/supervision/process_actor.hpp"

#include "runtime/logging/log.hpp"

#include <caf/all.hpp>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

namespace {

using process::process_exit;
using process::stream;

// From the watching thread to the actor.
using exited_atom = caf::atom_constant<caf::atom("exited")>;
using heard_atom = caf::atom_constant<caf::atom("heard")>;
using late_atom = caf::atom_constant<caf::atom("notready")>;
using absent_atom = caf::atom_constant<caf::atom("absent")>;

/// Longer than it takes to be asked whether the actor is ready.
constexpr std::chrono::milliseconds absence_told_after{200};

caf::error process_failure(std::string text) {
  return caf::make_error(caf::sec::runtime_error, "process", std::move(text));
}

/// The port of `ready` (0) or `ready PORT`; nothing for any other line.
std::optional<std::uint16_t> ready_port(std::string_view line) {
  constexpr std::string_view word = "ready";
  if (!line.starts_with(word))
    return std::nullopt;
  line.remove_prefix(word.size());
  if (line.empty())
    return std::uint16_t{0};
  std::uint16_t port = 0;
  auto end = line.data() + line.size();
  auto parsed = std::from_chars(line.data() + 1, end, port);
  if (line.front() != ' ' || parsed.ec != std::errc{} || parsed.ptr != end)
    return std::nullopt;
  return port;
}

/// Called on the watching thread: a process that floods must not fill a
/// mailbox.
void log_line(const std::string& path, stream from,
              const process::output_line& line) {
  if (line.dropped_before > 0)
    logging::log_warn(path, "lines dropped: too many at once",
                      {{"lines", line.dropped_before}});
  if (line.text.empty())
    return;
  if (from == stream::errors)
    logging::log_warn(path, line.text, {{"cut", line.cut}});
  else
    logging::log_info(path, line.text, {{"cut", line.cut}});
}

struct process_state {
  static inline const char* name = "process";

  process_child_options options;
  bool is_ready = false;
  std::optional<caf::error> asked; ///< the reason of a stop under way
  bool too_late = false;
  /// Last, so that it is destroyed first: that ends its thread.
  std::unique_ptr<process::process_watch> watch;
};

using process_self
  = caf::stateful_actor<process_state,
                        instrumented<caf::event_based_actor>>;

process::process_events events_of(process_self* self, std::string path) {
  // A handle, so that the actor is never destroyed on the watching thread.
  // They let go of each other when the actor ends.
  auto owner = caf::actor_cast<caf::actor>(self);
  auto ready = self->state.options.ready;
  process::process_events result;
  result.on_line = [owner, path, ready](stream from,
                                        const process::output_line& line) {
    auto by = from == stream::ready    ? readiness::by_pipe
              : from == stream::output ? readiness::by_output
                                       : readiness::at_start;
    if (by == ready && ready != readiness::at_start)
      if (auto port = ready_port(line.text))
        caf::anon_send(owner, heard_atom::value, *port);
    log_line(path, from, line);
  };
  result.on_exit = [owner](const process_exit& exit) {
    caf::anon_send(owner, exited_atom::value,
                   static_cast<std::int32_t>(exit.code),
                   static_cast<std::int32_t>(exit.signal));
  };
  return result;
}

void become_ready(process_self* self, std::uint16_t port) {
  auto& state = self->state;
  if (state.is_ready || state.asked)
    return;
  state.is_ready = true;
  if (state.options.on_ready)
    state.options.on_ready(port);
  self->say_ready();
}

void exited(process_self* self, const process_exit& exit) {
  auto& state = self->state;
  if (state.asked)
    self->quit(*state.asked);
  else if (state.too_late)
    self->quit(process_failure(
      "not ready in " + std::to_string(state.options.ready_limit.count())
      + " ms"));
  else if (exit.succeeded())
    self->quit();
  else
    self->quit(process_failure(to_string(exit)));
}

caf::behavior process_behavior(process_self* self,
                               std::shared_ptr<probe> watched,
                               process_child_options options) {
  prepare(self, watched);
  auto& state = self->state;
  state.options = std::move(options);
  auto& program = state.options.program;
  program.ready_pipe = state.options.ready == readiness::by_pipe;
  auto path = watched ? watched->path : std::string{"process"};
  self->set_exit_handler([self](caf::exit_msg& message) {
    auto& state = self->state;
    if (!state.asked)
      state.asked = message.reason;
    state.watch->request_stop(state.options.stop_limit);
  });
  try {
    state.watch = std::make_unique<process::process_watch>(
      program, state.options.lines, events_of(self, path));
  } catch (const std::exception& error) {
    if (!state.options.start_waits) {
      self->set_exit_handler(
        [self](caf::exit_msg& message) { self->quit(message.reason); });
      self->delayed_send(self, absence_told_after, absent_atom::value,
                         std::string{error.what()});
      return {[self](absent_atom, const std::string& why) {
        self->quit(process_failure(why));
      }};
    }
    // Ends it: without a behaviour there is nothing left to do.
    self->quit(process_failure(error.what()));
    return {};
  }
  logging::log_info(path, "process started",
                    {{"pid", static_cast<std::int64_t>(state.watch->pid())}});
  if (state.options.start_waits)
    self->hold_ready();
  if (state.options.ready == readiness::at_start)
    become_ready(self, 0);
  else
    self->delayed_send(self, state.options.ready_limit, late_atom::value);
  return {
    [self](heard_atom, std::uint16_t port) {
      become_ready(self, port);
    },
    [self](late_atom) {
      auto& state = self->state;
      if (state.is_ready || state.asked)
        return;
      state.too_late = true;
      state.watch->request_stop(std::chrono::milliseconds{0});
    },
    [self](exited_atom, std::int32_t code, std::int32_t signal) {
      exited(self, {code, signal});
    },
  };
}

} // namespace

std::function<caf::actor(caf::actor_system&, std::shared_ptr<probe>)>
process_child(process_child_options options) {
  return [options = std::move(options)](caf::actor_system& system,
                                        std::shared_ptr<probe> watched) {
    return spawn_at(system, options.where, process_behavior,
                    std::move(watched), options);
  };
}

} // namespace banksia

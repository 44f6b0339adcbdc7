#include "apps/banksia/commands/run_end.hpp"

#include "apps/banksia/supervision_log.hpp"
#include "apps/common/leave.hpp"
#include "runtime/logging/log.hpp"
#include "runtime/supervision/content.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <memory>
#include <thread>

namespace banksia::commands {

namespace {

/// The log's own thread may be what hangs.
void end_log_within(std::chrono::milliseconds limit) {
  auto flushed = std::make_shared<std::promise<void>>();
  std::thread{[flushed] {
    logging::stop();
    flushed->set_value();
  }}.detach();
  flushed->get_future().wait_for(limit);
}

/// For the last spans, where draining has taken all its time.
constexpr std::chrono::milliseconds trace_grace{200};

/// From the outside in: the services become unready and answer what they have
/// accepted, then the tree finishes what it works on.
bool drain(node& running, services& served, std::optional<core_door>& door,
           const config::settings& x) {
  using std::chrono::milliseconds;
  auto end = std::chrono::steady_clock::now() + milliseconds{x.drain_timeout_ms};
  served.set_draining();
  // A balancer must see that before the listeners close.
  std::this_thread::sleep_for(std::min(milliseconds{300},
                                       milliseconds{x.drain_timeout_ms / 10}));
  served.stop(milliseconds{x.drain_timeout_ms / 2});
  door.reset();
  auto left = std::chrono::duration_cast<milliseconds>(
    end - std::chrono::steady_clock::now());
  return running.stop(std::max(left, milliseconds{200}));
}

/// Why a node that has come to its end has not ended well.
std::optional<command_error> failure_of(const node& ended, node_end how,
                                        bool drained) {
  if (how == node_end::gave_up)
    return command_error(exit_gave_up, "supervision gave up: "
                                         + ended.give_up_reason()
                                         + ": see logs/supervision.jsonl");
  if (!drained)
    return command_error(exit_failed, "not drained in time: "
                                      "drain_timeout_ms: what was acknowledged "
                                      "is stored; raise the limit");
  return std::nullopt;
}

} // namespace

[[noreturn]] void end_stuck(node& in, const stuck_actor& x) {
  auto seconds = static_cast<double>(x.busy.count()) / 1000.0;
  auto text = x.path + " has been busy for " + std::to_string(seconds)
              + " s with one message";
  supervision_event told;
  told.supervisor = "watchdog";
  told.child = x.path;
  told.generation = x.generation;
  told.event = "escalated";
  told.reason = text + ": the process ends with 75";
  told.last_message = last_message_of(*in.probes().at(x.path));
  report(in, told);
  std::cerr << "banksia: an actor is stuck: " << text
            << ": the process ends; run it with --supervised, so that it is "
               "started again\n";
  end_log_within(std::chrono::milliseconds{300});
  std::_Exit(exit_again);
}

[[noreturn]] void end_in_a_hurry() {
  logging::log_warn("node", "told to stop twice: it ends at once");
  end_log_within(std::chrono::milliseconds{500});
  std::_Exit(exit_done);
}

std::optional<command_error> drain_all(node& running, node_end how,
                                       services& served,
                                       std::optional<core_door>& door,
                                       tracing& traces,
                                       const config::settings& x) {
  logging::log_info("node", "draining");
  auto end = std::chrono::steady_clock::now()
             + std::chrono::milliseconds{x.drain_timeout_ms};
  auto drained = drain(running, served, door, x);
  traces.stop(std::chrono::ceil<std::chrono::milliseconds>(
    std::max(end - std::chrono::steady_clock::now(),
             std::chrono::steady_clock::duration{trace_grace})));
  auto failure = failure_of(running, how, drained);
  if (!failure)
    logging::log_info("node", "stopped");
  return failure;
}

void end_in_any_case(const std::optional<command_error>& failure) {
  auto code = failure ? failure->code() : exit_done;
  leave_within(std::chrono::seconds{2}, code, [failure] {
    if (failure)
      std::cerr << "banksia: " << failure->what() << std::endl;
    end_log_within(std::chrono::milliseconds{500});
  });
}

} // namespace banksia::commands

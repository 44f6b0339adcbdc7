#pragma once

/// What can be seen of an actor from outside, also while it hangs. A probe
/// belongs to the path, not to the actor: it outlives restarts.

#include "runtime/supervision/message_timer.hpp"
#include "runtime/supervision/poison.hpp"
#include "runtime/telemetry/trace_context.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>

namespace caf {
class type_erased_tuple;
} // namespace caf

namespace banksia {

class fault_plan;

namespace telemetry {
class tracer;
class asked_notes;
} // namespace telemetry

/// The span of the work that a message is about, whoever sends it; nothing for a
/// message that is about its sender's.
using work_function = std::optional<telemetry::trace_context> (*)(
  const caf::type_erased_tuple& content, const telemetry::tracer& by);

/// Counters of one path. Written by the actor's thread, read by any.
struct probe {
  explicit probe(std::string name) : path(std::move(name)) {}

  const std::string path;
  std::atomic<std::uint64_t> messages{0};
  std::atomic<std::uint64_t> processing_ns{0}; ///< see `message_timer`
  std::atomic<std::uint64_t> slowest_ns{0};    ///< of those measured
  std::atomic<std::uint64_t> busy_since_ns{0}; ///< 0: idle; by the coarse clock
  std::atomic<std::uint64_t> last_message_ns{0};
  /// The C++ type of the last message's content (`last_message_of`).
  std::atomic<const std::type_info*> last_content{nullptr};
  std::atomic<std::uint64_t> mailbox_size{0};
  std::atomic<std::uint64_t> unexpected{0}; ///< messages nobody handles
  /// Requests that were not begun: nobody waited for an answer any more.
  std::atomic<std::uint64_t> late{0};
  std::atomic<std::uint64_t> generation{0};
  std::atomic<std::uint64_t> restarts{0};
  poison_record poison; ///< what has killed the actor behind this path
  /// Told of each message that is set aside, on the actor's thread; and what a
  /// message belongs to. Both set by the board, before the first actor.
  std::function<void(const probe&, const dead_letter&)> on_dead_letter;
  std::string (*trace_of)(const caf::type_erased_tuple&) = nullptr;
  std::shared_ptr<fault_plan> faults; ///< null: none; set by the board
  /// Null: nothing is traced. Set by the board, as what says whose work it is.
  std::shared_ptr<telemetry::tracer> spans;
  work_function work_of = nullptr;

  void begin(const std::type_info* content, std::uint64_t now) noexcept {
    last_content.store(content, std::memory_order_relaxed);
    busy_since_ns.store(now, std::memory_order_relaxed);
  }

  /// @param spent on the message, as far as it was measured
  void end(message_timer::measured spent, std::uint64_t now) noexcept {
    // One writer at a time: plain read-modify-write is enough.
    messages.store(messages.load(std::memory_order_relaxed) + 1,
                   std::memory_order_relaxed);
    if (spent.total_ns != 0) {
      processing_ns.store(processing_ns.load(std::memory_order_relaxed)
                            + spent.total_ns,
                          std::memory_order_relaxed);
      if (spent.spent_ns > slowest_ns.load(std::memory_order_relaxed))
        slowest_ns.store(spent.spent_ns, std::memory_order_relaxed);
    }
    last_message_ns.store(now, std::memory_order_relaxed);
    busy_since_ns.store(0, std::memory_order_relaxed);
  }
};

/// All probes of a node by path. Thread-safe.
class probe_board {
public:
  /// For the probes made from now on; set before the first one is.
  std::function<void(const probe&, const dead_letter&)> on_dead_letter;
  std::string (*trace_of)(const caf::type_erased_tuple&) = nullptr;
  std::shared_ptr<fault_plan> faults;
  std::shared_ptr<telemetry::tracer> spans;
  work_function work_of = nullptr;

  /// The probe of a path; made at first use.
  std::shared_ptr<probe> at(const std::string& path) {
    std::lock_guard guard{mutex_};
    auto& entry = probes_[path];
    if (!entry) {
      entry = std::make_shared<probe>(path);
      entry->on_dead_letter = on_dead_letter;
      entry->trace_of = trace_of;
      entry->faults = faults;
      entry->spans = spans;
      entry->work_of = work_of;
    }
    return entry;
  }

  /// Calls `visit` for each probe, in the order of their paths.
  void each(const std::function<void(const probe&)>& visit) const {
    std::lock_guard guard{mutex_};
    for (const auto& [path, entry] : probes_)
      visit(*entry);
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<probe>> probes_;
};

} // namespace banksia

#pragma once

/// Faults on purpose, off by default. A plan is asked before each message that
/// an actor handles and at each start; it belongs to the board of probes, so
/// that it sees every actor by its path. Without one it costs a pointer test.
///
/// What is lost, doubled or late is taken where it is handled, not where it is
/// sent: the sender sees the same, and no other thread is concerned.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string_view>

namespace caf {
class mailbox_element;
class scheduled_actor;
} // namespace caf

namespace banksia {

struct probe;

enum class fault_kind : std::uint8_t {
  none,
  kill,      ///< the actor ends as if somebody had killed it
  crash,     ///< it throws
  hang,      ///< it is busy until released, or for `time`
  slow,      ///< it is busy for `time`
  drop,      ///< the message is lost
  duplicate, ///< the message comes a second time
  delay,     ///< the message comes after `time`
};

std::string_view to_string(fault_kind x) noexcept;

/// What befalls a message.
struct fault {
  fault_kind what = fault_kind::none;
  std::chrono::milliseconds time{0};
};

/// What a crash on purpose throws.
class injected_fault : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Decides about faults. Called on the actors' threads: thread-safe.
class fault_plan {
public:
  virtual ~fault_plan() = default;

  /// An actor starts. @throws injected_fault when its start shall fail
  virtual void starting(const probe& of) = 0;

  /// An actor is about to handle a message.
  virtual fault handling(const probe& of, caf::scheduled_actor& actor,
                         const caf::mailbox_element& message)
    = 0;

  /// Keeps the calling actor busy for that long, or until `release`.
  virtual void hold(std::chrono::milliseconds time);

  /// Ends all hangs, now and later.
  void release();

private:
  std::mutex mutex_;
  std::condition_variable released_;
  bool is_released_ = false;
};

/// Whether a message may be lost, doubled or come late: one of another actor
/// that is no answer and no message of CAF itself. Inside a process neither
/// timers nor answers get lost; what waits for them need not survive it.
bool may_go_astray(const caf::scheduled_actor& actor,
                   const caf::mailbox_element& message);

/// Whether a text has the form of a pattern, in which `*` stands for any text.
bool matches(std::string_view pattern, std::string_view text) noexcept;

} // namespace banksia

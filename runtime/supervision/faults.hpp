#pragma once

/// Faults on purpose, off by default. A plan is asked before each message that
/// an actor handles and at each start; it belongs to the board of probes, so
/// that it sees every actor by its path. Without one it costs a pointer test.
///
/// What is lost, doubled or late is taken where it is handled, not where it is
/// sent: the sender sees the same, and no other thread is concerned.

#include "runtime/storage/sqlite.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

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

// -- by rule ----------------------------------------------------------------------

/// When a rule applies: each n-th time, or by chance.
struct fault_rule {
  enum class target : std::uint8_t { actor, start, stop, database, clock };

  target where = target::actor;
  fault_kind what = fault_kind::none;
  std::string path = "*";    ///< pattern; of actors
  std::string message = "*"; ///< pattern of the types, or commit | step
  storage::failure error = storage::failure::busy; ///< of a database
  std::chrono::milliseconds time{0}; ///< of slow, hang and delay; of a jump
  std::uint64_t every = 0; ///< each n-th time; 0: by chance
  double chance = 0;       ///< a fraction
  std::uint64_t times = 0; ///< at most so often; 0: no limit
};

struct fault_rules {
  std::vector<fault_rule> rules;
  std::uint64_t seed = 1;
};

/// Reads rules such as `kill:symbol/CBA.AX:every=50,seed=7`;
/// `docs/development.md` has the whole form.
/// @throws std::invalid_argument with the rule, what is wrong and what to do
fault_rules parse_faults(std::string_view text);

/// Faults by rule and seed. Thread-safe; the same calls give the same faults.
class ruled_faults : public fault_plan {
public:
  explicit ruled_faults(fault_rules rules);

  void starting(const probe& of) override;
  fault handling(const probe& of, caf::scheduled_actor& actor,
                 const caf::mailbox_element& message) override;

  /// What the storage shall be told before it does that.
  std::optional<storage::failure> storing(storage::operation what);

  /// By how much a clock that is read now is wrong.
  std::chrono::milliseconds clock_offset();

private:
  struct counted {
    fault_rule rule;
    std::uint64_t seen = 0;
    std::uint64_t done = 0;
  };

  /// Counts; whether it is the rule's turn. @pre the mutex is held
  bool strikes(counted& x);
  const fault_rule* find(fault_rule::target where, std::string_view path,
                         const std::function<std::string()>& message);

  std::mutex mutex_;
  std::vector<counted> rules_;
  std::uint64_t random_;
  std::chrono::milliseconds offset_{0};
};

/// The plan that the environment variable BANKSIA_FAULTS asks for, its database
/// faults in place; null when it is not set.
/// @throws std::invalid_argument as `parse_faults`
std::shared_ptr<ruled_faults> faults_from_environment();

} // namespace banksia

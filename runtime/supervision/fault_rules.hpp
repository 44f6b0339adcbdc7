#pragma once

/// Faults by rule, as BANKSIA_FAULTS asks for them: in the way of actors,
/// databases and the wall clock.

#include "runtime/resilience/splitmix.hpp"
#include "runtime/storage/sqlite.hpp"
#include "runtime/supervision/faults.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace banksia {

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
  splitmix random_;
  std::chrono::milliseconds offset_{0};
};

/// The plan that the environment variable BANKSIA_FAULTS asks for, its database
/// faults in place; null when it is not set.
/// @throws std::invalid_argument as `parse_faults`
std::shared_ptr<ruled_faults> faults_from_environment();

} // namespace banksia

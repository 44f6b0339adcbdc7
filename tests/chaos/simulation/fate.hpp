#pragma once

/// The simulation's plan of faults. It sees every message: so it also keeps the
/// trace, the shadow of what was acknowledged, and makes the planted mistakes.

#include "messages/actors.hpp"
#include "runtime/storage/sqlite.hpp"
#include "runtime/supervision/faults.hpp"
#include "tests/chaos/simulation/scenario.hpp"
#include "tests/chaos/simulation/shadow.hpp"
#include "tests/chaos/simulation/trace.hpp"

#include <caf/actor_clock.hpp>

#include <map>

namespace banksia::chaos {

class fate : public fault_plan {
public:
  /// @param seen must outlive it, as all
  fate(const scenario& of, dice& numbers, trace& seen, shadow& kept)
    : of_(of), dice_(numbers), trace_(seen), shadow_(kept) {}

  void starting(const probe& of) override;
  fault handling(const probe& of, caf::scheduled_actor& actor,
                 const caf::mailbox_element& message) override;
  /// Nothing ever hangs here: an actor that shall hang is not run.
  void hold(std::chrono::milliseconds) override {}

  /// Faults by chance may happen; without, only the planted mistake does.
  void allow(bool faults) noexcept { allowed_ = faults; }

  /// From now on nobody does anything but end: the process is gone.
  void end_process() noexcept { dead_ = true; }

  /// What the storage does instead of a commit.
  std::optional<storage::failure> storing(storage::operation what);

  /// All commits fail from now on; nothing: they do not.
  void fail_commits(std::optional<storage::failure> how) { outage_ = how; }

  /// The market time that the feed was last asked for.
  timestamp market_time() const noexcept { return market_time_; }

private:
  void keep(const probe& of, const caf::scheduled_actor& actor,
            const caf::mailbox_element& message);
  fault by_chance(const caf::scheduled_actor& actor,
                  const caf::mailbox_element& message);
  /// @returns whether the message is to be lost
  bool make_mistake(const probe& of, caf::scheduled_actor& actor,
                    const caf::mailbox_element& message);
  bool mistake_of_writer(caf::scheduled_actor& actor,
                         const caf::mailbox_element& message);
  bool mistake_of_cycle(const probe& of, const caf::mailbox_element& message);

  const scenario& of_;
  dice& dice_;
  trace& trace_;
  shadow& shadow_;
  bool allowed_ = true;
  bool dead_ = false;
  std::optional<storage::failure> outage_;
  timestamp market_time_{};
  std::map<std::uint64_t, std::uint64_t> first_told_; ///< slot to generation
};

} // namespace banksia::chaos

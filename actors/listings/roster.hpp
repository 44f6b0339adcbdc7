#pragma once

/// Which symbols a running node follows, for all who have to know. One object a
/// node, shared by its actors: what it says is immutable and as of a time, so
/// whoever reads it late or is started again says what others said. It is also
/// the gate between market time and changes: a change counts from an instant
/// that no cycle has seen, and time waits until it is on disk.

#include "actors/run_plan.hpp"
#include "models/market/listings.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace banksia {

/// Thread-safe.
class roster {
public:
  /// @param base its symbols are the configured ones
  roster(shared_plan base, listings from);

  /// Of what is known now; grows with each change.
  std::shared_ptr<const listings> now() const;

  /// The plan with all symbols that were ever followed, by index.
  shared_plan plan() const;

  /// Grows with each change; 1 at first.
  std::uint64_t version() const noexcept {
    return version_.load(std::memory_order_acquire);
  }

  /// The latest market time that was begun; zero before the first.
  timestamp time() const;

  // -- the gate ---------------------------------------------------------------------

  /// The clock wants to go on to `until`. @returns false while a change is on
  /// its way to disk: it is to be asked again
  bool begin_step(timestamp until);

  /// Cycles up to there were made before this start, though the clock may have
  /// to be told again: no change counts before them.
  void reach(timestamp begun);

  /// Stops the clock. @returns the instant from which the change counts, after
  /// all that was begun; nothing before the clock's first step
  std::optional<timestamp> begin_change();

  /// Lets the clock go on.
  /// @param made what is true from now on; null: nothing has changed
  void end_change(std::shared_ptr<const listings> made);

private:
  mutable std::mutex mutex_;
  shared_plan plan_;
  std::shared_ptr<const listings> now_;
  std::atomic<std::uint64_t> version_{1};
  timestamp time_{};
  bool changing_ = false;
};

/// Where a roster was last read; for one thread.
class roster_reader {
public:
  roster_reader() = default;
  explicit roster_reader(std::shared_ptr<const roster> of)
    : of_(std::move(of)) {}

  explicit operator bool() const noexcept { return of_ != nullptr; }

  /// Whether there was a change since the last call; true at the first.
  bool changed() {
    if (!of_ || of_->version() == seen_)
      return false;
    seen_ = of_->version();
    listed_ = of_->now();
    plan_ = of_->plan();
    return true;
  }

  /// As of the last `changed`.
  const std::shared_ptr<const listings>& listed() const noexcept {
    return listed_;
  }
  const shared_plan& plan() const noexcept { return plan_; }

private:
  std::shared_ptr<const roster> of_;
  std::shared_ptr<const listings> listed_;
  shared_plan plan_;
  std::uint64_t seen_ = 0;
};

} // namespace banksia

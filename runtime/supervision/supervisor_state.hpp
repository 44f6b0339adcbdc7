#pragma once

/// The supervisor's engine. Nothing here blocks: stopping and starting are steps
/// of a *job* that goes on when the child has ended or said ready. One job runs
/// at a time; what ends meanwhile is dealt with after it, as in OTP, where the
/// supervisor works off its mailbox.

#include "runtime/resilience/splitmix.hpp"
#include "runtime/supervision/shell.hpp"
#include "runtime/supervision/supervisor.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

namespace banksia {

using stop_atom = caf::atom_constant<caf::atom("stoptree")>;
/// A restart's pause is over: (key, token).
using resume_atom = caf::atom_constant<caf::atom("resume")>;
/// A child has not stopped in time: (key, generation).
using kill_atom = caf::atom_constant<caf::atom("killslow")>;

/// A child that failed so often in a row is in trouble: nobody had better wait
/// for it (`actor_slot::in_trouble`). Fewer are accidents.
inline constexpr std::uint32_t failures_of_trouble = 4;

/// Whether an end is neither normal nor a shutdown, so that a transient child is
/// started again.
bool is_abnormal(const caf::error& reason);

/// A child that had failed has run for a while: (key, generation).
using health_atom = caf::atom_constant<caf::atom("healthy")>;

class supervisor_state {
public:
  static inline const char* name = "supervisor";

  using self_type
    = caf::stateful_actor<supervisor_state,
                          instrumented<caf::event_based_actor>>;
  using key = std::uint64_t; ///< of a child; ascending in the order of starting
  using time_point = caf::actor_clock::time_point;

  supervisor_state() = default;
  supervisor_state(const supervisor_state&) = delete;
  supervisor_state& operator=(const supervisor_state&) = delete;
  /// One that is killed takes its children with it.
  ~supervisor_state();

  void configure(self_type* self, std::shared_ptr<probe_board> board,
                 std::vector<child_spec> children, supervisor_options options);

  /// Starts all children.
  void start_all();

  /// Stops all children, then ends with that reason.
  void shut_down(caf::error reason);

  void stop(caf::response_promise promise);

  // -- what happens -----------------------------------------------------------------

  void child_down(const caf::down_msg& down);
  void child_ready(key k, std::uint64_t generation);
  /// It did not say ready in time.
  void child_hangs(key k, std::uint64_t generation);
  void kill_slow(key k, std::uint64_t generation);
  void resume(key k, std::uint64_t token);
  /// A child that had failed again and again has run long enough.
  void is_healthy(key k, std::uint64_t generation);

  // -- administration ----------------------------------------------------------------

  void add(child_spec spec, caf::response_promise promise);
  void terminate(const std::string& path, caf::response_promise promise);
  void restart(const std::string& path, caf::response_promise promise);
  admin_answer forget(const std::string& path);
  child_list list() const;
  child_counts count() const;

private:
  struct child {
    child_spec spec;
    std::shared_ptr<probe> watched;
    caf::actor handle;
    child_phase phase = child_phase::undefined;
    std::uint64_t generation = 0;
    std::uint64_t token = 0;     ///< of the pause it waits in
    std::uint32_t failures = 0;  ///< in a row, for the backoff
    time_point up_since{};
    restart_budget restarts;     ///< its own (dynamic)
    std::vector<caf::response_promise> started;  ///< told when it is ready
    std::vector<caf::response_promise> stopped;  ///< told when it has ended
    bool is_new = true; ///< it has never run
    bool ended_for_good = false;
    bool restarting = false; ///< its next start is a restart, not the first
  };

  struct step {
    enum class kind : std::uint8_t { start, stop };
    kind what = kind::start;
    key of = 0;
    bool begun = false;
  };

  /// Steps in order. `failed`: a start failed; the rest is not done.
  struct job {
    std::deque<step> steps;
    std::function<void()> done;
    std::function<void(key, const std::string& reason)> failed;
  };

  struct death {
    key of = 0;
    std::uint64_t generation = 0;
    caf::error reason;
  };

  // -- jobs --------------------------------------------------------------------------

  void run(job x);
  void advance();
  void work_off();
  /// @returns true when the child's step is at work and has to be waited for
  bool begin(step& s);
  bool job_starts(key k) const;

  // -- children ----------------------------------------------------------------------

  child* find(key k);
  /// Null unless it is in that phase of that life.
  child* find(key k, std::uint64_t generation, child_phase phase);
  child* find(const std::string& path, key* at = nullptr);
  key insert(child_spec spec);
  void erase(key k);
  void start(key k, child& x);
  void ask_ready(key k, const child& x);
  void ignored(key k, child& x);
  void stop(key k, child& x);
  void gone(key k, child& x);
  void start_failed(key k, child& x, const std::string& reason);
  void came_up(key k, child& x);

  // -- restarts ----------------------------------------------------------------------

  void died(const death& x);
  void ended_for_good(key k, child& x);
  void restart_after_death(key k, child& x, const std::string& reason);
  void restart_group(key k);
  void pause_then_start(key k, child& x);
  void start_waiting();
  bool is_group() const noexcept;
  bool has_died(key k) const;
  std::vector<key> group_of(key k) const;
  void park(key k, child& x, const std::string& reason);
  void wait_for(key k, child& x, std::chrono::milliseconds pause);
  bool within_budget(restart_budget& restarts);
  void give_up(const std::string& reason);
  std::chrono::milliseconds next_pause(child& x);

  // -- ending ------------------------------------------------------------------------

  void stop_all(std::function<void()> done);
  void finish();

  // -- reports -----------------------------------------------------------------------

  supervision_event event_of(const child& x, std::string what,
                             std::string reason) const;
  void report(const child& x, std::string what, std::string reason);
  void report_end(child& x, const std::string& reason);
  /// About itself: supervisor and child are one.
  void report_own(std::string what, std::string reason);

  time_point now() const;

  self_type* self_ = nullptr;
  std::shared_ptr<probe_board> board_;
  supervisor_options options_;
  std::map<key, child> children_;
  std::unordered_map<std::string, key> by_path_;
  std::unordered_map<caf::actor_id, key> by_actor_;
  key next_key_ = 1;
  std::uint64_t next_token_ = 1;
  std::uint64_t group_token_ = 0; ///< of the pause that a group waits in
  splitmix random_; ///< of the pauses
  restart_budget restarts_;

  std::optional<job> job_;
  bool advancing_ = false;
  bool working_off_ = false;
  std::deque<death> deaths_;                 ///< while a job runs
  std::deque<std::function<void()>> wishes_; ///< likewise

  bool ending_ = false;
  caf::error end_reason_;
  std::string gave_up_;
  std::vector<caf::response_promise> stopping_;
};

} // namespace banksia

#pragma once

/// The daily jobs of a run that have not ended. Plain state without actors, so
/// that each turn a job can take is tested by itself.

#include "messages/learning.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace banksia {

/// Elapsed time, since whenever.
using elapsed_time = std::chrono::nanoseconds;

/// How a job that fails is tried again.
struct job_retries {
  std::uint32_t at_most = 3;
  /// Until the first one; six times as long until each further one.
  std::chrono::milliseconds pause{5000};
  /// Who answers that it failed is believed: it would again.
  bool answers_count = false;
};

/// Promises: each job that was owed ends as done, failed or skipped, and is kept
/// until that is stored; it is handed out only when it is stored as owed; of
/// each kind one at a time is under way, the newest first, and those that are
/// older than it are skipped.
class job_desk {
public:
  using key = std::pair<timestamp, std::string>; ///< due time, kind

  /// A job may lose so many receivers while it is under way.
  static constexpr std::uint32_t losses_max = 10;

  explicit job_desk(job_retries retries = {}) : retries_(retries) {}

  /// A job has come due: it is to be stored. One that is known changes nothing.
  void owe(job_record job);

  /// One that is stored as owed already.
  void resume(job_record job);

  /// Skips what is older than the newest of its kind and not under way.
  /// @param now market time
  void skip_older(timestamp now);

  // -- storing ------------------------------------------------------------------

  /// What is to be stored and not on its way there, oldest first; from now on
  /// it is on its way. Of each kind nothing new is stored before what is older:
  /// the newest that is stored says that all before it are.
  std::vector<job_record> take_unstored();

  /// The store has taken it, or has not.
  void stored(const job_record& x, bool taken);

  /// Whether a job that has come due may be unknown to the store.
  bool owes_unstored() const;

  // -- handing out ----------------------------------------------------------------

  /// The job to begin with now, if any of that kind is: from now on it is under
  /// way.
  /// @returns with the number of the try, by which its answer is known
  std::optional<std::pair<job_record, std::uint64_t>>
  begin(std::string_view kind, elapsed_time now);

  /// Who has it: a generation of its receiver.
  void given(const job_record& x, std::uint64_t number,
             std::uint64_t generation);

  /// A try could not begin: it is begun anew after the pause.
  void put_back(const job_record& x, std::uint64_t number, elapsed_time until);

  /// What the receiver said of that try; `market_time` is when.
  void answered(const job_record& x, std::uint64_t number,
                timestamp market_time, elapsed_time now);

  /// The try came to nothing; the job is tried again while it may be.
  void failed(const job_record& x, std::uint64_t number,
              const std::string& why, timestamp market_time,
              elapsed_time now);

  /// Tries whose receiver was of another generation are lost; the job is begun
  /// anew while it may be.
  void lose(std::string_view kind, std::uint64_t generation,
            timestamp market_time);

  /// Ends a job that nobody here does.
  void skip(const job_record& x, std::uint64_t number, const std::string& why,
            timestamp market_time);

  bool empty() const noexcept { return jobs_.empty(); }

private:
  enum class stage {
    unstored, ///< due; the store may not know
    owed,     ///< stored as such
    given,    ///< under way
    ended,    ///< its end is to be stored
  };

  struct entry {
    job_record job;
    stage at = stage::unstored;
    bool storing = false;
    bool known = false; ///< the store has it, as owed or as ended
    std::string trouble; ///< why the last try failed
    std::uint32_t failures = 0;
    std::uint32_t losses = 0;
    std::uint64_t number = 0;     ///< of the try under way
    std::uint64_t generation = 0; ///< of who has it; 0: nobody yet
    elapsed_time not_before{0};
  };

  static key key_of(const job_record& x) { return {x.due_at, x.kind}; }

  /// The entry of that try; null when it is over.
  entry* under_way(const job_record& x, std::uint64_t number);

  static void end(entry& x, std::string_view status, std::string reason,
                  timestamp market_time);

  job_retries retries_;
  std::map<key, entry> jobs_;
  std::uint64_t next_number_ = 1;
};

} // namespace banksia

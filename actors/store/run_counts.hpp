#pragma once

/// Counts of what a run has made. The ledger keeps them in the transaction of
/// what they count, so that they are right after every restart and cost the same
/// however much there is.

#include "messages/domain.hpp"
#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace banksia::store {

/// Predictions and abstentions of a span of time.
struct prediction_counts {
  std::uint64_t predictions = 0; ///< with an action
  std::uint64_t abstentions = 0;
};

/// Those of a run with `timestamp` >= `from`; `symbol` empty: of all.
prediction_counts count_predictions(storage::database& db, std::string_view run,
                                    std::optional<timestamp> from,
                                    std::string_view symbol);

/// The slot of the newest prediction of a run that was evaluated at its primary
/// horizon; `symbol` empty: of any.
std::optional<timestamp> newest_scored_slot(storage::database& db,
                                            std::string_view run,
                                            std::string_view symbol);

/// The bars' sources with the newest market time that each has reached.
std::map<std::string, timestamp> watermarks(storage::database& db);

/// Counters of one run, as of the last `refresh`.
class run_counts {
public:
  /// An outcome's horizon in minutes, and "true", "false" or "void".
  using outcome_kind = std::pair<std::int64_t, std::string>;

  explicit run_counts(std::string run) : run_(std::move(run)) {}

  /// Reads them, in one snapshot.
  /// @throws storage::storage_error; the counts are unchanged then
  void refresh(storage::database& db);

  /// By (symbol, action); no abstentions.
  const std::map<std::pair<std::string, std::string>, std::uint64_t>&
  predictions() const noexcept {
    return now_.predictions;
  }

  /// By reason.
  const std::map<std::string, std::uint64_t>& abstentions() const noexcept {
    return now_.abstentions;
  }

  const std::map<outcome_kind, std::uint64_t>& outcomes() const noexcept {
    return now_.outcomes;
  }

  /// Of all kinds.
  std::uint64_t outcomes_total() const noexcept;

  /// By stored status.
  const std::map<std::string, std::uint64_t>& cycles() const noexcept {
    return now_.cycles;
  }

  /// When the evaluation that is owed the longest became due.
  std::optional<timestamp> oldest_due() const noexcept {
    return now_.oldest_due;
  }

private:
  struct counted {
    std::map<std::pair<std::string, std::string>, std::uint64_t> predictions;
    std::map<std::string, std::uint64_t> abstentions;
    std::map<std::string, std::uint64_t> cycles;
    std::map<outcome_kind, std::uint64_t> outcomes;
    std::optional<timestamp> oldest_due;
  };

  void read_predictions(storage::database& db, counted& x) const;
  void read_cycles(storage::database& db, counted& x) const;
  void read_outcomes(storage::database& db, counted& x) const;

  std::string run_;
  counted now_;
};

/// Outcomes of a run so far: what it has learned since is seen by that.
std::uint64_t count_outcomes(storage::database& db, std::string_view run);

} // namespace banksia::store

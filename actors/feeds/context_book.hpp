#pragma once

/// What is known of a context series, and which rows of an answer are new: the
/// pure part of `feed/context/<series>`.

#include "messages/protocol.hpp"
#include "models/market/context_series.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace banksia {

/// When an answer is taken in.
struct context_moment {
  timestamp now; ///< it came
  /// Cycles up to there may have been made without it.
  timestamp decided_until = timestamp::min();
  /// From its coming to the time from which on it counts, at least.
  micros settle{};
};

/// What an answer brings: all that was not known.
struct context_rows {
  std::vector<bar> days; ///< oldest first; `known_at` is not yet said
  std::vector<quarantined_row> refused;
};

/// Each day of a series is told once, when it has ended in UTC, in the order of
/// days and as the source said it first. Pure but for its memory.
class context_book {
public:
  /// How far back the first question goes: features need days, a training that
  /// looks back on a new database has some weeks.
  static constexpr std::chrono::days history{35};

  explicit context_book(context_series series) : series_(series) {}

  context_series series() const noexcept { return series_; }

  /// Takes note of what is stored, oldest first.
  void recall(const std::vector<bar>& stored);

  /// The newest day there is; null without any.
  const bar* newest() const noexcept { return newest_ ? &*newest_ : nullptr; }

  /// What is to be asked for: behind the newest day, as far as it matters.
  price_request request(timestamp now) const;

  /// The rows of days that have ended and are newer than all that is known. A
  /// row that is no good is refused, each once; its day may still come.
  context_rows take(const price_answer& answer, timestamp now);

  /// Says from when on days count that are about to be stored: those of a series
  /// of which nothing was known from the end of their day (UTC), as long as no
  /// cycle was made since that should have had them; else from when they can be
  /// with the cycle.
  void stamp(std::vector<bar>& days, const context_moment& when) const;

private:
  /// Why a row is no good; empty: it is.
  std::string problem_of(const bar& x) const;

  context_series series_;
  std::optional<bar> newest_;
  std::set<std::string> refused_; ///< what was refused, reason and content
};

} // namespace banksia

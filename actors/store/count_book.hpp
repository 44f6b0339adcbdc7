#pragma once

/// Keeps the sums of what a run has made (`prediction_counts` and its like) in
/// the transaction that makes it. Part of the ledger.

#include "messages/domain.hpp"
#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace banksia::store {

/// Evaluations that begin or end to be owed, by when they are due.
using due_sums = std::map<std::pair<std::string, std::int64_t>, std::int64_t>;

/// What a batch of outcomes adds up to, by run, horizon and success.
using outcome_count_sums
  = std::map<std::tuple<std::string, std::int64_t, std::string_view>,
             std::int64_t>;

/// "true", "false" or "void".
std::string_view success_word(const outcome& x) noexcept;

class count_book {
public:
  /// @param db must outlive the book
  explicit count_book(storage::database& db);

  /// A row of `predictions` that was not there.
  void add(const prediction& x, std::string_view run);

  /// A cycle that has ended, and had not before.
  void end_cycle(std::string_view run, std::string_view status);

  void owe(const due_sums& more);
  void settle(const due_sums& fewer);
  void add(const outcome_count_sums& sums);

private:
  storage::statement add_prediction_;
  storage::statement add_cycle_;
  storage::statement add_due_;
  storage::statement subtract_due_;
  storage::statement forget_due_;
  storage::statement add_outcomes_;
};

} // namespace banksia::store

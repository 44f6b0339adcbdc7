#pragma once

/// What the writer has promised and the database does not show yet, for who
/// reads back what it has missed: from the database alone it would go on with
/// a part of the history, and be wrong.
///
/// The journal must be read before the database: what leaves the one is in the
/// other by then. Twice does no harm.

#include "actors/store/journal_records.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::store {

class journal_view {
public:
  /// Reads the journal beside the database; empty when there is none.
  /// @throws storage::storage_error
  explicit journal_view(const std::filesystem::path& database);

  /// Looks at the journal once more; reads only what was added since, so that
  /// who reads often does not read all of a long one each time.
  /// @throws storage::storage_error
  void look();

  /// Gives back the memory and the disk of a journal that was removed since.
  /// @throws storage::storage_error
  void let_go();

  /// Adds the bars of a symbol known by then. Those that are there already
  /// win, as they would in the database.
  void add_bars(std::vector<bar>& to, std::string_view symbol,
                bar_interval interval, timestamp until) const;

  void add_headlines(std::vector<headline>& to, std::string_view symbol,
                     timestamp until) const;

  void add_revisions(std::vector<bar_revision>& to, std::string_view symbol,
                     bar_interval interval, timestamp until) const;

  void add_actions(std::vector<corporate_action>& to, std::string_view symbol,
                   timestamp until) const;

  void add_listings(std::vector<listing_change>& to, timestamp until) const;

  /// Adds what the journal's cycles owe and takes away what its outcomes have
  /// ended; moves the last slot that has ended.
  void add_owed(obligation_batch& to, std::string_view run) const;

  /// Brings up to date what the scheduler remembers of a run: the last slot
  /// that has ended, the cycles still owed, the market's clock and the counts.
  void add_cycles(std::optional<timestamp>& last_ended,
                  std::vector<cycle_slot>& owed,
                  std::optional<timestamp>& market_time,
                  schedule_status& totals, std::string_view run) const;

  /// Moves when the newest outcome was evaluated, of whichever run: that of a
  /// node that keeps a journal is the only one that goes on.
  void add_evaluated(std::optional<timestamp>& newest) const;

  /// Brings up to date which daily jobs of a run are owed, and when the newest of
  /// each kind was due.
  void add_jobs(std::vector<job_record>& owed,
                std::map<std::string, timestamp>& newest,
                std::string_view run) const;

  /// Brings trainings up to date and adds those that are not there; the newest
  /// first. One that has ended stays as it ended.
  void add_trainings(std::vector<training_record>& to) const;

private:
  /// Adds what the batches of one kind hold and `to` does not, by key; keeps
  /// `to` in order of the key.
  template <class Batch, class T, class Key, class Wanted>
  void add_new(std::vector<T>& to, std::vector<T> Batch::*content, Key key,
               Wanted wanted) const {
    if (records_.empty())
      return;
    std::set<decltype(key(to.front()))> known;
    for (const auto& x : to)
      known.insert(key(x));
    for (const auto& record : records_)
      if (auto batch = std::get_if<Batch>(&record))
        for (const auto& x : batch->*content)
          if (wanted(x) && known.insert(key(x)).second)
            to.push_back(x);
    std::sort(to.begin(), to.end(),
              [&](const T& a, const T& b) { return key(a) < key(b); });
  }

  journal file_;
  journal::position at_;
  std::vector<journal_record> records_;
};

} // namespace banksia::store

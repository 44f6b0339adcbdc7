#pragma once

/// The last closes of one series, and its return over the last session.

#include "messages/domain.hpp"

#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace banksia {

/// Keeps the closes of the last sessions with all that was told of them, and
/// answers as of a time: what it says depends on what was known by then, never
/// on the order in which it was told. Sessions are numbered by the exchange
/// calendar. O(1) a bar that comes in order; not thread-safe.
class session_closes {
public:
  /// A return is over closes at most so many sessions apart.
  static constexpr int apart_max = 5;

  /// Sessions behind a slot that its return may need: within a day the last
  /// close may be of the session before.
  static constexpr int needed_sessions = apart_max + 1;

  /// Sessions kept behind the newest, asked about or not: a feed may be so far
  /// ahead of the slots (64 cycles of a day), and some more.
  static constexpr int kept_sessions = 96;

  /// Takes in a bar from the session `ordinal`; one that is there already, or
  /// whose close is no positive number, changes nothing.
  void add(const bar& x, int ordinal);

  /// Takes in a later word on a bar, in any order.
  void add(const bar_revision& x);

  /// Takes in a split or dividend; one that is there already, or makes no sense,
  /// changes nothing.
  void add(const corporate_action& x);

  /// The last close known at `t` over the close of the session before it, − 1:
  /// as the revisions known at `t` say them, and on the basis of the last one,
  /// by the splits and dividends known at `t`. A session's close is that of its
  /// daily bar, else of its last bar within the day. Nothing when
  /// - there are no two such closes, at most `apart_max` sessions apart,
  /// - the last one is not of session `ordinal`, or, where `daily` is false, of
  ///   the one before.
  std::optional<double> change_at(timestamp t, int ordinal, bool daily) const;

  /// Forgets what no slot in session `ordinal` or later needs.
  void forget_before(int ordinal);

  /// The first session of which nothing was forgotten; the least number when
  /// nothing ever was.
  int complete_from() const noexcept { return complete_from_; }

  /// All of session `ordinal` and later has been told again.
  void know_from(int ordinal) noexcept { complete_from_ = ordinal; }

  bool empty() const noexcept { return closes_.empty(); }

private:
  struct entry {
    int ordinal = 0;
    bar_interval interval = bar_interval::d1;
    timestamp opened_at;
    timestamp known_at;
    double close = 0.0;
  };
  struct word {
    timestamp known_at;
    double close = 0.0;
    bool withdrawn = false;
  };
  using place = std::deque<entry>::const_iterator;

  static bool before(const entry& a, const entry& b) noexcept;
  std::optional<double> close_at(const entry& x, timestamp t) const;
  /// The last usable close of [begin, end), with where it is.
  std::optional<std::pair<place, double>> last_of(place begin, place end,
                                                  timestamp t) const;
  double on_basis_of(double close, timestamp from, timestamp to,
                     timestamp t) const;
  void drop_before(int ordinal);

  std::deque<entry> closes_; ///< by session, its daily bar last
  std::map<std::pair<timestamp, bar_interval>, std::vector<word>> words_;
  std::deque<corporate_action> actions_; ///< as they take effect
  int complete_from_ = std::numeric_limits<int>::min();
};

} // namespace banksia

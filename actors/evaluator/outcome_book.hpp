#pragma once

/// Which evaluations are owed and what the market has done since, without any
/// actor. Deterministic: what an outcome says does not depend on when or in
/// which order bars and obligations arrived.

#include "actors/run_plan.hpp"
#include "messages/protocol.hpp"
#include "models/market/listings.hpp"

#include <deque>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace banksia {

class outcome_book {
public:
  explicit outcome_book(shared_plan plan);

  /// What has become of listings: halted and delisted symbols' outcomes are
  /// void, a renamed one's are made from its successor's bars. Everything that
  /// counts from a time on is known before the bars of that time.
  void know(std::shared_ptr<const listings> listed);

  /// An evaluation that is owed. One that is known already changes nothing.
  void owe(const obligation& x);

  /// One that is learnt of late, with all bars of its symbol, oldest first.
  void owe(const obligation& x, std::span<const bar> bars);

  /// Whether it is new and bars after its slot may be forgotten: its outcome
  /// would be made from later ones.
  bool lacks_bars(const obligation& x) const {
    return x.slot < settled_
           && !known_.contains({x.prediction, x.horizon_minutes});
  }

  /// A bar of a symbol; bars of one symbol come in time order. One that is not
  /// newer than the last changes nothing.
  void add(const bar& x);

  /// Everything known by then has been added: outcomes due until then are final.
  void advance(timestamp watermark);

  /// All predictions up to this slot are known to the book: older bars are only
  /// needed by what is open.
  void settle(timestamp committed_slot);

  /// The outcomes made since the last call.
  std::vector<outcome> take();

  /// The outcome is stored: nothing will ask for it again.
  void forget(const outcome& x) {
    known_.erase({x.prediction, x.horizon_minutes});
  }

  std::size_t open() const noexcept { return open_; }

  /// The due time that was passed the longest ago, if any is.
  std::optional<timestamp> oldest_due() const;

private:
  /// A close and when it was known.
  struct trade {
    timestamp known_at;
    price close;
  };
  struct owed {
    obligation duty;
    std::optional<trade> exit; ///< best so far: last trade until the due time
  };
  struct symbol_book {
    std::vector<owed> open;
    std::deque<trade> recent; ///< after the settled slot
    timestamp newest{};       ///< of all bars added
  };

  void add(const std::string& symbol, const trade& t);
  void keep(owed entry);

  /// Voids what can be made no more by what was known at `now`.
  /// @returns true when it was
  bool stop(const owed& x, timestamp now);

  /// @returns true when the outcome was made
  bool feed(owed& x, const trade& t);
  void make(const owed& x, const trade& exit);
  outcome begin_outcome(const owed& x) const;

  shared_plan plan_;
  std::shared_ptr<const listings> listed_; ///< null: nothing ever changes
  std::unordered_map<std::string, symbol_book> symbols_;
  std::set<std::pair<prediction_id, std::uint32_t>> known_;
  std::vector<outcome> made_;
  timestamp watermark_{};
  timestamp settled_{};
  std::size_t open_ = 0;
};

} // namespace banksia

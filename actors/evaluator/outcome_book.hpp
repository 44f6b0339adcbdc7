#pragma once

/// Which evaluations are owed and what the market has done since, without any
/// actor. Deterministic: what an outcome says does not depend on when or in
/// which order bars and obligations arrived.
///
/// Prices are as traded. Splits that took effect after the slot, by the bar of
/// the exit, are applied to both returns, dividends to the total one; each as far
/// as it was known by the evaluation's time. An entry price is never older than
/// its session, so what took effect before the slot is in it.

#include "actors/run_plan.hpp"
#include "messages/protocol.hpp"
#include "models/market/adjustment.hpp"

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

  /// A split or dividend; told before the bars that are known with it. One that
  /// is there already changes nothing.
  void add(const corporate_action& x);

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
  /// A close, when its bar began and when it was known.
  struct trade {
    timestamp known_at;
    timestamp opened_at;
    price close;
  };
  /// The last closes of the newest sessions, each but the running one's: what a
  /// dividend is measured by.
  class session_closes {
  public:
    void add(const trade& t);
    const std::deque<traded_close>& all() const noexcept { return closes_; }

  private:
    std::optional<trade> last_;
    std::deque<traded_close> closes_;
  };
  struct owed {
    obligation duty;
    std::optional<trade> exit; ///< best so far: last trade until the due time
  };
  struct symbol_book {
    std::vector<owed> open;
    std::deque<trade> recent; ///< after the settled slot
    timestamp newest{};       ///< of all bars added
    session_closes closes;
    std::vector<corporate_action> actions;
  };

  static trade trade_of(const bar& x) {
    return {x.known_at, x.opened_at, x.close};
  }

  void keep(owed entry);

  /// @returns true when the outcome was made
  bool feed(owed& x, const trade& t, const session_closes& closes);
  void make(const owed& x, const trade& exit, const session_closes& closes);
  void apply_actions(outcome& made, timestamp slot, const trade& exit,
                     const session_closes& closes) const;

  shared_plan plan_;
  std::unordered_map<std::string, symbol_book> symbols_;
  std::set<std::pair<prediction_id, std::uint32_t>> known_;
  std::vector<outcome> made_;
  timestamp watermark_{};
  timestamp settled_{};
  std::size_t open_ = 0;
};

} // namespace banksia

#pragma once

/// Which evaluations are owed and what the market has done since, without any
/// actor. Deterministic: what an outcome says does not depend on when or in
/// which order bars and obligations arrived.
///
/// A trade counts when it was made, the end of its bar, however late that was
/// told.
///
/// Prices are as traded. Splits that took effect after the bar of the entry, by
/// the bar of the exit, are applied to both returns, dividends to the total one;
/// each as far as it was known by the evaluation's time.

#include "actors/run_plan.hpp"
#include "messages/protocol.hpp"
#include "models/market/adjustment.hpp"
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

  /// A bar of a symbol; bars of one symbol come in time order, beginning with
  /// the last one known by the oldest slot. One that is not newer than the last
  /// changes nothing, nor does one of another interval than is traded on.
  void add(const bar& x);

  /// A split or dividend; told before the bars that are known with it. One that
  /// is there already changes nothing.
  void add(const corporate_action& x);

  /// Symbols of which less is known than the next watermark says: nothing of
  /// them is final by it. Those that were told before and are not among them
  /// lag no more.
  void lag(const std::vector<series_lag>& lags);

  /// Everything known by then has been added: outcomes due until then are final,
  /// but for those of symbols that lag. One that waits for such a symbol for
  /// `sessions_waited` sessions is void (`no_price`), but not before the symbol
  /// has lagged for `lag_least`: a node that was away asks its sources first.
  void advance(timestamp watermark);

  /// How long an outcome waits for the prices of a symbol that lags.
  static constexpr std::size_t sessions_waited = 5;
  static constexpr std::chrono::hours lag_least{24};

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
  /// A close, when its bar began and ended and when it was known.
  struct trade {
    timestamp known_at;
    timestamp opened_at;
    timestamp ended_at; ///< never after `known_at`
    price close;
  };
  /// The last close of each session but the running one: what a dividend is
  /// measured by.
  class session_closes {
  public:
    void add(const trade& t);
    void forget(timestamp until);
    const std::deque<traded_close>& all() const noexcept { return closes_; }

  private:
    std::optional<trade> last_;
    std::deque<traded_close> closes_;
  };
  struct owed {
    obligation duty;
    std::optional<trade> exit; ///< best so far: last trade until the due time
    /// When the bar of the entry price opened, the last one known by the slot;
    /// nothing where that one was not seen.
    std::optional<timestamp> entry_opened_at;
  };
  struct lag_state {
    timestamp known_until;
    timestamp since{}; ///< first watermark without it; zero: none has come yet
  };
  struct symbol_book {
    std::vector<owed> open;
    std::deque<trade> recent; ///< after the settled slot
    std::optional<trade> before; ///< the last one that was settled
    timestamp newest{};       ///< start of the last bar added
    session_closes closes;
    std::vector<corporate_action> actions;
  };

  trade trade_of(const bar& x) const;

  void add(const std::string& symbol, const trade& t);
  void add(const std::string& symbol, const corporate_action& x);
  void keep(owed entry);

  /// Null for a symbol that does not lag.
  const lag_state* lag_of(const std::string& symbol) const;

  /// Until when all of a symbol's trades have been added.
  timestamp known_until(const std::string& symbol) const;

  /// Voids what can be made no more by what was known at `now`.
  /// @returns true when it was
  bool stop(const owed& x, timestamp now);

  /// Voids what has waited too long for a symbol that lags.
  /// @returns true when it was
  bool give_up(const owed& x);

  void make_void(const owed& x, timestamp when, std::string why);

  /// @returns true when the outcome was made
  bool feed(owed& x, const trade& t, const session_closes& closes);
  void make(const owed& x, const trade& exit, const session_closes& closes);
  void apply_actions(outcome& made, const owed& x, const trade& exit,
                     const session_closes& closes) const;
  outcome begin_outcome(const owed& x) const;

  shared_plan plan_;
  std::shared_ptr<const listings> listed_; ///< null: nothing ever changes
  std::unordered_map<std::string, symbol_book> symbols_;
  std::set<std::pair<prediction_id, std::uint32_t>> known_;
  std::vector<outcome> made_;
  timestamp watermark_{};
  std::unordered_map<std::string, lag_state> lags_;
  timestamp settled_{};
  std::size_t open_ = 0;
};

} // namespace banksia

#pragma once

/// What a live node knows of each symbol's bars: which come next, what is wrong
/// with those that came, and who is to be asked when. Pure: times are passed
/// in, market time all of them.

#include "actors/feeds/live_window.hpp"
#include "actors/run_plan.hpp"
#include "messages/protocol.hpp"
#include "models/market/quality.hpp"
#include "models/market/quality_times.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace banksia {

/// One series: a symbol's bars of one interval.
struct live_series {
  std::string symbol;
  bar_interval interval = bar_interval::d1;
  seen_rows seen;
  live_window window;     ///< the newest bars, judged together
  timestamp newest;       ///< start of the newest bar stored; zero: none yet
  bool asked = false;     ///< an answer is awaited
  bool followed = true;   ///< false: nobody needs its bars any more
  timestamp asked_at;     ///< zero: never
  timestamp covered_until; ///< all that was traded by then can be delivered
  std::string source;     ///< that answered last
  std::string trouble;    ///< why the last round gave no answer

  bool is_new() const noexcept { return newest == timestamp{}; }
};

/// What became of an answer.
struct judged_answer : window_verdict {
  std::vector<corporate_action> actions; ///< new ones, to be stored before bars
  /// The bar that still grows, `known_at` being when it came; only to be shown.
  std::optional<bar> running;
};

/// How much history a new series is filled with.
struct live_history {
  std::chrono::days daily{400};
  std::chrono::days intraday{30}; ///< sources keep little more
};

class live_book {
public:
  live_book(shared_plan plan, live_history history);

  /// Follows one more symbol, or again; its series without a past are new.
  void follow(const std::string& symbol);

  /// Asks no more for a symbol's bars.
  void leave(const std::string& symbol);

  std::vector<live_series>& series() noexcept { return series_; }
  const std::vector<live_series>& series() const noexcept { return series_; }

  /// What a series already has, from the store; the newest bars suffice.
  void recall(live_series& x, const std::vector<bar>& stored,
              const std::vector<bar_revision>& revisions = {});

  /// The splits and dividends of a symbol that are stored.
  void recall(const std::string& symbol,
              const std::vector<corporate_action>& stored);

  /// Whether it is time to ask for more.
  bool is_due(const live_series& x, timestamp now) const;

  /// What to ask for. It overlaps with what is there by one bar, so that no
  /// gap is left however long the node was away.
  price_request request_for(const live_series& x, timestamp now) const;

  /// Judges an answer, its rows by themselves and then together with the bars
  /// before them. Bars become known now, however old they are: only a new
  /// series, of which no prediction has been made, is filled with bars known
  /// when they ended, and with actions known when they took effect. Of each
  /// symbol, kind and day the first action counts: sources round differently
  /// after each split, and a second row would count a second time.
  judged_answer judge(live_series& x, const price_answer& answer, timestamp now);

  /// All that was traded by then can be delivered for every series that is
  /// fresh; one that is in trouble for longer than the stale limit holds nobody
  /// back.
  timestamp watermark(timestamp now) const;

  /// Up to when those are known that hold nobody back: of them the watermark
  /// says nothing. Without the index, of which nothing is owed.
  std::vector<series_lag> lags(timestamp now) const;

private:
  bool is_fresh(const live_series& x, timestamp now) const;
  std::optional<bar> place_running(const live_series& x,
                                   const price_answer& answer,
                                   timestamp now) const;
  std::optional<row_times> times(const live_series& x, const bar& of) const;
  std::optional<timestamp> effect_of(const corporate_action& x) const;
  bool is_untold(const corporate_action& x);
  void judge_actions(judged_answer& to, const live_series& x,
                     const price_answer& answer, timestamp now);

  shared_plan plan_;
  live_history history_;
  session_lookup sessions_;
  std::vector<live_series> series_;
  /// When the first bars of a symbol came; long ago for those that were stored.
  std::map<std::string, timestamp> filled_at_;
  /// All that is known of a symbol, in the order in which it was told.
  std::map<std::string, std::vector<corporate_action>> told_;
};

} // namespace banksia

#pragma once

/// The feature state of one symbol: daily history, the running day, the usual
/// course of its volume. What a symbol's actor keeps; rebuilt by adding the
/// same bars again.

#include "messages/domain.hpp"
#include "models/features/bar_lineage.hpp"
#include "models/features/bar_values.hpp"
#include "models/features/daily_features.hpp"
#include "models/features/feature_assembly.hpp"
#include "models/features/recent_bars.hpp"
#include "models/features/recent_closes.hpp"
#include "models/features/volume_profile.hpp"
#include "models/sentiment/news_signal.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace banksia {

/// Consumes bars of any interval and gives inputs as of a place in a session.
/// Daily bars are taken as they are. Intraday bars build the running day, which
/// counts as the last bar of every indicator but is committed only when a bar of
/// a later date comes, or replaced by that date's daily bar. Not thread-safe;
/// copies are independent, and equal when fed equal bars.
class symbol_features {
public:
  /// Takes in `x`. `end` is the place in its session at which `x` ends (minute
  /// and length matter for intraday bars only). Refused, with the state
  /// unchanged:
  /// - `out_of_order`: a date that is closed already or before the running one,
  ///   or an intraday bar that overlaps the one before (a duplicate, a mixture
  ///   of intervals);
  /// - `unusable`: not `usable(x)`, or an intraday bar without session length.
  ///
  /// `before` are the splits and dividends that take effect between the last bar
  /// and this one: where `x` is consumed, all that is known of the past goes on
  /// in the shares and money of `x` (`change_of_basis`).
  bar_use add(const bar& x, const session_time& end,
              std::span<const corporate_action> before = {});

  /// The rule engine's inputs as of `as_of`, which must not lie before the end
  /// of the last bar consumed; nothing unless `enough`. Within
  /// the running day its volume is projected to the whole day (volume so far /
  /// usual share by then); `volume_ratio` and `volume_trend` are those of the
  /// projected volume, which is the same as comparing volume so far with the
  /// usual share of the day. From the close on, or on a later date, the day
  /// counts as whole. Volume is missing where its 20-day mean is zero or where
  /// usually nothing has traded by then.
  std::optional<rule_inputs>
  inputs(const session_time& as_of,
         const std::optional<news_signal>& news) const;

  /// The features that can be computed (`feature_table`); all others stay
  /// masked. `volume` is volume so far; all other volumes are as in `inputs`.
  feature_vector features(const session_time& as_of,
                          const std::optional<news_signal>& news,
                          const feature_surroundings& around = {}) const;

  /// The last bars, for recurrent nets.
  bar_window window() const { return recent_.window(); }

  /// Daily bars, the running day included.
  std::size_t bar_count() const noexcept {
    return daily_.count() + (running_ ? 1u : 0u);
  }

  /// Whether there are bars enough to predict (`minimum_history_bars`).
  bool enough() const noexcept { return bar_count() >= minimum_history_bars; }

  /// The last close, as traded; nothing before the first bar.
  std::optional<price> last_price() const noexcept;

  /// Hash over every bar consumed and every action that took effect, in order;
  /// 0 before the first.
  std::uint64_t lineage() const noexcept { return lineage_.value(); }

  /// The number of bars behind `lineage` (intraday and daily).
  std::uint32_t lineage_count() const noexcept { return lineage_.count(); }

  friend bool operator==(const symbol_features&,
                         const symbol_features&) = default;

private:
  /// The day that intraday bars are building.
  struct running_day {
    trading_date date{};
    timestamp until; ///< end of its last bar
    day_bar prices;
    running_volume volume;

    friend bool operator==(const running_day&, const running_day&) = default;
  };

  bar_use use_of(const bar& x, const session_time& end) const noexcept;
  void rebase(std::span<const corporate_action> actions);
  bool closed(trading_date date) const noexcept;
  void add_daily(const day_bar& x, const session_time& end);
  void add_intraday(const bar& x, const session_time& end);
  void commit_running();
  bar_view view_at(const session_time& as_of) const noexcept;
  void view_daily(bar_view& x) const noexcept;
  void view_running(const session_time& as_of, bar_view& x) const noexcept;

  daily_features daily_;
  bar_lineage lineage_;
  std::optional<trading_date> last_date_; ///< of the last committed day
  std::optional<running_day> running_;
  volume_profile profile_;
  recent_closes closes_; ///< of intraday bars
  recent_bars recent_;
};

} // namespace banksia

#pragma once

/// Service levels: what was promised, what was observed, and how much of what
/// may go wrong is left (error budget and burn rate as in Google's Site
/// Reliability Workbook, chapter 5). Pure: times come with the observations.

#include "messages/time.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace banksia::levels {

/// Which clock a level's window is measured by. On an accelerated clock a
/// market day passes in minutes of the wall.
enum class clock_kind { wall, market };

/// How a window's observations become one value.
enum class measure {
  good_share, ///< good / (good + bad)
  bad_share,  ///< bad / (good + bad)
  bad_count,  ///< bad
  mean,       ///< amount / weight
  peak,       ///< the greatest peak
};

/// Which values keep the promise.
enum class rule {
  at_least, ///< value >= target; the budget is what may be bad, 1 − target
  below,    ///< value < target; the budget is the target
  none_bad, ///< nothing may be bad: there is no budget
};

/// A promise.
struct definition {
  std::string_view name;
  std::string_view meaning; ///< of the value, for people
  std::string_view unit;    ///< "share", "seconds", "bytes", "cycles"
  clock_kind clock = clock_kind::wall;
  measure how = measure::good_share;
  rule kept_by = rule::at_least;
  double target = 0.0;
  std::chrono::hours window{0};
  std::chrono::hours short_window{0}; ///< of the burn rate that is seen early
};

/// Sums of what happened at a time, or in the hour that begins then.
struct observation {
  timestamp at;
  double good = 0.0;
  double bad = 0.0;
  double amount = 0.0; ///< with `weight`, for a mean
  double weight = 0.0;
  double peak = 0.0;
};

enum class level_state {
  no_data, ///< nothing was observed in the window
  met,
  at_risk, ///< met, but little budget is left or it burns too fast
  missed,
};

/// Less budget than this is a risk.
inline constexpr double budget_low = 0.25;

/// What a level is worth at a time.
struct judgement {
  std::optional<double> value; ///< none: no data
  double good = 0.0;           ///< in the window
  double bad = 0.0;
  /// Part of the budget that is left, 0 … 1; 1 without data.
  double budget_left = 1.0;
  /// How fast it is used: 1 uses up just what is allowed. Where nothing may be
  /// bad, the number of what was.
  double burn_long = 0.0;
  double burn_short = 0.0;
  level_state state = level_state::no_data;
  timestamp from;  ///< where the window begins: at a full hour
  timestamp since; ///< as of when the state is what it is; see `judge`
};

/// Judges a level as of `now`. A window begins at the full hour that is its
/// length, or less than an hour more, before `now`.
///
/// `since` is looked for at the times of the observations, back to the first one
/// given, but no further than a window: give two windows to have it right.
///
/// @param seen ascending by time; what is after `now` does not count
judgement judge(const definition& what, std::span<const observation> seen,
                timestamp now);

/// The promises of this system, in the order of its plan.
std::span<const definition> definitions();

/// One of them. @pre the name is one of `definitions`
const definition& definition_of(std::string_view name);

std::string_view to_string(clock_kind x) noexcept;
std::string_view to_string(rule x) noexcept;
std::string_view to_string(level_state x) noexcept;

} // namespace banksia::levels

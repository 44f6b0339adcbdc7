#pragma once

/// Which bars of a series stand aside, and by what. Internal to
/// models/market/repair.
///
/// Each bar is in one of a few states: right, or off by one of the factors that
/// could explain a step of this series. The cheapest sequence of states is
/// found by dynamic programming (Viterbi 1967): a step between two bars costs
/// its size over the usual step, a change of state costs a constant plus what
/// it leaves unexplained. Which of two levels is right is then a matter of
/// anchors: bars after a declared split are right, otherwise those that most
/// bars with trade are at. A suspended share's flat bars do not vote.

#include "models/market/repair/workbench.hpp"

namespace banksia::repair {

inline constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

/// A way in which bars can be off.
struct level_state {
  double offset = 0.0; ///< log of the level over the right one
  double ratio = 1.0;  ///< of the split; repairs multiply or divide by it
  series_rule rule = series_rule::unit_block;
  std::size_t event = nowhere; ///< live position of the declared split
};

/// The steps of a series and what its bars say about the right level.
struct level_steps {
  std::vector<double> steps; ///< log returns into each bar; the first is 0
  std::vector<double> votes; ///< by bar
  std::vector<double> ticks; ///< by bar: the smallest change over the price
  double scale = 0.0;        ///< the usual step
};

/// What bars with trade, or without, say about which level is right; little
/// against the cost of a step, so that votes decide between equals only.
inline constexpr double vote_traded = 0.02;
inline constexpr double vote_flat = 0.0001;

/// Whether a change of level is large enough to be told from the usual steps,
/// and `step` is near enough to be it.
bool explains(double change, double step, double scale) noexcept;

/// The state of each bar, as positions in `states`, whose first is the right
/// one (offset 0). At most 256 states; the time grows with their square.
std::vector<std::size_t> cheapest_states(const level_steps& series,
                                         std::span<const level_state> states);

} // namespace banksia::repair

#pragma once

/// Invented headlines of the simulated market.

#include "messages/domain.hpp"
#include "models/market/simulator_profiles.hpp"
#include "models/market/simulator_random.hpp"

#include <vector>

namespace banksia::simulation {

/// What decides a symbol's headlines of one session.
struct headline_mood {
  double tone = 0.0;     ///< the session's news, standard normal
  double last_own = 0.0; ///< own return of the session before, in deviations
  double gap_own = 0.0;  ///< own part of the opening gap, in deviations
};

/// When a session's headlines may appear.
struct headline_window {
  trading_date date;
  timestamp opens_at;
  timestamp closes_at;
};

/// Two to five headlines about one symbol, from three hours before the open to
/// the close, in time order. `known_at` is up to 90 s after publication and
/// never after the close. A score is
/// tanh(0.6 (0.6 tone + 0.3 past + 0.7 noise)) with `past` the session before
/// (ahead of the open) or the opening gap (after it), so the scores follow
/// past moves with a correlation near 0.3. The title's wording fits the score.
/// Each title ends in "[simulated DATE/N]": it can be taken for no real news,
/// and ids, which hash source, link and title, are unique.
std::vector<headline> written_headlines(const symbol_profile& about,
                                        const headline_window& window,
                                        const headline_mood& mood,
                                        const keyed_stream& stream);

} // namespace banksia::simulation

#pragma once

/// What the dashboard shows at a glance.

#include "actors/services/bridge.hpp"

namespace banksia {

/// Answers with the summary, at most `summary_age` old.
void answer_summary(bridge_self* self,
                    std::shared_ptr<const http::request> what,
                    const http::responder& reply);

inline constexpr std::chrono::milliseconds summary_age{250};

/// The report is drawn anew at most this often, and only after new outcomes; of
/// many samples, which take their time and move it little, less often.
inline constexpr std::chrono::seconds performance_age{2};
inline constexpr std::chrono::seconds performance_age_of_many{60};
inline constexpr std::int64_t many_samples = 10'000;

/// Symbols shown; a node may follow more.
inline constexpr std::size_t summary_symbols_max = 100;

/// Closes in a symbol's line.
inline constexpr std::int64_t sparkline_bars = 48;

} // namespace banksia

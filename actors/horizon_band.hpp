#pragma once

/// The flat band of a prediction's horizon: one meaning for training, which
/// labels by it, and for whoever judges live what was trained.

#include "models/market/calendar.hpp"
#include "models/scoring/labels.hpp"

#include <cstdint>
#include <optional>

namespace banksia {

/// The session that is running at `slot`, or the last one before; null outside
/// of the calendar.
const session* session_for(const exchange_calendar& calendar, timestamp slot);

/// The horizon in sessions: the open minutes inside it over those of the slot's
/// session; whole days count as one session each. 0 where none is open, or
/// nothing is known of its time.
double horizon_sessions(const exchange_calendar& calendar, timestamp slot,
                        std::uint32_t horizon_minutes);

/// Half the width of the flat band: band_factor × volatility × √sessions of the
/// horizon, whenever its outcome came: what is flat is settled at the slot. None
/// without volatility, or where the horizon has no open minutes.
/// @param volatility standard deviation of daily returns, a fraction
std::optional<fraction> horizon_band(const exchange_calendar& calendar,
                                     timestamp slot,
                                     std::uint32_t horizon_minutes,
                                     double volatility, double band_factor);

} // namespace banksia

#pragma once

/// How whole series are judged: the same for an import, a live feed and a
/// caller who only asks.

#include "messages/domain.hpp"
#include "models/market/calendar.hpp"
#include "models/market/repair/judge_series.hpp"
#include "models/market/row_outcomes.hpp"

#include <span>
#include <vector>

namespace banksia::intake {

/// The context for a series of bars without adjusted closes. Sessions that are
/// missing are looked for in daily bars of the exchange.
/// @param calendar must outlive the context
series_context series_context_for(const exchange_calendar& calendar,
                                  bool on_asx, bar_interval interval,
                                  price_basis basis);

/// Puts splits and dividends on the first row that opens with them or later;
/// those before the first row or after the last say nothing here. Rows ascend.
void put_actions(std::vector<series_row>& rows,
                 std::span<const corporate_action> actions);

/// Whether a refusal by the rules of series stands: rules of rows have had
/// their say when the row came, with what came before it; and within a day,
/// bars without trade are quiet minutes, not fills.
bool refusal_stands(const row_outcome& x, bar_interval interval) noexcept;

} // namespace banksia::intake

#pragma once

/// What the served forecasts of a run were worth, from what the store holds.

#include "actors/store/queries.hpp"
#include "models/market/calendar.hpp"
#include "models/scoring/evaluation_report.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

/// Judged against how often each class came true *in these samples*, which is
/// more than any forecast could know.
struct forecast_performance {
  probability_evaluation scores;
  std::uint32_t days = 0;
};

/// Of the forecasts that decided in a run's last `days` days, counted back from
/// its newest outcome at the primary horizon; `symbol` empty: of all. Flat is a
/// return within `band_factor` × volatility × √sessions (`labels.hpp`).
/// @returns nothing where no forecast has been judged
/// @throws storage::storage_error
std::optional<forecast_performance>
forecasts_of(storage::database& db, std::string_view run, std::int64_t days,
             std::string_view symbol, const exchange_calendar& calendar,
             double band_factor, const bootstrap_options& options = {});

/// Adds `brier, brier_skill, brier_skill_interval, ece, log_loss, log_loss_gain,
/// log_loss_gain_interval, forecast_samples`.
void put(boost::json::object& into, const forecast_performance& x);

/// For people, as further lines of the report.
std::string to_text(const forecast_performance& x);

} // namespace banksia

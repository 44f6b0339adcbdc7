#include "actors/services/performance.hpp"

#include "actors/store/run_counts.hpp"

namespace banksia {

performance_report report_of(storage::database& db, std::string_view run,
                             std::int64_t days, std::string_view symbol,
                             const bootstrap_options& options) {
  std::optional<timestamp> from;
  if (auto newest = store::newest_scored_slot(db, run, symbol))
    from = *newest - std::chrono::days{days};
  report_counts counts;
  auto made = store::count_predictions(db, run, from, symbol);
  counts.predictions = made.predictions;
  counts.abstentions = made.abstentions;
  std::vector<scored_sample> samples;
  store::queries ask{db};
  for (auto& x : ask.scored(run, from, symbol)) {
    if (x.is_void) {
      ++counts.void_outcomes;
      continue;
    }
    scored_sample sample;
    sample.symbol = std::move(x.symbol);
    // A day that is not one makes the sample unusable, and is counted there.
    sample.day
      = exchange_calendar::trading_date_of(x.slot).value_or(trading_date{});
    sample.slot = x.slot;
    sample.action = x.action;
    sample.confidence = fraction{x.confidence};
    sample.actual_return = fraction{x.actual_return};
    sample.success = x.success;
    sample.sessions_elapsed = x.sessions_elapsed;
    sample.open_minutes = x.open_minutes;
    samples.push_back(std::move(sample));
  }
  return make_report(samples, counts, options);
}

} // namespace banksia

#ifndef BANKSIA_MESSAGES_WIRE_HPP
#define BANKSIA_MESSAGES_WIRE_HPP

/// How the domain crosses the wire with CAF 0.17.6.
///
/// - A double travels as its 64 bits: CAF's own form loses NaN, -0 and
///   subnormals, and a non-finite value hangs the receiving node for good.
/// - Every struct begins with its version; an unknown one is refused.
/// - Type ids are positions in the block below: append, never reorder.

#include "messages/inspect.hpp"
#include "messages/trace_mark.hpp"

#include <caf/type_id.hpp>

namespace banksia {

template <class Inspector>
auto inspect(Inspector& f, market_context& x) {
  return wire::versioned(f, "market_context", x, x.trend, x.trend_return,
                         x.volatility, x.multiplier, x.buy_threshold,
                         x.sell_threshold, x.stress, x.flagged, x.lineage);
}

template <class Inspector>
auto inspect(Inspector& f, rule_inputs& x) {
  return f(caf::meta::type_name("rule_inputs"), x.sma5, x.sma20, x.rsi14,
           x.macd_histogram, x.volume_ratio, x.volume_trend, x.volatility,
           x.sentiment, x.news_confidence, x.has_macd, x.has_volume,
           x.has_news);
}

template <class Inspector>
auto inspect(Inspector& f, side_scores& x) {
  return f(caf::meta::type_name("side_scores"), x.technical_points,
           x.technical, x.news, x.volume, x.risk, x.weighted_sum, x.threshold,
           x.confidence, x.gates, x.holds, x.strong);
}

template <class Inspector>
auto inspect(Inspector& f, decision_trace& x) {
  return wire::versioned(f, "decision_trace", x, x.inputs, x.buy, x.sell);
}

template <class Inspector>
auto inspect(Inspector& f, bar_window& x) {
  return f(caf::meta::type_name("bar_window"), x.mask, x.values);
}

template <class Inspector>
auto inspect(Inspector& f, class_forecast& x) {
  return wire::versioned(f, "class_forecast", x, x.model_version, x.served,
                         x.down, x.flat, x.up, x.magnitude, x.outlying,
                         x.batch_rows, x.batch_slot, x.environment);
}

template <class Inspector>
auto inspect(Inspector& f, prediction& x) {
  wire::since forecasts{2, x.version, x.forecasts};
  return wire::grown(
    f, "prediction", x, x.id, x.cycle, x.symbol, x.interval, x.slot,
    x.abstained, x.reason, x.action, x.optimal_action, x.confidence,
    x.predicted_direction, x.predicted_magnitude, x.entry_price,
    x.horizon_minutes, x.model_version, x.context, x.features, x.trace,
    x.input_lineage, x.input_count, forecasts);
}

template <class Inspector>
auto inspect(Inspector& f, outcome& x) {
  return wire::versioned(f, "outcome", x, x.id, x.prediction, x.symbol,
                         x.horizon_minutes, x.due_at, x.evaluation_timestamp,
                         x.entry_price, x.exit_price, x.actual_return,
                         x.total_return, x.actual_direction, x.success,
                         x.sessions_elapsed, x.open_minutes, x.is_void,
                         x.void_reason);
}

template <class Inspector>
auto inspect(Inspector& f, obligation& x) {
  return wire::versioned(f, "obligation", x, x.prediction, x.symbol,
                         x.interval, x.slot, x.due_at, x.horizon_minutes,
                         x.action, x.entry_price);
}

template <class Inspector>
auto inspect(Inspector& f, cycle_slot& x) {
  return wire::versioned(f, "cycle_slot", x, x.id, x.run, x.interval, x.slot,
                         x.issued_at, x.sequence);
}

template <class Inspector>
auto inspect(Inspector& f, event& x) {
  return wire::versioned(f, "event", x, x.sequence, x.time, x.kind, x.subject,
                         x.payload);
}

template <class Inspector>
auto inspect(Inspector& f, component_health& x) {
  return wire::versioned(f, "component_health", x, x.component, x.state,
                         x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, bar_batch& x) {
  return wire::versioned(f, "bar_batch", x, x.source, x.watermark, x.bars);
}

template <class Inspector>
auto inspect(Inspector& f, series_lag& x) {
  return f(caf::meta::type_name("series_lag"), x.symbol, x.known_until);
}

template <class Inspector>
auto inspect(Inspector& f, series_lag_batch& x) {
  return wire::versioned(f, "series_lag_batch", x, x.lags);
}

template <class Inspector>
auto inspect(Inspector& f, headline_batch& x) {
  return wire::versioned(f, "headline_batch", x, x.headlines);
}

template <class Inspector>
auto inspect(Inspector& f, bar_repair_batch& x) {
  return wire::versioned(f, "bar_repair_batch", x, x.repairs);
}

template <class Inspector>
auto inspect(Inspector& f, bar_revision_batch& x) {
  return wire::versioned(f, "bar_revision_batch", x, x.revisions);
}

template <class Inspector>
auto inspect(Inspector& f, corporate_action_batch& x) {
  return wire::versioned(f, "corporate_action_batch", x, x.actions);
}

template <class Inspector>
auto inspect(Inspector& f, listing_change_batch& x) {
  return wire::versioned(f, "listing_change_batch", x, x.changes);
}

template <class Inspector>
auto inspect(Inspector& f, feed_progress& x) {
  return wire::versioned(f, "feed_progress", x, x.watermark, x.bars,
                         x.participants, x.exhausted);
}

template <class Inspector>
auto inspect(Inspector& f, cycle_due& x) {
  return wire::versioned(f, "cycle_due", x, x.slot, x.everyone,
                         x.participants);
}

template <class Inspector>
auto inspect(Inspector& f, market_values& x) {
  return wire::versioned(f, "market_values", x, x.index_change,
                         x.sector_change, x.breadth, x.aud_usd, x.vix,
                         x.has_index_change, x.has_sector, x.has_aud_usd,
                         x.has_vix);
}

template <class Inspector>
auto inspect(Inspector& f, predict_request& x) {
  wire::since market{2, x.version, x.market};
  return wire::grown(f, "predict_request", x, x.slot, x.context,
                     x.for_storage, market);
}

template <class Inspector>
auto inspect(Inspector& f, prediction_draft& x) {
  wire::since window{2, x.version, x.window};
  return wire::grown(f, "prediction_draft", x, x.sequence, x.symbol_index,
                     x.content, window);
}

template <class Inspector>
auto inspect(Inspector& f, cycle_record& x) {
  return wire::versioned(f, "cycle_record", x, x.slot, x.status, x.reason,
                         x.completed_at, x.context, x.predictions,
                         x.obligations);
}

template <class Inspector>
auto inspect(Inspector& f, obligation_batch& x) {
  return wire::versioned(f, "obligation_batch", x, x.committed_slot,
                         x.obligations);
}

template <class Inspector>
auto inspect(Inspector& f, outcome_batch& x) {
  return wire::versioned(f, "outcome_batch", x, x.outcomes);
}

template <class Inspector>
auto inspect(Inspector& f, commit_receipt& x) {
  return wire::versioned(f, "commit_receipt", x, x.rows, x.duplicates);
}

template <class Inspector>
auto inspect(Inspector& f, clock_mark& x) {
  return wire::versioned(f, "clock_mark", x, x.run, x.market_time);
}

template <class Inspector>
auto inspect(Inspector& f, supervision_report& x) {
  return wire::versioned(f, "supervision_report", x, x.time, x.supervisor,
                         x.child, x.generation, x.event, x.reason, x.strategy,
                         x.restarts_in_period);
}

template <class Inspector>
auto inspect(Inspector& f, schedule_status& x) {
  return wire::versioned(f, "schedule_status", x, x.run, x.clock,
                         x.market_time, x.next_slot, x.market_open,
                         x.completed, x.late, x.missed, x.predictions,
                         x.abstentions, x.bars, x.finished);
}

template <class Inspector>
auto inspect(Inspector& f, price_request& x) {
  return wire::versioned(f, "price_request", x, x.symbol, x.interval, x.from,
                         x.until);
}

template <class Inspector>
auto inspect(Inspector& f, quarantined_row& x) {
  return wire::versioned(f, "quarantined_row", x, x.symbol, x.source, x.reason,
                         x.payload, x.received_at);
}

template <class Inspector>
auto inspect(Inspector& f, quarantine_batch& x) {
  return wire::versioned(f, "quarantine_batch", x, x.rows);
}

template <class Inspector>
auto inspect(Inspector& f, price_answer& x) {
  wire::since running{2, x.version, x.running};
  return wire::grown(f, "price_answer", x, x.source, x.status, x.text, x.bars,
                     x.unreadable, x.growing, x.covered_until, x.actions,
                     running);
}

template <class Inspector>
auto inspect(Inspector& f, cycle_result& x) {
  return wire::versioned(f, "cycle_result", x, x.slot, x.status, x.predictions,
                         x.abstentions);
}

template <class Inspector>
auto inspect(Inspector& f, forecast_row& x) {
  return f(caf::meta::type_name("forecast_row"), x.symbol, x.features,
           x.window);
}

template <class Inspector>
auto inspect(Inspector& f, trace_mark& x) {
  return wire::versioned(f, "trace_mark", x, x.trace_high, x.trace_low, x.span,
                         x.sampled);
}

template <class Inspector>
auto inspect(Inspector& f, forecast_request& x) {
  return wire::versioned(f, "forecast_request", x, x.number, x.rows);
}

template <class Inspector>
auto inspect(Inspector& f, model_forecasts& x) {
  return f(caf::meta::type_name("model_forecasts"), x.model_version, x.served,
           x.failure, x.rows);
}

template <class Inspector>
auto inspect(Inspector& f, forecast_answer& x) {
  return wire::versioned(f, "forecast_answer", x, x.number, x.environment,
                         x.failure, x.models);
}

template <class Inspector>
auto inspect(Inspector& f, forecaster_status& x) {
  return wire::versioned(f, "forecaster_status", x, x.reachable, x.reason,
                         x.champion, x.shadows, x.refused, x.environment,
                         x.resident_bytes);
}

template <class Inspector>
auto inspect(Inspector& f, job_record& x) {
  return wire::versioned(f, "job_record", x, x.run, x.kind, x.due_at, x.status,
                         x.ended_at, x.reason, x.result);
}

template <class Inspector>
auto inspect(Inspector& f, training_record& x) {
  return wire::versioned(f, "training_record", x, x.training_id, x.run,
                         x.cause, x.requested_at, x.ended_at, x.status,
                         x.stage, x.progress, x.reason, x.model_version,
                         x.promoted, x.report);
}

template <class Inspector>
auto inspect(Inspector& f, model_record& x) {
  return wire::versioned(f, "model_record", x, x.model_version, x.status,
                         x.kind, x.added_at, x.changed_at, x.reason,
                         x.manifest);
}

template <class Inspector>
auto inspect(Inspector& f, service_sample& x) {
  return wire::versioned(f, "service_sample", x, x.service, x.time, x.seconds,
                         x.ready_seconds, x.requests, x.request_seconds,
                         x.slow_requests, x.resident_bytes, x.cpu_seconds,
                         x.cpu_capacity, x.queries, x.query_seconds,
                         x.slow_queries);
}

template <class Inspector>
auto inspect(Inspector& f, service_sample_batch& x) {
  return wire::versioned(f, "service_sample_batch", x, x.samples);
}

} // namespace banksia

#define BANKSIA_WIRE_TYPE(type)                                                \
  CAF_ADD_TYPE_ID(banksia, (banksia::type))                                    \
  CAF_ADD_TYPE_ID(banksia, (std::vector<banksia::type>))

// Append only: positions are the wire identity of a type.
CAF_BEGIN_TYPE_ID_BLOCK(banksia, caf::first_custom_type_id)
BANKSIA_WIRE_TYPE(real)
BANKSIA_WIRE_TYPE(price)
BANKSIA_WIRE_TYPE(shares)
BANKSIA_WIRE_TYPE(fraction)
BANKSIA_WIRE_TYPE(percent)
BANKSIA_WIRE_TYPE(cycle_id)
BANKSIA_WIRE_TYPE(prediction_id)
BANKSIA_WIRE_TYPE(outcome_id)
BANKSIA_WIRE_TYPE(bar_interval)
BANKSIA_WIRE_TYPE(bar)
BANKSIA_WIRE_TYPE(headline)
BANKSIA_WIRE_TYPE(feature_vector)
BANKSIA_WIRE_TYPE(market_context)
BANKSIA_WIRE_TYPE(decision_trace)
BANKSIA_WIRE_TYPE(prediction)
BANKSIA_WIRE_TYPE(outcome)
BANKSIA_WIRE_TYPE(obligation)
BANKSIA_WIRE_TYPE(cycle_slot)
BANKSIA_WIRE_TYPE(event)
BANKSIA_WIRE_TYPE(component_health)
BANKSIA_WIRE_TYPE(bar_batch)
BANKSIA_WIRE_TYPE(headline_batch)
BANKSIA_WIRE_TYPE(feed_progress)
BANKSIA_WIRE_TYPE(cycle_due)
BANKSIA_WIRE_TYPE(predict_request)
BANKSIA_WIRE_TYPE(prediction_draft)
BANKSIA_WIRE_TYPE(cycle_record)
BANKSIA_WIRE_TYPE(obligation_batch)
BANKSIA_WIRE_TYPE(outcome_batch)
BANKSIA_WIRE_TYPE(commit_receipt)
BANKSIA_WIRE_TYPE(clock_mark)
BANKSIA_WIRE_TYPE(supervision_report)
BANKSIA_WIRE_TYPE(schedule_status)
BANKSIA_WIRE_TYPE(cycle_result)
BANKSIA_WIRE_TYPE(timestamp)
CAF_ADD_TYPE_ID(banksia, (std::vector<std::string>))
CAF_ADD_TYPE_ID(banksia, (std::vector<std::uint32_t>))
BANKSIA_WIRE_TYPE(price_request)
BANKSIA_WIRE_TYPE(quarantined_row)
BANKSIA_WIRE_TYPE(quarantine_batch)
BANKSIA_WIRE_TYPE(price_answer)
BANKSIA_WIRE_TYPE(bar_repair)
BANKSIA_WIRE_TYPE(bar_repair_batch)
BANKSIA_WIRE_TYPE(corporate_action)
BANKSIA_WIRE_TYPE(corporate_action_batch)
BANKSIA_WIRE_TYPE(listing_change)
BANKSIA_WIRE_TYPE(listing_change_batch)
BANKSIA_WIRE_TYPE(bar_revision)
BANKSIA_WIRE_TYPE(bar_revision_batch)
BANKSIA_WIRE_TYPE(class_forecast)
BANKSIA_WIRE_TYPE(forecast_request)
BANKSIA_WIRE_TYPE(forecast_answer)
BANKSIA_WIRE_TYPE(forecaster_status)
BANKSIA_WIRE_TYPE(job_record)
BANKSIA_WIRE_TYPE(training_record)
BANKSIA_WIRE_TYPE(model_record)
BANKSIA_WIRE_TYPE(series_lag_batch)
BANKSIA_WIRE_TYPE(service_sample)
BANKSIA_WIRE_TYPE(service_sample_batch)
BANKSIA_WIRE_TYPE(trace_mark)
CAF_END_TYPE_ID_BLOCK(banksia)

#endif // BANKSIA_MESSAGES_WIRE_HPP

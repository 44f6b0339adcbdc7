#include "actors/services/node_metrics.hpp"

#include "actors/services/maintenance_metrics.hpp"
#include "actors/services/ml_metrics.hpp"
#include "actors/services/performance.hpp"
#include "actors/services/request_series.hpp"
#include "actors/services/service_levels.hpp"
#include "actors/store/journal.hpp"
#include "actors/store/level_queries.hpp"
#include "runtime/logging/log.hpp"
#include "runtime/storage/query_timer.hpp"
#include "runtime/telemetry/process_metrics.hpp"

#include <algorithm>
#include <array>

namespace banksia {

namespace {

using telemetry::labels;
using telemetry::metrics;

constexpr std::uint64_t totals_age_ns = 1'000'000'000;

/// Lets a counter follow a total that is kept elsewhere.
void follow(telemetry::counter x, double total) {
  x.add(total - x.value());
}

double seconds(std::uint64_t ns) {
  return static_cast<double>(ns) / 1e9;
}

// -- probes and health ------------------------------------------------------------

void read_probes(metrics& into, const probe_board& probes) {
  probes.each([&](const probe& x) {
    labels actor{{"actor", x.path}};
    follow(into.counter_of("banksia_actor_messages_total",
                           "Messages that an actor has handled.", actor),
           static_cast<double>(x.messages.load()));
    into.set_summary("banksia_actor_processing_seconds",
                     "Time that an actor has spent in its handlers.", actor,
                     x.messages.load(), seconds(x.processing_ns.load()));
    into
      .gauge_of("banksia_actor_mailbox_size",
                "Messages waiting, as seen each 64 messages.", actor)
      .set(static_cast<double>(x.mailbox_size.load()));
    if (auto late = x.late.load(); late > 0)
      follow(into.counter_of("banksia_actor_late_requests_total",
                             "Requests that an actor did not begin with: "
                             "nobody waited for an answer any more.",
                             actor),
             static_cast<double>(late));
    // Why an actor fell is free text and stands in the supervision log.
    follow(into.counter_of("banksia_actor_restarts_total",
                           "Times that an actor was started again.",
                           {{"actor", x.path}, {"reason", "terminated"}}),
           static_cast<double>(x.restarts.load()));
  });
}

void read_health(metrics& into, const health_board& board) {
  for (const auto& x : board.components(monotonic_ns()))
    into
      .gauge_of("banksia_component_health",
                "2 healthy, 1 degraded, 0 unhealthy.",
                {{"component", x.component}})
      .set(static_cast<double>(x.state));
}

/// What waits beside the database; zeros when it is not away.
void read_journal(metrics& into, const std::filesystem::path& database) {
  auto kept = store::measure_journal(store::journal_file(database));
  into
    .gauge_of("banksia_store_journal_records",
              "Records that wait for the database to come back.")
    .set(static_cast<double>(kept.records));
  into
    .gauge_of("banksia_store_journal_bytes",
              "Size of the journal beside the database.")
    .set(static_cast<double>(kept.bytes));
}

/// Sources of the outside world; their names are few and fixed.
void read_feeds(metrics& into, const feed_board& board) {
  for (const auto& [name, x] : board.all()) {
    into
      .gauge_of("banksia_breaker_state",
                "0 closed, 1 half open, 2 open: not asked.", {{"feed", name}})
      .set(x.breaker == "open" ? 2 : x.breaker == "half_open" ? 1 : 0);
    for (const auto& [verdict, count] :
         {std::pair{"accept", x.accepted}, std::pair{"repair", x.repaired},
          std::pair{"quarantine", x.quarantined}})
      follow(into.counter_of("banksia_data_points_total",
                             "Bars that a source gave, by the verdict on them.",
                             {{"source", name}, {"verdict", verdict}}),
             static_cast<double>(count));
    if (x.quality.points() > 0)
      into
        .gauge_of("banksia_data_invalid_share",
                  "Share of a source's newest bars that were repaired or "
                  "refused, 0 to 1.",
                  {{"source", name}})
        .set(x.quality.invalid_share());
    for (const auto& [status, count] : x.failures)
      follow(into.counter_of("banksia_feed_failures_total",
                             "Requests to a source without an answer.",
                             {{"feed", name}, {"status", status}}),
             static_cast<double>(count));
  }
}

// -- requests ---------------------------------------------------------------------

/// A failure of ours; for who looks closely also what is traced.
void log_request(const http::served& x) {
  // A probe that is told no has its answer, each few seconds again.
  auto is_probe = x.route == "/readyz" || x.route == "/livez"
                  || x.route.ends_with("/health");
  auto is_failure = x.status >= 500 && !is_probe;
  if (!is_failure && !x.is_traced)
    return;
  std::chrono::duration<double> took = x.took;
  logging::fields fields{{"service", x.service},
                         {"method", to_string(x.method)},
                         {"route", x.route},
                         {"status", static_cast<std::int64_t>(x.status)},
                         {"seconds", took.count()},
                         {"trace_id", x.trace_id},
                         {"error", x.error}};
  if (is_failure)
    logging::log_warn("api", "a request failed", fields);
  else
    logging::log_debug("api", "answered", fields);
}

// -- the store --------------------------------------------------------------------

void put_cycles(metrics& into, const store::run_counts& counts) {
  std::map<std::string, std::uint64_t> by_status{
    {"scheduled", 0}, {"completed", 0}, {"late", 0}, {"missed", 0}};
  for (const auto& [status, count] : counts.cycles()) {
    by_status["scheduled"] += count;
    if (status != "scheduled")
      by_status[status] += count;
    if (status == "late")
      by_status["completed"] += count;
  }
  for (const auto& [status, count] : by_status)
    follow(into.counter_of("banksia_prediction_cycles_total",
                           "Prediction cycles: all that were scheduled, those "
                           "completed (late ones too), late, missed.",
                           {{"status", status}}),
           static_cast<double>(count));
}

void put_predictions(metrics& into, const store::run_counts& counts) {
  for (const auto& [key, count] : counts.predictions())
    follow(into.counter_of("banksia_predictions_total",
                           "Predictions stored, abstentions not among them.",
                           {{"symbol", key.first}, {"action", key.second}}),
           static_cast<double>(count));
  for (const auto& [reason, count] : counts.abstentions())
    follow(into.counter_of("banksia_abstentions_total",
                           "Abstentions stored, by reason.",
                           {{"reason", reason}}),
           static_cast<double>(count));
  for (const auto& [kind, count] : counts.outcomes())
    follow(into.counter_of("banksia_outcomes_total",
                           "Outcomes stored, by horizon in minutes and success "
                           "(true, false, void).",
                           {{"horizon", std::to_string(kind.first)},
                            {"success", kind.second}}),
           static_cast<double>(count));
}

void put_ages(metrics& into, bridge_self* self, timestamp now) {
  auto since = [&](timestamp t) {
    std::chrono::duration<double> age = now - t;
    return std::max(age.count(), 0.0);
  };
  auto due = self->state.counts->oldest_due();
  into
    .gauge_of("banksia_evaluation_lag_seconds",
              "Market time since the oldest open evaluation was due.")
    .set(due ? since(*due) : 0.0);
  for (const auto& [source, mark] : store::watermarks(self->state.database()))
    into
      .gauge_of("banksia_feed_age_seconds",
                "Market time since what a source has delivered.",
                {{"feed", source}})
      .set(since(mark));
}

/// From the hours' sums: the report would read every outcome of the month.
void put_rates(metrics& into, bridge_self* self) {
  auto& db = self->state.database();
  const auto& plan = self->state.plan();
  auto newest = store::newest_outcome_hour(db, plan.run);
  if (!newest)
    return;
  store::outcome_hour all;
  for (const auto& x : store::outcome_hours(
         db, plan.run, *newest - std::chrono::days{report_days_absent})) {
    if (x.horizon_minutes != std::int64_t{plan.primary_horizon_minutes})
      continue;
    all.samples += x.samples;
    all.success += x.success;
    all.buy_right += x.buy_right;
    all.sell_right += x.sell_right;
    all.hold_right += x.hold_right;
  }
  if (all.samples == 0)
    return;
  auto rate = [&](std::int64_t count) {
    return static_cast<double>(count) / static_cast<double>(all.samples);
  };
  into
    .gauge_of("banksia_success_rate",
              "Success over the last 30 days of evaluation, 0 to 1.",
              {{"rule", "plan"}})
    .set(rate(all.success));
  std::string help = "Success of a constant answer on the same predictions.";
  into
    .gauge_of("banksia_baseline_success_rate", help,
              {{"rule", "best_constant"}})
    .set(rate(std::max({all.buy_right, all.sell_right, all.hold_right})));
  into
    .gauge_of("banksia_baseline_success_rate", help, {{"rule", "always_hold"}})
    .set(rate(all.hold_right));
}

/// Brings the totals up to date; without the database they stay as they were.
void read_store(bridge_self* self) {
  auto& state = self->state;
  auto now = monotonic_ns();
  if (state.counted_ns != 0 && now - state.counted_ns < totals_age_ns)
    return;
  auto& into = state.context->metrics;
  try {
    state.counts->refresh(state.database());
    put_cycles(into, *state.counts);
    put_predictions(into, *state.counts);
    put_rates(into, self);
    auto run = state.ask().run(state.plan().run);
    auto market_time = run ? run->market_time : std::nullopt;
    if (market_time) {
      put_ages(into, self, *market_time);
      put_maintenance_metrics(self, *market_time);
    }
    put_model_metrics(self, market_time);
    put_service_levels(self);
  } catch (const storage::storage_error& error) {
    state.forget_database();
    state.trouble = error.what();
    return;
  }
  state.counted_ns = now;
}

// -- which series a service shows -------------------------------------------------

bool is_of(std::string_view family, const std::string& service) {
  using names = std::initializer_list<std::string_view>;
  auto in = [&](names own) {
    return std::find(own.begin(), own.end(), family) != own.end();
  };
  if (service == "prediction")
    return in({"banksia_prediction_cycles_total", "banksia_predictions_total",
               "banksia_abstentions_total"});
  if (service == "evaluation")
    return in({"banksia_outcomes_total", "banksia_success_rate",
               "banksia_baseline_success_rate",
               "banksia_evaluation_lag_seconds"});
  if (service == "ml")
    return in({"banksia_training_runs_total", "banksia_model_age_seconds",
               "banksia_calibration_error", "banksia_brier_score"});
  return service == "data" && in({"banksia_feed_age_seconds", "banksia_breaker_state",
                                    "banksia_data_points_total",
                                    "banksia_data_invalid_share",
                                    "banksia_feed_failures_total"});
}

metrics::filter filter_of(const std::string& service) {
  if (service == "dashboard" || service == "core")
    return {};
  return [service](std::string_view family, const labels& of) {
    if (auto named = of.find("service"); named != of.end())
      return named->second == service;
    return is_of(family, service) || family.starts_with("process_")
           || family == "banksia_build_info";
  };
}

} // namespace

void add_node_metrics(service_context& context) {
  context.metrics
    .gauge_of("banksia_build_info", "1; the labels say what runs.",
              {{"version", context.setup.version}})
    .set(1);
  context.metrics.before_render([&context] {
    read_probes(context.metrics, *context.setup.probes);
    read_health(context.metrics, context.health);
    read_journal(context.metrics, context.setup.database);
    // What the core says of its feeds is in its own series.
    if (context.setup.feeds && !context.setup.core)
      read_feeds(context.metrics, *context.setup.feeds);
  });
  telemetry::add_process_metrics(context.metrics);
}

void observe_queries(const shared_context& context) {
  // The process outlives this node's services.
  storage::set_query_observer(
    [known = std::weak_ptr{context}](std::string_view query,
                                     std::chrono::nanoseconds took) {
      auto context = known.lock();
      if (!context)
        return;
      context->meter.count_query(took);
      context->metrics
        .histogram_of("banksia_db_query_duration_seconds",
                      "From a query's beginning to its last row, or of a "
                      "commit.",
                      {{"query", std::string{query}}})
        .observe(std::chrono::duration<double>(took).count());
    });
}

std::function<void(const http::served&)>
request_observer(const shared_context& context) {
  auto series = std::make_shared<request_series>(context->metrics);
  return [context, series](const http::served& x) {
    log_request(x);
    context->meter.count_request(x.service, x.took);
    series->observe(x);
  };
}

http::response metrics_response(bridge_self* self, const std::string& service,
                                const http::request& what) {
  read_store(self);
  auto as = telemetry::format_for(what.header("Accept").value_or(""));
  http::response answer;
  answer.content_type = telemetry::media_type_of(as);
  answer.headers = {{"Vary", "Accept"}};
  answer.body = self->state.context->metrics.render(filter_of(service), as);
  return answer;
}

} // namespace banksia

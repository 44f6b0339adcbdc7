#include "actors/services/service_levels.hpp"

#include "actors/scheduler/job_walk.hpp"
#include "actors/services/service_meter.hpp"
#include "actors/store/ledger_levels.hpp"
#include "actors/store/level_queries.hpp"
#include "messages/json.hpp"
#include "models/levels/observations.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace banksia {

namespace {

namespace json = boost::json;

using levels::clock_kind;
using levels::definition;
using levels::observation;

constexpr std::uint64_t levels_age_ns = 1'000'000'000;

/// Newest jobs looked at: one a day, two windows of a week.
constexpr std::int64_t jobs_looked_at = 60;

double number(std::int64_t x) {
  return static_cast<double>(x);
}

double seconds(std::chrono::nanoseconds x) {
  return std::chrono::duration<double>(x).count();
}

/// Reads what each level observes. `from` is two windows back, so that `since`
/// is right.
class observer {
public:
  observer(storage::database& db, const level_question& asked)
    : db_(db), asked_(asked) {
    store::queries ask{db};
    if (auto run = ask.run(asked.run))
      market_ = run->market_time;
    wall_ = store::newest_sample(db, node_service);
  }

  std::optional<timestamp> now(clock_kind clock) const {
    return clock == clock_kind::wall ? wall_ : market_;
  }

  std::vector<observation> of(const definition& what, timestamp now) {
    from_ = now - 2 * what.window;
    now_ = now;
    if (what.name == "uptime")
      return uptime();
    if (what.name == "prediction_cycles")
      return cycles();
    if (what.name == "outcome_evaluation")
      return evaluation();
    if (what.name == "ml_training")
      return trainings();
    if (what.name == "data_quality")
      return data();
    if (what.name == "success_rate")
      return success();
    if (what.name == "cpu")
      return cpu();
    return of_services(what.name);
  }

  /// Of the success rate's window.
  std::optional<constant_rate> best_constant(timestamp from) const {
    std::array<std::pair<const char*, double>, 3> rights{
      {{"BUY", 0.0}, {"SELL", 0.0}, {"HOLD", 0.0}}};
    double samples = 0.0;
    for (const auto& x : outcomes_) {
      if (x.hour < from || !is_primary(x))
        continue;
      samples += number(x.samples);
      rights[0].second += number(x.buy_right);
      rights[1].second += number(x.sell_right);
      rights[2].second += number(x.hold_right);
    }
    if (samples == 0.0)
      return std::nullopt;
    auto best = std::max_element(
      rights.begin(), rights.end(),
      [](const auto& a, const auto& b) { return a.second < b.second; });
    return constant_rate{best->first, best->second / samples};
  }

private:
  bool is_primary(const store::outcome_hour& x) const {
    return x.horizon_minutes == std::int64_t{asked_.horizon_minutes};
  }

  /// The hours of the longest window, read once.
  const std::vector<store::outcome_hour>& outcomes() {
    if (!outcomes_read_) {
      auto window = levels::definition_of("success_rate").window;
      for (const auto& x : levels::definitions())
        window = std::max(window, x.window);
      outcomes_ = store::outcome_hours(db_, asked_.run, now_ - 2 * window);
      outcomes_read_ = true;
    }
    return outcomes_;
  }

  std::vector<observation> uptime() {
    std::vector<levels::ready_hour> hours;
    for (const auto& x : store::service_hours(db_, node_service, from_))
      hours.push_back({x.hour, x.began, x.ready_seconds});
    return levels::uptime_of(hours, now_);
  }

  std::vector<observation> cycles() {
    std::vector<observation> result;
    for (const auto& x : store::cycle_ends(db_, asked_.run, from_)) {
      auto missed = x.status == "missed";
      result.push_back({x.slot, missed ? 0.0 : 1.0, missed ? 1.0 : 0.0});
    }
    return result;
  }

  std::vector<observation> evaluation() {
    std::vector<observation> result;
    for (const auto& x : outcomes()) {
      if (x.hour < store::hour_of(from_))
        continue;
      observation y{x.hour, number(x.evaluated - x.late), number(x.late)};
      y.peak = seconds(x.lag_max);
      result.push_back(y);
    }
    // What is owed and overdue is late already, by as much at least.
    auto due = store::oldest_due(db_, asked_.run);
    if (due && *due < now_) {
      observation y{now_};
      y.peak = seconds(now_ - *due);
      y.bad = y.peak > levels::definition_of("outcome_evaluation").target;
      result.push_back(y);
    }
    return result;
  }

  std::vector<observation> trainings() {
    std::vector<observation> result;
    if (!asked_.trains)
      return result;
    store::queries ask{db_};
    for (const auto& x : ask.jobs(asked_.run, training_job, jobs_looked_at)) {
      // One that was skipped did not succeed on its day either.
      auto good = x.status == "done";
      if (x.status != "owed" && x.due_at >= from_)
        result.push_back({x.due_at, good ? 1.0 : 0.0, good ? 0.0 : 1.0});
    }
    std::reverse(result.begin(), result.end());
    return result;
  }

  std::vector<observation> data() {
    std::vector<observation> result;
    for (const auto& x : store::data_hours(db_, from_, now_)) {
      auto bad = number(x.repaired + x.refused);
      result.push_back({x.hour, number(x.points) - bad, bad});
    }
    return result;
  }

  std::vector<observation> success() {
    std::vector<observation> result;
    for (const auto& x : outcomes())
      if (x.hour >= store::hour_of(from_) && is_primary(x) && x.samples > 0)
        result.push_back({x.hour, number(x.success),
                          number(x.samples - x.success)});
    return result;
  }

  std::vector<observation> cpu() {
    std::vector<levels::cpu_span> spans;
    for (const auto& x : store::service_spans(db_, node_service, from_))
      spans.push_back({x.time, x.seconds, x.cpu_seconds, x.cpu_capacity});
    return levels::sustained_cpu(spans);
  }

  std::vector<observation> of_services(std::string_view level) {
    std::vector<observation> result;
    for (const auto& service : store::sampled_services(db_))
      for (const auto& x : store::service_hours(db_, service, from_)) {
        observation y{x.hour};
        auto is_api = level == "api_response";
        auto slow = is_api ? x.slow_requests : x.slow_queries;
        y.weight = number(is_api ? x.requests : x.queries);
        y.amount = is_api ? x.request_seconds : x.query_seconds;
        y.good = y.weight - number(slow);
        y.bad = number(slow);
        if (level == "memory") {
          y = {x.hour};
          y.peak = number(x.resident_bytes_max);
        }
        if (y.weight > 0.0 || y.peak > 0.0)
          result.push_back(y);
      }
    std::sort(result.begin(), result.end(),
              [](const auto& a, const auto& b) { return a.at < b.at; });
    return result;
  }

  storage::database& db_;
  const level_question& asked_;
  std::optional<timestamp> market_;
  std::optional<timestamp> wall_;
  timestamp from_;
  timestamp now_;
  std::vector<store::outcome_hour> outcomes_;
  bool outcomes_read_ = false;
};

json::value time_or_null(std::optional<timestamp> t) {
  return t ? json_time(*t) : json::value(nullptr);
}

json::object level_json(const judged_level& x) {
  const auto& what = *x.what;
  auto has_data = x.is.state != levels::level_state::no_data;
  json::object result{
    {"level", what.name},
    {"meaning", what.meaning},
    {"state", to_string(x.is.state)},
    {"since", time_or_null(x.as_of ? std::optional{x.is.since}
                                   : std::nullopt)},
    {"value", x.is.value ? json_number(*x.is.value) : json::value(nullptr)},
    {"unit", what.unit},
    {"target", json_number(what.target)},
    {"rule", to_string(what.kept_by)},
    {"good", json_number(x.is.good)},
    {"bad", json_number(x.is.bad)},
    {"budget_left",
     has_data ? json_number(x.is.budget_left) : json::value(nullptr)},
    {"clock", to_string(what.clock)},
    {"as_of", time_or_null(x.as_of)},
    {"window_from", time_or_null(x.as_of ? std::optional{x.is.from}
                                         : std::nullopt)}};
  using seconds = std::chrono::seconds;
  result["window_seconds"] = seconds{what.window}.count();
  result["burn_rate"]
    = {{"long", has_data ? json_number(x.is.burn_long) : json::value(nullptr)},
       {"short", has_data ? json_number(x.is.burn_short)
                          : json::value(nullptr)},
       {"short_window_seconds", seconds{what.short_window}.count()}};
  if (x.best_constant)
    result["best_constant"] = {{"answer", x.best_constant->answer},
                               {"rate", json_number(x.best_constant->rate)}};
  return result;
}

void put_gauges(telemetry::metrics& into,
                const std::vector<judged_level>& all) {
  constexpr auto none = std::numeric_limits<double>::quiet_NaN();
  for (const auto& x : all) {
    std::string name{x.what->name};
    auto has_data = x.is.value.has_value();
    into
      .gauge_of("banksia_service_level",
                "Value of a service level in its window; NaN: no data.",
                {{"level", name}})
      .set(x.is.value.value_or(none));
    into
      .gauge_of("banksia_service_level_target", "What was promised.",
                {{"level", name}})
      .set(x.what->target);
    into
      .gauge_of("banksia_service_level_met",
                "1 where the level is met, 0 where it is missed; NaN: no data.",
                {{"level", name}})
      .set(has_data ? x.is.state != levels::level_state::missed : none);
    into
      .gauge_of("banksia_service_level_budget_left",
                "Part of what may go wrong that is left, 0 to 1.",
                {{"level", name}})
      .set(has_data ? x.is.budget_left : none);
    for (auto [window, rate] : {std::pair{"long", x.is.burn_long},
                                std::pair{"short", x.is.burn_short}})
      into
        .gauge_of("banksia_service_level_burn_rate",
                  "How fast what may go wrong is used up; 1: just in time.",
                  {{"level", name}, {"window", window}})
        .set(has_data ? rate : none);
  }
}

} // namespace

std::vector<judged_level> judge_levels(storage::database& db,
                                       const level_question& asked) {
  observer seen{db, asked};
  std::vector<judged_level> result;
  for (const auto& what : levels::definitions()) {
    judged_level x;
    x.what = &what;
    x.as_of = seen.now(what.clock);
    if (x.as_of) {
      x.is = levels::judge(what, seen.of(what, *x.as_of), *x.as_of);
      if (what.name == "success_rate") {
        x.best_constant = seen.best_constant(x.is.from);
        // A rate that one answer always given beats is no success.
        if (x.is.state == levels::level_state::met && x.best_constant
            && x.best_constant->rate >= x.is.value)
          x.is.state = levels::level_state::at_risk;
      }
    }
    result.push_back(x);
  }
  return result;
}

json::object to_json(const std::vector<judged_level>& all) {
  using levels::level_state;
  json::array list;
  auto worst = level_state::no_data;
  for (const auto& x : all) {
    list.push_back(level_json(x));
    worst = std::max(worst, x.is.state);
  }
  return {{"state", to_string(worst)}, {"levels", std::move(list)}};
}

void put_service_levels(bridge_self* self) {
  auto& state = self->state;
  auto& kept = state.levels;
  auto now = monotonic_ns();
  if (kept.made_ns != 0 && now - kept.made_ns < levels_age_ns)
    return;
  const auto& plan = state.plan();
  auto all = judge_levels(
    state.database(),
    {plan.run, plan.primary_horizon_minutes, state.context->setup.trains});
  put_gauges(state.context->metrics, all);
  kept.content = to_json(all);
  kept.content["run"] = plan.run;
  kept.content["clock"] = state.context->setup.clock_name;
  kept.content["speed"] = state.context->setup.clock_speed;
  kept.made_ns = now;
}

} // namespace banksia

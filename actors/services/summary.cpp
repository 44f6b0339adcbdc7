#include "actors/services/summary.hpp"

#include "actors/scheduler/job_walk.hpp"
#include "actors/services/performance.hpp"
#include "messages/json.hpp"
#include "models/scoring/report_json.hpp"

#include <boost/json/array.hpp>

namespace banksia {

namespace {

namespace json = boost::json;

bool is_older(std::uint64_t made_ns, std::chrono::nanoseconds limit) {
  return made_ns == 0
         || monotonic_ns() - made_ns > static_cast<std::uint64_t>(limit.count());
}

/// The close before the session that `last` lies in; of daily bars the close
/// of the bar before.
std::optional<double> previous_close(store::queries& ask, const run_plan& plan,
                                     const bar& last) {
  auto before = last.opened_at;
  if (auto session = plan.calendar.session_at(last.opened_at))
    before = session->opens_at;
  for (auto interval : {last.interval, bar_interval::d1}) {
    auto bars = ask.bars_between(last.symbol, interval, std::nullopt, before, 1);
    if (!bars.empty())
      return bars.back().close.value();
  }
  return std::nullopt;
}

void put_prices(json::object& into, store::queries& ask, const run_plan& plan,
                const std::string& symbol) {
  auto bars = ask.bars_between(symbol, plan.data_interval, std::nullopt,
                               std::nullopt, sparkline_bars);
  // Before the first trade of a run only history is there.
  if (bars.empty())
    bars = ask.bars_between(symbol, bar_interval::d1, std::nullopt,
                            std::nullopt, sparkline_bars);
  json::array closes;
  for (const auto& x : bars)
    closes.push_back(json_number(x.close.value()));
  into["sparkline"] = std::move(closes);
  into["last_price"] = nullptr;
  into["change"] = nullptr;
  if (bars.empty())
    return;
  auto last = bars.back().close.value();
  into["last_price"] = json_number(last);
  auto before = previous_close(ask, plan, bars.back());
  if (before && *before > 0)
    into["change"] = json_number(last / *before - 1.0);
}

json::object symbol_json(store::queries& ask, const run_plan& plan,
                         const std::string& symbol,
                         std::optional<prediction>& newest) {
  json::object result{{"symbol", symbol}, {"action", nullptr}};
  auto rows = ask.latest(plan.run, {symbol});
  if (!rows.empty()) {
    auto& p = rows.front().content;
    auto all = to_json(p);
    for (auto field :
         {"prediction_id", "action", "optimal_action", "confidence",
          "predicted_direction", "predicted_magnitude", "entry_price",
          "timestamp", "abstained", "reason", "model_version",
          "horizon_minutes"})
      result[field] = all[field];
    if (!newest || newest->slot < p.slot)
      newest = std::move(p);
  }
  put_prices(result, ask, plan, symbol);
  return result;
}

json::object performance_json(bridge_self* self) {
  auto& state = self->state;
  auto samples = state.performance.content.if_contains("samples");
  auto many = samples && samples->to_number<std::int64_t>() >= many_samples;
  if (!is_older(state.performance.made_ns,
                many ? performance_age_of_many : performance_age))
    return state.performance.content;
  state.counts->refresh(state.database());
  auto outcomes = state.counts->outcomes_total();
  auto is_known = state.performance.made_ns != 0
                  && outcomes == state.performance_outcomes;
  if (!is_known) {
    auto report = report_of(state.database(), state.plan().run,
                            report_days_absent, {});
    auto& content = state.performance.content;
    content = to_json(report).as_object();
    if (!report.difference.interval)
      content["difference_interval"] = nullptr;
    for (auto& action : content["by_action"].as_object()) {
      auto& group = action.value().as_object();
      group["count"] = group["samples"];
    }
    state.performance_outcomes = outcomes;
  }
  state.performance.made_ns = monotonic_ns();
  return state.performance.content;
}

void put_status(json::object& into, const schedule_status& status,
                bool is_fresh) {
  auto time_or_null = [](timestamp t) {
    return t == timestamp{} ? json::value(nullptr) : json_time(t);
  };
  into["market_time"] = time_or_null(status.market_time);
  into["market_state"] = status.market_open ? "open" : "closed";
  into["next_slot"] = time_or_null(status.next_slot);
  into["scheduler_answers"] = is_fresh;
  into["cycles"] = {{"completed", status.completed},
                    {"late", status.late},
                    {"missed", status.missed}};
}

json::object make_summary(bridge_self* self, const schedule_status& status,
                          bool is_fresh) {
  auto& state = self->state;
  const auto& plan = state.plan();
  const auto& setup = state.context->setup;
  json::object result;
  put_status(result, status, is_fresh);
  result["run"] = plan.run;
  result["clock"] = setup.clock_name;
  result["speed"] = setup.clock_speed;
  auto health = state.context->health.components(monotonic_ns());
  auto words = health_json(health);
  result["health"] = words["status"];
  result["components"] = std::move(words["components"]);
  json::array symbols;
  std::optional<prediction> newest;
  auto followed = state.followed();
  for (const auto& symbol : followed) {
    if (symbols.size() == summary_symbols_max)
      break;
    symbols.push_back(symbol_json(state.ask(), plan, symbol, newest));
  }
  result["symbols"] = std::move(symbols);
  result["symbols_total"] = followed.size();
  result["context"] = newest ? json::value(to_json(newest->context))
                             : json::value(nullptr);
  result["outcomes"] = performance_json(self);
  // By which the page knows that there is another one.
  json::object analysis;
  for (auto kind : {morning_job, evening_job}) {
    auto newest = state.ask().jobs(plan.run, kind, 1);
    analysis[kind] = newest.empty() ? json::value(nullptr)
                                    : json::value(to_rfc3339(
                                        newest.front().due_at)
                                        + " " + newest.front().status);
  }
  result["analysis"] = std::move(analysis);
  return result;
}

} // namespace

void answer_summary(bridge_self* self, std::shared_ptr<const http::request>,
                    const http::responder& reply) {
  if (!is_older(self->state.summary.made_ns, summary_age)) {
    reply(http::json_response(self->state.summary.content));
    return;
  }
  with_status(self, [=](const schedule_status& status, bool is_fresh) {
    answer_with(self, reply, [&] {
      auto& kept = self->state.summary;
      kept.content = make_summary(self, status, is_fresh);
      kept.made_ns = monotonic_ns();
      return http::json_response(kept.content);
    });
  });
}

} // namespace banksia

#include "models/levels/service_level.hpp"

#include <algorithm>
#include <cassert>

namespace banksia::levels {

namespace {

using std::chrono::hours;

constexpr hours day{24};
constexpr double gibibyte = 1024.0 * 1024.0 * 1024.0;

// Latencies, memory, CPU and uptime are of the machine, hence by the wall;
// cycles, outcomes, trainings and data are of the market.
constexpr definition all[] = {
  {"uptime", "part of the time in which requests were welcome", "share",
   clock_kind::wall, measure::good_share, rule::at_least, 0.995, 30 * day, day},
  {"prediction_cycles", "prediction cycles missed", "cycles",
   clock_kind::market, measure::bad_count, rule::none_bad, 0.0, 7 * day, day},
  {"outcome_evaluation", "longest time from due to evaluated", "seconds",
   clock_kind::market, measure::peak, rule::below, 3600.0, 7 * day, day},
  {"ml_training", "part of the daily trainings that succeeded", "share",
   clock_kind::market, measure::good_share, rule::none_bad, 1.0, 7 * day, day},
  {"data_quality", "part of the points that was repaired or refused", "share",
   clock_kind::market, measure::bad_share, rule::below, 0.05, 7 * day, day},
  {"api_response", "mean time of an answer", "seconds", clock_kind::wall,
   measure::mean, rule::below, 0.2, 7 * day, day},
  {"success_rate", "part of the outcomes that were right by the plan's rule",
   "share", clock_kind::market, measure::good_share, rule::at_least, 0.65,
   30 * day, 7 * day},
  {"memory", "most memory that a process held", "bytes", clock_kind::wall,
   measure::peak, rule::below, 2.0 * gibibyte, 7 * day, day},
  {"cpu", "greatest share of the processors over 15 minutes", "share",
   clock_kind::wall, measure::peak, rule::below, 0.7, day, hours{1}},
  {"database_query", "mean time of a query", "seconds", clock_kind::wall,
   measure::mean, rule::below, 0.1, 7 * day, day},
};

/// What a window holds.
struct sums {
  double good = 0.0;
  double bad = 0.0;
  double amount = 0.0;
  double weight = 0.0;
  double peak = 0.0;
  std::size_t count = 0;
};

timestamp begin_of(hours window, timestamp now) {
  return std::chrono::floor<hours>(now - window);
}

sums add_up(std::span<const observation> seen, timestamp from, timestamp to) {
  auto first = std::lower_bound(
    seen.begin(), seen.end(), from,
    [](const observation& x, timestamp t) { return x.at < t; });
  sums result;
  for (auto x = first; x != seen.end() && x->at <= to; ++x) {
    result.good += x->good;
    result.bad += x->bad;
    result.amount += x->amount;
    result.weight += x->weight;
    result.peak = std::max(result.peak, x->peak);
    ++result.count;
  }
  return result;
}

std::optional<double> value_of(measure how, const sums& x) {
  auto all = x.good + x.bad;
  switch (how) {
    case measure::good_share:
      return all > 0 ? std::optional{std::clamp(x.good / all, 0.0, 1.0)}
                     : std::nullopt;
    case measure::bad_share:
      return all > 0 ? std::optional{std::clamp(x.bad / all, 0.0, 1.0)}
                     : std::nullopt;
    case measure::bad_count:
      return all > 0 ? std::optional{x.bad} : std::nullopt;
    case measure::mean:
      return x.weight > 0 ? std::optional{x.amount / x.weight} : std::nullopt;
    case measure::peak:
      return x.count > 0 ? std::optional{x.peak} : std::nullopt;
  }
  return std::nullopt;
}

bool is_kept(const definition& what, double value, const sums& x) {
  switch (what.kept_by) {
    case rule::at_least:
      return value >= what.target;
    case rule::below:
      return value < what.target;
    case rule::none_bad:
      return x.bad <= 0.0;
  }
  return false;
}

/// See `judgement::burn_long`.
double burn_of(const definition& what, const sums& x) {
  auto value = value_of(what.how, x);
  if (!value)
    return 0.0;
  switch (what.kept_by) {
    case rule::at_least:
      return (1.0 - *value) / (1.0 - what.target);
    case rule::below:
      return *value / what.target;
    case rule::none_bad:
      return x.bad;
  }
  return 0.0;
}

judgement judge_at(const definition& what, std::span<const observation> seen,
                   timestamp now) {
  judgement result;
  result.from = begin_of(what.window, now);
  auto x = add_up(seen, result.from, now);
  result.value = value_of(what.how, x);
  result.good = x.good;
  result.bad = x.bad;
  if (!result.value)
    return result;
  result.burn_long = burn_of(what, x);
  result.burn_short
    = burn_of(what, add_up(seen, begin_of(what.short_window, now), now));
  result.budget_left = std::clamp(1.0 - result.burn_long, 0.0, 1.0);
  if (!is_kept(what, *result.value, x))
    result.state = level_state::missed;
  else if (result.budget_left < budget_low || result.burn_short > 1.0)
    result.state = level_state::at_risk;
  else
    result.state = level_state::met;
  return result;
}

} // namespace

judgement judge(const definition& what, std::span<const observation> seen,
                timestamp now) {
  auto result = judge_at(what, seen, now);
  result.since = now;
  auto oldest = now - what.window;
  for (auto x = seen.rbegin(); x != seen.rend(); ++x) {
    if (x->at > now)
      continue;
    if (x->at < oldest || judge_at(what, seen, x->at).state != result.state)
      break;
    result.since = x->at;
  }
  return result;
}

std::span<const definition> definitions() {
  return all;
}

const definition& definition_of(std::string_view name) {
  auto found = std::find_if(std::begin(all), std::end(all),
                            [&](const auto& x) { return x.name == name; });
  assert(found != std::end(all));
  return *found;
}

std::string_view to_string(clock_kind x) noexcept {
  return x == clock_kind::wall ? "wall" : "market";
}

std::string_view to_string(rule x) noexcept {
  switch (x) {
    case rule::at_least:
      return "at_least";
    case rule::below:
      return "below";
    case rule::none_bad:
      return "none_bad";
  }
  return "";
}

std::string_view to_string(level_state x) noexcept {
  switch (x) {
    case level_state::no_data:
      return "no_data";
    case level_state::met:
      return "met";
    case level_state::at_risk:
      return "at_risk";
    case level_state::missed:
      return "missed";
  }
  return "";
}

} // namespace banksia::levels

#include "config/checks.hpp"

#include "config/core_address.hpp"
#include "config/exposure.hpp"

#include "config/keys.hpp"
#include "models/market/context_series.hpp"

#include <algorithm>
#include <cmath>

namespace banksia::config {

namespace {

using conflicts = std::vector<conflict>;

struct ordering {
  std::string_view lesser;
  std::string_view greater;
};

// In the engine's cascades ("above 70, above 60, …") a step out of order can
// never be reached, and an empty range never holds.
constexpr ordering orderings[] = {
  {"rules.sma_falling_ratio", "rules.sma_rising_ratio"},
  {"rules.rsi_strong_above", "rules.rsi_strong_below"},
  {"rules.technical_medium_above", "rules.technical_high_above"},
  {"rules.technical_low_above", "rules.technical_medium_above"},
  {"rules.momentum_rsi_above", "rules.momentum_rsi_below"},
  {"rules.news_negative_below", "rules.news_positive_above"},
  {"rules.bearish_news_negative_below", "rules.bearish_news_positive_above"},
  {"rules.volume_medium_above", "rules.volume_high_above"},
  {"rules.volume_low_above", "rules.volume_medium_above"},
  {"rules.risk_calm_below", "rules.risk_normal_below"},
  {"rules.risk_normal_below", "rules.risk_rough_below"},
  {"rules.confidence_lowest", "rules.confidence_highest"},
  {"rules.bearish_below", "rules.bullish_above"},
};

/// A key's number. `name` must be in the table, as every name here is.
double number_of(const settings& x, std::string_view name) {
  auto read_value = read(x, *find_key(name));
  if (auto whole = std::get_if<std::int64_t>(&read_value))
    return static_cast<double>(*whole);
  return std::get<double>(read_value);
}

std::string assignment_text(const settings& x, std::string_view name) {
  return std::string{name} + " = " + to_toml(read(x, *find_key(name)));
}

void check_orderings(const settings& x, conflicts& found) {
  for (auto& rule : orderings) {
    auto lesser = number_of(x, rule.lesser);
    auto greater = number_of(x, rule.greater);
    if (lesser < greater)
      continue;
    found.push_back({{rule.lesser, rule.greater},
                     assignment_text(x, rule.lesser) + " must be less than "
                       + assignment_text(x, rule.greater),
                     "raise " + std::string{rule.greater} + " or lower "
                       + std::string{rule.lesser}});
  }
}

void check_weights(const settings& x, conflicts& found) {
  auto& r = x.rules;
  auto sum = r.weight_technical + r.weight_news + r.weight_volume
             + r.weight_risk;
  // Decimal fractions seldom sum to exactly 1 in binary.
  constexpr double tolerance = 1e-9;
  if (std::abs(sum - 1.0) > tolerance)
    found.push_back({{"rules.weight_technical", "rules.weight_news",
                      "rules.weight_volume", "rules.weight_risk"},
                     "the weights of the rules sum to " + to_toml(sum)
                       + ", not to 1",
                     "set weights that sum to 1, such as 0.4, 0.3, 0.2, 0.1"});
}

void check_market_hours(const settings& x, conflicts& found) {
  auto& start = x.market_hours_start_utc;
  auto& end = x.market_hours_end_utc;
  std::vector<std::string_view> keys{"market_hours_start_utc",
                                     "market_hours_end_utc"};
  if (start.has_value() != end.has_value())
    found.push_back({keys,
                     std::string{keys[start ? 0 : 1]} + " is set without "
                       + std::string{keys[start ? 1 : 0]},
                     "set both, or neither for the exchange calendar"});
  else if (start && *end <= *start)
    found.push_back({keys,
                     "the market ends at or before its start: "
                       + assignment_text(x, keys[0]) + ", "
                       + assignment_text(x, keys[1]),
                     "hours lie within one day of UTC; unset both for the "
                     "exchange calendar, which knows daylight saving"});
}

void check_ports(const settings& x, conflicts& found) {
  constexpr std::string_view names[]
    = {"prediction_port", "evaluation_port", "ml_port",
       "data_port",       "dashboard_port",  "node_port", "core_port"};
  for (auto i = std::begin(names); i != std::end(names); ++i) {
    auto port = number_of(x, *i);
    auto same = [&](std::string_view name) {
      return port != 0.0 && number_of(x, name) == port;
    };
    auto first = std::find_if(std::begin(names), i, same);
    if (first != i)
      found.push_back({{*first, *i},
                       assignment_text(x, *i) + " is the port of "
                         + std::string{*first} + " too",
                       "give each service a port of its own, or 0 for any "
                       "free one"});
  }
}

/// Slots must fall on the same times every day, or replays would differ by
/// the day they start on.
void check_day_division(const settings& x, std::string_view name,
                        conflicts& found) {
  auto minutes = static_cast<int>(number_of(x, name));
  if (1440 % minutes != 0)
    found.push_back({{name},
                     assignment_text(x, name) + " does not divide a day",
                     "choose a divisor of 1440, such as 15, 30 or 60"});
}

void check_simulation(const settings& x, conflicts& found) {
  constexpr std::string_view name = "simulation_interval_minutes";
  constexpr std::uint32_t bar_lengths[] = {1, 5, 15, 30, 60, 1440};
  auto minutes = x.simulation_interval_minutes;
  if (std::find(std::begin(bar_lengths), std::end(bar_lengths), minutes)
      == std::end(bar_lengths)) {
    found.push_back({{name},
                     assignment_text(x, name) + " is not the length of a bar",
                     "choose 1, 5, 15, 30, 60 or 1440"});
  } else if (x.price_source == price_source::simulator
             && x.prediction_interval_minutes % minutes != 0) {
    constexpr std::string_view cycle = "prediction_interval_minutes";
    found.push_back({{name, cycle},
                     assignment_text(x, cycle) + " is not a multiple of "
                       + assignment_text(x, name),
                     "make each cycle end with a bar, with bars of 5 minutes "
                     "and a cycle every 30, for instance"});
  }
}

void check_prices(const settings& x, conflicts& found) {
  constexpr std::string_view name = "price_interval_minutes";
  constexpr std::uint32_t bar_lengths[] = {1, 5, 15, 30, 60};
  auto minutes = x.price_interval_minutes;
  if (std::find(std::begin(bar_lengths), std::end(bar_lengths), minutes)
      == std::end(bar_lengths))
    found.push_back({{name},
                     assignment_text(x, name)
                       + " is no length that sources have bars of",
                     "choose 1, 5, 15, 30 or 60"});
  if (x.price_source == price_source::live && x.clock != clock_source::live)
    found.push_back({{"price_source", "clock"},
                     "the outside world does not run faster",
                     "use clock = \"live\" with price_source = \"live\""});
}

void check_context(const settings& x, conflicts& found) {
  constexpr std::string_view name = "context_series";
  auto named = parse_context_names(x.context_series);
  if (!named.problem.empty())
    found.push_back({{name}, named.problem,
                     "use aud_usd, vix, or both with a space between"});
  else if (!named.series.empty() && x.price_source != price_source::live)
    found.push_back({{name, "price_source"},
                     assignment_text(x, name)
                       + " is asked for of the outside world alone",
                     "use price_source = \"live\" with it; a replay has "
                     "--context"});
}

/// "https://page.example" or with a port: what a browser sends as Origin.
bool is_origin(std::string_view text) {
  auto end = text.find("://");
  if (end == std::string_view::npos)
    return false;
  auto scheme = text.substr(0, end);
  auto authority = text.substr(end + 3);
  return (scheme == "http" || scheme == "https") && !authority.empty()
         && authority.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                        "0123456789.-:[]")
              == std::string_view::npos;
}

void check_origins(const settings& x, conflicts& found) {
  for (const auto& origin : x.allowed_origins)
    if (!is_origin(origin))
      found.push_back({{"allowed_origins"},
                       "\"" + origin + "\" is no origin",
                       "write each in small letters as https://page.example, "
                       "without a path"});
}

void check_core_address(const settings& x, conflicts& found) {
  if (!x.core_address.empty() && !parse_core_address(x.core_address))
    found.push_back({{"core_address"},
                     assignment_text(x, "core_address") + " is no HOST:PORT",
                     "write it as 10.0.0.1:7400 or [::1]:7400, or leave it "
                     "empty"});
}

/// Pairs of which the first would have no effect, or a wrong one, beyond the
/// second.
constexpr ordering limits[] = {
  {"read_deadline_ms", "change_deadline_ms"},
  {"queue_waiting_max", "connections_max"},
  {"queue_target_ms", "queue_interval_ms"},
  {"part_breaker_minimum", "part_breaker_window"},
  {"feed_breaker_minimum", "feed_breaker_window"},
};

void check_limits(const settings& x, conflicts& found) {
  for (const auto& rule : limits) {
    if (number_of(x, rule.lesser) <= number_of(x, rule.greater))
      continue;
    found.push_back({{rule.lesser, rule.greater},
                     assignment_text(x, rule.lesser) + " is more than "
                       + assignment_text(x, rule.greater),
                     "raise " + std::string{rule.greater} + " or lower "
                       + std::string{rule.lesser}});
  }
}

} // namespace

std::vector<conflict> find_conflicts(const settings& x) {
  conflicts found;
  check_market_hours(x, found);
  check_day_division(x, "prediction_interval_minutes", found);
  check_day_division(x, "evaluation_interval_minutes", found);
  check_ports(x, found);
  check_simulation(x, found);
  check_prices(x, found);
  check_context(x, found);
  check_origins(x, found);
  check_weights(x, found);
  check_orderings(x, found);
  check_exposure(x, found);
  check_core_address(x, found);
  check_limits(x, found);
  return found;
}

} // namespace banksia::config

#include "actors/services/validate.hpp"

#include "actors/intake/validate_bars.hpp"
#include "messages/json.hpp"
#include "models/market/adjustment.hpp"
#include "models/market/bar_formats.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace banksia {

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> basis_names{
  "as-traded", "split-adjusted", "fully-adjusted"};

// -- the body -------------------------------------------------------------------

[[noreturn]] void refuse_at(const std::string& place, std::string_view why) {
  refuse_field(422, place, place + ": " + std::string{why});
}

/// Noon in UTC is the same day in Sydney, in summer and winter; an hour before
/// midnight lies before its session and after the one before.
constexpr std::chrono::hours noon{12};
constexpr std::chrono::hours before_session{-1};

/// RFC 3339; or, where bars are daily, a date alone, which stands for `of_day`
/// after its midnight in UTC.
timestamp time_of(const json::object& of, std::string_view name,
                  const std::string& place, bar_interval interval,
                  std::chrono::hours of_day) {
  auto text = text_in(of, name);
  if (auto t = parse_rfc3339(text))
    return *t;
  auto day = interval == bar_interval::d1 ? parse_date(text) : std::nullopt;
  if (!day)
    refuse_at(place + "." + std::string{name},
              interval == bar_interval::d1 ? "not a date, nor a time like "
                                             "2024-01-08T23:00:00Z"
                                           : "not a time like "
                                             "2024-01-08T23:00:00Z");
  return timestamp{std::chrono::sys_days{*day}} + of_day;
}

/// A number; NaN for null, which is what a source without a value sends.
double number_of(const json::object& of, std::string_view name) {
  const auto& x = of.at(name);
  return x.is_null() ? std::numeric_limits<double>::quiet_NaN()
                     : x.to_number<double>();
}

intake::shown_bar bar_of(const json::object& of, const std::string& place,
                         bar_interval interval) {
  intake::shown_bar result;
  result.opened_at = time_of(of, "opened_at", place, interval, noon);
  result.values.open = number_of(of, "open");
  result.values.high = number_of(of, "high");
  result.values.low = number_of(of, "low");
  result.values.close = number_of(of, "close");
  result.values.volume = number_of(of, "volume");
  return result;
}

corporate_action action_of(const json::object& of, const std::string& place,
                           bar_interval interval) {
  corporate_action result;
  result.kind = parse_action_kind(text_in(of, "kind")).value();
  result.effective_at
    = time_of(of, "effective_at", place, interval, before_session);
  result.value = real{number_of(of, "value")};
  if (auto problem = problem_of(result); !problem.empty())
    refuse_at(place + ".value", problem);
  return result;
}

price_basis basis_of(const json::object& of) {
  auto name = text_in(of, "basis");
  auto found = std::find(basis_names.begin(), basis_names.end(), name);
  return found == basis_names.end()
           ? price_basis::as_traded
           : static_cast<price_basis>(found - basis_names.begin());
}

std::string element(std::string_view of, std::size_t i) {
  return std::string{of} + "[" + std::to_string(i) + "]";
}

/// The body, whose form `validate_body` has been checked against.
intake::shown_series series_of(const http::request& what) {
  const auto& of = body_of(what);
  intake::shown_series result;
  normalize_symbol(text_in(of, "symbol"), result.symbol);
  result.interval = parse_interval(text_in(of, "interval")).value();
  result.basis = basis_of(of);
  const auto& bars = of.at("bars").as_array();
  for (std::size_t i = 0; i < bars.size(); ++i)
    result.bars.push_back(
      bar_of(bars[i].as_object(), element("bars", i), result.interval));
  if (auto actions = of.if_contains("actions")) {
    const auto& all = actions->as_array();
    for (std::size_t i = 0; i < all.size(); ++i)
      result.actions.push_back(
        action_of(all[i].as_object(), element("actions", i), result.interval));
  }
  return result;
}

// -- the answer -----------------------------------------------------------------

json::object values_json(const bar_values& x) {
  return {{"open", json_number(x.open)},
          {"high", json_number(x.high)},
          {"low", json_number(x.low)},
          {"close", json_number(x.close)},
          {"volume", json_number(x.volume)}};
}

json::object verdict_json(const intake::shown_verdict& x) {
  const auto& outcome = x.outcome;
  json::object result{{"opened_at", json_time(x.opened_at)},
                      {"verdict", to_string(outcome.action)},
                      {"reason", nullptr},
                      {"known_at", json_time(outcome.known_at)},
                      {"values", nullptr}};
  if (!outcome.reason.empty())
    result["reason"] = outcome.reason;
  if (outcome.action != quality_action::quarantine)
    result["values"] = values_json(outcome.values);
  json::array derivation;
  for (const auto& y : x.derivation)
    derivation.push_back({{"field", to_string(y.change.field)},
                          {"from", json_number(y.change.from)},
                          {"to", json_number(y.change.to)},
                          {"reason", y.reason}});
  result["derivation"] = std::move(derivation);
  return result;
}

} // namespace

http::response validate_bars(bridge_self* self, const http::request& what) {
  auto shown = series_of(what);
  auto report = intake::validate_bars(shown, self->state.plan().calendar);
  json::array bars;
  std::array<std::uint64_t, 3> counts{};
  for (const auto& x : report.bars) {
    bars.push_back(verdict_json(x));
    ++counts[static_cast<std::size_t>(x.outcome.action)];
  }
  json::array noted;
  for (const auto& x : report.notes)
    noted.push_back({{"opened_at", json_time(report.bars[x.bar].opened_at)},
                     {"reason", x.reason},
                     {"measured", json_number(x.measured)}});
  return http::json_response(json::object{
    {"symbol", shown.symbol},
    {"interval", to_string(shown.interval)},
    {"basis", basis_names[static_cast<std::size_t>(shown.basis)]},
    {"bars", std::move(bars)},
    {"counts", json::object{{"read", shown.bars.size()},
                            {"accepted", counts[0]},
                            {"repaired", counts[1]},
                            {"quarantined", counts[2]}}},
    {"noted", std::move(noted)}});
}

} // namespace banksia

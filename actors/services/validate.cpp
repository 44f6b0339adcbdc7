#include "actors/services/validate.hpp"

#include "actors/intake/validate_bars.hpp"
#include "messages/json.hpp"
#include "models/market/adjustment.hpp"
#include "models/market/bar_formats.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>

namespace banksia {

namespace {

namespace json = boost::json;

/// Bars and actions of one request.
constexpr std::size_t bars_max = 5000;
constexpr std::size_t actions_max = 500;

constexpr std::array<std::string_view, 3> basis_names{
  "as-traded", "split-adjusted", "fully-adjusted"};

// -- the body -------------------------------------------------------------------

/// A member of the body, with its name for refusals: "bars[3].close".
struct place {
  std::string path;

  place member(std::string_view name) const {
    return {path.empty() ? std::string{name}
                         : path + "." + std::string{name}};
  }
  place element(std::size_t i) const {
    return {path + "[" + std::to_string(i) + "]"};
  }
  [[noreturn]] void refuse(std::string_view why) const {
    refuse_field(422, path, path.empty() ? std::string{why}
                                         : path + ": " + std::string{why});
  }
};

const json::object& object_at(const json::value& x, const place& at,
                              std::initializer_list<std::string_view> known) {
  auto object = x.if_object();
  if (!object)
    at.refuse("not an object");
  for (const auto& member : *object)
    if (std::find(known.begin(), known.end(), member.key()) == known.end())
      at.member(member.key()).refuse("no such field");
  return *object;
}

const json::value& needed(const json::object& of, std::string_view name,
                          const place& at) {
  auto found = of.if_contains(name);
  if (!found)
    at.member(name).refuse("missing");
  return *found;
}

std::string text_of(const json::object& of, std::string_view name,
                    const place& at) {
  auto text = needed(of, name, at).if_string();
  if (!text)
    at.member(name).refuse("not a text");
  return std::string{*text};
}

const json::array& array_at(const json::value& x, const place& at,
                            std::size_t most) {
  auto array = x.if_array();
  if (!array)
    at.refuse("not a list");
  if (array->size() > most)
    at.refuse("more than " + std::to_string(most)
              + " elements: send them in parts that overlap");
  return *array;
}

/// Noon in UTC is the same day in Sydney, in summer and winter; an hour before
/// midnight lies before its session and after the one before.
constexpr std::chrono::hours noon{12};
constexpr std::chrono::hours before_session{-1};

/// RFC 3339; or, where bars are daily, a date alone, which stands for `of_day`
/// after its midnight in UTC.
timestamp time_of(const json::object& of, std::string_view name,
                  const place& at, bar_interval interval,
                  std::chrono::hours of_day) {
  auto text = text_of(of, name, at);
  if (auto t = parse_rfc3339(text))
    return *t;
  auto day = interval == bar_interval::d1 ? parse_date(text) : std::nullopt;
  if (!day)
    at.member(name).refuse(interval == bar_interval::d1
                             ? "not a date, nor a time like "
                               "2024-01-08T23:00:00Z"
                             : "not a time like 2024-01-08T23:00:00Z");
  return timestamp{std::chrono::sys_days{*day}} + of_day;
}

/// A number; NaN for null, which is what a source without a value sends.
double number_of(const json::object& of, std::string_view name,
                 const place& at) {
  const auto& x = needed(of, name, at);
  if (x.is_null())
    return std::numeric_limits<double>::quiet_NaN();
  if (!x.is_number())
    at.member(name).refuse("not a number");
  return x.to_number<double>();
}

intake::shown_bar bar_of(const json::value& x, const place& at,
                         bar_interval interval) {
  const auto& of = object_at(
    x, at, {"opened_at", "open", "high", "low", "close", "volume"});
  intake::shown_bar result;
  result.opened_at = time_of(of, "opened_at", at, interval, noon);
  result.values.open = number_of(of, "open", at);
  result.values.high = number_of(of, "high", at);
  result.values.low = number_of(of, "low", at);
  result.values.close = number_of(of, "close", at);
  result.values.volume = number_of(of, "volume", at);
  return result;
}

corporate_action action_of(const json::value& x, const place& at,
                           bar_interval interval) {
  const auto& of = object_at(x, at, {"kind", "effective_at", "value"});
  auto kind = parse_action_kind(text_of(of, "kind", at));
  if (!kind)
    at.member("kind").refuse("neither split nor dividend");
  corporate_action result;
  result.kind = *kind;
  result.effective_at
    = time_of(of, "effective_at", at, interval, before_session);
  result.value = real{number_of(of, "value", at)};
  if (auto problem = problem_of(result); !problem.empty())
    at.member("value").refuse(problem);
  return result;
}

bar_interval interval_of(const json::object& of) {
  place at{"interval"};
  auto interval = parse_interval(text_of(of, "interval", {}));
  if (!interval)
    at.refuse("no such interval: use 1m, 5m, 15m, 30m, 60m or 1d");
  return *interval;
}

price_basis basis_of(const json::object& of) {
  if (!of.contains("basis"))
    return price_basis::as_traded;
  auto name = text_of(of, "basis", {});
  auto found = std::find(basis_names.begin(), basis_names.end(), name);
  if (found == basis_names.end())
    place{"basis"}.refuse(
      "no such basis: use as-traded, split-adjusted or fully-adjusted");
  return static_cast<price_basis>(found - basis_names.begin());
}

intake::shown_series series_of(const http::request& what) {
  query_parameters none{what, {}};
  auto body = http::parse_json_body(what);
  if (!body)
    throw request_refused(body.error());
  const auto& of = object_at(
    *body, {}, {"symbol", "interval", "basis", "bars", "actions"});
  intake::shown_series result;
  if (!normalize_symbol(text_of(of, "symbol", {}), result.symbol))
    place{"symbol"}.refuse("not a symbol: name one like CBA.AX");
  result.interval = interval_of(of);
  result.basis = basis_of(of);
  place at{"bars"};
  const auto& bars = array_at(needed(of, "bars", {}), at, bars_max);
  if (bars.empty())
    at.refuse("empty: nothing to judge");
  for (std::size_t i = 0; i < bars.size(); ++i)
    result.bars.push_back(bar_of(bars[i], at.element(i), result.interval));
  if (auto actions = of.if_contains("actions")) {
    place in{"actions"};
    const auto& all = array_at(*actions, in, actions_max);
    for (std::size_t i = 0; i < all.size(); ++i)
      result.actions.push_back(
        action_of(all[i], in.element(i), result.interval));
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

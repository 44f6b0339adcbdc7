#include "models/forecast/json_fields.hpp"

#include <boost/json/parse.hpp>

#include <charconv>
#include <cmath>
#include <limits>

namespace banksia::forecast {

namespace json = boost::json;

double as_kept(double x) {
  if (!std::isfinite(x))
    return x;
  // Numbers that have no twelve digits left.
  if (std::abs(x) < 1e-290)
    return 0.0;
  char digits[40];
  auto end = std::to_chars(digits, digits + sizeof(digits), x,
                           std::chars_format::scientific, 11)
               .ptr;
  double out = x;
  std::from_chars(digits, end, out);
  return out;
}

metric as_kept(const metric& x) {
  metric out{as_kept(x.value), std::nullopt};
  if (x.interval && std::isfinite(x.interval->lower)
      && std::isfinite(x.interval->upper))
    out.interval = interval95{as_kept(x.interval->lower),
                              as_kept(x.interval->upper)};
  return out;
}

metric_table as_kept(const metric_table& x) {
  metric_table out;
  for (const auto& [name, figure] : x)
    if (std::isfinite(figure.value))
      out.emplace(name, as_kept(figure));
  return out;
}

namespace {

[[noreturn]] void wrong(std::string_view name, std::string_view expected) {
  throw field_error(std::string{name} + ": expected " + std::string{expected});
}

double number(const json::value& x, std::string_view name) {
  if (!x.is_number())
    wrong(name, "a number");
  auto out = x.to_number<double>();
  if (!std::isfinite(out))
    wrong(name, "a finite number");
  return as_kept(out);
}

} // namespace

const json::object& as_object(const json::value& x, std::string_view what) {
  if (!x.is_object())
    wrong(what, "an object");
  return x.get_object();
}

const json::value& member(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  if (found == nullptr)
    throw field_error(std::string{name} + ": missing");
  return *found;
}

const json::object& object_member(const json::object& from,
                                  std::string_view name) {
  return as_object(member(from, name), name);
}

const json::array& array_member(const json::object& from,
                                std::string_view name) {
  const auto& x = member(from, name);
  if (!x.is_array())
    wrong(name, "an array");
  return x.get_array();
}

std::string text_member(const json::object& from, std::string_view name) {
  const auto& x = member(from, name);
  if (!x.is_string())
    wrong(name, "text");
  return std::string{x.get_string()};
}

std::uint64_t count_member(const json::object& from, std::string_view name) {
  const auto& x = member(from, name);
  if (x.is_uint64())
    return x.get_uint64();
  if (!x.is_int64() || x.get_int64() < 0)
    wrong(name, "a whole number, 0 or more");
  return static_cast<std::uint64_t>(x.get_int64());
}

std::uint32_t small_member(const json::object& from, std::string_view name) {
  auto x = count_member(from, name);
  if (x > std::numeric_limits<std::uint32_t>::max())
    wrong(name, "a smaller number");
  return static_cast<std::uint32_t>(x);
}

double number_member(const json::object& from, std::string_view name) {
  return number(member(from, name), name);
}

std::vector<double> numbers_member(const json::object& from,
                                   std::string_view name) {
  std::vector<double> out;
  for (const auto& x : array_member(from, name))
    out.push_back(number(x, name));
  return out;
}

timestamp time_member(const json::object& from, std::string_view name) {
  auto x = parse_rfc3339(text_member(from, name));
  if (!x)
    wrong(name, "a time like 2025-07-01T00:00:00Z");
  return *x;
}

std::vector<std::string> texts_member(const json::object& from,
                                      std::string_view name) {
  std::vector<std::string> out;
  for (const auto& x : array_member(from, name)) {
    if (!x.is_string())
      wrong(name, "texts");
    out.emplace_back(x.get_string());
  }
  return out;
}

metric_table metrics_member(const json::object& from, std::string_view name) {
  metric_table out;
  for (const auto& [key, value] : object_member(from, name)) {
    const auto& x = as_object(value, key);
    metric found{number(member(x, "value"), key), std::nullopt};
    if (x.contains("interval")) {
      const auto& bounds = array_member(x, "interval");
      if (bounds.size() != 2)
        wrong(key, "an interval of two numbers");
      found.interval = interval95{number(bounds[0], key),
                                  number(bounds[1], key)};
    }
    out.emplace(key, found);
  }
  return out;
}

json::value parse_document(std::string_view text) {
  json::error_code failed;
  auto out = json::parse(text, failed);
  if (failed)
    throw field_error("not JSON: " + failed.message());
  return out;
}

json::object metrics_json(const metric_table& x) {
  json::object out;
  for (const auto& [name, figure] : as_kept(x)) {
    json::object item{{"value", figure.value}};
    if (figure.interval)
      item["interval"] = {figure.interval->lower, figure.interval->upper};
    out[name] = std::move(item);
  }
  return out;
}

json::array texts_json(const std::vector<std::string>& x) {
  json::array out;
  for (const auto& text : x)
    out.emplace_back(text);
  return out;
}

} // namespace banksia::forecast

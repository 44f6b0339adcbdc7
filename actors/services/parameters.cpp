#include "actors/services/parameters.hpp"

#include "actors/services/problem_types.hpp"

#include "messages/ids.hpp"

#include <algorithm>
#include <charconv>

namespace banksia {

namespace {

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t value = 0;
  auto end = text.data() + text.size();
  auto [stop, failed] = std::from_chars(text.data(), end, value);
  if (text.empty() || failed != std::errc{} || stop != end)
    return std::nullopt;
  return value;
}

} // namespace

void refuse_field(int status, std::string_view field, std::string_view detail) {
  auto known = http::problem_of_status(status);
  refuse_field(known ? *known : problems::internal_error, field, detail);
}

void refuse_field(const http::problem_type& of, std::string_view field,
                  std::string_view detail) {
  throw request_refused(http::problem(of, detail, {{"field", field}}));
}

void refuse_cursor(std::string_view cursor) {
  refuse_field(422, "cursor", "not a cursor: " + std::string{cursor}
                                + ": give next_cursor of the answer before");
}

void refuse_missing(std::string_view detail) {
  refuse_missing(problems::not_found, detail);
}

void refuse_missing(const http::problem_type& of, std::string_view detail) {
  throw request_refused(http::problem(of, detail));
}

std::optional<std::string> query_parameters::text(std::string_view name) const {
  if (auto value = request_.query_value(name))
    return std::string{*value};
  return std::nullopt;
}

std::optional<timestamp> query_parameters::time(std::string_view name) const {
  auto value = text(name);
  if (!value)
    return std::nullopt;
  if (auto parsed = parse_rfc3339(*value))
    return parsed;
  refuse_field(422, name,
               "not a time: " + *value
                 + ": write RFC 3339 with a zone, as 2025-07-01T00:00:00Z");
}

std::int64_t query_parameters::whole(std::string_view name,
                                     std::int64_t absent) const {
  auto value = text(name);
  if (!value)
    return absent;
  if (auto number = parse_whole(*value))
    return *number;
  refuse_field(422, name, "not a whole number: " + *value);
}

bool query_parameters::is_ascending() const {
  return text("order") == "asc";
}

std::string query_parameters::symbol(std::string_view name,
                                     const run_plan& plan) const {
  auto value = text(name);
  if (!value)
    return {};
  if (!is_planned(plan, *value))
    refuse_field(problems::unknown_symbol, name, "not followed: " + *value);
  return *value;
}

std::vector<std::string>
query_parameters::symbols(std::string_view name, const run_plan& plan) const {
  auto value = text(name);
  if (!value)
    return plan.symbols;
  std::vector<std::string> result;
  std::string_view rest = *value;
  for (;;) {
    auto end = std::min(rest.find(','), rest.size());
    std::string one{rest.substr(0, end)};
    if (!is_planned(plan, one))
      refuse_field(problems::unknown_symbol, name, "not followed: " + one);
    if (std::find(result.begin(), result.end(), one) == result.end())
      result.push_back(std::move(one));
    if (end == rest.size())
      return result;
    rest.remove_prefix(end + 1);
  }
}

list_bounds bounds_of(const query_parameters& query) {
  list_bounds result;
  result.from = query.time("from");
  result.to = query.time("to");
  result.limit = query.whole("limit", list_bounds::limit_absent);
  if (result.from && result.to && *result.to <= *result.from)
    refuse_field(422, "to", "not after from: to is exclusive, so that nothing "
                            "lies between the two");
  return result;
}

std::optional<list_cursor> cursor_of(const query_parameters& query) {
  auto value = query.text("cursor");
  if (!value)
    return std::nullopt;
  auto dash = value->rfind('-');
  auto part = dash == std::string::npos
                ? std::nullopt
                : parse_whole(std::string_view{*value}.substr(dash + 1));
  if (part && parse_hex128(std::string_view{*value}.substr(0, dash)))
    return list_cursor{value->substr(0, dash), *part};
  refuse_cursor(*value);
}

const boost::json::object& body_of(const http::request& what) {
  static const boost::json::object none;
  return what.content ? what.content->as_object() : none;
}

std::string text_in(const boost::json::object& body, std::string_view field) {
  auto value = body.if_contains(field);
  return value ? std::string{value->as_string()} : std::string{};
}

bool is_planned(const run_plan& plan, std::string_view symbol) {
  return std::find(plan.symbols.begin(), plan.symbols.end(), symbol)
         != plan.symbols.end();
}

} // namespace banksia

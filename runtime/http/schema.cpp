#include "runtime/http/schema.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace banksia::http::schema {

namespace json = boost::json;

namespace {

json_schema of_type(std::string_view type) {
  return {{"type", type}};
}

} // namespace

json_schema text() {
  return of_type("string");
}

json_schema text(std::size_t length_max) {
  return {{"type", "string"}, {"maxLength", length_max}};
}

json_schema number() {
  return of_type("number");
}

json_schema number(double least, double most) {
  return {{"type", "number"}, {"minimum", least}, {"maximum", most}};
}

json_schema whole() {
  return of_type("integer");
}

json_schema whole(std::int64_t least, std::int64_t most) {
  return {{"type", "integer"}, {"minimum", least}, {"maximum", most}};
}

json_schema boolean() {
  return of_type("boolean");
}

json_schema one_of(std::initializer_list<std::string_view> texts) {
  json::array all;
  for (auto x : texts)
    all.emplace_back(x);
  return {{"type", "string"}, {"enum", std::move(all)}};
}

json_schema format(std::string_view name) {
  return {{"type", "string"}, {"format", name}};
}

json_schema time() {
  return format("date-time");
}

json_schema date() {
  return format("date");
}

json_schema object(std::initializer_list<member> members) {
  json::object properties;
  json::array required;
  for (const auto& x : members) {
    properties[x.name] = x.shape;
    if (x.is_required)
      required.emplace_back(x.name);
  }
  auto result = of_type("object");
  result["properties"] = std::move(properties);
  if (!required.empty())
    result["required"] = std::move(required);
  return result;
}

json_schema exactly(std::initializer_list<member> members) {
  auto result = object(members);
  result["additionalProperties"] = false;
  return result;
}

json_schema map_of(json_schema values) {
  auto result = of_type("object");
  result["additionalProperties"] = std::move(values);
  return result;
}

json_schema list(json_schema elements) {
  auto result = of_type("array");
  result["items"] = std::move(elements);
  return result;
}

json_schema list(json_schema elements, std::size_t least, std::size_t most) {
  auto result = list(std::move(elements));
  result["minItems"] = least;
  result["maxItems"] = most;
  return result;
}

json_schema or_null(json_schema what) {
  auto type = what.if_contains("type");
  if (!type)
    return {{"anyOf", json::array{std::move(what), of_type("null")}}};
  *type = json::array{*type, "null"};
  if (auto values = what.if_contains("enum"))
    values->as_array().emplace_back(nullptr);
  return what;
}

json_schema ref(std::string_view name) {
  return {{"$ref", "#/components/schemas/" + std::string{name}}};
}

json_schema anything() {
  return {};
}

json_schema said(json_schema what, std::string_view description) {
  what["description"] = description;
  return what;
}

} // namespace banksia::http::schema

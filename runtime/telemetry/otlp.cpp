#include "runtime/telemetry/otlp.hpp"

#include "runtime/json/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <charconv>

namespace banksia::telemetry {

namespace {

namespace json = boost::json;

// https://github.com/open-telemetry/opentelemetry-proto: trace.proto
constexpr std::uint32_t flag_sampled = 0x01;
constexpr std::uint32_t flag_has_is_remote = 0x100;
constexpr std::uint32_t flag_is_remote = 0x200;
constexpr int status_error = 2;

// 64-bit integers are texts in Protobuf's JSON.
json::object value_of(const attribute_value& x) {
  if (const auto* text = std::get_if<std::string>(&x))
    return {{"stringValue", *text}};
  if (const auto* whole = std::get_if<std::int64_t>(&x))
    return {{"intValue", std::to_string(*whole)}};
  if (const auto* number = std::get_if<double>(&x))
    return {{"doubleValue", *number}};
  return {{"boolValue", std::get<bool>(x)}};
}

json::object attribute(std::string_view key, const attribute_value& x) {
  return {{"key", key}, {"value", value_of(x)}};
}

json::object link_of(const trace_context& x) {
  return {{"traceId", trace_id_text(x)},
          {"spanId", span_id_text(x.span)},
          {"flags", x.sampled ? flag_sampled : 0}};
}

json::object object_of(const span& x) {
  json::object out{
    {"traceId", trace_id_text(x.context)},
    {"spanId", span_id_text(x.context.span)},
    {"name", x.name},
    {"kind", static_cast<int>(x.kind)},
    {"startTimeUnixNano", std::to_string(x.start_ns)},
    {"endTimeUnixNano", std::to_string(x.end_ns)},
    {"flags", flag_sampled | flag_has_is_remote
                | (x.remote_parent ? flag_is_remote : 0u)}};
  if (x.parent != 0)
    out["parentSpanId"] = span_id_text(x.parent);
  json::array attributes;
  for (const auto& [key, value] : x.attributes)
    attributes.push_back(attribute(key, value));
  out["attributes"] = std::move(attributes);
  if (!x.links.empty()) {
    json::array links;
    for (const auto& to : x.links)
      links.push_back(link_of(to));
    out["links"] = std::move(links);
  }
  if (x.failed) {
    json::object status{{"code", status_error}};
    if (!x.failure.empty())
      status["message"] = x.failure;
    out["status"] = std::move(status);
  }
  return out;
}

/// A count that may be written as a text.
std::uint64_t count_of(const json::value* x) {
  if (x == nullptr)
    return 0;
  if (x->is_int64())
    return x->get_int64() < 0 ? 0 : static_cast<std::uint64_t>(x->get_int64());
  std::uint64_t result = 0;
  if (const auto* text = x->if_string())
    std::from_chars(text->data(), text->data() + text->size(), result);
  return result;
}

} // namespace

std::string otlp_request(const std::vector<span>& spans,
                         const trace_resource& of) {
  json::array resource;
  for (auto [key, text] : {std::pair{"service.name", &of.service},
                           std::pair{"service.version", &of.version},
                           std::pair{"service.instance.id", &of.instance}})
    if (!text->empty())
      resource.push_back(attribute(key, *text));
  json::array content;
  content.reserve(spans.size());
  for (const auto& x : spans)
    content.push_back(object_of(x));
  json::object scope{{"name", "banksia"}, {"version", of.version}};
  json::object in_scope{{"scope", std::move(scope)},
                        {"spans", std::move(content)}};
  json::object in_resource{
    {"resource", json::object{{"attributes", std::move(resource)}}},
    {"scopeSpans", json::array{std::move(in_scope)}}};
  json::array all;
  all.push_back(std::move(in_resource));
  return json_text(json::object{{"resourceSpans", std::move(all)}});
}

std::optional<partial_success> read_otlp_response(std::string_view body) {
  json::error_code failed;
  auto read = json::parse(body, failed);
  if (failed || !read.is_object())
    return std::nullopt;
  partial_success result;
  const auto* part = read.get_object().if_contains("partialSuccess");
  if (part == nullptr || !part->is_object())
    return result;
  result.rejected = count_of(part->get_object().if_contains("rejectedSpans"));
  if (const auto* text = part->get_object().if_contains("errorMessage"))
    if (text->is_string())
      result.text = text->get_string();
  return result;
}

} // namespace banksia::telemetry

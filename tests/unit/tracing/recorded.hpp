#pragma once

/// Spans that a test has made.

#include "runtime/telemetry/active_span.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::tracing_test {

/// What was recorded since the last call, in the order of the ends.
inline std::vector<telemetry::span> spans_of(telemetry::tracer& x) {
  x.hurry();
  return x.take(10'000, std::chrono::milliseconds{0});
}

inline std::size_t count_of(const std::vector<telemetry::span>& spans,
                            std::string_view name) {
  return static_cast<std::size_t>(
    std::count_if(spans.begin(), spans.end(),
                  [&](const auto& x) { return x.name == name; }));
}

/// The first of that name; an empty span without one.
inline telemetry::span named(const std::vector<telemetry::span>& spans,
                             std::string_view name) {
  for (const auto& x : spans)
    if (x.name == name)
      return x;
  return {};
}

/// Its text; "none" without one.
inline std::string text_of(const telemetry::span& x, std::string_view key) {
  for (const auto& [name, value] : x.attributes)
    if (name == key) {
      if (const auto* text = std::get_if<std::string>(&value))
        return *text;
      if (const auto* whole = std::get_if<std::int64_t>(&value))
        return std::to_string(*whole);
    }
  return "none";
}

} // namespace banksia::tracing_test

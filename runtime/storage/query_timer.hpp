#pragma once

/// How long queries take, told to whoever wants to know.

#include "runtime/telemetry/active_span.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

namespace banksia::storage {

/// Told a query's name, of a few fixed ones, and how long it took. Called on
/// the thread that asked; must not block.
using query_observer
  = std::function<void(std::string_view query, std::chrono::nanoseconds took)>;

/// From now on this one is told, of all queries of the process; an empty one
/// ends it. Safe at any time.
void set_query_observer(query_observer x);

/// A span of what the database does until the end of the scope, where the thread
/// is in one.
class query_span {
public:
  explicit query_span(std::string_view query);

private:
  std::optional<telemetry::active_span> span_;
};

/// Measures from here to the end of the scope, and is a span.
class query_timer {
public:
  /// @param query outlives the timer
  explicit query_timer(std::string_view query)
    : span_(query),
      query_(query),
      began_(std::chrono::steady_clock::now()) {}
  ~query_timer();
  query_timer(const query_timer&) = delete;
  query_timer& operator=(const query_timer&) = delete;

private:
  query_span span_;
  std::string_view query_;
  std::chrono::steady_clock::time_point began_;
};

} // namespace banksia::storage

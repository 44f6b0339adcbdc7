#pragma once

/// One log entry and its two written forms. Pure: no clock, no file.

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace banksia::logging {

/// How much an entry matters; `off` only as a threshold.
enum class level : std::uint8_t { trace, debug, info, warn, error, fatal, off };

/// "trace" … "fatal", "off".
std::string_view to_string(level of);

/// The inverse of `to_string`; nothing for any other text.
std::optional<level> parse_level(std::string_view text);

/// A further field of an entry. Refers to its texts, so it lives no longer
/// than the call it is made for. The key `trace_id` marks the trace.
struct field {
  using content
    = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  std::string_view key;
  content value;

  field(std::string_view k, std::string_view v) : key(k), value(v) {}
  field(std::string_view k, const char* v)
    : key(k), value(std::string_view{v}) {}
  field(std::string_view k, const std::string& v)
    : key(k), value(std::string_view{v}) {}
  field(std::string_view k, bool v) : key(k), value(v) {}
  field(std::string_view k, std::floating_point auto v)
    : key(k), value(static_cast<double>(v)) {}
  field(std::string_view k, std::signed_integral auto v)
    : key(k), value(static_cast<std::int64_t>(v)) {}
  field(std::string_view k, std::unsigned_integral auto v)
    requires(!std::same_as<decltype(v), bool>)
    : key(k), value(static_cast<std::uint64_t>(v)) {}
};

/// An entry. Refers to its texts, as `field` does.
struct record {
  std::chrono::system_clock::time_point time;
  level severity = level::info;
  std::string_view component;
  std::string_view message;
  std::span<const field> fields;
};

/// One JSON object on one line without the line's end: `time` (RFC 3339, UTC,
/// microseconds), `level`, `component`, `message`, then the fields in their
/// order. Bytes that are not UTF-8 become U+FFFD; a number that is not finite
/// is written as text ("nan", "inf", "-inf"), which JSON has no number for. A
/// field named like one of the four gets a `_` in front.
std::string to_json_line(const record& of);

/// One line for people: `10:00:00.123 warn  component: message key=value`, in
/// UTC, with ANSI colours where `coloured`. Control characters are written as
/// escapes, so that no entry can forge lines or steer the terminal.
std::string to_terminal_line(const record& of, bool coloured);

/// `text` with every byte sequence that is not UTF-8 replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

} // namespace banksia::logging

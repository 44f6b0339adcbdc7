#include "runtime/logging/record.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <boost/json/value.hpp>
#include <spdlog/fmt/fmt.h>

#include <array>
#include <cmath>
#include <ctime>
#include <utility>

namespace banksia::logging {

namespace {

constexpr std::array<std::string_view, 7> level_names{
  "trace", "debug", "info", "warn", "error", "fatal", "off"};

/// ANSI colours by level: grey, cyan, green, yellow, red, white on red.
constexpr std::array<std::string_view, 7> level_colours{
  "\x1b[90m", "\x1b[36m",       "\x1b[32m", "\x1b[33m",
  "\x1b[31m", "\x1b[1;37;41m", ""};

/// The length of the UTF-8 sequence at the start of `text`, 0 where there is
/// none (Unicode 15, table 3-7: no overlong forms, no surrogates).
std::size_t utf8_length(std::string_view text) {
  auto at = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  auto tail = [&](std::size_t i) { return (at(i) & 0xC0u) == 0x80u; };
  auto first = at(0);
  auto second = at(1);
  if (first < 0x80u)
    return 1;
  if (first >= 0xC2u && first <= 0xDFu)
    return tail(1) ? 2 : 0;
  if (first >= 0xE0u && first <= 0xEFu) {
    auto low = first == 0xE0u ? 0xA0u : 0x80u;
    auto high = first == 0xEDu ? 0x9Fu : 0xBFu;
    return second >= low && second <= high && tail(2) ? 3 : 0;
  }
  if (first >= 0xF0u && first <= 0xF4u) {
    auto low = first == 0xF0u ? 0x90u : 0x80u;
    auto high = first == 0xF4u ? 0x8Fu : 0xBFu;
    return second >= low && second <= high && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

std::string utc_time(std::chrono::system_clock::time_point of,
                     const char* seconds_form, int digits) {
  using namespace std::chrono;
  auto whole = floor<seconds>(of);
  auto micros = duration_cast<microseconds>(of - whole).count();
  auto seconds_since_1970 = system_clock::to_time_t(whole);
  std::tm parts{};
  gmtime_r(&seconds_since_1970, &parts);
  std::array<char, 40> text{};
  auto size = std::strftime(text.data(), text.size(), seconds_form, &parts);
  return fmt::format("{}.{:0{}}", std::string_view{text.data(), size},
                     digits == 6 ? micros : micros / 1'000, digits);
}

std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::value(to_valid_utf8(text)));
}

std::string number_text(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value > 0 ? "inf" : "-inf";
  return fmt::format("{}", value); // the shortest that reads back the same
}

struct json_content {
  std::string operator()(std::string_view text) const {
    return quoted(text);
  }
  std::string operator()(double value) const {
    auto text = number_text(value);
    return std::isfinite(value) ? text : '"' + text + '"';
  }
  std::string operator()(auto value) const {
    return fmt::format("{}", value);
  }
};

/// Valid UTF-8 without control characters (C0, DEL and C1).
std::string printable(std::string_view text) {
  std::string result;
  auto valid = to_valid_utf8(text);
  for (std::size_t i = 0; i < valid.size(); ++i) {
    auto byte = static_cast<unsigned char>(valid[i]);
    auto next = i + 1 < valid.size() ? static_cast<unsigned char>(valid[i + 1])
                                     : 0u;
    if (byte == '\n')
      result += "\\n";
    else if (byte == '\t')
      result += "\\t";
    else if (byte < 0x20u || byte == 0x7Fu)
      result += fmt::format("\\x{:02x}", byte);
    else if (byte == 0xC2u && next < 0xA0u)
      result += fmt::format("\\u{:04x}", static_cast<unsigned>((++i, next)));
    else
      result += valid[i];
  }
  return result;
}

struct terminal_content {
  std::string operator()(std::string_view text) const {
    auto shown = printable(text);
    auto plain = !shown.empty()
                 && shown.find_first_of(" \"=") == std::string::npos;
    return plain ? shown : quoted(shown);
  }
  std::string operator()(double value) const {
    return number_text(value);
  }
  std::string operator()(auto value) const {
    return fmt::format("{}", value);
  }
};

bool is_reserved(std::string_view key) {
  return key == "time" || key == "level" || key == "component"
         || key == "message";
}

} // namespace

std::string_view to_string(level of) {
  return level_names[static_cast<std::size_t>(of)];
}

std::optional<level> parse_level(std::string_view text) {
  for (std::size_t i = 0; i < level_names.size(); ++i)
    if (level_names[i] == text)
      return static_cast<level>(i);
  return std::nullopt;
}

std::string to_valid_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    auto length = utf8_length(text);
    if (length == 0)
      result += "\xEF\xBF\xBD";
    else
      result += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

std::string to_json_line(const record& of) {
  auto line = fmt::format(R"({{"time":"{}Z","level":"{}","component":{},)"
                          R"("message":{})",
                          utc_time(of.time, "%Y-%m-%dT%H:%M:%S", 6),
                          to_string(of.severity), quoted(of.component),
                          quoted(of.message));
  for (const auto& [key, value] : of.fields) {
    auto name = is_reserved(key) ? "_" + std::string{key} : std::string{key};
    line += ',' + quoted(name) + ':' + std::visit(json_content{}, value);
  }
  return line + '}';
}

std::string to_terminal_line(const record& of, bool coloured) {
  auto colour = level_colours[static_cast<std::size_t>(of.severity)];
  auto on = coloured ? colour : std::string_view{};
  auto off = coloured ? std::string_view{"\x1b[0m"} : std::string_view{};
  auto dim = coloured ? std::string_view{"\x1b[2m"} : std::string_view{};
  auto line = fmt::format("{} {}{:<5}{} {}: {}",
                          utc_time(of.time, "%H:%M:%S", 3), on,
                          to_string(of.severity), off,
                          printable(of.component), printable(of.message));
  for (const auto& [key, value] : of.fields)
    line += fmt::format(" {}{}={}{}", dim, printable(key), off,
                        std::visit(terminal_content{}, value));
  return line;
}

} // namespace banksia::logging

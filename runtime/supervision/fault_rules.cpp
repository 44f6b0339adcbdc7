#include "runtime/supervision/fault_rules.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace banksia {

namespace {

using target = fault_rule::target;

/// The rules' form, for whoever got it wrong.
constexpr std::string_view form
  = "give rules like kill:symbol/CBA.AX:every=50, separated by commas";

[[noreturn]] void refuse(std::string_view rule, const std::string& why,
                         const std::string& what_to_do) {
  throw std::invalid_argument("BANKSIA_FAULTS: " + std::string{rule} + ": "
                              + why + ": " + what_to_do);
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    auto end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos)
      return parts;
    text.remove_prefix(end + 1);
  }
}

template <class T>
T number(std::string_view rule, std::string_view key, std::string_view text) {
  T value{};
  auto end = text.data() + text.size();
  auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || at != end)
    refuse(rule, std::string{key} + " is no number", "give " + std::string{key}
                                                       + "=50 or the like");
  return value;
}

void read_verb(fault_rule& x, std::string_view rule, std::string_view verb,
               std::string_view on) {
  static constexpr std::array kinds{
    fault_kind::kill, fault_kind::crash,     fault_kind::hang,
    fault_kind::slow, fault_kind::drop,      fault_kind::duplicate,
    fault_kind::delay};
  static constexpr std::array errors{storage::failure::busy,
                                     storage::failure::full,
                                     storage::failure::io};
  if (on.empty())
    refuse(rule, "nothing it applies to", std::string{form});
  x.path = on;
  for (auto kind : kinds)
    if (verb == to_string(kind)) {
      x.what = kind;
      return;
    }
  if (verb == "crash-start" || verb == "crash-stop") {
    x.where = verb == "crash-start" ? target::start : target::stop;
    x.what = fault_kind::crash;
    return;
  }
  x.path = "*";
  if (verb == "clock" && on == "wall") {
    x.where = target::clock;
    return;
  }
  if (verb == "database") {
    x.where = target::database;
    for (auto error : errors)
      if (on == to_string(error)) {
        x.error = error;
        return;
      }
    refuse(rule, "no such database error", "give busy, full or io");
  }
  refuse(rule, "no such fault: " + std::string{verb},
         "give kill, crash, crash-start, crash-stop, hang, slow, drop, "
         "duplicate, delay, database:busy|full|io or clock:wall");
}

void read_setting(fault_rule& x, std::string_view rule,
                  std::string_view setting) {
  auto equals = setting.find('=');
  if (equals == std::string_view::npos)
    refuse(rule, "no value: " + std::string{setting}, "give key=value");
  auto key = setting.substr(0, equals);
  auto value = setting.substr(equals + 1);
  if (key == "every")
    x.every = number<std::uint64_t>(rule, key, value);
  else if (key == "chance")
    x.chance = number<double>(rule, key, value);
  else if (key == "times")
    x.times = number<std::uint64_t>(rule, key, value);
  else if (key == "ms")
    x.time = std::chrono::milliseconds{number<std::int64_t>(rule, key, value)};
  else if (key == "message" && !value.empty())
    x.message = value;
  else
    refuse(rule, "no such setting: " + std::string{setting},
           "give every, chance, times, ms or message");
}

void check(const fault_rule& x, std::string_view rule) {
  if ((x.every > 0) == (x.chance > 0))
    refuse(rule, "when is it?", "give either every=N or chance=P");
  if (!(x.chance >= 0 && x.chance <= 1))
    refuse(rule, "no chance", "give a fraction over 0 up to 1");
  auto comes_again = x.what == fault_kind::duplicate
                     || x.what == fault_kind::delay;
  // What comes again is asked about again.
  if (comes_again && (x.every == 1 || x.chance > 0.5))
    refuse(rule, "it would never end", "give every=2 or more, or a chance of "
                                       "at most 0.5");
  auto takes_time = x.what == fault_kind::hang || x.what == fault_kind::slow
                    || x.what == fault_kind::delay;
  if (takes_time && x.time.count() <= 0)
    refuse(rule, "for how long?", "give ms=N");
  if (x.where == target::clock && x.time.count() == 0)
    refuse(rule, "by how much?", "give ms=N, negative for a step back");
  if (!takes_time && x.where != target::clock && x.time.count() != 0)
    refuse(rule, "it takes no time", "leave ms out");
}

} // namespace

fault_rules parse_faults(std::string_view text) {
  fault_rules result;
  for (auto rule : split(text, ',')) {
    if (rule.starts_with("seed=")) {
      result.seed = number<std::uint64_t>(rule, "seed", rule.substr(5));
      continue;
    }
    auto parts = split(rule, ':');
    if (parts.size() < 2)
      refuse(rule, "not a rule", std::string{form});
    fault_rule x;
    read_verb(x, rule, parts[0], parts[1]);
    for (std::size_t i = 2; i < parts.size(); ++i)
      read_setting(x, rule, parts[i]);
    check(x, rule);
    result.rules.push_back(std::move(x));
  }
  return result;
}

} // namespace banksia

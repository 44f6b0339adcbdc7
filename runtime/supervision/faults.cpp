#include "runtime/supervision/faults.hpp"

#include "runtime/supervision/content.hpp"
#include "runtime/supervision/probe.hpp"

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/system_messages.hpp>

#include <cstdlib>

namespace banksia {

std::string_view to_string(fault_kind x) noexcept {
  switch (x) {
    case fault_kind::none: return "none";
    case fault_kind::kill: return "kill";
    case fault_kind::crash: return "crash";
    case fault_kind::hang: return "hang";
    case fault_kind::slow: return "slow";
    case fault_kind::drop: return "drop";
    case fault_kind::duplicate: return "duplicate";
    case fault_kind::delay: return "delay";
  }
  return "?";
}

void fault_plan::hold(std::chrono::milliseconds time) {
  std::unique_lock guard{mutex_};
  released_.wait_for(guard, time, [this] { return is_released_; });
}

void fault_plan::release() {
  std::lock_guard guard{mutex_};
  is_released_ = true;
  released_.notify_all();
}

bool may_go_astray(const caf::scheduled_actor& actor,
                   const caf::mailbox_element& message) {
  if (message.mid.is_response() || message.mid.is_urgent_message())
    return false;
  if (!message.sender || message.sender->id() == actor.id())
    return false;
  const auto& content = message.content();
  return !content.match_elements<caf::exit_msg>()
         && !content.match_elements<caf::down_msg>()
         && !content.match_elements<caf::timeout_msg>()
         && !content.match_elements<caf::error>();
}

bool matches(std::string_view pattern, std::string_view text) noexcept {
  std::size_t p = 0;
  std::size_t t = 0;
  auto star = std::string_view::npos;
  std::size_t kept = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      kept = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++kept;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*')
    ++p;
  return p == pattern.size();
}

// -- by rule ----------------------------------------------------------------------

ruled_faults::ruled_faults(fault_rules rules) : random_(rules.seed) {
  for (auto& x : rules.rules)
    rules_.push_back({std::move(x)});
}

bool ruled_faults::strikes(counted& x) {
  ++x.seen;
  if (x.rule.times > 0 && x.done >= x.rule.times)
    return false;
  auto turn = false;
  if (x.rule.every > 0) {
    turn = x.seen % x.rule.every == 0;
  } else {
    // splitmix64: https://prng.di.unimi.it/splitmix64.c
    auto z = (random_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    turn = static_cast<double>(z >> 11) * 0x1p-53 < x.rule.chance;
  }
  x.done += turn;
  return turn;
}

const fault_rule*
ruled_faults::find(fault_rule::target where, std::string_view path,
                   const std::function<std::string()>& message) {
  std::string type;
  for (auto& x : rules_) {
    if (x.rule.where != where || !matches(x.rule.path, path))
      continue;
    if (x.rule.message != "*") {
      if (type.empty())
        type = message();
      if (!matches(x.rule.message, type))
        continue;
    }
    if (strikes(x))
      return &x.rule;
  }
  return nullptr;
}

void ruled_faults::starting(const probe& of) {
  std::lock_guard guard{mutex_};
  if (find(fault_rule::target::start, of.path, [] { return ""; }) != nullptr)
    throw injected_fault("its start fails on purpose");
}

fault ruled_faults::handling(const probe& of, caf::scheduled_actor& actor,
                             const caf::mailbox_element& message) {
  auto type = [&] { return content_type(actor.system(), message.content()); };
  std::lock_guard guard{mutex_};
  auto stops = message.content().match_elements<caf::exit_msg>();
  auto rule = find(stops ? fault_rule::target::stop
                         : fault_rule::target::actor,
                   of.path, type);
  if (rule == nullptr)
    return {};
  auto loses = rule->what == fault_kind::drop
               || rule->what == fault_kind::duplicate
               || rule->what == fault_kind::delay;
  if (loses && !may_go_astray(actor, message))
    return {};
  return {rule->what, rule->time};
}

std::optional<storage::failure>
ruled_faults::storing(storage::operation what) {
  std::lock_guard guard{mutex_};
  auto rule = find(fault_rule::target::database, "",
                   [&] { return std::string{to_string(what)}; });
  if (rule == nullptr)
    return std::nullopt;
  return rule->error;
}

std::chrono::milliseconds ruled_faults::clock_offset() {
  std::lock_guard guard{mutex_};
  if (auto rule = find(fault_rule::target::clock, "", [] { return ""; }))
    offset_ += rule->time;
  return offset_;
}

std::shared_ptr<ruled_faults> faults_from_environment() {
  const char* text = std::getenv("BANKSIA_FAULTS");
  if (text == nullptr || *text == '\0')
    return nullptr;
  auto plan = std::make_shared<ruled_faults>(parse_faults(text));
  storage::set_obstacle(
    [plan](storage::operation what) { return plan->storing(what); });
  return plan;
}

} // namespace banksia

#include "runtime/supervision/content.hpp"
#include "runtime/supervision/fault_rules.hpp"
#include "runtime/supervision/probe.hpp"

#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/system_messages.hpp>

#include <cstdlib>

namespace banksia {

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
    turn = random_.chance(x.rule.chance);
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

#include "runtime/supervision/faults.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/system_messages.hpp>

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

} // namespace banksia

#include "tests/chaos/simulation/fate.hpp"

#include "runtime/supervision/probe.hpp"

#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/system_messages.hpp>

namespace banksia::chaos {

namespace {

constexpr std::string_view supervisor_name = "supervisor";
constexpr std::string_view writer_path = "store/writer";
constexpr std::string_view cycle_path = "cycle";

/// Whether the protocol has to survive the loss: of requests, which have finite
/// limits, and of a symbol's question and answer, for which a cycle has a
/// deadline. What one actor hands to another inside a process, CAF loses only
/// with the receiver; whoever is started again reads it from the store (bars,
/// headlines, what is owed) or is sent it again (cycles), so a loss without a
/// death is none of their contract.
bool may_be_lost(const caf::mailbox_element& message) {
  const auto& content = message.content();
  return message.mid.is_request()
         || content.match_elements<predict_request>()
         || content.match_elements<prediction_draft>();
}

/// Whether it may come behind what was sent after it: of bars, only a death may
/// change the order, and answers tell that what came before them is there. A
/// change of a listing comes to the writer before what its sender's successor
/// asks: inside a process nothing overtakes it.
bool may_be_late(const caf::mailbox_element& message) {
  const auto& content = message.content();
  return may_be_lost(message)
         && !content.match_elements<wire::advance_atom, timestamp>()
         && !content.match_elements<listing_change_batch>();
}

/// Answers a request as if its receiver had.
template <class Answer>
void answer(caf::scheduled_actor& actor, const caf::mailbox_element& request,
            Answer x) {
  request.sender->enqueue(caf::strong_actor_ptr{actor.ctrl()},
                          request.mid.response_id(),
                          caf::make_message(std::move(x)), actor.context());
}

bool is_skipped(const cycle_slot& x) {
  // One slot in about nine, the same ones in each life.
  return content_hash(to_string(x.id)) % 9 == 0;
}

} // namespace

void fate::starting(const probe& of) {
  if (!allowed_ || dead_ || of.path == "root" || of.generation.load() < 2)
    return;
  if (of_.luck.start > 0 && dice_.chance(of_.luck.start))
    throw injected_fault("its start fails on purpose");
}

std::optional<storage::failure> fate::storing(storage::operation what) {
  if (what != storage::operation::commit)
    return std::nullopt;
  if (outage_)
    return outage_;
  if (!allowed_ || of_.luck.commit == 0 || !dice_.chance(of_.luck.commit))
    return std::nullopt;
  return storage::failure::busy;
}

fault fate::handling(const probe& of, caf::scheduled_actor& actor,
                     const caf::mailbox_element& message) {
  const auto& content = message.content();
  if (dead_)
    return {content.match_elements<caf::exit_msg>() ? fault_kind::none
                                                    : fault_kind::drop};
  trace_.note(of.path, of.generation.load(), content,
              actor.clock().now().time_since_epoch());
  keep(of, actor, message);
  if (of_.bug != planted::nothing && make_mistake(of, actor, message))
    return {fault_kind::drop};
  // Supervisors are killed from outside, but do not fail by themselves.
  if (!allowed_ || std::string_view{actor.name()} == supervisor_name)
    return {};
  return by_chance(actor, message);
}

void fate::keep(const probe& of, const caf::scheduled_actor& actor,
                const caf::mailbox_element& message) {
  const auto& content = message.content();
  auto number = message.mid.request_id().integer_value();
  if (of.path == writer_path && message.mid.is_request() && message.sender)
    shadow_.asked({message.sender->id(), number}, content);
  else if (message.mid.is_response()
           && content.match_elements<commit_receipt>())
    shadow_.acknowledged({actor.id(), number});
  else if (content.match_elements<wire::advance_atom, timestamp>())
    market_time_ = std::max(market_time_, content.get_as<timestamp>(1));
}

fault fate::by_chance(const caf::scheduled_actor& actor,
                      const caf::mailbox_element& message) {
  const auto& luck = of_.luck;
  if (luck.crash > 0 && dice_.chance(luck.crash))
    return {dice_.chance(0.5) ? fault_kind::crash : fault_kind::kill};
  if (!may_go_astray(actor, message))
    return {};
  if (luck.drop > 0 && may_be_lost(message) && dice_.chance(luck.drop))
    return {fault_kind::drop};
  if (luck.delay > 0 && may_be_late(message) && dice_.chance(luck.delay))
    return {fault_kind::delay,
            std::chrono::milliseconds{dice_.between(1, 8000)}};
  if (luck.duplicate > 0 && dice_.chance(luck.duplicate))
    return {fault_kind::duplicate};
  return {};
}

// -- planted mistakes -------------------------------------------------------------

bool fate::make_mistake(const probe& of, caf::scheduled_actor& actor,
                        const caf::mailbox_element& message) {
  if (of.path == writer_path && message.mid.is_request())
    return mistake_of_writer(actor, message);
  if (of.path == cycle_path)
    return mistake_of_cycle(of, message);
  if (of_.bug == planted::forget_obligations && message.mid.is_request()
      && message.content().match_elements<wire::owed_atom, std::string>()) {
    answer(actor, message, obligation_batch{});
    return true;
  }
  return false;
}

bool fate::mistake_of_writer(caf::scheduled_actor& actor,
                             const caf::mailbox_element& message) {
  const auto& content = message.content();
  if (of_.bug == planted::lost_ack
      && (content.match_elements<outcome_batch>()
          || content.match_elements<cycle_record>())
      && dice_.chance(0.02)) {
    answer(actor, message, commit_receipt{});
    return true;
  }
  if (of_.bug == planted::lost_training
      && content.match_elements<training_record>()
      && content.get_as<training_record>(0).status == "done") {
    answer(actor, message, commit_receipt{});
    return true;
  }
  if (of_.bug == planted::skip_slot
      && content.match_elements<std::vector<cycle_slot>>()) {
    for (const auto& x : content.get_as<std::vector<cycle_slot>>(0))
      if (is_skipped(x)) {
        answer(actor, message, commit_receipt{});
        return true;
      }
  }
  if (of_.bug == planted::double_outcome
      && content.match_elements<outcome_batch>()) {
    auto twice = content.get_as<outcome_batch>(0);
    auto again = twice.outcomes.front();
    if (again.horizon_minutes != 60 || twice.outcomes.back().is_void)
      return false;
    again.horizon_minutes = 61;
    // Marks what has been doubled, so that it passes the second time.
    twice.outcomes.push_back(again);
    twice.outcomes.back().is_void = true;
    twice.outcomes.back().void_reason = "planted";
    actor.enqueue(caf::make_mailbox_element(
                    message.sender, message.mid, {},
                    caf::make_message(std::move(twice))),
                  actor.context());
    return true;
  }
  return false;
}

bool fate::mistake_of_cycle(const probe& of,
                            const caf::mailbox_element& message) {
  const auto& content = message.content();
  if (!content.match_elements<cycle_due>())
    return false;
  const auto& slot = content.get_as<cycle_due>(0).slot;
  if (of_.bug == planted::skip_slot)
    return is_skipped(slot);
  if (of_.bug == planted::restart_loses_cycle) {
    auto generation = of.generation.load();
    return first_told_.emplace(slot.sequence, generation).first->second
           != generation;
  }
  return false;
}

} // namespace banksia::chaos

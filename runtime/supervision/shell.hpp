#pragma once

/// The wrapper around every actor: exceptions keep their text, messages are
/// counted and timed, and what nobody expects is counted and dropped instead of
/// killing its receiver (CAF's default).

#include "runtime/supervision/content.hpp"
#include "runtime/supervision/faults.hpp"
#include "runtime/supervision/hop_span.hpp"
#include "runtime/supervision/probe.hpp"
#include "runtime/supervision/queued_job.hpp"
#include "runtime/supervision/thread_sanitizer.hpp"

#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/default_attachable.hpp>
#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/response_promise.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/sec.hpp>
#include <caf/skip.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <exception>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

namespace banksia {

/// A supervisor's question whether a child is ready; answered by the wrapper.
using ready_atom = caf::atom_constant<caf::atom("ready")>;

/// Sits between CAF's typed base and `stateful_actor` and sees every message:
/// requests, responses, down and exit messages, timeouts.
template <class Base>
struct instrumented : ordered<lightly_queued<Base>> {
  using super = ordered<lightly_queued<Base>>;

  template <class... Ts>
  explicit instrumented(caf::actor_config& cfg, Ts&&... xs)
    : super(cfg, std::forward<Ts>(xs)...) {}

  using super::consume;
  using super::enqueue;

  /// On the sender's thread.
  void enqueue(caf::mailbox_element_ptr element,
               caf::execution_unit* unit) override {
    const auto* here = telemetry::current_trace();
    if (here != nullptr || asking_deadline() != 0)
      element = carry(std::move(element), here);
    super::enqueue(std::move(element), unit);
  }

  caf::resumable::resume_result resume(caf::execution_unit* unit,
                                       size_t max) override {
    take_over(this);
    mark_ = coarse_ns();
    // Touch no member afterwards: the actor may be gone.
    return super::resume(unit, max);
  }

  caf::invoke_message_result consume(caf::mailbox_element& element) override {
    take_over(this);
    // When this returns, another thread may go on with the actor.
    [[maybe_unused]] handing_over at_end{this};
    // A detached actor is resumed once for its whole life, hence the clock.
    auto started = mark_ != 0 ? mark_ : coarse_ns();
    deadline_ns until = 0;
    if (element.mid.is_request()) {
      until = deadline_of(element);
      if (answer_ready(element) || (until != 0 && give_up(element, until)))
        return caf::invoke_message_result::consumed;
    }
    handling_scope within{until};
    if (probe_) {
      probe_->begin(&typeid(element.content()), started);
      timer_.begin(started);
      if (probe_->poison.any() && set_aside(element)) {
        finish();
        return caf::invoke_message_result::consumed;
      }
    }
    try {
      if (probe_ && probe_->faults && is_befallen(element)) {
        finish();
        return caf::invoke_message_result::consumed;
      }
      auto result = probe_ && probe_->spans ? trace(element)
                                            : super::consume(element);
      finish();
      return result;
    } catch (...) {
      // The probe outlives this actor: it must not look busy for ever.
      finish();
      if (probe_)
        note_kill(element, std::current_exception());
      throw;
    }
  }

  bool is_detached() const {
    return this->getf(caf::abstract_actor::is_detached_flag);
  }

  void attach_probe(std::shared_ptr<probe> x) { probe_ = std::move(x); }

  const std::shared_ptr<probe>& own_probe() const { return probe_; }

  // -- ready ----------------------------------------------------------------------

  /// The state has to be made first: not ready until `say_ready`. Without it an
  /// actor is ready when its behaviour has begun.
  void hold_ready() noexcept { ready_ = false; }

  /// Ready from now on; whoever has asked is told.
  void say_ready() {
    ready_ = true;
    for (auto& [asker, id] : std::exchange(askers_, {}))
      answer_ready(std::move(asker), id);
  }

private:
  static std::uint32_t ready_token() {
    static const auto token = caf::make_message(ready_atom::value).type_token();
    return token;
  }

  void finish() {
    if (!probe_)
      return;
    auto now = coarse_ns();
    probe_->end(timer_.end(now), now);
    mark_ = is_detached() ? 0 : now;
    if ((++seen_ & 63) == 0)
      measure_mailbox();
  }

  /// Apart, so that the other 63 messages pay nothing for it.
  [[gnu::noinline]] void measure_mailbox() {
    probe_->mailbox_size.store(this->mailbox().size(),
                               std::memory_order_relaxed);
  }

  /// Handles a message within the trace that it belongs to, if that is sampled.
  [[gnu::noinline]] caf::invoke_message_result
  trace(caf::mailbox_element& element) {
    asker_scope asking{asked_, this};
    auto origin = origin_of(element, *probe_, asked_);
    if (!origin.sampled) {
      // A simulation handles a message within another one's sending.
      telemetry::trace_scope none{nullptr, {}};
      return super::consume(element);
    }
    hop_span hop{this->system(), element, *probe_, origin};
    auto result = super::consume(element);
    if (result == caf::invoke_message_result::skipped)
      hop.forget();
    return result;
  }

  /// @returns false when it was another atom, which the behaviour handles
  bool answer_ready(caf::mailbox_element& element) {
    const auto& content = element.content();
    if (content.type_token() != ready_token()
        || !content.template match_elements<ready_atom>())
      return false;
    if (ready_)
      answer_ready(std::move(element.sender), element.mid);
    else
      askers_.emplace_back(std::move(element.sender), element.mid);
    return true;
  }

  /// Whether its time is over; who asked is told so, should it still listen.
  [[gnu::noinline]] bool give_up(caf::mailbox_element& element,
                                 deadline_ns until) {
    if (monotonic_ns() < until)
      return false;
    if (probe_)
      probe_->late.fetch_add(1, std::memory_order_relaxed);
    caf::response_promise{caf::strong_actor_ptr{this->ctrl()}, element}
      .deliver(too_late());
    return true;
  }

  void answer_ready(caf::strong_actor_ptr asker, caf::message_id id) {
    caf::response_promise{caf::strong_actor_ptr{this->ctrl()},
                          std::move(asker), {}, id}
      .deliver(true);
  }

  /// Does to a message what the plan of faults wants.
  /// @returns whether it is not handled, now or at all
  bool is_befallen(caf::mailbox_element& element) {
    auto x = probe_->faults->handling(*probe_, *this, element);
    switch (x.what) {
      case fault_kind::none:
        return false;
      case fault_kind::kill:
        // A kill comes between two messages, and CAF refuses what then waits.
        if (element.mid.is_request())
          caf::response_promise{caf::strong_actor_ptr{this->ctrl()}, element}
            .deliver(caf::make_error(caf::sec::request_receiver_down));
        this->quit(caf::exit_reason::kill);
        return true;
      case fault_kind::crash:
        // CAF answers the request that it believes to be at work.
        this->current_element_ = &element;
        throw injected_fault("it crashes on purpose");
      case fault_kind::hang:
      case fault_kind::slow:
        probe_->faults->hold(x.time);
        return false;
      case fault_kind::duplicate:
        this->enqueue(copy_of(element), this->context());
        return false;
      case fault_kind::delay:
        this->clock().schedule_message(this->clock().now() + x.time,
                                       caf::strong_actor_ptr{this->ctrl()},
                                       copy_of(element));
        return true;
      case fault_kind::drop:
        return true;
    }
    return false;
  }

  static caf::mailbox_element_ptr copy_of(const caf::mailbox_element& x) {
    return caf::make_mailbox_element(x.sender, x.mid, x.stages,
                                     x.copy_content_to_message());
  }

  /// Whether the actor has sent it to itself, as timers are. Such a message is
  /// the actor's own doing, says the same each time and is never set aside.
  bool is_own(const caf::mailbox_element& element) const {
    return element.sender && element.sender->id() == this->id();
  }

  void note_kill(const caf::mailbox_element& element,
                 const std::exception_ptr& thrown) {
    auto letter = describe(this->system(), element.content(), *probe_);
    if (is_own(element))
      letter.key = 0;
    letter.reason = this->system().render(error_from(thrown));
    letter.at_ns = monotonic_ns();
    if (probe_->poison.killed(letter) == poison_record::kills_max
        && probe_->on_dead_letter)
      probe_->on_dead_letter(*probe_, letter);
  }

  /// Whether the message has killed too often; its asker is told so.
  bool set_aside(caf::mailbox_element& element) {
    if (is_own(element))
      return false;
    if (!probe_->poison.drops(content_key(this->system(), element.content())))
      return false;
    if (element.mid.is_request())
      caf::response_promise{caf::strong_actor_ptr{this->ctrl()}, element}
        .deliver(caf::make_error(caf::sec::runtime_error, "poison",
                                 "set aside: it has killed its actor "
                                 "before"));
    return true;
  }

  std::shared_ptr<probe> probe_;
  std::uint64_t mark_ = 0; ///< the coarse clock's time where it was read last
  message_timer timer_;
  std::uint64_t seen_ = 0;
  telemetry::asked_notes asked_;
  bool ready_ = true;
  std::vector<std::pair<caf::strong_actor_ptr, caf::message_id>> askers_;
};

/// The self type of an actor with `State` behind `Interface`.
template <class State, class Interface>
using shell = caf::stateful_actor<State, instrumented<typename Interface::base>>;

/// Puts the wrapper's handlers in place; the first line of every behaviour.
template <class Self>
void prepare(Self* self, std::shared_ptr<probe> watched) {
  self->attach_probe(watched);
  self->set_exception_handler(
    [](caf::scheduled_actor*, std::exception_ptr& thrown) -> caf::error {
      return error_from(thrown);
    });
  self->set_default_handler(
    [watched](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
      if (watched)
        watched->unexpected.fetch_add(1, std::memory_order_relaxed);
      return caf::make_error(caf::sec::unexpected_message);
    });
  // The second answer of a duplicated request is an error message; by default
  // it would kill its receiver.
  self->set_error_handler([watched](caf::error&) {
    if (watched)
      watched->unexpected.fetch_add(1, std::memory_order_relaxed);
  });
  if (watched && watched->faults)
    watched->faults->starting(*watched);
}

/// Where an actor runs. Passed in by the topology, so that a simulation can run
/// the whole tree on one thread.
enum class placement {
  pooled,   ///< on the scheduler's threads: must never block
  detached, ///< on a thread of its own: may block
  /// Pooled, and its behaviour begins with its first message, hence after its
  /// name leads to it: what was sent to the one before was sent by then, so
  /// that a state read from the store at its start lacks nothing.
  on_demand,
};

/// Spawns a function-based actor where the topology wants it.
template <class F, class... Ts>
auto spawn_at(caf::actor_system& system, placement where, F fun, Ts&&... xs) {
  if (where == placement::detached)
    return system.spawn<caf::detached>(fun, std::forward<Ts>(xs)...);
  if (where == placement::on_demand)
    return system.spawn<caf::lazy_init>(fun, std::forward<Ts>(xs)...);
  return system.spawn(fun, std::forward<Ts>(xs)...);
}

} // namespace banksia

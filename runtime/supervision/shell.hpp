#pragma once

/// The wrapper around every actor: exceptions keep their text, messages are
/// counted and timed, and what nobody expects is counted and dropped instead of
/// killing its receiver (CAF's default).

#include "runtime/supervision/probe.hpp"

#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/default_attachable.hpp>
#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/sec.hpp>
#include <caf/skip.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <exception>
#include <memory>
#include <string>
#include <typeinfo>

namespace banksia {

/// Sits between CAF's typed base and `stateful_actor` and sees every message:
/// requests, responses, down and exit messages, timeouts.
template <class Base>
struct instrumented : Base {
  template <class... Ts>
  explicit instrumented(caf::actor_config& cfg, Ts&&... xs)
    : Base(cfg, std::forward<Ts>(xs)...) {}

  using Base::consume;

  caf::resumable::resume_result resume(caf::execution_unit* unit,
                                       size_t max) override {
    mark_ = monotonic_ns();
    // Touch no member afterwards: the actor may be gone.
    return Base::resume(unit, max);
  }

  caf::invoke_message_result consume(caf::mailbox_element& element) override {
    // A detached actor is resumed once for its whole life, hence the clock.
    auto started = mark_ != 0 ? mark_ : monotonic_ns();
    if (probe_)
      probe_->begin(element.content().type_token(), started);
    try {
      auto result = Base::consume(element);
      finish(started);
      return result;
    } catch (...) {
      // The probe outlives this actor: it must not look busy for ever.
      finish(started);
      throw;
    }
  }

  bool is_detached() const {
    return this->getf(caf::abstract_actor::is_detached_flag);
  }

  void attach_probe(std::shared_ptr<probe> x) { probe_ = std::move(x); }

  const std::shared_ptr<probe>& own_probe() const { return probe_; }

private:
  void finish(std::uint64_t started) {
    if (!probe_)
      return;
    auto now = monotonic_ns();
    probe_->end(started, now);
    mark_ = is_detached() ? 0 : now;
    if ((++seen_ & 63) == 0)
      probe_->mailbox_size.store(this->mailbox().size(),
                                 std::memory_order_relaxed);
  }

  std::shared_ptr<probe> probe_;
  std::uint64_t mark_ = 0;
  std::uint64_t seen_ = 0;
};

/// The self type of an actor with `State` behind `Interface`.
template <class State, class Interface>
using shell = caf::stateful_actor<State, instrumented<typename Interface::base>>;

/// An exception as an error that keeps type and text.
inline caf::error error_from(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return caf::make_error(caf::sec::runtime_error, typeid(e).name(),
                           std::string{e.what()});
  } catch (...) {
    return caf::make_error(caf::sec::runtime_error, "unknown",
                           std::string{"an exception without a type we know"});
  }
}

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

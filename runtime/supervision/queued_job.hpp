#pragma once

/// What waits in a scheduler's queue. CAF's workers ask each job for the actor
/// in it (`dynamic_cast`, for a log that is compiled out). For an actor that is
/// a walk through all its base classes: 1,300 instructions, more than a tenth of
/// a request with its response. Ours queue a small job that stands for them and
/// is no actor, so that the answer comes at once.

#include <caf/actor_config.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <cstddef>
#include <utility>

namespace banksia {

/// Stands for an actor in a scheduler's queue. A part of the actor: who holds a
/// reference to the job holds one to the actor.
class queued_job final : public caf::resumable {
public:
  explicit queued_job(caf::scheduled_actor& owner) noexcept : owner_(owner) {}

  /// Not `scheduled_actor`, to which CAF would cast it.
  subtype_t subtype() const override { return unspecified; }

  resume_result resume(caf::execution_unit* unit, std::size_t max) override {
    // Touch no member afterwards: the actor may be gone.
    return owner_.resume(unit, max);
  }

  void intrusive_ptr_add_ref_impl() override {
    caf::intrusive_ptr_add_ref(owner_.ctrl());
  }

  void intrusive_ptr_release_impl() override {
    caf::intrusive_ptr_release(owner_.ctrl());
  }

private:
  caf::scheduled_actor& owner_;
};

/// The place where CAF believes to queue an actor.
class job_relay final : public caf::execution_unit {
public:
  /// @param where null: from outside of the scheduler
  job_relay(caf::actor_system& system, queued_job& job,
            caf::execution_unit* where) noexcept
    : job_(job), where_(where) {
    system_ = &system;
  }

  void exec_later(caf::resumable*) override {
    if (where_ != nullptr)
      where_->exec_later(&job_);
    else
      system_->scheduler().enqueue(&job_);
  }

private:
  queued_job& job_;
  caf::execution_unit* where_;
};

/// Whether the scheduler of a system wants to see the actors themselves, as
/// CAF's test coordinator does.
bool queues_actors(caf::actor_system& system);

/// Queues a job in place of the actor.
template <class Base>
struct queued : Base {
  template <class... Ts>
  explicit queued(caf::actor_config& cfg, Ts&&... xs)
    : Base(cfg, std::forward<Ts>(xs)...),
      job_(*this),
      itself_(queues_actors(this->home_system())) {}

  using Base::enqueue;

  void enqueue(caf::mailbox_element_ptr element,
               caf::execution_unit* unit) override {
    // It is queued by the message that finds it asleep. Should it fall asleep
    // in between, CAF queues the actor itself, which only takes longer.
    if (itself_ || !this->mailbox().blocked())
      Base::enqueue(std::move(element), unit);
    else
      wake(std::move(element), unit);
  }

private:
  /// Apart, so that a message to an actor at work pays nothing for it.
  [[gnu::noinline]] void wake(caf::mailbox_element_ptr&& element,
                              caf::execution_unit* unit) {
    job_relay relay{this->home_system(), job_, unit};
    Base::enqueue(std::move(element), &relay);
  }

  queued_job job_;
  const bool itself_;
};

#if defined(__SANITIZE_THREAD__)
// What senders and workers read of the job is ordered by CAF's scheduler, which
// ThreadSanitizer does not see.
template <class Base>
using lightly_queued = Base;
#else
template <class Base>
using lightly_queued = queued<Base>;
#endif

} // namespace banksia

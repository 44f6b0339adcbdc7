#pragma once

/// What ThreadSanitizer cannot see. CAF's library is not instrumented, so its
/// mailboxes and its scheduler order nothing in the sanitizer's eyes, and every
/// message would look like a race. The wrapper says what they guarantee: who
/// handles a message comes after who sent it, and a handler after the one
/// before on the same actor. Races between actors that share memory stay
/// visible. Without the sanitizer nothing of this is there.

#include <caf/actor_config.hpp>
#include <caf/execution_unit.hpp>
#include <caf/invoke_message_result.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/resumable.hpp>

#if defined(__SANITIZE_THREAD__)
#  include <sanitizer/tsan_interface.h>

#  include <utility>

namespace banksia {

/// Whoever has handed over to `x` comes before what follows.
inline void take_over(void* x) { __tsan_acquire(x); }

/// Hands over when its scope is left, in whatever way.
struct handing_over {
  void* what;

  ~handing_over() { __tsan_release(what); }
};

/// Between CAF's base and ours: what is done on an actor's mailbox and state is
/// in order.
template <class Base>
struct ordered : Base {
  template <class... Ts>
  explicit ordered(caf::actor_config& cfg, Ts&&... xs)
    : Base(cfg, std::forward<Ts>(xs)...) {}

  ~ordered() override { __tsan_acquire(this); }

  using Base::consume;
  using Base::enqueue;

  void launch(caf::execution_unit* unit, bool lazy, bool hidden) override {
    __tsan_release(this);
    Base::launch(unit, lazy, hidden);
  }

  void enqueue(caf::mailbox_element_ptr element,
               caf::execution_unit* unit) override {
    __tsan_release(this);
    Base::enqueue(std::move(element), unit);
  }

  caf::resumable::resume_result resume(caf::execution_unit* unit,
                                       std::size_t max) override {
    __tsan_acquire(this);
    // It touches no member: the actor may be gone.
    handing_over at_end{this};
    return Base::resume(unit, max);
  }

  caf::invoke_message_result consume(caf::mailbox_element& element) override {
    __tsan_acquire(this);
    handing_over at_end{this};
    return Base::consume(element);
  }
};

} // namespace banksia

#else

namespace banksia {

inline void take_over(void*) {}

struct handing_over {
  void* what;
};

template <class Base>
using ordered = Base;

} // namespace banksia

#endif

#include "actors/tracing/crossing.hpp"

#include "actors/tracing/work.hpp"
#include "messages/carried.hpp"
#include "runtime/supervision/hop_span.hpp"

#include <caf/actor_config.hpp>
#include <caf/default_attachable.hpp>
#include <caf/make_actor.hpp>
#include <caf/monitorable_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace banksia {

namespace {

/// Passes messages on, on the sender's thread, until the other one ends.
class stand_in : public caf::monitorable_actor {
public:
  stand_in(caf::actor_config& cfg, caf::strong_actor_ptr other,
           nanosecond_clock now)
    : caf::monitorable_actor(cfg), now_(now), other_(std::move(other)) {
    auto watched = other_;
    watched->get()->attach(caf::default_attachable::make_monitor(
      caf::actor_cast<caf::actor_addr>(watched), address()));
  }

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* unit) override {
    auto other_ended = [&](caf::down_msg& x) {
      cleanup(std::move(x.reason), unit);
    };
    if (handle_system_message(*what, unit, false, other_ended))
      return;
    caf::strong_actor_ptr other;
    {
      std::lock_guard guard{mutex_};
      other = other_;
    }
    if (!other) {
      bounce(what);
      return;
    }
    if (what = changed(std::move(what)); what)
      other->get()->enqueue(std::move(what), unit);
  }

  std::set<std::string> message_types() const override {
    std::lock_guard guard{mutex_};
    return other_ ? other_->get()->message_types() : std::set<std::string>{};
  }

protected:
  /// The message as it goes on; null: it was answered.
  virtual caf::mailbox_element_ptr changed(caf::mailbox_element_ptr what) = 0;

  void on_cleanup(const caf::error&) override {
    std::lock_guard guard{mutex_};
    other_ = nullptr;
  }

  const nanosecond_clock now_;

private:
  mutable std::mutex mutex_; ///< guards what follows
  caf::strong_actor_ptr other_; ///< null: it has ended
};

class outward final : public stand_in {
public:
  using stand_in::stand_in;

private:
  caf::mailbox_element_ptr changed(caf::mailbox_element_ptr what) override {
    const auto* here = telemetry::current_trace();
    auto until = what->mid.is_request() ? asking_deadline() : deadline_ns{0};
    if (what->mid.is_response() || (here == nullptr && until == 0))
      return what;
    carried_call call;
    if (until != 0) {
      auto now = now_();
      if (now >= until) {
        caf::response_promise{caf::strong_actor_ptr{ctrl()}, *what}
          .deliver(too_late());
        return nullptr;
      }
      call.left_us = std::max<std::uint64_t>(1, (until - now) / 1000);
    }
    if (here != nullptr) {
      note_asked(*what, *here);
      call.trace = mark_here();
    }
    call.content = what->move_content_to_message();
    return caf::make_mailbox_element(std::move(what->sender), what->mid,
                                     std::move(what->stages),
                                     caf::make_message(std::move(call)));
  }
};

class inward final : public stand_in {
public:
  using stand_in::stand_in;

private:
  caf::mailbox_element_ptr changed(caf::mailbox_element_ptr what) override {
    if (!what->content().match_elements<carried_call>())
      return what;
    auto content = what->move_content_to_message();
    auto& call = content.get_mutable_as<carried_call>(0);
    // CAF leaves empty what it cannot read of it.
    if (call.content.empty()) {
      if (what->mid.is_request())
        caf::response_promise{caf::strong_actor_ptr{ctrl()}, *what}
          .deliver(caf::make_error(caf::sec::malformed_basp_message,
                                   "a call that carries nothing"));
      return nullptr;
    }
    auto now = now_();
    message_origin from;
    from.context = {call.trace.trace_high, call.trace.trace_low,
                    call.trace.span, call.trace.sampled};
    from.sent_ns = static_cast<std::int64_t>(now);
    from.is_remote = true;
    if (call.left_us != 0 && what->mid.is_request())
      from.until = now + call.left_us * 1000;
    auto inner
      = caf::make_mailbox_element(std::move(what->sender), what->mid,
                                  std::move(what->stages),
                                  std::move(call.content));
    return caf::mailbox_element_ptr{
      new traced_element(std::move(inner), from)};
  }
};

template <class T>
caf::actor standing_for(const caf::actor& other, nanosecond_clock now) {
  auto& system = other.home_system();
  caf::actor_config cfg;
  return caf::make_actor<T, caf::actor>(
    system.next_actor_id(), system.node(), &system, cfg,
    caf::actor_cast<caf::strong_actor_ptr>(other), now);
}

} // namespace

caf::actor to_far(const caf::actor& far, nanosecond_clock now) {
  return standing_for<outward>(far, now);
}

caf::actor from_far(const caf::actor& near, nanosecond_clock now) {
  return standing_for<inward>(near, now);
}

} // namespace banksia

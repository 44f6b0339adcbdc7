#pragma once

/// Names that outlive actors: a path with a slot that the supervisor fills with
/// the current handle. Callers keep a `ref`, never a handle.

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/behavior.hpp>
#include <caf/duration.hpp>
#include <caf/make_message.hpp>
#include <caf/message_id.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace banksia {

/// The place behind a name. Thread-safe.
class actor_slot {
public:
  explicit actor_slot(std::string path) : path_(std::move(path)) {}

  const std::string& path() const noexcept { return path_; }

  /// Counts the actors that have stood behind the name.
  std::uint64_t generation() const noexcept {
    return generation_.load(std::memory_order_acquire);
  }

  void publish(caf::actor handle) {
    std::vector<waiter> told;
    {
      std::lock_guard guard{mutex_};
      handle_ = handle;
      generation_.fetch_add(1, std::memory_order_release);
      if (handle)
        told.swap(waiters_);
    }
    for (auto& x : told)
      tell(x, handle);
  }

  /// Answers the request `id` of `asker` with the handle of a generation newer
  /// than `seen`, as soon as there is one.
  void when_newer(std::uint64_t seen, caf::strong_actor_ptr asker,
                  caf::message_id id) {
    caf::actor handle;
    {
      std::lock_guard guard{mutex_};
      if (generation() == seen || !handle_) {
        waiters_.push_back({std::move(asker), id});
        return;
      }
      handle = handle_;
    }
    tell({std::move(asker), id}, handle);
  }

  /// Whether whoever stands here has failed again and again: callers had better
  /// not wait for it. Set by the supervisor, until a while of health.
  bool in_trouble() const noexcept {
    return in_trouble_.load(std::memory_order_relaxed);
  }

  void set_in_trouble(bool x) noexcept {
    in_trouble_.store(x, std::memory_order_relaxed);
  }

  /// Forgets the handle (at shutdown, so that nothing keeps it alive).
  void clear() { publish(caf::actor{}); }

  caf::actor current() const {
    std::lock_guard guard{mutex_};
    return handle_;
  }

private:
  struct waiter {
    caf::strong_actor_ptr asker;
    caf::message_id id;
  };

  static void tell(const waiter& x, const caf::actor& handle) {
    x.asker->enqueue(nullptr, x.id.response_id(), caf::make_message(handle),
                     nullptr);
  }

  const std::string path_;
  std::vector<waiter> waiters_;
  mutable std::mutex mutex_;
  caf::actor handle_;
  std::atomic<std::uint64_t> generation_{0};
  std::atomic<bool> in_trouble_{false};
};

/// A name of an actor with that interface. Copy it, one per owner: it caches
/// the handle and is not thread-safe itself.
template <class Interface>
class ref {
public:
  ref() = default;
  explicit ref(std::shared_ptr<actor_slot> slot) : slot_(std::move(slot)) {}

  explicit operator bool() const noexcept { return slot_ != nullptr; }

  const std::string& path() const noexcept { return slot_->path(); }

  bool in_trouble() const noexcept { return slot_->in_trouble(); }

  /// The current handle. Null only before the first start and after shutdown;
  /// while the actor is down it is the dead one, and a request to it fails at
  /// once with `request_receiver_down`.
  const Interface& get() const {
    auto generation = slot_->generation();
    if (generation != seen_) {
      cached_ = caf::actor_cast<Interface>(slot_->current());
      seen_ = generation;
    }
    return cached_;
  }

  /// Which actor behind the name the last `get` gave; 0 before the first. When
  /// it changes, what was sent to the one before may be lost.
  std::uint64_t generation() const noexcept { return seen_; }

  /// Asks whoever is behind the name, and once more when it was dead: the next
  /// generation, as soon as there is one, within the same limit. Never on an
  /// error of its handler. For idempotent requests only.
  /// @param limit elapsed time for both tries together
  template <class Self, class Done, class Failed, class... Ts>
  void ask(Self* self, std::chrono::milliseconds limit, Done done,
           Failed failed, Ts... xs) const {
    auto until = self->clock().now() + limit;
    const auto& target = get();
    auto seen = seen_;
    auto slot = slot_;
    self->request(target, caf::duration{limit}, xs...)
      .then(done, [=](caf::error& error) {
        auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          until - self->clock().now());
        // No target at all is a dead one too.
        auto dead = error == caf::sec::request_receiver_down
                    || error == caf::sec::invalid_argument;
        if (!dead || left.count() <= 0) {
          failed(error);
          return;
        }
        ask_next(self, *slot, seen, left, done, failed, xs...);
      });
  }

  /// Sends if there is a receiver.
  template <class Self, class... Ts>
  void tell(Self* self, Ts&&... xs) const {
    if (const auto& target = get())
      self->send(target, std::forward<Ts>(xs)...);
  }

private:
  /// Waits for a newer generation and asks it, without another try.
  template <class Self, class Done, class Failed, class... Ts>
  static void ask_next(Self* self, actor_slot& slot, std::uint64_t seen,
                       std::chrono::milliseconds limit, Done done,
                       Failed failed, Ts... xs) {
    auto until = self->clock().now() + limit;
    auto id = self->new_request_id(caf::message_priority::normal);
    slot.when_newer(seen, caf::strong_actor_ptr{self->ctrl()}, id);
    self->request_response_timeout(caf::duration{limit}, id);
    self->add_multiplexed_response_handler(
      id.response_id(),
      caf::behavior{
        [=](const caf::actor& next) {
          auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - self->clock().now());
          self
            ->request(caf::actor_cast<Interface>(next),
                      caf::duration{std::max(left,
                                             std::chrono::milliseconds{1})},
                      xs...)
            .then(done, failed);
        },
        [=](caf::error& error) { failed(error); }});
  }

  std::shared_ptr<actor_slot> slot_;
  mutable Interface cached_;
  mutable std::uint64_t seen_ = 0;
};

} // namespace banksia

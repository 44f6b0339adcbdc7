#pragma once

/// Names that outlive actors: a path with a slot that the supervisor fills with
/// the current handle. Callers keep a `ref`, never a handle.

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

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
    std::lock_guard guard{mutex_};
    handle_ = std::move(handle);
    generation_.fetch_add(1, std::memory_order_release);
  }

  /// Forgets the handle (at shutdown, so that nothing keeps it alive).
  void clear() { publish(caf::actor{}); }

  caf::actor current() const {
    std::lock_guard guard{mutex_};
    return handle_;
  }

private:
  const std::string path_;
  mutable std::mutex mutex_;
  caf::actor handle_;
  std::atomic<std::uint64_t> generation_{0};
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

  /// Sends if there is a receiver.
  template <class Self, class... Ts>
  void tell(Self* self, Ts&&... xs) const {
    if (const auto& target = get())
      self->send(target, std::forward<Ts>(xs)...);
  }

private:
  std::shared_ptr<actor_slot> slot_;
  mutable Interface cached_;
  mutable std::uint64_t seen_ = 0;
};

} // namespace banksia

#pragma once

/// Until when somebody waits for an answer. It goes with a request as its trace
/// does, so that nobody begins with what nobody waits for any more.

#include <cstdint>

namespace banksia {

/// By `monotonic_ns`; 0: whoever asks waits as long as it takes.
using deadline_ns = std::uint64_t;

namespace detail {

inline constinit thread_local deadline_ns asking_until = 0;
inline constinit thread_local deadline_ns handling_until = 0;

} // namespace detail

/// What is asked within the scope is of no use after that time.
class asking_scope {
public:
  /// @param until 0: what holds around it
  explicit asking_scope(deadline_ns until) noexcept
    : before_(detail::asking_until) {
    if (until != 0 && (before_ == 0 || until < before_))
      detail::asking_until = until;
  }
  ~asking_scope() { detail::asking_until = before_; }
  asking_scope(const asking_scope&) = delete;
  asking_scope& operator=(const asking_scope&) = delete;

private:
  deadline_ns before_;
};

/// The deadline of what this thread asks now.
inline deadline_ns asking_deadline() noexcept { return detail::asking_until; }

/// The deadline of the request that this thread handles. It ends there: an
/// actor works for many, and one in a hurry must not cut what others wait for.
/// Whoever asks on behalf of one alone passes it on (`asking_scope`).
inline deadline_ns handled_deadline() noexcept {
  return detail::handling_until;
}

/// For the wrapper: what a handler sees as its request's.
class handling_scope {
public:
  explicit handling_scope(deadline_ns until) noexcept
    : before_(detail::handling_until) {
    detail::handling_until = until;
  }
  ~handling_scope() { detail::handling_until = before_; }
  handling_scope(const handling_scope&) = delete;
  handling_scope& operator=(const handling_scope&) = delete;

private:
  deadline_ns before_;
};

} // namespace banksia

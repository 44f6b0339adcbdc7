#pragma once

/// What ThreadSanitizer cannot see. CAF's library is not instrumented, so its
/// mailboxes and its scheduler order nothing in the sanitizer's eyes, and every
/// message would look like a race. The wrapper says what they guarantee: who
/// handles a message comes after who sent it, and a handler after the one
/// before on the same actor. Races between actors that share memory stay
/// visible. Without the sanitizer these do nothing.

#if defined(__SANITIZE_THREAD__)
#  include <sanitizer/tsan_interface.h>
#endif

namespace banksia {

#if defined(__SANITIZE_THREAD__)

/// All that this thread has done is before whoever takes over from `x`.
inline void hand_over(void* x) { __tsan_release(x); }

/// All that was handed over at `x` is before what follows.
inline void take_over(void* x) { __tsan_acquire(x); }

#else

inline void hand_over(void*) {}
inline void take_over(void*) {}

#endif

/// Hands over when its scope is left, in whatever way.
struct handing_over {
  void* what;

  ~handing_over() { hand_over(what); }
};

} // namespace banksia

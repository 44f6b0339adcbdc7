#pragma once

/// What must be true of an actor's state. One that finds an impossible state
/// ends with the reason, and its supervisor begins anew from what is stored:
/// going on would write down something wrong.

#include <source_location>
#include <stdexcept>
#include <string>

namespace banksia {

/// Thrown by `must_hold`; its text names the condition and the place.
class broken_invariant : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

/// @param what the condition, as a sentence that should be true
/// @throws broken_invariant when it is not
inline void must_hold(bool condition, const char* what,
                      std::source_location where
                      = std::source_location::current()) {
  if (!condition) [[unlikely]]
    throw broken_invariant(std::string{what} + " does not hold in "
                           + where.function_name());
}

} // namespace banksia

#pragma once

#include <stdexcept>

namespace banksia::learning {

/// Nothing can be learned from this: the text says what is wrong, where, and
/// what to do.
class learning_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace banksia::learning

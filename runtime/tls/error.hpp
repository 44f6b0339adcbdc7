#pragma once

#include <stdexcept>

namespace banksia::tls {

/// Keys or certificates that cannot be used or made: what: where: what to do.
class tls_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace banksia::tls

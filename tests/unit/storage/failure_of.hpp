#pragma once

/// How an operation of the storage fails.

#include "runtime/storage/sqlite.hpp"

#include <optional>

namespace banksia::storage_test {

/// The kind of failure `what` ends with; nothing when it works.
template <class F>
std::optional<storage::failure> failure_of(F what) {
  try {
    what();
  } catch (const storage::storage_error& error) {
    return error.kind();
  }
  return std::nullopt;
}

} // namespace banksia::storage_test

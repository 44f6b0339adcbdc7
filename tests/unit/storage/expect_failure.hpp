#pragma once

#include "runtime/storage/sqlite.hpp"

#include <optional>
#include <string>

namespace banksia::storage_test {

/// What an operation failed with.
struct observed {
  std::optional<storage::failure> kind; ///< nothing: it did not fail
  std::string text;

  bool says(std::string_view part) const {
    return text.find(part) != std::string::npos;
  }
};

template <class Operation>
observed failure_of(Operation operation) {
  try {
    operation();
  } catch (const storage::storage_error& error) {
    return {error.kind(), error.what()};
  }
  return {};
}

} // namespace banksia::storage_test

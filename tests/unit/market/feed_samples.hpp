#pragma once

/// What the tests of price sources share.

#include "models/market/feed_answer.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace banksia::test {

inline std::string whole_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// Nothing is expected but that time has passed.
inline feed_expectation long_after() {
  feed_expectation result;
  result.now = parse_rfc3339("2030-01-01T00:00:00Z").value();
  return result;
}

inline timestamp at(std::string_view text) {
  return parse_rfc3339(text).value();
}

} // namespace banksia::test

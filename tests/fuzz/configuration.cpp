/// Configuration as TOML.

#include "config/loader.hpp"
#include "config/sources.hpp"

#include "tests/fuzz/require.hpp"

#include <cstdint>

using namespace banksia;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  auto layer = config::read_toml(text, "fuzz.toml");
  for (const auto& assignment : layer.assignments)
    BANKSIA_REQUIRE(assignment.key != nullptr);
  auto loaded = config::load_text(text, "fuzz.toml");
  BANKSIA_REQUIRE(loaded.errors.empty() == static_cast<bool>(loaded));
  return 0;
}

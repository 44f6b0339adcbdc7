/// The model registry's text: what is read is a registry whose text, read
/// again, says the same.

#include "models/forecast/registry_text.hpp"

#include "tests/fuzz/require.hpp"

#include <cstdint>

using namespace banksia::forecast;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  registry_state read;
  try {
    read = registry_from_text({reinterpret_cast<const char*>(data), size});
  } catch (const registry_error&) {
    return 0;
  }
  auto text = to_text(read);
  auto again = registry_from_text(text);
  BANKSIA_REQUIRE(again == read);
  BANKSIA_REQUIRE(to_text(again) == text);
  std::size_t champions = 0;
  for (const auto& entry : read.entries())
    champions += entry.status() == model_status::champion;
  BANKSIA_REQUIRE(champions <= 1);
  return 0;
}

/// AlphaVantage's series.

#include "models/market/alphavantage.hpp"
#include "models/market/bar_formats_text.hpp"

#include "tests/fuzz/require.hpp"

#include <algorithm>
#include <cstdint>

using namespace banksia;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view body{reinterpret_cast<const char*>(data), size};
  feed_expectation expected;
  expected.now = from_micros(1'786'507'200'000'000);
  auto series = parse_alpha_vantage(200, body, expected);
  BANKSIA_REQUIRE((series.status == feed_status::ok) == series.text.empty());
  BANKSIA_REQUIRE(series.status != feed_status::ok || !series.bars.empty());
  BANKSIA_REQUIRE(bar_text::is_utf8(series.text));
  for (const auto& bar : series.bars)
    BANKSIA_REQUIRE(bar.day.ok());
  return 0;
}

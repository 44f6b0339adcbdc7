/// Yahoo's chart: the first byte chooses the HTTP status, the rest is the body.

#include "models/market/bar_formats_text.hpp"
#include "models/market/yahoo_chart.hpp"

#include "tests/fuzz/require.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

using namespace banksia;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  constexpr std::array<int, 8> statuses{200, 200, 200, 404, 422, 429, 500, 302};
  std::string_view body{reinterpret_cast<const char*>(data) + 1, size - 1};
  feed_expectation expected;
  expected.now = from_micros(1'786'507'200'000'000);
  if (data[0] & 8)
    expected.symbol = "CBA.AX";
  auto chart = parse_yahoo_chart(statuses[data[0] & 7], body, expected);
  BANKSIA_REQUIRE((chart.status == feed_status::ok) == chart.text.empty());
  BANKSIA_REQUIRE(chart.status != feed_status::ok || !chart.bars.empty());
  BANKSIA_REQUIRE(bar_text::is_utf8(chart.text));
  BANKSIA_REQUIRE(chart.text.size() < 1000);
  BANKSIA_REQUIRE(std::is_sorted(
    chart.bars.begin(), chart.bars.end(),
    [](const auto& a, const auto& b) { return a.at < b.at; }));
  for (const auto& bar : chart.bars) {
    BANKSIA_REQUIRE(bar.day.ok());
    BANKSIA_REQUIRE(!bar.is_final || bar.at <= expected.now);
  }
  for (const auto& split : chart.splits)
    BANKSIA_REQUIRE(split.numerator > 0.0 && split.denominator > 0.0);
  return 0;
}

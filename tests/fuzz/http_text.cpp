/// What the HTTP client reads beside HTTP itself: addresses, compressed bodies,
/// pauses. The first byte chooses which.

#include "runtime/http/content_coding.hpp"
#include "runtime/http/url.hpp"
#include "runtime/resilience/retry_budget.hpp"

#include "tests/fuzz/require.hpp"

#include <array>
#include <cstdint>

using namespace banksia;

namespace {

void read_address(std::string_view text) {
  if (auto url = http::parse_url(text)) {
    // What was read once reads the same again.
    auto again = http::parse_url(url->text());
    BANKSIA_REQUIRE(again.has_value());
    BANKSIA_REQUIRE(again->text() == url->text());
    BANKSIA_REQUIRE(url->port != 0 && !url->host.empty());
    BANKSIA_REQUIRE(url->target.starts_with('/'));
  }
  auto base = *http::parse_url("https://a.example/b/c?d=e");
  if (auto next = http::resolve_url(base, text))
    BANKSIA_REQUIRE(next->target.starts_with('/'));
  auto shown = http::masked(text);
  constexpr std::string_view key = "&apikey=";
  for (auto i = shown.find(key); i != shown.npos; i = shown.find(key, i + 1))
    BANKSIA_REQUIRE(shown.substr(i + key.size()).starts_with("***"));
  http::is_private_address(text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  constexpr std::size_t limit = 100'000;
  std::string out;
  switch (data[0] & 3) {
    case 0:
      read_address(text);
      break;
    case 1:
    case 2:
      http::decode_content((data[0] & 3) == 1 ? "gzip" : "deflate", text,
                           limit, out);
      BANKSIA_REQUIRE(out.size() <= limit);
      break;
    default:
      if (auto pause = parse_retry_after(
            text, std::chrono::sys_seconds{std::chrono::seconds{784111777}}))
        BANKSIA_REQUIRE(pause->count() >= 0);
  }
  return 0;
}

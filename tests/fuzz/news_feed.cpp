/// RSS, RDF and Atom: the first byte chooses the charset of the header.

#include "models/news/news_feed.hpp"

#include "tests/fuzz/require.hpp"

#include <array>
#include <cstdint>
#include <set>

using namespace banksia;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  constexpr std::array<std::string_view, 4> charsets{"", "utf-8", "iso-8859-1",
                                                     "utf-16"};
  std::string_view body{reinterpret_cast<const char*>(data) + 1, size - 1};
  auto now = from_micros(1'786'507'200'000'000);
  news_limits limits;
  limits.items_max = 20;
  auto feed = parse_news_feed(body, charsets[data[0] & 3], now, limits);
  BANKSIA_REQUIRE((feed.status == news_status::ok) == feed.text.empty());
  BANKSIA_REQUIRE(feed.items.size() <= limits.items_max);
  BANKSIA_REQUIRE(feed.status == news_status::ok || feed.items.empty());
  std::set<std::string> identities;
  for (const auto& item : feed.items) {
    BANKSIA_REQUIRE(!item.title.empty() && !item.identity.empty());
    BANKSIA_REQUIRE(item.title.size() <= limits.title_bytes_max);
    BANKSIA_REQUIRE(item.summary.size() <= limits.summary_bytes_max);
    BANKSIA_REQUIRE(item.title.find_first_of("\n\r\t") == std::string::npos);
    BANKSIA_REQUIRE(item.link.empty() || item.link.find("://") <= 5);
    BANKSIA_REQUIRE(item.published_at <= now + limits.future_max);
    BANKSIA_REQUIRE(identities.insert(item.identity).second);
  }
  return 0;
}

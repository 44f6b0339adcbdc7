/// Files of headlines, whatever their kind, and the dates in them.

#include "models/news/headline_rows.hpp"
#include "models/news/headline_times.hpp"

#include "tests/fuzz/require.hpp"

#include <cstdint>

using namespace banksia;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  auto now = from_micros(1'786'507'200'000'000);
  auto document = read_headlines(text, now);
  BANKSIA_REQUIRE(document.error.empty() || document.rows.empty());
  std::size_t line = 0;
  for (const auto& row : document.rows) {
    BANKSIA_REQUIRE(row.line > line);
    line = row.line;
    BANKSIA_REQUIRE(row.title.size() <= headline_title_bytes_max);
    BANKSIA_REQUIRE(row.title.find_first_of("\n\r\t") == std::string::npos);
    BANKSIA_REQUIRE(row.link.empty() || row.link.find("://") <= 5);
    for (auto zone : {"", "Australia/Sydney"}) {
      auto x = times_of_headline(row.published, row.fetched, zone, now);
      BANKSIA_REQUIRE(x.problem.empty() || x.repair.empty());
      if (!x.problem.empty())
        continue;
      BANKSIA_REQUIRE(x.published_at <= x.known_at);
      BANKSIA_REQUIRE(x.published_at <= now + std::chrono::minutes{10});
      BANKSIA_REQUIRE(x.published_at > timestamp{});
    }
  }
  return 0;
}

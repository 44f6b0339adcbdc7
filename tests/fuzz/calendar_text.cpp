/// Dates and times as text, and the calendar's page of a year: the first two
/// bytes choose the year, the rest is the text.

#include "models/market/bar_formats_text.hpp"
#include "models/market/calendar_text.hpp"
#include "models/news/news_date.hpp"

#include "tests/fuzz/require.hpp"

#include <cstdint>

using namespace banksia;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2)
    return 0;
  std::string_view text{reinterpret_cast<const char*>(data) + 2, size - 2};
  if (auto at = parse_rfc3339(text)) {
    auto again = parse_rfc3339(to_rfc3339(*at));
    BANKSIA_REQUIRE(again == at);
  }
  if (auto date = parse_date(text)) {
    BANKSIA_REQUIRE(date->ok());
    BANKSIA_REQUIRE(parse_date(to_string(*date)) == date);
  }
  bar_text::day_and_time when;
  if (bar_text::parse_when(text, when) == bar_text::field_state::ok)
    BANKSIA_REQUIRE(when.day.ok());
  auto news = parse_news_date(text);
  BANKSIA_REQUIRE(news.state == date_state::ok || news.at == timestamp{});
  // A page takes longer than all of the above.
  if (size == 2) {
    static const exchange_calendar calendar;
    std::chrono::year year{data[0] * 256 + data[1]};
    if (auto page = describe_year(calendar, year))
      BANKSIA_REQUIRE(render(*page).ends_with('\n'));
  }
  return 0;
}

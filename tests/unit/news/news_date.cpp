#define CAF_SUITE news_date
#include "models/news/news_date.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

std::string read(std::string_view text) {
  auto date = parse_news_date(text);
  return date.state == date_state::ok ? to_rfc3339(date.at)
                                      : std::string{to_string(date.state)};
}

} // namespace

CAF_TEST(RFC 822 and what became of it) {
  constexpr auto expected = "2026-09-10T19:29:06Z";
  for (auto text :
       {"Thu, 10 Sep 2026 19:29:06 +0000", "Thu, 10 Sep 2026 19:29:06 GMT",
        "10 Sep 2026 19:29:06 UT", "thu, 10 sep 2026 19:29:06 utc",
        "Thu, 10 September 2026 19:29:06 Z", "Thu,10 Sep 2026 19:29:06 -0000",
        "  Thu, 10 Sep 26 19:29:06 +0000\n", "Thursday, 10-Sep-26 19:29:06 GMT",
        "Thu, 10 Sep 2026 19:29:06 GMT (a comment)",
        "Fri, 11 Sep 2026 05:29:06 +1000", "Fri, 11 Sep 2026 05:29:06 +10:00",
        "Fri, 11 Sep 2026 05:29:06 AEST", "Fri, 11 Sep 2026 06:29:06 AEDT",
        "Thu, 10 Sep 2026 15:29:06 EDT", "Thu, 10 Sep 2026 14:29:06 EST",
        "Thu, 10 Sep 2026 14:29:06 CDT", "Thu, 10 Sep 2026 12:29:06 PDT",
        "Thu, 10 Sep 2026 12:29:06 MST", "Fri, 11 Sep 2026 03:29:06 AWST",
        "Fri, 11 Sep 2026 04:59:06 ACST", "Thu, 10 Sep 2026 15:29:06 -04"})
    CAF_CHECK_EQUAL(read(text), expected);
  CAF_CHECK_EQUAL(read("1 Jan 99 00:00 GMT"), "1999-01-01T00:00:00Z");
  CAF_CHECK_EQUAL(read("1 Jan 49 00:00 GMT"), "2049-01-01T00:00:00Z");
}

CAF_TEST(RFC 3339 and W3CDTF) {
  constexpr auto expected = "2026-09-10T19:29:00Z";
  for (auto text : {"2026-09-10T19:29:00Z", "2026-09-11T05:29:00+10:00",
                    "2026-09-11T05:29+10:00", "2026-09-10T19:29Z"})
    CAF_CHECK_EQUAL(read(text), expected);
  CAF_CHECK_EQUAL(read("2026-09-10T19:29:00.250Z"),
                  "2026-09-10T19:29:00.250000Z");
}

CAF_TEST(a date without zone is no time) {
  for (auto text :
       {"Thu, 10 Sep 2026 19:29:06", "10 Sep 2026 19:29", "2026-09-10",
        "2026-09-10T19:29:06", "Thu, 10 Sep 2026 19:29:06 A",
        "Thu, 10 Sep 2026 19:29:06 XYZ", "Thu, 10 Sep 2026 19:29:06 +1",
        "Thu, 10 Sep 2026 19:29:06 +9900"})
    CAF_CHECK_EQUAL(read(text), "no_zone");
}

CAF_TEST(what is no date) {
  CAF_CHECK_EQUAL(read(""), "missing");
  CAF_CHECK_EQUAL(read(" \n"), "missing");
  for (auto text :
       {"yesterday", "Thu, 31 Sep 2026 19:29:06 GMT",
        "Thu, 10 Foo 2026 19:29:06 GMT", "Thu, 10 Sep 2026 24:29:06 GMT",
        "Thu, 10 Sep 2026 19:60:06 GMT", "Thu, 10 Sep 2026 GMT",
        "Thu, 10 Sep 2026 19:29:06 GMT later", "2026-13-10T19:29:06Z",
        "2026-02-30T19:29:06Z", "1789068546", "10/09/2026 19:29",
        "Thu, 10 Sep 20266 19:29:06 GMT", "Thu, 0 Sep 2026 19:29:06 GMT"})
    CAF_CHECK_EQUAL(read(text), "bad");
  CAF_CHECK_EQUAL(read(std::string(1000, '1')), "bad");
}

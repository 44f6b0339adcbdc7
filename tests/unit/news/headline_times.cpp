#define CAF_SUITE headline_times
#include "models/news/headline_times.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

const auto received = *parse_rfc3339("2025-10-01T00:00:00Z");

headline_times times(std::string_view published, std::string_view fetched = "",
                     const std::string& zone = "") {
  return times_of_headline(published, fetched, zone, received);
}

timestamp at(std::string_view text) {
  return *parse_rfc3339(text);
}

void check_times(const headline_times& x, std::string_view published,
                 std::string_view known) {
  CAF_CHECK_EQUAL(x.problem, "");
  CAF_CHECK_EQUAL(to_rfc3339(x.published_at), to_rfc3339(at(published)));
  CAF_CHECK_EQUAL(to_rfc3339(x.known_at), to_rfc3339(at(known)));
}

} // namespace

CAF_TEST(history is known when it was published) {
  for (auto text :
       {"2025-07-01T10:00:00+10:00", "2025-07-01 00:00:00+00:00",
        "Tue, 01 Jul 2025 00:00:00 GMT", "1751328000", "1751328000.0",
        "1751328000000"})
    check_times(times(text), "2025-07-01T00:00:00Z", "2025-07-01T00:00:00Z");
  CAF_CHECK(times("2025-07-01T00:00:00Z").repair.empty());
}

CAF_TEST(what somebody saw later is known later) {
  check_times(times("2025-07-01T00:00:00Z", "2025-07-03T00:00:00Z"),
              "2025-07-01T00:00:00Z", "2025-07-03T00:00:00Z");
}

CAF_TEST(a date without a zone is a problem until a zone is given) {
  for (auto text : {"2025-07-01T10:00:00", "2025-07-01 10:00:00.123456",
                    "2025-07-01", "20250701", "Tue, 01 Jul 2025 10:00:00"})
    CAF_CHECK_EQUAL(times(text).problem, "no_zone");
  for (auto text : {"2025-07-01T10:00:00", "2025-07-01 10:00",
                    "Tue, 01 Jul 2025 10:00:00"})
    check_times(times(text, "", "Australia/Sydney"), "2025-07-01T00:00:00Z",
                "2025-07-01T00:00:00Z");
  CAF_CHECK_EQUAL(times("2025-07-01T00:00:00Z", "2025-07-01T10:00:00").problem,
                  "no_zone");
}

CAF_TEST(of a day alone the headline is known when the day is over) {
  check_times(times("2025-07-01", "", "Australia/Sydney"),
              "2025-06-30T14:00:00Z", "2025-07-01T14:00:00Z");
  check_times(times("20250701", "", "UTC"), "2025-07-01T00:00:00Z",
              "2025-07-02T00:00:00Z");
}

CAF_TEST(clocks that go back are read late and skipped times not at all) {
  check_times(times("2025-04-06T02:30:00", "", "Australia/Sydney"),
              "2025-04-05T16:30:00Z", "2025-04-05T16:30:00Z");
  CAF_CHECK_EQUAL(times_of_headline("2024-10-06T02:30:00", "",
                                    "Australia/Sydney", received)
                    .problem,
                  "bad_date");
}

CAF_TEST(without a date it was published when it was seen) {
  for (auto nothing : {"", "null", "NaN", "None", "n/a"}) {
    auto x = times(nothing, "2025-07-01T00:00:00Z");
    check_times(x, "2025-07-01T00:00:00Z", "2025-07-01T00:00:00Z");
    CAF_CHECK_EQUAL(x.repair, "no_date");
    CAF_CHECK_EQUAL(times(nothing).problem, "no_date");
  }
}

CAF_TEST(it cannot be seen before it is published) {
  auto x = times("2025-07-02T00:00:00Z", "2025-07-01T00:00:00Z");
  check_times(x, "2025-07-01T00:00:00Z", "2025-07-01T00:00:00Z");
  CAF_CHECK_EQUAL(x.repair, "future_date");
  // Clocks differ by minutes; the later one is the safe one.
  auto near = times("2025-07-01T00:05:00Z", "2025-07-01T00:00:00Z");
  check_times(near, "2025-07-01T00:05:00Z", "2025-07-01T00:05:00Z");
  CAF_CHECK(near.repair.empty());
}

CAF_TEST(a date that cannot be read is a problem whatever the other says) {
  for (auto text : {"yesterday", "2025-13-01", "01/07/2025", "12",
                    "1970-01-01T00:00:00Z", "2025-07-01T25:00:00Z"})
    CAF_CHECK_EQUAL(times(text, "2025-07-01T00:00:00Z").problem, "bad_date");
  CAF_CHECK_EQUAL(times("2025-07-01T00:00:00Z", "soon").problem, "bad_date");
  CAF_CHECK_EQUAL(times("2031-07-01T00:00:00Z").problem, "future_date");
  CAF_CHECK_EQUAL(
    times("2025-07-01T00:00:00Z", "2031-07-01T00:00:00Z").problem,
    "future_date");
}

CAF_TEST(zones are known by their names) {
  CAF_CHECK_EQUAL(known_zone("Australia/Sydney").value_or(""),
                  "Australia/Sydney");
  CAF_CHECK(!known_zone("Sydney/Australia"));
  CAF_CHECK(!known_zone(""));
}

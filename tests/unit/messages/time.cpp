#define CAF_SUITE time
#include "messages/time.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

CAF_TEST(a time is printed in UTC and read back) {
  auto t = from_micros(1'751'328'000'000'000);
  CAF_CHECK_EQUAL(to_rfc3339(t), "2025-07-01T00:00:00Z");
  CAF_CHECK(parse_rfc3339("2025-07-01T00:00:00Z") == t);
  CAF_CHECK(parse_rfc3339("2025-07-01T10:00:00+10:00") == t);
  CAF_CHECK(parse_rfc3339("2025-06-30 19:00:00-05:00") == t);
  CAF_CHECK_EQUAL(to_rfc3339(t + micros{250}), "2025-07-01T00:00:00.000250Z");
  CAF_CHECK(parse_rfc3339("2025-07-01T00:00:00.00025Z") == t + micros{250});
}

CAF_TEST(times before 1970 are printed correctly) {
  CAF_CHECK_EQUAL(to_rfc3339(from_micros(-1)), "1969-12-31T23:59:59.999999Z");
}

CAF_TEST(a naive or malformed time is refused) {
  for (auto text : {"2025-07-01T00:00:00", "2025-07-01", "", "yesterday",
                    "2025-02-29T00:00:00Z", "2025-07-01T24:00:00Z",
                    "2025-07-01T00:00:00+1000", "2025-07-01T00:00:00.Z",
                    "2025-07-01T00:00:00Zx", "2025-07-01T00:00:00+24:00"})
    CAF_CHECK(!parse_rfc3339(text));
}

CAF_TEST(dates are read in both forms) {
  auto date = parse_date("2004-02-29");
  CAF_REQUIRE(date.has_value());
  CAF_CHECK_EQUAL(to_string(*date), "2004-02-29");
  CAF_CHECK(parse_date("20040229") == date);
  for (auto text : {"2005-02-29", "2004-13-01", "2004-1-01", "20041301", "x"})
    CAF_CHECK(!parse_date(text));
}

#define CAF_SUITE http_deadline
#include "runtime/http/deadline.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::http;
using namespace std::chrono_literals;

namespace {

request asking_for(std::string seconds) {
  request what;
  what.headers.emplace_back("request-timeout", std::move(seconds));
  return what;
}

long milliseconds_for(std::string seconds) {
  auto given = time_for(asking_for(std::move(seconds)), 10s);
  return given ? given->count() : -1;
}

} // namespace

CAF_TEST(without a word of the client it has what is allowed) {
  auto given = time_for(request{}, 10s);
  CAF_REQUIRE(given.has_value());
  CAF_CHECK_EQUAL(given->count(), 10'000);
}

CAF_TEST(a client may ask for less and not for more) {
  CAF_CHECK_EQUAL(milliseconds_for("2"), 2000);
  CAF_CHECK_EQUAL(milliseconds_for("0.25"), 250);
  CAF_CHECK_EQUAL(milliseconds_for(".5"), 500);
  CAF_CHECK_EQUAL(milliseconds_for("0.0000001"), 1);
  CAF_CHECK_EQUAL(milliseconds_for("10"), 10'000);
  CAF_CHECK_EQUAL(milliseconds_for("3600"), 10'000);
  CAF_CHECK_EQUAL(milliseconds_for("9999999999999999"), 10'000);
}

CAF_TEST(what is no number of seconds is refused) {
  for (auto text : {"", "0", "0.0", "-1", "+1", "1e3", "nan", "inf", "2s", "1,5",
                    "1.2.3", ".", "0x10", " 1", "99999999999999999"}) {
    auto given = time_for(asking_for(text), 10s);
    CAF_REQUIRE(!given);
    CAF_CHECK_EQUAL(given.error().status, 400);
    CAF_CHECK(given.error().body.find("\"field\":\"Request-Timeout\"")
              != std::string::npos);
    CAF_CHECK(given.error().body.find("/problems/invalid-header")
              != std::string::npos);
  }
}

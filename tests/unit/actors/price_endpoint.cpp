#define CAF_SUITE price_endpoint

// What Yahoo tells in today's shares, as it was traded.

#include "actors/feeds/price_endpoint.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

std::string seconds(std::string_view time) {
  return std::to_string(to_micros(at(time)) / 1'000'000);
}

/// Three days of CBA, the third one after a split of two for one, with a
/// dividend on the second and one on the third.
std::string chart(const std::string& events) {
  auto column = [](const char* name, const char* values) {
    return std::string{"\""} + name + "\":[" + values + "]";
  };
  return R"({"chart":{"result":[{"meta":{"currency":"AUD","symbol":"CBA.AX",)"
         R"("exchangeName":"ASX","instrumentType":"EQUITY",)"
         R"("exchangeTimezoneName":"Australia/Sydney","gmtoffset":36000,)"
         R"("dataGranularity":"1d"},"timestamp":[)"
         + seconds("2025-07-01T00:00:00Z") + ","
         + seconds("2025-07-02T00:00:00Z") + ","
         + seconds("2025-07-03T00:00:00Z") + "]," + events
         + R"("indicators":{"quote":[{)" + column("open", "50,51,52") + ","
         + column("high", "50.5,51.5,52.5") + "," + column("low", "49,50,51")
         + "," + column("close", "50.25,51.25,52.25") + ","
         + column("volume", "2000,4000,6000") + "}]}}],\"error\":null}}";
}

std::string events() {
  auto day2 = seconds("2025-07-02T00:00:00Z");
  auto day3 = seconds("2025-07-03T00:00:00Z");
  return R"("events":{"dividends":{")" + day2 + R"(":{"amount":0.5,"date":)"
         + day2 + "},\"" + day3 + R"(":{"amount":0.75,"date":)" + day3
         + R"(}},"splits":{")" + day3 + R"(":{"date":)" + day3
         + R"(,"numerator":2,"denominator":1,"splitRatio":"2:1"}}},)";
}

price_answer read(const std::string& body) {
  price_request asked;
  asked.symbol = "CBA.AX";
  asked.interval = bar_interval::d1;
  asked.until = at("2025-07-10T00:00:00Z");
  http::fetch_result got;
  got.status = 200;
  got.body = body;
  return yahoo_endpoint("http://127.0.0.1:1").read(asked, got, asked.until);
}

} // namespace

CAF_TEST(bars before a split are told as they were traded) {
  auto x = read(chart(events()));
  CAF_REQUIRE_EQUAL(x.status, "ok");
  CAF_REQUIRE_EQUAL(x.bars.size(), 3u);
  CAF_CHECK_EQUAL(x.bars[0].open.value(), 100.0);
  CAF_CHECK_EQUAL(x.bars[0].high.value(), 101.0);
  CAF_CHECK_EQUAL(x.bars[0].low.value(), 98.0);
  CAF_CHECK_EQUAL(x.bars[0].close.value(), 100.5);
  CAF_CHECK_EQUAL(x.bars[0].volume.value(), 1000.0);
  CAF_CHECK_EQUAL(x.bars[1].close.value(), 102.5);
  // The split's own day trades in new shares.
  CAF_CHECK_EQUAL(x.bars[2].close.value(), 52.25);
  CAF_CHECK_EQUAL(x.bars[2].volume.value(), 6000.0);
}

CAF_TEST(splits and dividends are told in the shares of their day) {
  auto x = read(chart(events()));
  CAF_REQUIRE_EQUAL(x.actions.size(), 3u);
  CAF_CHECK(x.actions[0].kind == action_kind::split);
  CAF_CHECK(x.actions[0].effective_at == at("2025-07-03T00:00:00Z"));
  CAF_CHECK_EQUAL(x.actions[0].value.value(), 2.0);
  CAF_CHECK_EQUAL(x.actions[0].symbol, "CBA.AX");
  CAF_CHECK_EQUAL(x.actions[0].source, "yahoo");
  CAF_CHECK_EQUAL(x.actions[1].value.value(), 1.0); // of old shares
  CAF_CHECK_EQUAL(x.actions[2].value.value(), 0.75);
}

CAF_TEST(the newest bar that grows is told apart from the final ones) {
  price_request asked;
  asked.symbol = "CBA.AX";
  asked.interval = bar_interval::d1;
  asked.until = at("2025-07-03T03:00:00Z"); // within the third day
  http::fetch_result got;
  got.status = 200;
  got.body = chart("");
  auto x = yahoo_endpoint("http://127.0.0.1:1").read(asked, got, asked.until);
  CAF_REQUIRE_EQUAL(x.status, "ok");
  CAF_CHECK_EQUAL(x.bars.size(), 2u);
  CAF_CHECK_EQUAL(x.growing, 1u);
  CAF_REQUIRE_EQUAL(x.running.size(), 1u);
  CAF_CHECK_EQUAL(x.running[0].close.value(), 52.25);
  CAF_CHECK(x.running[0].opened_at == at("2025-07-03T00:00:00Z"));
  CAF_CHECK(read(chart("")).running.empty());
}

CAF_TEST(without events nothing is changed) {
  auto x = read(chart(""));
  CAF_CHECK(x.actions.empty());
  CAF_REQUIRE_EQUAL(x.bars.size(), 3u);
  CAF_CHECK_EQUAL(x.bars[0].close.value(), 50.25);
  CAF_CHECK_EQUAL(x.bars[0].volume.value(), 2000.0);
}

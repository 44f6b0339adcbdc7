#define CAF_SUITE services_gate
#include "actors/services/service_gate.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace std::chrono_literals;

namespace {

struct gate_fixture {
  std::chrono::steady_clock::time_point now{1000s};
  telemetry::metrics series;
  service_gates gates;
  std::shared_ptr<service_gate> gate
    = gates.of("data", {200ms, 1s, 2}, [this] { return now; }, series);
  http::response refusal;

  bool shows(const std::string& line) const {
    return series.render().find(line) != std::string::npos;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(gate_tests, gate_fixture)

CAF_TEST(a job that comes up in time is done and its wait is counted) {
  auto place = gate->enter(refusal);
  CAF_REQUIRE(place != nullptr);
  now += 300ms;
  CAF_CHECK(place->begin(now + 1ms));
  CAF_CHECK(shows("banksia_service_queue_seconds_sum{service=\"data\"} 0.3"));
}

CAF_TEST(a job whose deadline has passed is not done) {
  auto place = gate->enter(refusal);
  auto deadline = now + 100ms;
  now += 100ms;
  CAF_CHECK(!place->begin(deadline));
  CAF_CHECK(shows("banksia_service_shed_total{reason=\"late\","
                  "service=\"data\"} 1"));
}

CAF_TEST(beyond so many waiting one is told when to come again) {
  auto first = gate->enter(refusal);
  auto second = gate->enter(refusal);
  now += 150ms;
  CAF_CHECK(gate->enter(refusal) == nullptr);
  CAF_CHECK_EQUAL(refusal.status, 503);
  CAF_CHECK(refusal.body.find("/problems/overloaded") != std::string::npos);
  CAF_REQUIRE_EQUAL(refusal.headers.size(), 1u);
  CAF_CHECK_EQUAL(refusal.headers[0].first, "Retry-After");
  CAF_CHECK_EQUAL(refusal.headers[0].second, "1");
  CAF_CHECK(shows("banksia_service_shed_total{reason=\"full\","
                  "service=\"data\"} 1"));
}

CAF_TEST(a service that stands refuses and says so until it has caught up) {
  auto held = gate->enter(refusal);
  now += 3s;
  CAF_CHECK(gate->enter(refusal) == nullptr);
  CAF_CHECK_EQUAL(refusal.headers.at(0).second, "3");
  CAF_CHECK(shows("banksia_service_shed_total{reason=\"standing\","
                  "service=\"data\"} 1"));
  CAF_CHECK_EQUAL(gates.trouble(),
                  "the data service is overloaded: 1 requests wait");
  CAF_CHECK(held->begin(now + 1s));
  CAF_CHECK_EQUAL(gates.trouble(), "");
  CAF_CHECK(gate->enter(refusal) != nullptr);
}

CAF_TEST(another service has a gate of its own) {
  auto held = gate->enter(refusal);
  now += 3s;
  CAF_CHECK(gate->enter(refusal) == nullptr);
  auto other = gates.of("ml", {}, [this] { return now; }, series);
  CAF_CHECK(other->enter(refusal) != nullptr);
  CAF_CHECK(gates.of("data", {}, {}, series) == gate);
}

CAF_TEST(a job that fell with its bridge does not wait any more) {
  auto held = gate->enter(refusal);
  now += 3s;
  CAF_CHECK(gate->enter(refusal) == nullptr);
  held.reset();
  CAF_CHECK(gate->enter(refusal) != nullptr);
}

CAF_TEST_FIXTURE_SCOPE_END()

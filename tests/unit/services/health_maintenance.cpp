#define CAF_SUITE health_maintenance
#include "tests/unit/services/monitored.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

/// The monitor beside a database whose writer and reader are well.
struct maintenance_fixture : monitored {
  component_health database() {
    for (auto path : {"store/writer", "store/reader/1"})
      says(path, "database");
    return told_of("database");
  }

  void care_says(health_state state, const std::string& reason) {
    says("store/maintenance", "database", state, reason);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(health_maintenance_tests, maintenance_fixture)

CAF_TEST(what the care of the database says counts) {
  care_says(health_state::unhealthy, "damaged");
  auto x = database();
  CAF_CHECK(x.state == health_state::unhealthy);
  CAF_CHECK_EQUAL(x.reason, "damaged");
}

CAF_TEST(a database whose care is at work serves on) {
  stand_in("store/maintenance")->reply
    = [](const caf::message&) -> peer::answer {
    return [](caf::response_promise& to) {
      to.deliver(caf::make_error(caf::sec::request_timeout));
    };
  };
  auto x = database();
  CAF_CHECK(x.state == health_state::degraded);
  CAF_CHECK_EQUAL(x.reason, "its daily care is under way");
}

CAF_TEST_FIXTURE_SCOPE_END()

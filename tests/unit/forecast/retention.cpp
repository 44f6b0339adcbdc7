#define CAF_SUITE forecast_retention
#include "models/forecast/retention.hpp"

#include "tests/unit/forecast/registry_samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

std::vector<std::string> versions(const std::vector<retention_step>& steps) {
  std::vector<std::string> out;
  for (const auto& x : steps)
    out.push_back(x.version);
  return out;
}

using names = std::vector<std::string>;

} // namespace

CAF_TEST(nothing goes while there are few) {
  registry_state x;
  crown(x, "m1", 1);
  crown(x, "m2", 2);
  CAF_CHECK(plan_retention(x, {}, day(1000)) == retention_plan{});
}

CAF_TEST(of each status the latest stay) {
  registry_state x;
  for (int i = 1; i <= 5; ++i)
    crown(x, "a" + std::to_string(i), i);
  for (int i = 1; i <= 4; ++i)
    x.add(entry("c" + std::to_string(i)), order(10 + i));
  for (int i = 1; i <= 3; ++i) {
    x.add(entry("s" + std::to_string(i)), order(20));
    x.shadow("s" + std::to_string(i), order(20 + i));
  }
  retention_rules rules{2, 1, 3, std::chrono::days{90}};
  auto plan = plan_retention(x, rules, day(30));
  CAF_CHECK(versions(plan.archive) == (names{"a2", "a1", "s2", "s1", "c1"}));
  CAF_CHECK(plan.remove.empty());
  CAF_CHECK_EQUAL(plan.archive[0].reason,
                  "beyond the 2 latest deprecated models");
  // Each of them can be done.
  for (const auto& step : plan.archive)
    CAF_CHECK(!x.archive(step.version, order(30, step.reason)));
  CAF_CHECK(plan_retention(x, rules, day(30)) == retention_plan{});
  CAF_CHECK_EQUAL(x.champion()->version, "a5");
}

CAF_TEST(whom a rollback would restore stays whatever the rules say) {
  registry_state x;
  crown(x, "m1", 1);
  crown(x, "m2", 2);
  crown(x, "m3", 3);
  auto plan = plan_retention(x, {0, 0, 0, std::chrono::days{0}}, day(9));
  CAF_CHECK(versions(plan.archive) == names{"m1"});
}

CAF_TEST(archived models are deleted when their time is over) {
  registry_state x;
  x.add(entry("m1"), order(1));
  x.add(entry("m2"), order(1));
  x.archive("m1", order(2));
  x.archive("m2", order(3));
  CAF_CHECK(plan_retention(x, {}, day(92)).remove.empty());
  auto plan = plan_retention(x, {}, day(93));
  CAF_CHECK(versions(plan.remove) == names{"m1"});
  CAF_CHECK_EQUAL(plan.remove[0].reason, "archived for more than 90 days");
  CAF_CHECK(versions(plan_retention(x, {}, day(100)).remove)
            == (names{"m1", "m2"}));
  CAF_CHECK(!x.remove("m1"));
}

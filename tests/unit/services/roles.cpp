#define CAF_SUITE services_roles
#include "actors/services/bridge.hpp"
#include "actors/services/roles.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

namespace {

std::string problem_of(std::string_view text) {
  return parse_roles(text).problem;
}

service_setup setup_of(role_set roles) {
  service_setup x;
  x.roles = roles;
  return x;
}

} // namespace

CAF_TEST(roles are read in any order and written in one) {
  auto found = parse_roles("dashboard, core,ml");
  CAF_CHECK_EQUAL(found.problem, "");
  CAF_CHECK(found.roles
            == (role_set{node_role::core, node_role::ml,
                         node_role::dashboard}));
  CAF_CHECK_EQUAL(to_string(found.roles), "core,ml,dashboard");
  CAF_CHECK_EQUAL(to_string(found.roles, "-"), "core-ml-dashboard");
  CAF_CHECK(parse_roles(to_string(role_set::all())).roles == role_set::all());
  CAF_CHECK(!found.roles.has(node_role::data));
}

CAF_TEST(what is no role is refused with those there are) {
  std::string known = "give some of core,prediction,evaluation,ml,data,"
                      "dashboard";
  CAF_CHECK_EQUAL(problem_of("predict"), "no such role: predict: " + known);
  CAF_CHECK_EQUAL(problem_of("core,Data"), "no such role: Data: " + known);
  CAF_CHECK_EQUAL(problem_of(""), "an empty role: " + known);
  CAF_CHECK_EQUAL(problem_of("core,"), "an empty role: " + known);
  CAF_CHECK_EQUAL(problem_of("core,,ml"), "an empty role: " + known);
  CAF_CHECK_EQUAL(problem_of("ml,ml"), "a role twice: ml: name each once");
}

CAF_TEST(each process has one bridge for what all listeners have) {
  auto all = setup_of(role_set::all());
  CAF_CHECK_EQUAL(std::string{common_bridge(all)}, "api/dashboard");
  CAF_CHECK_EQUAL(own_component(all), "dashboard");
  auto two = setup_of({node_role::ml, node_role::data});
  CAF_CHECK_EQUAL(std::string{common_bridge(two)}, "api/ml");
  CAF_CHECK_EQUAL(own_component(two), "ml");
  auto core = setup_of({node_role::core});
  CAF_CHECK_EQUAL(std::string{common_bridge(core)}, "api/core");
}

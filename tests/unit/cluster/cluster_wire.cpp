#define CAF_SUITE cluster_wire
#include "messages/cluster.hpp"

#include "tests/unit/actors/peers.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

using namespace banksia;

namespace {

struct cluster_config : caf::actor_system_config {
  cluster_config() {
    add_message_types<caf::id_block::banksia>();
    add_message_types<caf::id_block::banksia_cluster>();
  }
};

struct wire_fixture : test_coordinator_fixture<cluster_config> {
  /// As it is after its way in a message, as which it has to be known.
  template <class T>
  T returned(const T& x) {
    std::vector<char> bytes;
    caf::binary_serializer sink{sys, bytes};
    auto message = caf::make_message(x);
    CAF_REQUIRE(!sink(message));
    caf::binary_deserializer source{sys, bytes};
    caf::message back;
    CAF_REQUIRE(!source(back));
    CAF_REQUIRE(back.match_elements<T>());
    return back.get_as<T>(0);
  }
};

} // namespace

CAF_TEST(ids of the cluster stay what they are) {
  CAF_CHECK_EQUAL(caf::type_id<core_hello>::value, 1200u);
  CAF_CHECK_EQUAL(caf::type_id<core_welcome>::value, 1201u);
  CAF_CHECK_EQUAL(caf::type_id<core_name>::value, 1202u);
  CAF_CHECK_EQUAL(caf::type_id<core_names>::value, 1203u);
  CAF_CHECK_EQUAL(caf::type_id<core_link_actor>::value, 1204u);
  CAF_CHECK_EQUAL(caf::type_id<event_sink_actor>::value, 1205u);
}

CAF_TEST_FIXTURE_SCOPE(cluster_wire_tests, wire_fixture)

CAF_TEST(what is said between core and roles comes as it was sent) {
  core_hello hello;
  hello.application = "banksia";
  hello.schema = 12;
  hello.configuration = "abc";
  hello.roles = "data";
  CAF_CHECK(returned(hello) == hello);
  core_welcome welcome;
  welcome.refusal = "no";
  CAF_CHECK(returned(welcome) == welcome);
  core_names names;
  names.names.push_back({1, "scheduler", caf::actor{}, 3, true});
  CAF_CHECK(returned(names) == names);
  CAF_CHECK(returned(names.names.front()) == names.names.front());
}

CAF_TEST(handles of sinks and links have an id) {
  CAF_CHECK(!returned(event_sink_actor{}));
  CAF_CHECK(!returned(core_link_actor{}));
}

CAF_TEST(a version that this build does not know is refused) {
  core_hello hello;
  hello.version = 2;
  std::vector<char> bytes;
  caf::binary_serializer sink{sys, bytes};
  CAF_REQUIRE(!sink(hello));
  caf::binary_deserializer source{sys, bytes};
  core_hello back;
  CAF_CHECK(source(back));
}

CAF_TEST_FIXTURE_SCOPE_END()

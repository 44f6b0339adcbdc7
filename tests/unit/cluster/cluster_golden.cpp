#define CAF_SUITE cluster_golden
#include "messages/cluster.hpp"

#include "caf/test/dsl.hpp"

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <string_view>

using namespace banksia;

namespace {

struct golden_config : caf::actor_system_config {
  golden_config() {
    add_message_types<caf::id_block::banksia>();
    add_message_types<caf::id_block::banksia_cluster>();
    add_message_types<caf::id_block::banksia_carried>();
  }
};

std::string hex(const std::vector<char>& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (auto x : bytes) {
    auto byte = static_cast<unsigned char>(x);
    result += digits[byte >> 4];
    result += digits[byte & 15];
  }
  return result;
}

std::vector<char> unhex(std::string_view text) {
  std::vector<char> result;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    result.push_back(static_cast<char>(
      std::stoi(std::string{text.substr(i, 2)}, nullptr, 16)));
  return result;
}

struct golden_fixture : test_coordinator_fixture<golden_config> {
  template <class T>
  std::vector<char> save(const T& x) {
    std::vector<char> bytes;
    caf::binary_serializer sink{sys, bytes};
    CAF_REQUIRE(!sink(x));
    return bytes;
  }

  /// Today's bytes are those of the builds before, and those are understood.
  template <class T>
  void check(const T& x, std::string_view golden) {
    auto bytes = hex(save(x));
    if (bytes != golden)
      CAF_MESSAGE(caf::type_name<T>::value << " is now " << bytes);
    CAF_CHECK(bytes == golden);
    auto earlier = unhex(golden);
    caf::binary_deserializer source{sys, earlier};
    T loaded;
    CAF_CHECK(!source(loaded));
    CAF_CHECK_EQUAL(source.remaining(), 0u);
    CAF_CHECK_EQUAL(hex(save(loaded)), std::string{golden});
  }

  /// Every struct begins with its version; a later one is refused.
  template <class T>
  void check_later_version(T x) {
    auto bytes = save(x);
    ++bytes.front();
    caf::binary_deserializer source{sys, bytes};
    T loaded;
    CAF_CHECK(source(loaded));
  }
};

core_feed feed() {
  core_feed x;
  x.feed = "yahoo";
  x.breaker = "open";
  x.calls = 300;
  x.accepted = 200;
  x.repaired = 2;
  x.quarantined = 1;
  x.points = 203;
  x.invalid = 3;
  x.last_answer = timestamp{std::chrono::microseconds{1750000000000000}};
  x.trouble = "503";
  return x;
}

carried_call call() {
  carried_call x;
  x.trace = {1, 0x0102030405060708, 0x090a0b0c0d0e0f10, 0x1112131415161718,
             true};
  x.left_us = 1'500'000;
  x.content = caf::make_message(wire::status_atom_v, std::string{"CBA.AX"});
  return x;
}

} // namespace

CAF_TEST(ids of what is carried stay what they are) {
  CAF_CHECK_EQUAL(caf::type_id<core_feed>::value, 1206u);
  CAF_CHECK_EQUAL(caf::type_id<core_state>::value, 1207u);
  CAF_CHECK_EQUAL(caf::type_id<carried_call>::value, 1300u);
  CAF_CHECK_EQUAL(caf::type_id<process_counts>::value, 1301u);
}

CAF_TEST_FIXTURE_SCOPE(cluster_golden_tests, golden_fixture)

CAF_TEST(a hello has its golden bytes) {
  check(core_hello{1, "banksia", 12, "abc", "data"},
        "010762616e6b7369610000000c036162630464617461");
}

CAF_TEST(a welcome has its golden bytes) {
  check(core_welcome{1, "no"}, "01026e6f");
}

CAF_TEST(names have their golden bytes) {
  core_names x;
  x.names.push_back({1, "scheduler", caf::actor{}, 3, true});
  check(x.names.front(),
        "01097363686564756c65720000000000000000000000000000000f0000000000"
        "00000301");
  check(x,
        "010101097363686564756c65720000000000000000000000000000000f000000"
        "000000000301");
}

CAF_TEST(what the core says at a look has its golden bytes) {
  check(feed(),
        "01057961686f6f046f70656e000000000000012c00000000000000c800000000"
        "00000002000000000000000100000000000000cb00000000000000030006379d"
        "a05b600003353033");
  check(core_state{1, 2, {feed()}},
        "0100000000000000020101057961686f6f046f70656e000000000000012c0000"
        "0000000000c80000000000000002000000000000000100000000000000cb0000"
        "0000000000030006379da05b600003353033");
}

CAF_TEST(a carried call has its golden bytes) {
  check(call(),
        "01010102030405060708090a0b0c0d0e0f101112131415161718010000000000"
        "16e36000000e403c3e2b4061746f6d2b40737472000000fe399b9eb806434241"
        "2e4158");
}

CAF_TEST(counts of a process have their golden bytes) {
  check(process_counts{1, 1000, 20, 3},
        "0100000000000003e800000000000000140000000000000003");
}

CAF_TEST(later versions are refused) {
  check_later_version(core_hello{});
  check_later_version(core_welcome{});
  check_later_version(core_name{});
  check_later_version(core_names{});
  check_later_version(core_feed{});
  check_later_version(core_state{});
  check_later_version(process_counts{});
  check_later_version(call());
}

CAF_TEST(a carried call that is cut off anywhere is refused or carries nothing) {
  auto whole = save(call());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    auto bytes = whole;
    bytes.resize(size);
    caf::binary_deserializer source{sys, bytes};
    carried_call loaded;
    auto refused = static_cast<bool>(source(loaded));
    CAF_CHECK(refused || loaded.content.empty());
  }
}

CAF_TEST(what is carried comes whole as a message) {
  auto bytes = save(caf::make_message(call()));
  caf::binary_deserializer source{sys, bytes};
  caf::message back;
  CAF_REQUIRE(!source(back));
  CAF_REQUIRE(back.match_elements<carried_call>());
  const auto& x = back.get_as<carried_call>(0);
  CAF_CHECK(x.trace == call().trace);
  CAF_CHECK_EQUAL(x.left_us, 1'500'000u);
  CAF_REQUIRE((x.content.match_elements<wire::status_atom, std::string>()));
  CAF_CHECK_EQUAL(x.content.get_as<std::string>(1), "CBA.AX");
}

CAF_TEST_FIXTURE_SCOPE_END()

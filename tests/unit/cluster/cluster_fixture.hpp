#pragma once

/// A core's gate with stand-ins behind the core's names, and a link with names
/// of its own, on the deterministic scheduler.

#include "cluster/core_gate.hpp"
#include "cluster/core_link.hpp"
#include "tests/unit/actors/peers.hpp"

#include <set>

namespace banksia::cluster_test {

using namespace banksia::actors_test;
using milliseconds = std::chrono::milliseconds;

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

inline core_hello hello() {
  core_hello x;
  x.application = "banksia";
  x.schema = 7;
  x.configuration = "00112233445566778899";
  x.roles = "prediction";
  return x;
}

struct cluster_fixture : actors_fixture {
  core_gate_actor gate;

  /// A core begins; as after a restart where there was one.
  void begin_core(const core_hello& expected = hello()) {
    core_gate_setup setup;
    setup.names = &names;
    setup.expected = expected;
    gate = publish("core/gate",
                   sys.spawn(core_gate, std::make_shared<probe>("core/gate"),
                             setup));
    sched.run();
  }

  std::uint64_t links_told() {
    auto x = ask<core_state>(gate, wire::status_atom_v);
    CAF_REQUIRE(x->has_value());
    return (*x)->links;
  }
};

} // namespace banksia::cluster_test

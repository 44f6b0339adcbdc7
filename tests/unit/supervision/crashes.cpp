#define CAF_SUITE crashes
#include "runtime/supervision/invariant.hpp"
#include "tests/unit/supervision/otp.hpp"

#include <new>

using namespace banksia;
using namespace banksia::supervision_test;

namespace {

using throw_atom = caf::atom_constant<caf::atom("throw")>;

/// What an actor dies of, and what the report must say of it.
struct death {
  const char* name;
  void (*happen)();
  const char* type;
  const char* text;
};

const std::vector<death> deaths{
  {"a standard exception", [] { throw std::out_of_range("no row 7"); },
   "out_of_range", "no row 7"},
  {"an integer", [] { throw 42; }, "int", "thrown, but no std::exception"},
  {"no memory", [] { throw std::bad_alloc(); }, "bad_alloc", "bad_alloc"},
  {"a broken invariant",
   [] { must_hold(1 + 1 == 3, "a cycle ends once"); },
   "broken_invariant", "a cycle ends once does not hold in"},
};

struct crash_fixture : otp_fixture {
  const death* at_start = nullptr; ///< of "victim", at its next starts

  crash_fixture() {
    auto victim = spec("victim");
    victim.start = [this](caf::actor_system& system,
                          std::shared_ptr<probe> watched) {
      return system.spawn([this, watched](worker_self* self) -> caf::behavior {
        prepare(self, watched);
        if (at_start)
          std::exchange(at_start, nullptr)->happen();
        return {
          [](throw_atom, std::uint64_t which, std::uint64_t) {
            deaths[which].happen();
          },
          [](std::int32_t x) { return 2 * x; },
        };
      });
    };
    specs = {victim, spec("neighbour")};
  }

  /// No two messages are the same: what kills twice is set aside.
  void kill(std::uint64_t which) {
    caf::anon_send(at("victim"), throw_atom::value, which, ++kills_);
    sched.run();
  }

  /// The reports of how the victim ended since then.
  std::vector<supervision_event> terminations() const {
    std::vector<supervision_event> result;
    for (const auto& x : events)
      if (x.child == "victim" && x.event == "child_terminated")
        result.push_back(x);
    return result;
  }

  void check_told(const supervision_event& told, const death& how) {
    CAF_CHECK(told.reason.find(how.type) != std::string::npos);
    CAF_CHECK(told.reason.find(how.text) != std::string::npos);
    if (told.reason.find(how.text) == std::string::npos)
      CAF_MESSAGE(how.name << ": " << told.reason);
  }

private:
  std::uint64_t kills_ = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(crash_tests, crash_fixture)

CAF_TEST(whatever a handler throws stays inside and is told) {
  begin();
  for (std::uint64_t i = 0; i < deaths.size(); ++i) {
    CAF_MESSAGE(deaths[i].name);
    kill(i);
    CAF_REQUIRE_EQUAL(terminations().size(), i + 1);
    check_told(terminations().back(), deaths[i]);
    CAF_CHECK(terminations().back().last_message == "@atom, @u64, @u64");
    CAF_CHECK(lives("victim"));
    CAF_CHECK(lives("neighbour"));
  }
  CAF_CHECK_EQUAL(generation("neighbour"), 1u);
  CAF_CHECK(given_up.empty());
}

CAF_TEST(whatever a first start throws is why the supervisor gives up) {
  for (const auto& how : deaths) {
    CAF_MESSAGE(how.name);
    given_up.clear();
    at_start = &how;
    begin();
    CAF_REQUIRE_EQUAL(given_up.size(), 1u);
    CAF_CHECK(given_up[0].find(how.type) != std::string::npos);
    CAF_CHECK(given_up[0].find(how.text) != std::string::npos);
  }
}

CAF_TEST(whatever a restart throws is told and tried again) {
  options.intensity = 20;
  begin();
  for (const auto& how : deaths) {
    CAF_MESSAGE(how.name);
    auto before = terminations().size();
    at_start = &how;
    kill(0);
    pass(std::chrono::seconds{60});
    CAF_REQUIRE_EQUAL(terminations().size(), before + 2);
    check_told(terminations().back(), how);
    CAF_CHECK(lives("victim"));
    CAF_CHECK(lives("neighbour"));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()

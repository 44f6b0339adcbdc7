#define CAF_SUITE forecasts_lost

/// `banksia-ml` dies or halts while it is asked without end: everybody gets an
/// answer, and soon a model's again.

#include "tests/integration/forecasts/served_forecasts.hpp"

using namespace banksia;
using namespace banksia::forecast_test;
using forecast::model_kind;

namespace {

constexpr std::chrono::seconds back_max{4};

struct fixture {
  served_forecasts node;
  std::string version;
  std::vector<forecast_row> rows = noise_rows(40, 3);
  std::chrono::nanoseconds start_time{0};

  void start(std::chrono::milliseconds deadline) {
    version = crown(node.models, node.folder.path(),
                    small_model(model_kind::mlp, 1));
    auto begun = watch::now();
    node.start(deadline);
    CAF_REQUIRE(node.becomes_reachable(version));
    start_time = watch::now() - begun;
    CAF_REQUIRE(served(node.ask(rows)) != nullptr);
  }

  struct outage {
    std::uint64_t unserved = 0;              ///< answers without forecasts
    std::chrono::nanoseconds slowest{0};     ///< answer of all
    std::chrono::nanoseconds until_back{0};  ///< from now on
  };

  /// Asks without end until a model answers again after it did not.
  outage ask_through(std::chrono::seconds limit) {
    outage x;
    auto begun = watch::now();
    auto was_away = false;
    while (watch::now() - begun < limit) {
      auto asked = watch::now();
      auto answer = node.ask(rows);
      x.slowest = std::max(x.slowest, watch::now() - asked);
      if (served(answer) == nullptr) {
        CAF_CHECK(!answer.failure.empty());
        ++x.unserved;
        was_away = true;
      } else if (was_away) {
        x.until_back = watch::now() - begun;
        return x;
      }
    }
    CAF_FAIL("no model came back");
    return x;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(forecasts_lost_tests, fixture)

CAF_TEST(killed: rules at once and the model again in time) {
  start(std::chrono::seconds{5});
  auto pid = child_named("banksia-ml");
  CAF_REQUIRE(pid > 0);
  ::kill(pid, SIGKILL);
  auto x = ask_through(patience);
  CAF_MESSAGE("back after " << x.until_back.count() / 1'000'000
                            << " ms, first start took "
                            << start_time.count() / 1'000'000
                            << " ms; unserved " << x.unserved << ", slowest "
                            << x.slowest.count() / 1'000'000 << " ms");
  CAF_CHECK(x.until_back < back_max + start_time);
  // Nobody has waited for a deadline.
  CAF_CHECK(x.slowest < std::chrono::seconds{2});
  node.seen.expect("restarted ml/process", 1);
  CAF_CHECK_EQUAL(node.seen.count("child_terminated ml/process"), 1u);
  CAF_CHECK_EQUAL(node.seen.count("child_terminated ml/gate"), 0u);
  CAF_CHECK(child_named("banksia-ml") != pid);
}

CAF_TEST(halted: answered within the deadline and replaced) {
  constexpr std::chrono::milliseconds deadline{400};
  start(deadline);
  auto pid = child_named("banksia-ml");
  CAF_REQUIRE(pid > 0);
  ::kill(pid, SIGSTOP);
  auto x = ask_through(patience);
  CAF_MESSAGE("back after " << x.until_back.count() / 1'000'000
                            << " ms, slowest "
                            << x.slowest.count() / 1'000'000 << " ms");
  CAF_CHECK(x.slowest < deadline + std::chrono::seconds{1});
  CAF_CHECK(child_named("banksia-ml") != pid);
  CAF_CHECK(node.seen.count("child_terminated ml/process") >= 1u);
}

CAF_TEST(the gate killed: whoever is told asks the next one) {
  start(std::chrono::seconds{5});
  caf::anon_send_exit(node.gate(), caf::exit_reason::kill);
  node.seen.expect("restarted ml/gate", 1);
  CAF_CHECK(node.becomes_reachable(version));
  CAF_CHECK(served(node.ask(rows)) != nullptr);
  CAF_CHECK_EQUAL(node.seen.count("child_terminated ml/process"), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()

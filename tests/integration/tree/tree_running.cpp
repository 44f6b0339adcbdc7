#define CAF_SUITE tree_running
#include "tests/integration/tree/live_run.hpp"

using namespace banksia;
using namespace banksia::tree_test;

CAF_TEST(every cycle of the calendar ends and outcomes follow) {
  const auto& x = undisturbed();
  CAF_CHECK_EQUAL(x.owed, 0u);
  CAF_CHECK_EQUAL(x.missed, 0u);
  CAF_CHECK(x.cycles >= x.expected_cycles);
  CAF_CHECK(x.predictions >= x.expected_cycles * 3);
  CAF_CHECK_EQUAL(x.abstentions, 0u);
  CAF_CHECK(x.outcomes > x.expected_cycles * 3);
}

CAF_TEST(the same seed gives the same predictions and outcomes) {
  check_equal_to_undisturbed(run_node([](running_tree&, const auto&) {}));
}

CAF_TEST(killing each actor once changes nothing that is stored) {
  check_equal_to_undisturbed(run_node([](running_tree& tree, const auto&) {
    auto paths = tree.paths;
    for (const auto& path : paths) {
      tree.seen.expect("cycle", tree.seen.count("cycle") + 3);
      tree.kill(path);
    }
  }));
}

CAF_TEST(killing all at once changes nothing that is stored) {
  check_equal_to_undisturbed(run_node([](running_tree& tree, const auto&) {
    for (int round = 0; round < 3; ++round) {
      tree.seen.expect("cycle", tree.seen.count("cycle") + 7);
      auto paths = tree.paths;
      for (const auto& path : paths)
        if (path != "store/reader/1")
          tree.kill(path);
    }
  }));
}

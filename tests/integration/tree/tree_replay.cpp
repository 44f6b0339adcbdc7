#define CAF_SUITE tree_replay
#include "tests/integration/tree/tree.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::tree_test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t sessions_stored = 70;

/// Bars of a simulated market, stored as an import would.
void store_bars(const std::filesystem::path& file,
                std::span<const session> sessions) {
  auto db = store::open_for_writing(file);
  store::ledger ledger{db};
  ledger.register_run("replay", "replay", "{}");
  simulation::market_simulator market{small_market()};
  storage::transaction all{db};
  for (const auto& s : sessions) {
    bar_batch batch;
    batch.source = "simulator";
    batch.bars
      = market.next({s.date, s.opens_at, s.closes_at, s.auction_ends_at}).bars;
    ledger.write(batch);
  }
  all.commit();
}

struct ended_run {
  std::string digest;
  store::run_totals totals;
};

ended_run run_replay(const std::function<void(running_tree&)>& disturb) {
  scratch_folder folder;
  node_setup setup;
  auto plan = small_plan();
  plan.run = "replay";
  auto first = plan.calendar.session_index(2025y / 2 / 3);
  auto sessions = plan.calendar.sessions().subspan(*first, sessions_stored);
  setup.database = folder.path / "banksia.db";
  store_bars(setup.database, sessions);
  setup.clock.mode = clock_mode::replay;
  setup.clock.start = sessions.front().opens_at;
  setup.clock.end = sessions.back().auction_ends_at;
  setup.settled = setup.clock.start;
  setup.cycle_deadline = 0ms;
  setup.backoff = {}; // as of the command
  setup.plan = std::make_shared<run_plan>(std::move(plan));
  {
    running_tree tree{setup};
    disturb(tree);
    tree.seen.expect("finished", 1);
    CAF_CHECK(tree.stop());
  }
  auto db = store::open_for_reading(setup.database);
  store::queries ask{db};
  CAF_CHECK(ask.owed_cycles("replay").empty());
  return {ask.digest("replay"), ask.totals("replay")};
}

const ended_run& undisturbed() {
  static const ended_run result = run_replay([](running_tree&) {});
  return result;
}

void check_equal_to_undisturbed(const ended_run& x) {
  const auto& expected = undisturbed();
  CAF_CHECK_EQUAL(x.totals.cycles, expected.totals.cycles);
  CAF_CHECK_EQUAL(x.totals.missed, expected.totals.missed);
  CAF_CHECK_EQUAL(x.totals.outcomes, expected.totals.outcomes);
  CAF_CHECK_EQUAL(x.digest, expected.digest);
}

} // namespace

CAF_TEST(a replay makes predictions and outcomes for every slot with bars) {
  const auto& x = undisturbed();
  CAF_CHECK(x.totals.cycles > 12 * (sessions_stored - 1));
  CAF_CHECK_EQUAL(x.totals.missed, 0u);
  CAF_CHECK(x.totals.predictions > 3 * 12 * 40);
  CAF_CHECK(x.totals.outcomes > x.totals.predictions * 2);
}

CAF_TEST(a replay is reproducible) {
  check_equal_to_undisturbed(run_replay([](running_tree&) {}));
}

CAF_TEST(killing each actor of a replay changes nothing that is stored) {
  check_equal_to_undisturbed(run_replay([](running_tree& tree) {
    auto paths = tree.paths;
    for (const auto& path : paths) {
      // A fast machine may be through before the last kill.
      tree.seen.expect("cycle", tree.seen.count("cycle") + 5, "finished");
      tree.kill(path);
    }
  }));
}

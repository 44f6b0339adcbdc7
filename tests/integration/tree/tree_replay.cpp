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

ended_run run_replay(const std::function<void(running_tree&)>& disturb,
                     const daily_plan& daily = {}) {
  scratch_folder folder;
  node_setup setup;
  auto plan = small_plan();
  plan.run = "replay";
  plan.daily = daily;
  setup.trains = daily.training_at.has_value();
  auto first = plan.calendar.session_index(2025y / 2 / 3);
  auto sessions = plan.calendar.sessions().subspan(*first, sessions_stored);
  setup.database = folder.path() / "banksia.db";
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

namespace {

/// What a trainer sees of a replay's store when it is asked.
struct training_room {
  std::vector<timestamp> due;
  std::uint64_t too_late = 0; ///< cycles behind the job's time
  std::uint64_t open = 0;     ///< outcomes of the session that are not there
};

caf::actor spy_trainer(running_tree& tree, const std::filesystem::path& file,
                       training_room& seen) {
  return tree.system().spawn([&seen, file](caf::event_based_actor*)
                               -> caf::behavior {
    auto calendar = small_plan().calendar;
    return {[&seen, file, calendar](const job_record& job) {
      auto db = store::open_for_reading(file);
      auto count = [&](const char* what, timestamp t) {
        auto query = db.prepare(what);
        query.bind_all(to_micros(t));
        query.step();
        return static_cast<std::uint64_t>(query.integer(0));
      };
      seen.due.push_back(job.due_at);
      seen.too_late
        += count("SELECT count(*) FROM cycles WHERE scheduled_at > ?",
                 job.due_at);
      // What is due behind the last trade waits for the next session's first.
      seen.open += count("SELECT count(*) FROM obligations WHERE due_at <= ?",
                         calendar.previous_session_before(job.due_at)->opens_at
                           + 5h);
      auto ended = job;
      ended.status = "done";
      return ended;
    }};
  });
}

} // namespace

CAF_TEST(a replay waits for each training and predicts the same) {
  training_room seen;
  auto x = run_replay(
    [&](running_tree& tree) {
      auto file = tree.database;
      tree.names.slot("ml/trainer")->publish(spy_trainer(tree, file, seen));
      tree.seen.expect("finished", 1);
      tree.names.slot("ml/trainer")->clear();
    },
    {8h, 1, std::nullopt, std::nullopt});
  check_equal_to_undisturbed(x);
  // One a session: what a weekend adds is skipped.
  CAF_CHECK_EQUAL(seen.due.size(), sessions_stored - 1);
  CAF_CHECK(std::is_sorted(seen.due.begin(), seen.due.end()));
  CAF_CHECK_EQUAL(seen.too_late, 0u);
  CAF_CHECK_EQUAL(seen.open, 0u);
}

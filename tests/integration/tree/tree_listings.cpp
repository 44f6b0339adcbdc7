#define CAF_SUITE tree_listings
#include "actors/store/ledger.hpp"
#include "actors/symbol/recompute.hpp"
#include "tests/integration/tree/listed_run.hpp"

using namespace banksia;
using namespace banksia::tree_test;

namespace {

using event_of = listing_event;

/// A node on a store of its own; may be started again.
struct listed_fixture {
  scratch_folder folder;
  std::filesystem::path file = folder.path() / "banksia.db";

  void run(const std::function<void(running_tree&)>& what) {
    running_tree tree{listed_node(file)};
    pass(tree, 3);
    what(tree);
    flush(tree);
    CAF_CHECK(tree.stop());
    CAF_CHECK_EQUAL(tree.seen.count("gave up"), 0u);
  }

  void expect_changed(running_tree& tree, const listing_change& x) {
    CAF_CHECK_EQUAL(change(tree, x), "");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tree_listings_tests, listed_fixture)

CAF_TEST(symbols come and go while cycles go on) {
  run([this](running_tree& tree) {
    expect_changed(tree, wish("WES.AX", event_of::added));
    pass(tree, 15);
    expect_changed(tree, wish("CBA.AX", event_of::removed));
    pass(tree, 15);
  });
  listed_store after{file};
  after.check_cycles();
  after.check_outcomes();
  // Its past came with it: it is predicted from its first cycle on.
  CAF_CHECK_EQUAL(after.count("SELECT count(*) FROM predictions WHERE symbol = "
                              "'WES.AX' AND abstained = 1"), 0u);
  CAF_CHECK_GREATER_OR_EQUAL(
    after.count("SELECT count(*) FROM predictions WHERE symbol = 'WES.AX'"),
    15u);
  CAF_CHECK_EQUAL(after.count("SELECT count(*) FROM bars WHERE symbol = "
                              "'WES.AX' AND interval = '1d'"), history);
  CAF_CHECK(after.outcomes["CBA.AX"] > 0);
}

CAF_TEST(a halted symbol abstains and what falls into the halt is void) {
  run([this](running_tree& tree) {
    pass(tree, 10);
    expect_changed(tree, wish("WBC.AX", event_of::halted));
    pass(tree, 12);
    expect_changed(tree, wish("WBC.AX", event_of::resumed));
    pass(tree, 20);
    expect_changed(tree, wish("MQG.AX", event_of::delisted));
    pass(tree, 3);
  });
  listed_store after{file};
  after.check_cycles();
  after.check_outcomes();
  CAF_CHECK(after.outcomes["WBC.AX halted"] > 0);
  CAF_CHECK(after.outcomes["WBC.AX"] > 0);
  CAF_CHECK(after.outcomes["MQG.AX delisted"] > 0);
  // Nothing is left of what was owed by the delisted one.
  CAF_CHECK_EQUAL(after.count("SELECT count(*) FROM obligations o JOIN "
                              "predictions p USING(prediction_id) WHERE "
                              "p.symbol = 'MQG.AX'"), 0u);
}

CAF_TEST(a renamed symbol goes on under its new code) {
  run([this](running_tree& tree) {
    pass(tree, 10);
    expect_changed(tree, wish("MQG.AX", event_of::renamed, "MQX.AX"));
    pass(tree, 25);
  });
  listed_store after{file};
  after.check_cycles();
  after.check_outcomes();
  auto at = after.changes.back().effective_at;
  auto db = store::open_for_reading(file);
  store::queries ask{db};
  // From its first cycle on, out of the bars of the code before it.
  CAF_CHECK_EQUAL(after.count("SELECT count(*) FROM predictions WHERE symbol = "
                              "'MQX.AX' AND abstained = 1"), 0u);
  CAF_CHECK(ask.bars("MQX.AX", bar_interval::d1, end_of_time).empty());
  for (const auto& x : ask.bars("MQG.AX", bar_interval::m5, end_of_time))
    CAF_CHECK(x.known_at <= at);
  // And recomputed so, bit for bit.
  store::list_filter some;
  some.symbol = "MQX.AX";
  some.limit = 5;
  auto plan = std::make_shared<run_plan>(small_plan());
  auto made = ask.predictions(some);
  CAF_CHECK(!made.empty());
  for (const auto& x : made) {
    auto again = recompute(ask, x, plan);
    CAF_CHECK(again.identical());
    CAF_CHECK(again.bars > 0u);
  }
  // What was owed under the old code was evaluated under the new one.
  auto owed = after.count("SELECT count(*) FROM outcomes o JOIN predictions p "
                          "USING(prediction_id) WHERE o.symbol = 'MQG.AX' AND "
                          "o.void = 0 AND o.due_at > "
                          + std::to_string(to_micros(at)));
  CAF_CHECK(owed > 0u);
}

CAF_TEST(a halted abstention is recomputed from the table) {
  run([this](running_tree& tree) {
    expect_changed(tree, wish("CBA.AX", event_of::halted));
    pass(tree, 3);
  });
  auto db = store::open_for_reading(file);
  store::queries ask{db};
  auto plan = std::make_shared<run_plan>(small_plan());
  store::list_filter some;
  some.symbol = "CBA.AX";
  some.limit = 1;
  auto halted = ask.predictions(some);
  CAF_REQUIRE(!halted.empty());
  CAF_CHECK(halted.front().content.reason == abstain_reason::halted);
  CAF_CHECK(recompute(ask, halted.front(), plan).identical());
  // One that the table knows nothing of is not.
  halted.front().content.symbol = "WBC.AX";
  CAF_CHECK(!recompute(ask, halted.front(), plan).identical());
}

CAF_TEST(a symbol whose bars were imported is followed with its past) {
  auto setup = listed_node(file);
  auto begin = setup.simulation->first_session;
  setup.simulation.reset();
  setup.follow_imports = true;
  setup.rebuilt_until = setup.clock.start;
  {
    auto market = small_market();
    market.symbols.push_back("WES.AX");
    simulation::market_simulator of{market};
    const auto& calendar = setup.plan->calendar;
    auto db = store::open_for_writing(file);
    store::ledger ledger{db};
    storage::transaction all{db};
    for (const auto& s : calendar.sessions().subspan(
           *calendar.session_index(begin), history + sessions_run + 2))
      ledger.write(bar_batch{
        1, "csv", s.auction_ends_at,
        of.next({s.date, s.opens_at, s.closes_at, s.auction_ends_at}).bars});
    all.commit();
  }
  {
    running_tree tree{setup};
    pass(tree, 2);
    expect_changed(tree, wish("WES.AX", event_of::added));
    pass(tree, 15);
    CAF_CHECK(tree.stop());
  }
  listed_store after{file};
  after.check_cycles_but_abstentions();
  auto first = after.count("SELECT min(timestamp) FROM predictions WHERE symbol "
                           "= 'WES.AX'");
  CAF_CHECK(first > 0);
  CAF_CHECK_EQUAL(after.count("SELECT abstained FROM predictions WHERE symbol = "
                              "'WES.AX' AND timestamp = "
                              + std::to_string(first)),
                  0u);
}

CAF_TEST(nonsense is refused and changes nothing) {
  run([](running_tree& tree) {
    CAF_CHECK_EQUAL(change(tree, wish("CBA.AX", event_of::resumed)),
                    "CBA.AX is active: it cannot be resumed");
    CAF_CHECK_EQUAL(change(tree, wish("WES.AX", event_of::halted)),
                    "WES.AX is not followed: add it first");
    pass(tree, 3);
  });
  listed_store after{file};
  CAF_CHECK(after.changes.empty());
  after.check_cycles();
}

CAF_TEST(a restart keeps what is followed) {
  run([this](running_tree& tree) {
    expect_changed(tree, wish("WES.AX", event_of::added));
    expect_changed(tree, wish("CBA.AX", event_of::removed));
    expect_changed(tree, wish("WBC.AX", event_of::halted));
    expect_changed(tree, wish("MQG.AX", event_of::renamed, "MQX.AX"));
    pass(tree, 5);
  });
  auto cycles = listed_store{file}.cycles().size();
  run([](running_tree& tree) { pass(tree, 15); });
  listed_store after{file};
  after.check_cycles();
  after.check_outcomes();
  CAF_CHECK_GREATER_OR_EQUAL(after.cycles().size(), cycles + 15);
  CAF_CHECK_EQUAL(after.last_cycle(),
                  "MQX.AX WBC.AX(halted) WES.AX");
}

CAF_TEST(a crash between the store and the effect loses nothing) {
  run([](running_tree&) {});
  {
    // What the writer has acknowledged to nobody.
    auto db = store::open_for_writing(file);
    store::queries ask{db};
    listing_change_batch batch;
    for (auto x : {wish("WES.AX", event_of::added),
                   wish("WBC.AX", event_of::halted)}) {
      x.effective_at = x.known_at = *ask.run("live")->market_time + micros{1};
      batch.changes.push_back(x);
    }
    store::ledger{db}.write(batch);
  }
  run([](running_tree& tree) { pass(tree, 15); });
  listed_store after{file};
  after.check_cycles();
  after.check_outcomes();
  CAF_CHECK_EQUAL(after.last_cycle(),
                  "CBA.AX MQG.AX WBC.AX(halted) WES.AX");
  CAF_CHECK_EQUAL(after.count("SELECT count(*) FROM bars WHERE symbol = "
                              "'WES.AX' AND interval = '1d'"), history);
}

CAF_TEST(killing actors around changes loses no cycle and no change) {
  run([this](running_tree& tree) {
    auto kill = [&](const std::string& path) {
      tree.kill(path);
      pass(tree, 2);
    };
    expect_changed(tree, wish("WES.AX", event_of::added));
    for (auto path : {"listings", "cycle", "feed/prices/simulator",
                      "symbol/WES.AX", "evaluator", "scheduler"})
      kill(path);
    expect_changed(tree, wish("WBC.AX", event_of::halted));
    kill("cycle");
    kill("listings");
    expect_changed(tree, wish("MQG.AX", event_of::renamed, "MQX.AX"));
    for (auto path : {"feed/prices/simulator", "symbol/MQX.AX", "evaluator"})
      kill(path);
    expect_changed(tree, wish("WBC.AX", event_of::resumed));
    kill("scheduler");
    kill("store/writer");
    pass(tree, 10);
  });
  listed_store after{file};
  after.check_cycles();
  after.check_outcomes();
  CAF_CHECK_EQUAL(after.changes.size(), 4u);
}

CAF_TEST(a keeper that dies with a change on its way leaves no doubt) {
  run([](running_tree& tree) {
    auto restarts = tree.seen.count("restarted listings");
    auto keeper = tree.names.slot("listings")->current();
    caf::anon_send(caf::actor_cast<listings_actor>(keeper),
                   wish("WES.AX", event_of::added));
    caf::anon_send_exit(keeper, caf::exit_reason::kill);
    tree.seen.expect("restarted listings", restarts + 1);
    pass(tree, 5);
    // Whether it was stored or not, what is followed is what the store says.
    auto refusal = change(tree, wish("WES.AX", event_of::added));
    CAF_CHECK(refusal.empty()
              || refusal == "WES.AX is active: it cannot be added");
    pass(tree, 5);
  });
  listed_store after{file};
  CAF_CHECK_EQUAL(after.changes.size(), 1u);
  after.check_cycles();
}

CAF_TEST_FIXTURE_SCOPE_END()

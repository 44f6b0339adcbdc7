#pragma once

/// A live node over a few sessions of a simulated market, disturbed by a test
/// and compared with one that was left alone. Include after CAF_SUITE.

#include "tests/integration/tree/tree.hpp"

#include "caf/test/unit_test.hpp"

namespace banksia::tree_test {

inline constexpr std::size_t history = 40;
inline constexpr std::size_t sessions_run = 9;

/// The sessions that are run, after the history.
inline std::span<const session> sessions_of(const exchange_calendar& calendar) {
  auto first = calendar.session_index(std::chrono::year{2025} / 7 / 1);
  return calendar.sessions().subspan(*first, sessions_run + 2);
}

inline node_setup simulated_node(const std::filesystem::path& file) {
  node_setup setup;
  auto plan = small_plan();
  auto run = sessions_of(plan.calendar);
  auto begin = *plan.calendar.session_index(run.front().date) - history;
  simulation_start start;
  start.settings = small_market();
  start.first_session = plan.calendar.sessions()[begin].date;
  start.history_sessions = history;
  setup.simulation = start;
  setup.clock.mode = clock_mode::accelerated;
  setup.clock.start = run.front().opens_at;
  setup.clock.speed = 1e12;
  setup.plan = std::make_shared<run_plan>(std::move(plan));
  setup.database = file;
  setup.rebuild_from_store = true;
  // Nobody abstains because this machine is slow.
  setup.cycle_deadline = patience;
  setup.backoff = {}; // the market does not wait for pauses
  auto db = store::open_for_writing(file);
  store::ledger{db}.register_run("live", "live", "{}");
  return setup;
}

struct ended_run {
  std::string digest;
  std::uint64_t cycles = 0; ///< ended until the last session compared
  std::uint64_t missed = 0;
  std::size_t owed = 0;     ///< cycles until then that have not ended
  std::uint64_t predictions = 0;
  std::uint64_t abstentions = 0;
  std::uint64_t outcomes = 0;
  std::uint64_t expected_cycles = 0;
};

/// What happens to a tree and its database while they run.
using disturbance
  = std::function<void(running_tree&, const std::filesystem::path&)>;

/// Runs a node over the sessions. `disturb` is called once it runs.
inline ended_run run_node(const disturbance& disturb) {
  scratch_folder folder;
  auto file = folder.path() / "banksia.db";
  auto setup = simulated_node(file);
  auto plan = setup.plan;
  auto sessions = sessions_of(plan->calendar);
  auto until = sessions[sessions_run - 1].auction_ends_at;
  ended_run result;
  for (const auto& s : sessions.first(sessions_run))
    result.expected_cycles += slots_of(*plan, s).size();
  {
    running_tree tree{setup};
    disturb(tree, file);
    // Market time must pass the end and every cycle until then be told.
    caf::scoped_actor self{tree.system()};
    auto deadline = std::chrono::steady_clock::now() + patience;
    for (auto past = false; !past;) {
      CAF_REQUIRE(std::chrono::steady_clock::now() < deadline);
      tree.seen.expect("cycle", tree.seen.count("cycle") + 1);
      self->request(tree.names.name<scheduler_actor>("scheduler").get(),
                    patience, wire::status_atom_v)
        .receive([&](const schedule_status& x) {
          past = x.completed >= result.expected_cycles + 2;
        }, [](const caf::error&) {});
    }
    self->request(tree.names.name<evaluator_actor>("evaluator").get(),
                  patience, wire::flush_atom_v)
      .receive([](std::uint64_t) {},
               [&](const caf::error&) { CAF_FAIL("no flush"); });
    CAF_CHECK(tree.stop());
    CAF_CHECK_EQUAL(tree.seen.count("gave up"), 0u);
  }
  {
    auto db = store::open_for_reading(file);
    store::queries ask{db};
    for (const auto& x : ask.owed_cycles("live"))
      result.owed += x.slot <= until;
    auto totals = ask.totals("live");
    result.cycles = totals.cycles;
    result.missed = totals.missed;
    result.predictions = totals.predictions;
    result.abstentions = totals.abstentions;
    result.outcomes = totals.outcomes;
  }
  result.digest = digest_until(file, "live", until);
  return result;
}

/// The same for all tests of this program: the runs take seconds.
inline const ended_run& undisturbed() {
  static const ended_run result = run_node([](running_tree&, const auto&) {});
  return result;
}

inline void check_equal_to_undisturbed(const ended_run& x) {
  CAF_CHECK_EQUAL(x.owed, 0u);
  CAF_CHECK_EQUAL(x.missed, 0u);
  CAF_CHECK_EQUAL(x.digest, undisturbed().digest);
}

} // namespace banksia::tree_test

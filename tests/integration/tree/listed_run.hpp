#pragma once

/// A live node over a simulated market whose listings change, and what must be
/// true of its store afterwards. Include after CAF_SUITE.

#include "actors/listings/keeper.hpp"
#include "actors/store/history.hpp"
#include "tests/integration/tree/live_run.hpp"

#include <algorithm>
#include <map>

namespace banksia::tree_test {

/// As the command sets a node up: from what the store says by now.
inline node_setup listed_node(const std::filesystem::path& file) {
  auto setup = simulated_node(file);
  auto db = store::open_for_reading(file);
  store::queries ask{db};
  setup.listed = std::make_shared<roster>(
    setup.plan, listings_of(setup.plan->symbols, ask.listings(end_of_time)));
  auto& market = *setup.simulation;
  market.after = ask.watermark("simulator").value_or(timestamp{});
  setup.rebuilt_until = market.after;
  market.settings.symbols = setup.listed->now()->first_codes();
  for (const auto& code : market.settings.symbols)
    if (ask.bars_between(code, bar_interval::d1, std::nullopt, std::nullopt, 1)
          .empty())
      market.missing.insert(code);
  return setup;
}

inline listing_change wish(std::string symbol, listing_event event,
                           std::string successor = {}) {
  listing_change x;
  x.symbol = std::move(symbol);
  x.event = event;
  x.successor = std::move(successor);
  x.source = "test";
  return x;
}

/// Asks for a change as a service does. @returns why it was refused
inline std::string change(running_tree& tree, const listing_change& x) {
  std::string result;
  caf::scoped_actor self{tree.system()};
  auto target = caf::actor_cast<listings_actor>(
    tree.names.slot("listings")->current());
  self->request(target, patience, x)
    .receive([&](const listing_change&, const std::string& refusal) {
      result = refusal;
    }, [&](const caf::error& why) { result = tree.system().render(why); });
  return result;
}

/// So many cycles more are told.
inline void pass(running_tree& tree, std::uint64_t cycles) {
  tree.seen.expect("cycle", tree.seen.count("cycle") + cycles);
}

/// All outcomes made so far are on disk.
inline void flush(running_tree& tree) {
  caf::scoped_actor self{tree.system()};
  self->request(tree.names.name<evaluator_actor>("evaluator").get(), patience,
                wire::flush_atom_v)
    .receive([](std::uint64_t) {},
             [](const caf::error&) { CAF_FAIL("no flush"); });
}

/// What a store says after a run.
class listed_store {
public:
  explicit listed_store(const std::filesystem::path& file)
    : plan_(small_plan()), db_(store::open_for_reading(file)), ask_(db_) {
    changes = ask_.listings(end_of_time);
    listed = listings_of(plan_.symbols, changes);
  }

  /// "CBA.AX WBC.AX(halted)" of each ended cycle, by slot.
  std::map<timestamp, std::string> cycles() {
    std::map<timestamp, std::string> result;
    auto rows = db_.prepare("SELECT c.scheduled_at, p.symbol, p.reason FROM "
                            "cycles c LEFT JOIN predictions p ON p.cycle_id = "
                            "c.cycle_id WHERE c.status IN ('completed', "
                            "'late') ORDER BY c.scheduled_at, p.symbol");
    while (rows.step()) {
      auto& x = result[from_micros(rows.integer(0))];
      if (rows.is_null(1))
        continue;
      x += (x.empty() ? "" : " ") + std::string{rows.text(1)};
      if (!rows.is_null(2) && !rows.text(2).empty())
        x += "(" + std::string{rows.text(2)} + ")";
    }
    return result;
  }

  std::string last_cycle() { return cycles().rbegin()->second; }

  /// What such a cycle must be.
  std::string expected(timestamp slot) const {
    std::vector<std::string> all;
    for (auto index : listed.predicted_at(slot))
      all.push_back(listed.symbols()[index]
                    + (listed.is_halted(index, slot) ? "(halted)" : ""));
    std::sort(all.begin(), all.end());
    std::string result;
    for (const auto& x : all)
      result += (result.empty() ? "" : " ") + x;
    return result;
  }

  /// As `check_cycles`, where prices may be late or missing.
  void check_cycles_but_abstentions() {
    for (const auto& [slot, symbols] : cycles()) {
      std::string bare;
      for (auto c = symbols.begin(); c != symbols.end(); ++c)
        if (*c == '(')
          c = std::find(c, symbols.end(), ')');
        else
          bare += *c;
      CAF_CHECK_EQUAL(bare, expected(slot));
    }
  }

  /// No slot is missing between the first and the last, and each has one row a
  /// symbol followed as of then.
  void check_cycles() {
    auto made = cycles();
    CAF_REQUIRE(!made.empty());
    for (const auto& [slot, symbols] : made)
      CAF_CHECK_EQUAL(symbols, expected(slot));
    std::size_t slots = 0;
    auto first = sessions_of(plan_.calendar).front().date;
    auto sessions = plan_.calendar.sessions().subspan(
      *plan_.calendar.session_index(first));
    for (const auto& s : sessions) {
      if (s.opens_at > made.rbegin()->first)
        break;
      for (auto slot : slots_of(plan_, s))
        slots += slot >= made.begin()->first && slot <= made.rbegin()->first;
    }
    CAF_CHECK_EQUAL(made.size(), slots);
    CAF_CHECK_EQUAL(ask_.totals("live").missed, 0u);
  }

  /// Void are those that a halt or a delisting stops, and no others.
  void check_outcomes() {
    auto rows = db_.prepare(
      "SELECT o.symbol, p.timestamp, o.due_at, o.void, o.reason FROM outcomes o "
      "JOIN predictions p USING(prediction_id)");
    while (rows.step()) {
      std::string symbol{rows.text(0)};
      auto stop = listed.stop_of(symbol, from_micros(rows.integer(1)),
                                 from_micros(rows.integer(2)), end_of_time,
                                 true);
      CAF_CHECK_EQUAL(rows.integer(3) != 0, stop.has_value());
      if (stop)
        CAF_CHECK_EQUAL(std::string{rows.text(4)},
                        std::string{to_string(stop->why)});
      ++outcomes[symbol + (stop ? " " + std::string{to_string(stop->why)}
                                : "")];
    }
  }

  std::uint64_t count(const std::string& query) {
    auto rows = db_.prepare(query);
    rows.step();
    return static_cast<std::uint64_t>(rows.integer(0));
  }

  std::vector<listing_change> changes;
  listings listed;
  std::map<std::string, std::uint64_t> outcomes; ///< "CBA.AX", "CBA.AX halted"

private:
  run_plan plan_;
  storage::database db_;
  store::queries ask_;
};

} // namespace banksia::tree_test

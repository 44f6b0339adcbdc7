#define CAF_SUITE live_actions_served

// A split and a dividend as a source tells them, on a node that is running.

#include "actors/symbol/recompute.hpp"
#include "tests/integration/live/yahoo_market.hpp"
#include "tests/integration/tree/live_run.hpp"

using namespace banksia;
using namespace banksia::live_test;
using namespace banksia::tree_test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t sessions_before = 60;

/// Sixty sessions of history, the one in which the node starts, the ex-date of
/// both, and some more.
std::vector<session> market_sessions() {
  exchange_calendar calendar;
  auto first = *calendar.session_index(std::chrono::year{2025} / 7 / 1);
  auto all = calendar.sessions().subspan(first - sessions_before,
                                         sessions_before + 10);
  return {all.begin(), all.end()};
}

struct actions_node {
  std::vector<session> sessions = market_sessions();
  session ex = sessions[sessions_before + 1];
  scratch_folder folder;
  std::filesystem::path file = folder.path() / "banksia.db";
  yahoo_market market{small_market(), sessions};
  yahoo_server server{market};
  shared_plan plan = std::make_shared<run_plan>(small_plan());
  std::optional<running_tree> tree;

  actions_node() {
    // One in the past, so in the history that is fetched, one ahead.
    market.split("WBC.AX", sessions[30], 4.0);
    market.split("CBA.AX", ex, 2.0);
    market.dividend("MQG.AX", ex, 3.0);
    node_setup setup;
    setup.clock.mode = clock_mode::accelerated;
    setup.clock.start = sessions[sessions_before].closes_at - 90min;
    setup.clock.speed = 7200; // two hours a second
    setup.clock.step = 5min;
    setup.plan = plan;
    setup.database = file;
    setup.rebuild_from_store = true;
    setup.cycle_deadline = patience;
    setup.backoff = {};
    source_setup source;
    source.endpoint = yahoo_endpoint(server.url());
    source.client = std::make_shared<http::client>();
    source.wall = [this] { return server.now(); };
    source.rules.rate = {10'000.0, 10'000.0};
    outside_world outside;
    outside.board = std::make_shared<feed_board>();
    outside.sources = {source};
    setup.outside = outside;
    {
      auto db = store::open_for_writing(file);
      store::ledger{db}.register_run("live", "live", "{}");
    }
    tree.emplace(setup);
  }

  std::vector<store::queries::outcome_row>
  outcomes(const std::string& symbol) const {
    auto db = store::open_for_reading(file);
    store::list_filter filter;
    filter.symbol = symbol;
    filter.limit = 1000;
    return store::queries{db}.outcomes(filter, 1440);
  }

  bool has_ex_date(const std::string& symbol) const {
    for (const auto& x : outcomes(symbol))
      if (x.ex_date)
        return true;
    return false;
  }
};

} // namespace

CAF_TEST(a split and a dividend reach store symbols and outcomes) {
  actions_node node;
  for (int i = 0; i < 60; ++i) {
    if (node.has_ex_date("CBA.AX") && node.has_ex_date("MQG.AX"))
      break;
    node.tree->seen.expect("cycle", node.tree->seen.count("cycle") + 1);
  }
  CAF_CHECK(node.tree->stop());
  auto db = store::open_for_reading(node.file);
  store::queries ask{db};

  // Each once, known when it came; what was history when it took effect.
  auto actions = ask.actions("CBA.AX", end_of_time);
  CAF_REQUIRE_EQUAL(actions.size(), 1u);
  CAF_CHECK(actions[0].kind == action_kind::split);
  CAF_CHECK_EQUAL(actions[0].value.value(), 2.0);
  CAF_CHECK(actions[0].effective_at == node.ex.opens_at);
  CAF_CHECK(actions[0].known_at > node.ex.opens_at);
  CAF_CHECK(actions[0].known_at < node.ex.closes_at);
  actions = ask.actions("MQG.AX", end_of_time);
  CAF_REQUIRE_EQUAL(actions.size(), 1u);
  CAF_CHECK_EQUAL(actions[0].value.value(), 3.0);
  actions = ask.actions("WBC.AX", end_of_time);
  CAF_REQUIRE_EQUAL(actions.size(), 1u);
  CAF_CHECK(actions[0].known_at == node.sessions[30].opens_at);

  // Bars are kept as they were traded, though told in the shares of now.
  for (const auto& symbol : tickers)
    for (auto interval : {bar_interval::d1, bar_interval::m5}) {
      const auto& traded = node.market.of(symbol, interval);
      std::size_t equal = 0, all = 0;
      for (const auto& x : ask.bars(symbol, interval, end_of_time)) {
        ++all;
        equal += traded.at(x.opened_at).close == x.close
                 && traded.at(x.opened_at).volume == x.volume;
      }
      CAF_CHECK_GREATER(all, 50u);
      CAF_CHECK_EQUAL(equal, all);
    }

  std::size_t over = 0;
  for (const auto& x : node.outcomes("CBA.AX")) {
    over += x.ex_date;
    CAF_CHECK_GREATER(x.content.actual_return.value(), -0.2);
  }
  CAF_CHECK_GREATER(over, 0u);
  for (const auto& x : node.outcomes("MQG.AX"))
    CAF_CHECK_EQUAL(x.content.total_return.value()
                      > x.content.actual_return.value(),
                    x.ex_date);

  // On the ex-date predictions go on, and are explained from what is stored.
  store::list_filter filter;
  filter.from = node.ex.opens_at;
  filter.limit = 1000;
  std::size_t predictions = 0, explained = 0;
  for (const auto& p : ask.predictions(filter)) {
    auto again = recompute(ask, p, node.plan);
    for (const auto& x : again.fields.differences)
      CAF_MESSAGE(p.content.symbol << ' ' << to_rfc3339(p.content.slot) << ' '
                                   << x.field << ": " << x.stored << " -> "
                                   << x.recomputed);
    CAF_CHECK(again.identical());
    ++explained;
    if (p.content.abstained)
      continue;
    ++predictions;
    CAF_CHECK_LESS(p.content.trace.inputs.volatility.value(), 0.1);
  }
  CAF_CHECK_GREATER(predictions, 8u);
  CAF_CHECK_GREATER(explained, 4u);
}

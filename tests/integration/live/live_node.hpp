#pragma once

/// A node whose prices come over HTTP, from servers that a test can make fail.
/// Include after CAF_SUITE.

#include "tests/integration/live/yahoo_market.hpp"
#include "tests/integration/tree/live_run.hpp"

namespace banksia::live_test {

using namespace banksia::tree_test;

inline constexpr std::size_t sessions_before = 60;

inline const std::vector<session>& market_sessions() {
  static const std::vector<session> result = [] {
    exchange_calendar calendar;
    auto first = *calendar.session_index(std::chrono::year{2025} / 7 / 1);
    auto all = calendar.sessions().subspan(first - sessions_before,
                                           sessions_before + 15);
    return std::vector<session>{all.begin(), all.end()};
  }();
  return result;
}

/// The same for all tests: it takes a second to make.
inline const yahoo_market& market() {
  static const yahoo_market result = [] {
    auto settings = small_market();
    // Two that nobody follows at first.
    settings.symbols.insert(settings.symbols.end(), {"WES.AX", "MQX.AX"});
    return yahoo_market{std::move(settings), market_sessions()};
  }();
  return result;
}

/// What a test changes before the node starts.
using setup_change = std::function<void(node_setup&, outside_world&)>;

/// A node whose prices come from two servers, in this order.
class live_node {
public:
  explicit live_node(const setup_change& change = {},
                     std::vector<context_series> context = {}) {
    node_setup setup;
    auto plan = small_plan();
    plan.context = std::move(context);
    setup.clock.mode = clock_mode::accelerated;
    setup.clock.start = market_sessions()[sessions_before].opens_at;
    setup.clock.speed = 3600; // an hour a second
    setup.clock.step = std::chrono::minutes{5};
    setup.plan = std::make_shared<run_plan>(std::move(plan));
    setup.listed
      = std::make_shared<roster>(setup.plan, listings{setup.plan->symbols});
    setup.database = file;
    setup.rebuild_from_store = true;
    setup.cycle_deadline = patience;
    setup.backoff = {};
    outside_world outside;
    outside.board = board;
    outside.sources = {source("first", first), source("second", second)};
    if (change)
      change(setup, outside);
    setup.outside = outside;
    {
      auto db = store::open_for_writing(file);
      store::ledger{db}.register_run("live", "live", "{}");
    }
    tree.emplace(setup);
  }

  component_health health() {
    component_health result;
    caf::scoped_actor self{tree->system()};
    self->request(tree->names.name<price_feed_actor>("feed/prices/live").get(),
                  patience, wire::health_atom_v)
      .receive([&](const component_health& x) { result = x; },
               [](const caf::error&) { CAF_FAIL("the feed is silent"); });
    return result;
  }

  feed_facts facts(const std::string& name) { return board->all()[name]; }

  /// So many cycles more are told.
  void pass(std::uint64_t cycles) {
    tree->seen.expect("cycle", tree->seen.count("cycle") + cycles);
  }

  /// Cycles pass until it holds.
  template <class F>
  bool comes_true(F holds) {
    for (int i = 0; i < 40; ++i) {
      if (holds())
        return true;
      pass(1);
    }
    return false;
  }

  scratch_folder folder;
  std::filesystem::path file = folder.path() / "banksia.db";
  yahoo_server first{market()};
  yahoo_server second{market()};
  std::shared_ptr<feed_board> board = std::make_shared<feed_board>();
  std::optional<running_tree> tree;

private:
  source_setup source(const char* name, const yahoo_server& server) {
    source_setup x;
    x.endpoint = yahoo_endpoint(server.url());
    x.endpoint.name = name;
    // What was read with another name is told with this one.
    x.endpoint.read = [read = x.endpoint.read, name](
                        const price_request& asked,
                        const http::fetch_result& got, timestamp now) {
      auto answer = read(asked, got, now);
      answer.source = name;
      for (auto& bar : answer.bars)
        bar.source = name;
      return answer;
    };
    x.client = client_;
    x.board = board;
    x.wall = [&server] { return server.now(); };
    x.rules.rate = {10'000.0, 10'000.0};
    x.rules.breaker.open_for = std::chrono::milliseconds{200};
    x.rules.breaker.window = 4;
    x.rules.breaker.minimum = 2;
    x.rules.breaker.probes = 1;
    x.rules.retry.attempts_max = 1;
    x.rules.limits.total = std::chrono::milliseconds{300};
    return x;
  }

  std::shared_ptr<http::client> client_ = std::make_shared<http::client>();
};

} // namespace banksia::live_test

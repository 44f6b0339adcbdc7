#define CAF_SUITE live_outages
#include "tests/integration/live/yahoo_market.hpp"
#include "tests/integration/tree/live_run.hpp"

using namespace banksia;
using namespace banksia::live_test;
using namespace banksia::tree_test;

namespace {

constexpr std::size_t sessions_before = 60;

const std::vector<session>& market_sessions() {
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
const yahoo_market& market() {
  static const yahoo_market result{small_market(), market_sessions()};
  return result;
}

/// A node whose prices come from two servers, in this order.
class live_node {
public:
  live_node() {
    node_setup setup;
    auto plan = small_plan();
    setup.clock.mode = clock_mode::accelerated;
    setup.clock.start = market_sessions()[sessions_before].opens_at;
    setup.clock.speed = 3600; // an hour a second
    setup.clock.step = std::chrono::minutes{5};
    setup.plan = std::make_shared<run_plan>(std::move(plan));
    setup.database = file;
    setup.rebuild_from_store = true;
    setup.cycle_deadline = patience;
    setup.backoff = {};
    outside_world outside;
    outside.board = board;
    outside.sources = {source("first", first), source("second", second)};
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
  std::filesystem::path file = folder.path / "banksia.db";
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

/// Every bar that was over well before `until` is stored as it was traded.
void check_complete(const std::filesystem::path& file, timestamp until) {
  auto db = store::open_for_reading(file);
  store::queries ask{db};
  for (const auto& symbol : tickers) {
    std::map<timestamp, bar> stored;
    for (const auto& x : ask.bars(symbol, bar_interval::m5, end_of_time))
      stored.emplace(x.opened_at, x);
    std::size_t missing = 0, different = 0, compared = 0;
    for (const auto& [at, x] : market().of(symbol, bar_interval::m5)) {
      if (at < market_sessions()[sessions_before].opens_at
          || x.known_at > until)
        continue;
      ++compared;
      auto found = stored.find(at);
      missing += found == stored.end();
      different += found != stored.end()
                   && (found->second.close != x.close
                       || found->second.open != x.open
                       || found->second.volume != x.volume);
    }
    CAF_CHECK_GREATER(compared, 20u);
    CAF_CHECK_EQUAL(missing, 0u);
    CAF_CHECK_EQUAL(different, 0u);
  }
}

store::run_totals totals_of(const std::filesystem::path& file) {
  auto db = store::open_for_reading(file);
  return store::queries{db}.totals("live");
}

} // namespace

CAF_TEST(however the first source fails an hour loses no cycle) {
  live_node node;
  CAF_REQUIRE(node.comes_true([&] {
    return node.health().state == health_state::healthy
           && node.facts("first").accepted > 0;
  }));
  auto taken = node.facts("second").accepted;
  CAF_CHECK_EQUAL(taken, 0u);
  for (auto [how, name] : failures) {
    CAF_MESSAGE(name);
    auto failed = node.facts("first").failures;
    node.first.behave(how);
    node.pass(2); // an hour
    CAF_CHECK(node.comes_true([&] {
      return node.health().state == health_state::degraded
             && node.facts("second").accepted > taken;
    }));
    CAF_CHECK(node.health().reason.find("first") != std::string::npos);
    CAF_CHECK(node.facts("first").failures != failed);
    CAF_CHECK(!node.facts("first").trouble.empty());
    node.first.behave(manner::well);
    CAF_CHECK(node.comes_true([&] {
      return node.health().state == health_state::healthy
             && node.facts("first").breaker == "closed";
    }));
    taken = node.facts("second").accepted;
  }
  auto until = node.first.now();
  node.pass(2);
  CAF_CHECK(node.tree->stop());
  CAF_CHECK_EQUAL(node.tree->seen.count("gave up"), 0u);
  auto totals = totals_of(node.file);
  CAF_CHECK_EQUAL(totals.missed, 0u);
  CAF_CHECK_GREATER(totals.predictions, 0u);
  check_complete(node.file, until);
}

CAF_TEST(with all sources away cycles go on and the gap is filled later) {
  live_node node;
  CAF_REQUIRE(node.comes_true([&] {
    return node.health().state == health_state::healthy
           && node.facts("first").accepted > 0;
  }));
  node.first.behave(manner::refusing);
  node.second.behave(manner::error_500);
  node.pass(3);
  CAF_CHECK(node.comes_true([&] {
    return node.health().state == health_state::unhealthy;
  }));
  auto why = node.health().reason;
  CAF_CHECK(why.find("first: ") != std::string::npos);
  CAF_CHECK(why.find("second: ") != std::string::npos);
  node.first.behave(manner::well);
  node.second.behave(manner::well);
  CAF_CHECK(node.comes_true([&] {
    return node.health().state == health_state::healthy;
  }));
  auto until = node.first.now();
  node.pass(2);
  CAF_CHECK(node.tree->stop());
  CAF_CHECK_EQUAL(totals_of(node.file).missed, 0u);
  check_complete(node.file, until);
}

CAF_TEST(whatever feed dies the bars stay whole) {
  live_node node;
  CAF_REQUIRE(node.comes_true([&] {
    return node.health().state == health_state::healthy
           && node.facts("first").accepted > 0;
  }));
  for (auto path : {"feed/prices/live", "feed/prices/first",
                    "feed/prices/second", "store/writer"}) {
    CAF_MESSAGE(path);
    node.tree->kill(path);
    node.pass(2);
    CAF_CHECK(node.comes_true([&] {
      return node.health().state == health_state::healthy;
    }));
  }
  auto until = node.first.now();
  node.pass(2);
  CAF_CHECK(node.tree->stop());
  CAF_CHECK_EQUAL(totals_of(node.file).missed, 0u);
  check_complete(node.file, until);
}

CAF_TEST(a source with too many invalid points is named in health) {
  live_node node;
  CAF_REQUIRE(node.comes_true([&] {
    return node.health().state == health_state::healthy;
  }));
  node.board->change("second", [](feed_facts& x) {
    x.count_points(0, 0, running_quality::window);
  });
  auto health = node.health();
  CAF_CHECK(health.state == health_state::degraded);
  CAF_CHECK_EQUAL(health.reason,
                  "second: 100.0 % of its last 1000 points are invalid");
}

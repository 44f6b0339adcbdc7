#define CAF_SUITE live_outages
#include "tests/integration/live/live_node.hpp"

using namespace banksia;
using namespace banksia::live_test;
using namespace banksia::tree_test;

namespace {

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

#define CAF_SUITE live_listings
#include "tests/integration/live/live_node.hpp"
#include "tests/integration/tree/listed_run.hpp"

using namespace banksia;
using namespace banksia::live_test;
using namespace banksia::tree_test;

namespace {

std::vector<bar> bars_of(const live_node& node, const std::string& symbol,
                         bar_interval interval) {
  auto db = store::open_for_reading(node.file);
  return store::queries{db}.bars(symbol, interval, end_of_time);
}

} // namespace

CAF_TEST(a symbol that is added is asked for with its history) {
  live_node node;
  node.pass(2);
  CAF_CHECK_EQUAL(change(*node.tree, wish("WES.AX", listing_event::added)), "");
  auto predicted = [&] {
    auto db = store::open_for_reading(node.file);
    store::list_filter some;
    some.symbol = "WES.AX";
    some.limit = 1;
    auto rows = store::queries{db}.predictions(some);
    return !rows.empty() && !rows.front().content.abstained;
  };
  CAF_CHECK(node.comes_true(predicted));
  CAF_CHECK_GREATER_OR_EQUAL(
    bars_of(node, "WES.AX", bar_interval::d1).size(), sessions_before - 1);
  CAF_CHECK(node.tree->stop());
  listed_store{node.file}.check_cycles_but_abstentions();
}

CAF_TEST(a renamed symbol is asked for by its new code from then on) {
  live_node node;
  node.pass(4);
  CAF_CHECK_EQUAL(
    change(*node.tree, wish("MQG.AX", listing_event::renamed, "MQX.AX")), "");
  CAF_CHECK(node.comes_true([&] {
    return !bars_of(node, "MQX.AX", bar_interval::m5).empty();
  }));
  node.pass(3);
  CAF_CHECK(node.tree->stop());
  listed_store after{node.file};
  auto at = after.changes.front().effective_at;
  // Its past is that of the old code: the new one's is not asked for.
  for (auto interval : {bar_interval::d1, bar_interval::m5})
    for (const auto& x : bars_of(node, "MQX.AX", interval))
      CAF_CHECK(x.opened_at > at - listings::overlap);
  for (const auto& x : bars_of(node, "MQG.AX", bar_interval::m5))
    CAF_CHECK(x.opened_at <= at);
  CAF_CHECK_EQUAL(after.count("SELECT count(*) FROM predictions WHERE symbol = "
                              "'MQX.AX' AND reason = 'insufficient_history'"),
                  0u);
}

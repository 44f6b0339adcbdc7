#define CAF_SUITE live_lags
#include "tests/integration/live/live_node.hpp"

using namespace banksia;
using namespace banksia::live_test;
using namespace banksia::tree_test;
using namespace std::chrono_literals;

namespace {

struct exit_row {
  std::string symbol;
  timestamp slot;
  timestamp due_at;
  double exit_price = 0.0;
};

std::vector<exit_row> outcomes(const std::filesystem::path& file) {
  auto db = store::open_for_reading(file);
  auto query = db.prepare(
    "SELECT o.symbol, p.timestamp, o.due_at, o.exit_price FROM outcomes o "
    "JOIN predictions p USING(prediction_id) WHERE o.void = 0");
  std::vector<exit_row> result;
  while (query.step())
    result.push_back({std::string{query.text(0)}, from_micros(query.integer(1)),
                      from_micros(query.integer(2)), query.number(3)});
  return result;
}

std::size_t count(const std::vector<exit_row>& all, const std::string& symbol,
                  timestamp due_after) {
  return static_cast<std::size_t>(
    std::count_if(all.begin(), all.end(), [&](const exit_row& x) {
      return x.symbol == symbol && x.due_at > due_after;
    }));
}

/// What the market says: the last trade until the horizon, or the first after.
/// No run that got its prices in time says anything else.
double exit_of(const exit_row& x) {
  static const exchange_calendar calendar;
  double last = 0.0;
  for (const auto& [at, b] : market().of(x.symbol, bar_interval::m5)) {
    timestamp ended = at + 5min;
    // The last bar of a session closes with the auction.
    if (auto on = calendar.session_at(at); on && ended >= on->closes_at)
      ended = on->auction_ends_at;
    if (ended <= x.slot)
      continue;
    if (ended > x.due_at)
      return last > 0.0 ? last : b.close.value();
    last = b.close.value();
  }
  return last;
}

} // namespace

CAF_TEST(a symbol without prices for hours has the outcomes of its market) {
  live_node node;
  CAF_REQUIRE(node.comes_true([&] {
    return node.health().state == health_state::healthy
           && node.facts("first").accepted > 0;
  }));
  node.pass(2);
  for (auto* server : {&node.first, &node.second})
    server->fail_for("CBA.AX");
  // What was on its way then may still come.
  auto away = node.first.now() + 30min;
  node.pass(8); // four hours, far more than prices may be old
  CAF_CHECK(node.comes_true([&] {
    return count(outcomes(node.file), "WBC.AX", away) > 0;
  }));
  CAF_CHECK(node.health().state == health_state::degraded);
  CAF_CHECK_EQUAL(count(outcomes(node.file), "CBA.AX", away), 0u);
  auto back = node.first.now();
  for (auto* server : {&node.first, &node.second})
    server->fail_for("");
  CAF_CHECK(node.comes_true([&] {
    return node.health().state == health_state::healthy;
  }));
  node.pass(3);
  CAF_CHECK(node.tree->stop());
  auto made = outcomes(node.file);
  std::size_t wrong = 0, caught_up = 0;
  for (const auto& x : made) {
    if (x.exit_price != exit_of(x)) {
      ++wrong;
      CAF_MESSAGE(x.symbol << " at " << to_rfc3339(x.slot) << " due "
                           << to_rfc3339(x.due_at) << ": " << x.exit_price
                           << ", not " << exit_of(x));
    }
    caught_up += x.symbol == "CBA.AX" && x.due_at > away && x.due_at < back;
  }
  CAF_CHECK_EQUAL(wrong, 0u);
  CAF_CHECK_GREATER(caught_up, 0u);
}

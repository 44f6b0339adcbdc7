#define CAF_SUITE tree_actions

// A replay of bars as traded, with the splits, dividends and revisions of them.

#include "actors/symbol/recompute.hpp"
#include "tests/integration/tree/tree.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::tree_test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t sessions_stored = 50;
/// Days of the run, counted from its first session.
constexpr std::size_t split_day = 30, dividend_day = 34, late_day = 38;

void divide(bar& x, double by) {
  for (auto value : {&x.open, &x.high, &x.low, &x.close})
    *value = price{value->value() / by};
  x.volume = shares{x.volume.value() * by};
}

corporate_action act(action_kind kind, const std::string& symbol,
                     const session& on, double value, timestamp known_at) {
  corporate_action x;
  x.symbol = symbol;
  x.kind = kind;
  x.effective_at = on.opens_at;
  x.known_at = x.received_at = known_at;
  x.value = real{value};
  x.source = "test";
  return x;
}

std::vector<corporate_action> actions_of(std::span<const session> days) {
  return {act(action_kind::split, "CBA.AX", days[split_day], 2.0,
              days[split_day - 5].opens_at),
          act(action_kind::dividend, "MQG.AX", days[dividend_day], 2.5,
              days[dividend_day - 5].opens_at),
          // Told more than a day late.
          act(action_kind::split, "WBC.AX", days[late_day], 4.0,
              days[late_day + 1].opens_at + 100min)};
}

/// A bar that everybody has used is corrected, another one withdrawn.
std::vector<bar_revision> revisions_of(const std::vector<bar>& bars,
                                       std::span<const session> days) {
  std::vector<bar_revision> result;
  for (const auto& x : bars) {
    auto index = x.symbol == "^AXJO";
    if (x.opened_at != days[25].opens_at + 60min
        || (!index && x.symbol != "CBA.AX"))
      continue;
    bar_revision said;
    said.content = x;
    said.content.known_at = days[26].opens_at + (index ? 90min : 65min);
    said.withdrawn = index;
    for (auto value : {&said.content.high, &said.content.close})
      *value = price{value->value() * 1.03};
    said.reason = "test";
    result.push_back(said);
  }
  return result;
}

/// Bars of a simulated market, stored as they were traded.
void store_market(const std::filesystem::path& file,
                  std::span<const session> days) {
  auto db = store::open_for_writing(file);
  store::ledger ledger{db};
  ledger.register_run("replay", "replay", "{}");
  simulation::market_simulator market{small_market()};
  storage::transaction all{db};
  for (const auto& s : days) {
    bar_batch batch;
    batch.source = "simulator";
    batch.bars
      = market.next({s.date, s.opens_at, s.closes_at, s.auction_ends_at}).bars;
    for (auto& x : batch.bars) {
      if (x.symbol == "CBA.AX" && s.opens_at >= days[split_day].opens_at)
        divide(x, 2.0);
      if (x.symbol == "WBC.AX" && s.opens_at >= days[late_day].opens_at)
        divide(x, 4.0);
    }
    ledger.write(batch);
    ledger.write(bar_revision_batch{1, revisions_of(batch.bars, days)});
  }
  ledger.write(corporate_action_batch{1, actions_of(days)});
  all.commit();
}

/// A replay that has ended, with its database.
struct ended_replay {
  scratch_folder folder;
  std::filesystem::path file = folder.path() / "banksia.db";
  shared_plan plan;
  std::vector<session> days;

  explicit ended_replay(const std::function<void(running_tree&)>& disturb) {
    node_setup setup;
    auto made = small_plan();
    made.run = "replay";
    auto first = made.calendar.session_index(2025y / 2 / 3);
    auto sessions = made.calendar.sessions().subspan(*first, sessions_stored);
    days.assign(sessions.begin(), sessions.end());
    setup.database = file;
    store_market(file, days);
    setup.clock.mode = clock_mode::replay;
    setup.clock.start = days.front().opens_at;
    setup.clock.end = days.back().auction_ends_at;
    setup.settled = setup.clock.start;
    setup.cycle_deadline = 0ms;
    setup.backoff = {};
    plan = setup.plan = std::make_shared<run_plan>(std::move(made));
    running_tree tree{setup};
    disturb(tree);
    tree.seen.expect("finished", 1);
    CAF_CHECK(tree.stop());
  }

  std::string digest() const {
    auto db = store::open_for_reading(file);
    return store::queries{db}.digest("replay");
  }

  std::vector<store::queries::outcome_row>
  outcomes(const std::string& symbol) const {
    auto db = store::open_for_reading(file);
    store::list_filter filter;
    filter.symbol = symbol;
    filter.limit = 100'000;
    return store::queries{db}.outcomes(filter, 0);
  }
};

const ended_replay& undisturbed() {
  static const ended_replay result{[](running_tree&) {}};
  return result;
}

} // namespace

CAF_TEST(a split gives no loss and a dividend a total return) {
  const auto& x = undisturbed();
  std::size_t over_split = 0, over_dividend = 0;
  double worst = 0.0;
  for (const auto& row : x.outcomes("CBA.AX")) {
    worst = std::min(worst, row.content.actual_return.value());
    over_split += row.ex_date;
    CAF_CHECK(row.content.total_return == row.content.actual_return);
  }
  CAF_CHECK_GREATER(worst, -0.2);
  CAF_CHECK_GREATER(over_split, 10u);
  for (const auto& row : x.outcomes("MQG.AX")) {
    over_dividend += row.ex_date;
    if (row.ex_date)
      CAF_CHECK_GREATER(row.content.total_return.value(),
                        row.content.actual_return.value());
    else
      CAF_CHECK(row.content.total_return == row.content.actual_return);
  }
  CAF_CHECK_GREATER(over_dividend, 10u);
}

CAF_TEST(volatility goes on over a split from when it is known) {
  const auto& x = undisturbed();
  auto db = store::open_for_reading(x.file);
  store::queries ask{db};
  auto known_late = x.days[late_day + 1].opens_at + 100min;
  std::size_t blind = 0, seeing = 0;
  for (const std::string symbol : {"CBA.AX", "WBC.AX"}) {
    store::list_filter filter;
    filter.symbol = symbol;
    filter.limit = 100'000;
    for (const auto& p : ask.predictions(filter)) {
      auto at = feature_index("volatility_20d");
      if (!p.content.features.has(at))
        continue;
      // One that nobody knows of looks like a crash until it is told.
      auto is_blind = symbol == "WBC.AX" && p.content.slot < known_late
                      && p.content.slot > x.days[late_day].opens_at;
      (is_blind ? blind : seeing) += 1;
      if (is_blind)
        CAF_CHECK_GREATER(p.content.features.values[at], 0.1);
      else
        CAF_CHECK_LESS(p.content.features.values[at], 0.1);
    }
  }
  CAF_CHECK_GREATER(blind, 10u);
  CAF_CHECK_GREATER(seeing, 500u);
}

CAF_TEST(what is predicted is explained bit for bit) {
  const auto& x = undisturbed();
  auto db = store::open_for_reading(x.file);
  store::queries ask{db};
  store::list_filter filter;
  filter.from = x.days[24].opens_at;
  filter.limit = 100'000;
  std::size_t explained = 0, identical = 0, seen = 0;
  for (const auto& p : ask.predictions(filter)) {
    if (seen++ % 5 != 0) // reading them all takes long
      continue;
    auto again = recompute(ask, p, x.plan);
    ++explained;
    identical += again.identical();
    if (!again.identical())
      CAF_MESSAGE(to_rfc3339(p.content.slot)
                  << " " << p.content.symbol << " "
                  << again.fields.differences.front().field);
  }
  CAF_CHECK_GREATER(explained, 150u);
  CAF_CHECK_EQUAL(identical, explained);
}

CAF_TEST(killing each actor changes nothing of it) {
  ended_replay x{[](running_tree& tree) {
    auto paths = tree.paths;
    for (const auto& path : paths) {
      tree.seen.expect("cycle", tree.seen.count("cycle") + 40, "finished");
      tree.kill(path);
    }
  }};
  CAF_CHECK_EQUAL(x.digest(), undisturbed().digest());
}

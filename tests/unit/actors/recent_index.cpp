#define CAF_SUITE recent_index
#include "actors/store/ledger.hpp"
#include "actors/store/schema.hpp"
#include "actors/symbol/read_series.hpp"
#include "actors/symbol/recompute.hpp"
#include "tests/scratch_folder.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

#include <chrono>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

struct fixture {
  test::scratch_folder folder;
  storage::database db{store::open_for_writing(folder.file())};
  store::ledger ledger{db};
  store::queries ask{db};
  run_plan plan = make_plan();

  fixture() { plan.index_symbol = "^AXJO"; }

  void write(const session& day, double close, bool within_day) {
    bar x;
    x.symbol = plan.index_symbol;
    x.interval = within_day ? plan.data_interval : bar_interval::d1;
    x.source = "csv";
    x.opened_at = day.opens_at;
    x.known_at = x.received_at = within_day ? day.opens_at + 5min
                                            : day.auction_ends_at;
    x.open = x.high = x.low = x.close = price{close};
    ledger.write(x);
  }

  /// A close a session, from that day on; `last` days before the slot's session
  /// there is none.
  void write_days(trading_date first, const session& slot_day, int last) {
    storage::transaction guard{db};
    auto sessions = plan.calendar.sessions();
    double close = 5000;
    for (const auto& day : sessions) {
      std::chrono::sys_days date{day.date};
      if (date < std::chrono::sys_days{first}
          || date >= std::chrono::sys_days{slot_day.date}
                       - std::chrono::days{last})
        continue;
      close *= date.time_since_epoch().count() % 5 < 3 ? 1.01 : 0.98;
      write(day, close * 1.001, true);
      write(day, close, false);
    }
    guard.commit();
  }

  /// The same context, whatever it is. @returns how many bars it took
  std::size_t expect_equal(timestamp slot) {
    auto bars = read_bars(ask, plan, plan.index_symbol, timestamp::min(), slot);
    auto whole = context_from(plan, bars, {}, slot);
    auto recent = read_recent_index(ask, plan, slot);
    auto made = context_from(plan, recent.bars, recent.revisions, slot);
    made.lineage = whole.lineage;
    CAF_CHECK(made == whole);
    return recent.bars.size();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(recent_index_tests, fixture)

CAF_TEST(the last months make the context that all years make) {
  const auto& day = session_of(std::chrono::year{2025} / 7 / 1);
  write_days(std::chrono::year{2023} / 7 / 1, day, 0);
  auto slot = day.opens_at + 2h;
  auto context = context_from(
    plan, read_recent_index(ask, plan, slot).bars, {}, slot);
  CAF_CHECK(!context.flagged);
  CAF_CHECK_LESS(expect_equal(slot), 100u);
  // Also on a day without a bar of its own, and where it is the first one.
  expect_equal(day.opens_at);
  expect_equal(day.auction_ends_at + 24h);
}

CAF_TEST(where the last months make none all that is known is read) {
  const auto& day = session_of(std::chrono::year{2025} / 7 / 1);
  write_days(std::chrono::year{2025} / 1 / 1, day, 70);
  CAF_CHECK_GREATER(expect_equal(day.opens_at + 2h), 100u);
}

CAF_TEST(without an index nothing is read) {
  plan.index_symbol.clear();
  auto none = read_recent_index(ask, plan, at("2025-07-01T02:00:00Z"));
  CAF_CHECK(none.bars.empty());
  CAF_CHECK(none.revisions.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()

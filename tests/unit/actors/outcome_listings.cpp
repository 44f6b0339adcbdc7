#define CAF_SUITE outcome_listings
#include "actors/evaluator/outcome_book.hpp"
#include "tests/unit/actors/samples.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

constexpr auto cba = "CBA.AX";

struct book_fixture {
  shared_plan plan = intraday_plan();
  outcome_book book{plan};
  listings listed{plan->symbols};
  /// 11:00 in Sydney.
  timestamp slot = slot_time(1);

  void change(listing_event event, timestamp at, std::string symbol = cba,
              std::string successor = {}) {
    listing_change x;
    x.symbol = std::move(symbol);
    x.event = event;
    x.effective_at = x.known_at = at;
    x.successor = std::move(successor);
    listed.add(x);
    book.know(std::make_shared<listings>(listed));
  }

  obligation owed(std::uint32_t horizon) {
    return owed_for(*plan, cba, slot, horizon);
  }

  void trade(timestamp known_at, double close, std::string symbol = cba) {
    book.add(make_bar(std::move(symbol), known_at, close));
  }

  outcome only() {
    auto made = book.take();
    CAF_REQUIRE_EQUAL(made.size(), 1u);
    return made.front();
  }

  void check_void(const outcome& x, std::string_view reason) {
    CAF_CHECK(x.is_void);
    CAF_CHECK_EQUAL(x.void_reason, reason);
    CAF_CHECK_EQUAL(x.exit_price.value(), 0.0);
    CAF_CHECK(!x.success);
    CAF_CHECK(x.id == make_outcome_id(x.prediction, x.horizon_minutes));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outcome_listings_tests, book_fixture)

CAF_TEST(an outcome due in a halt is void though there were trades before) {
  book.owe(owed(60));
  trade(slot + 30min, 101.0);
  change(listing_event::halted, slot + 45min);
  book.advance(slot + 59min);
  CAF_CHECK(book.take().empty());
  book.advance(slot + 60min);
  auto x = only();
  check_void(x, "halted");
  CAF_CHECK(x.evaluation_timestamp == slot + 60min);
  CAF_CHECK_EQUAL(book.open(), 0u);
}

CAF_TEST(a bar behind the due time does not save it) {
  book.owe(owed(60));
  trade(slot + 30min, 101.0);
  change(listing_event::halted, slot + 45min);
  trade(slot + 65min, 102.0);
  check_void(only(), "halted");
}

CAF_TEST(a halt that ends before the due time gives a normal outcome) {
  book.owe(owed(60));
  change(listing_event::halted, slot + 10min);
  change(listing_event::resumed, slot + 40min);
  trade(slot + 50min, 102.0);
  book.advance(slot + 60min);
  auto x = only();
  CAF_CHECK(!x.is_void);
  CAF_CHECK_EQUAL(x.exit_price.value(), 102.0);
}

CAF_TEST(who waits for a first trade is void when a halt comes before it) {
  book.owe(owed(60));
  book.advance(slot + 90min);
  CAF_CHECK(book.take().empty());
  change(listing_event::halted, slot + 100min);
  book.advance(slot + 105min);
  auto x = only();
  check_void(x, "halted");
  CAF_CHECK(x.evaluation_timestamp == slot + 100min);
}

CAF_TEST(a trade before the halt counts though it is told after it) {
  book.owe(owed(60));
  change(listing_event::halted, slot + 100min);
  trade(slot + 95min, 103.0);
  auto x = only();
  CAF_CHECK(!x.is_void);
  CAF_CHECK_EQUAL(x.exit_price.value(), 103.0);
}

CAF_TEST(a delisting voids all that is owed at once) {
  for (auto horizon : {60u, 240u, 1440u})
    book.owe(owed(horizon));
  trade(slot + 30min, 101.0);
  change(listing_event::delisted, slot + 90min);
  book.advance(slot + 95min);
  auto made = book.take();
  CAF_REQUIRE_EQUAL(made.size(), 3u);
  std::size_t voided = 0;
  for (const auto& x : made) {
    voided += x.is_void;
    // Its horizon had ended: what was traded until then counts.
    CAF_CHECK_EQUAL(x.is_void, x.horizon_minutes != 60);
  }
  CAF_CHECK_EQUAL(voided, 2u);
  CAF_CHECK_EQUAL(book.open(), 0u);
}

CAF_TEST(what is learnt of after the delisting is void too) {
  change(listing_event::delisted, slot + 30min);
  book.advance(slot + 45min);
  book.owe(owed(240));
  check_void(only(), "delisted");
}

CAF_TEST(what a removed symbol owes is evaluated) {
  book.owe(owed(60));
  change(listing_event::removed, slot + 10min);
  trade(slot + 55min, 104.0);
  book.advance(slot + 60min);
  CAF_CHECK_EQUAL(only().exit_price.value(), 104.0);
}

CAF_TEST(a removed symbol that never trades is void after a week) {
  book.owe(owed(60));
  change(listing_event::removed, slot + 10min);
  book.advance(slot + 10min + listings::linger - 1us);
  CAF_CHECK(book.take().empty());
  book.advance(slot + 10min + listings::linger);
  check_void(only(), "removed");
}

CAF_TEST(what was owed under the old code is made from the new ones bars) {
  book.owe(owed(60));
  book.owe(owed(240));
  trade(slot + 30min, 101.0);
  change(listing_event::renamed, slot + 40min, cba, "CBK.AX");
  trade(slot + 55min, 102.0, "CBK.AX");
  trade(slot + 58min, 999.0, cba); // another company by now
  book.advance(slot + 60min);
  auto x = only();
  CAF_CHECK_EQUAL(x.symbol, cba);
  CAF_CHECK_EQUAL(x.exit_price.value(), 102.0);
  change(listing_event::delisted, slot + 90min, "CBK.AX");
  book.advance(slot + 95min);
  check_void(only(), "delisted");
}

CAF_TEST(what others owe is untouched by a change) {
  book.owe(owed_for(*plan, "WBC.AX", slot, 60));
  change(listing_event::halted, slot + 10min);
  trade(slot + 30min, 101.0, "WBC.AX");
  book.advance(slot + 60min);
  CAF_CHECK(!only().is_void);
}

CAF_TEST(a daily outcome is void when its session passes in a halt) {
  auto days = daily_bars_plan();
  outcome_book daily{days};
  auto first = first_day().auction_ends_at;
  daily.owe(owed_for(*days, cba, first, 1440));
  change(listing_event::halted, first + 1h);
  daily.know(std::make_shared<listings>(listed));
  auto due = *due_at(*days, first, 1440);
  daily.advance(due - 1us);
  CAF_CHECK(daily.take().empty());
  daily.advance(due);
  auto made = daily.take();
  CAF_REQUIRE_EQUAL(made.size(), 1u);
  check_void(made.front(), "halted");
}

CAF_TEST_FIXTURE_SCOPE_END()

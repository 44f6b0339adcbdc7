#define CAF_SUITE simulator_feed
#include "actors/feeds/simulator_feed.hpp"
#include "tests/unit/actors/peers.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

struct feed_fixture : actors_fixture {
  shared_plan plan = intraday_plan();
  std::shared_ptr<roster> board
    = std::make_shared<roster>(plan, listings{plan->symbols});
  std::shared_ptr<peer> writer = stand_in("store/writer");
  std::shared_ptr<peer> cycles = stand_in("cycle");
  std::shared_ptr<peer> evaluator = stand_in("evaluator");
  std::shared_ptr<peer> old_code = stand_in("symbol/MQG.AX");
  std::shared_ptr<peer> new_code = stand_in("symbol/MQX.AX");
  std::shared_ptr<peer> added = stand_in("symbol/WES.AX");
  price_feed_actor feed;

  feed_fixture() { begin(0); }

  /// A feed from the beginning, in the place of the one before.
  void begin(std::uint32_t intraday_sessions) {
    feed_wiring wiring;
    wiring.name_of = [this](const std::string& ticker) {
      return names.name<symbol_actor>("symbol/" + ticker);
    };
    for (const auto& ticker : plan->symbols)
      wiring.symbols.push_back(wiring.name_of(ticker));
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.cycle = names.name<cycle_actor>("cycle");
    wiring.evaluator = names.name<evaluator_actor>("evaluator");
    wiring.listed = board;
    simulation_start start;
    start.settings.symbols = plan->symbols;
    start.settings.index_symbol = "";
    start.history_sessions = 2;
    start.intraday_sessions = intraday_sessions;
    auto first = *plan->calendar.session_index(first_day().date) - 2;
    start.first_session = plan->calendar.sessions()[first].date;
    feed = publish("feed/prices/simulator",
                   sys.spawn(simulator_feed, std::make_shared<probe>("feed"),
                             plan, wiring, start));
    sched.run();
  }

  void store_all() {
    writer->reply = [](const caf::message& x) -> peer::answer {
      if (!x.match_elements<bar_batch>()
          && !x.match_elements<headline_batch>())
        return nullptr;
      return [](caf::response_promise& to) { to.deliver(commit_receipt{}); };
    };
  }

  void change(std::string symbol, listing_event event, timestamp at,
              std::string successor = {}) {
    listing_change x;
    x.symbol = std::move(symbol);
    x.event = event;
    x.effective_at = x.known_at = at;
    x.successor = std::move(successor);
    auto made = std::make_shared<listings>(*board->now());
    made->add(x);
    board->end_change(std::move(made));
  }

  auto advance(timestamp until) {
    return ask<feed_progress>(feed, wire::advance_atom_v, until);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(simulator_feed_tests, feed_fixture)

CAF_TEST(a successor is told what its old code was still on its way with) {
  store_all();
  advance(slot_time(0));
  writer->reply = nullptr;
  auto answer = advance(slot_time(0) + 5min);
  CAF_REQUIRE(!answer->has_value()); // the step waits for its commit
  new_code->forget();
  change("MQG.AX", listing_event::renamed, slot_time(0) + 5min + 1us, "MQX.AX");
  store_all();
  auto steps = writer->positions<bar_batch>();
  writer->give(steps.back(), commit_receipt{});
  sched.run();
  CAF_CHECK(answer->has_value());
  auto told = new_code->all<bar>();
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(told.front().symbol, "MQG.AX");
  CAF_CHECK(told.front().known_at == slot_time(0) + 5min);
  // From then on it has bars of its own, which the old code has not.
  auto before = old_code->all<bar>().size();
  advance(slot_time(0) + 10min);
  told = new_code->all<bar>();
  CAF_REQUIRE_EQUAL(told.size(), 2u);
  CAF_CHECK_EQUAL(told.back().symbol, "MQX.AX");
  CAF_CHECK_EQUAL(old_code->all<bar>().size(), before);
}

CAF_TEST(the end of the history has bars within the day too) {
  begin(1);
  store_all();
  advance(slot_time(0));
  auto told = old_code->all<bar>();
  std::size_t daily = 0;
  std::size_t before_today = 0;
  for (const auto& x : told) {
    daily += x.interval == bar_interval::d1;
    before_today += x.interval != bar_interval::d1
                    && x.opened_at < first_day().opens_at;
  }
  CAF_CHECK_EQUAL(daily, 2u);
  CAF_CHECK_EQUAL(before_today, 72u); // six hours of five minutes
  CAF_CHECK(std::is_sorted(told.begin(), told.end(), applied_before));
}

CAF_TEST(a symbol that is added is delivered with its whole past) {
  store_all();
  advance(slot_time(0));
  auto others = old_code->all<bar>().size();
  change("WES.AX", listing_event::added, slot_time(0) + 1us);
  advance(slot_time(0) + 5min);
  auto past = added->all<bar>();
  // Two days of history, half an hour of this one, and the new bar.
  CAF_CHECK_EQUAL(past.size(), 2u + 6u + 1u);
  CAF_CHECK(past.front().interval == bar_interval::d1);
  CAF_CHECK(std::is_sorted(past.begin(), past.end(), applied_before));
  CAF_CHECK_EQUAL(old_code->all<bar>().size(), others + 1);
}

CAF_TEST_FIXTURE_SCOPE_END()

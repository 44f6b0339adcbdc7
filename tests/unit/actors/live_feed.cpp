#define CAF_SUITE live_feed
#include "actors/feeds/live_feed.hpp"
#include "tests/unit/actors/peers.hpp"

using namespace banksia;
using namespace banksia::actors_test;

// What the feed of a live node promises the evaluator: its watermark says
// nothing that has not been delivered.

namespace {

struct feed_fixture : actors_fixture {
  shared_plan plan = [] {
    auto made = make_plan();
    made.symbols = {"CBA.AX", "WBC.AX"};
    return std::make_shared<run_plan>(std::move(made));
  }();
  std::shared_ptr<peer> source = stand_in("feed/prices/some");
  std::shared_ptr<peer> writer = stand_in("store/writer");
  std::shared_ptr<peer> reader = stand_in("store/reader/1");
  std::shared_ptr<peer> cycles = stand_in("cycle");
  std::shared_ptr<peer> evaluator = stand_in("evaluator");
  std::shared_ptr<peer> cba = stand_in("symbol/CBA.AX");
  std::shared_ptr<peer> wbc = stand_in("symbol/WBC.AX");
  std::shared_ptr<feed_board> board = std::make_shared<feed_board>();
  timestamp open = first_day().opens_at;
  std::vector<bar> past; ///< of CBA, stored
  bool cba_answers = true;
  price_feed_actor feed;

  void start(std::uint64_t generation = 1) {
    reader->reply = [this](const caf::message& x) { return remembered(x); };
    source->reply = [this](const caf::message& x) { return told(x); };
    feed_wiring wiring;
    wiring.symbols = {names.name<symbol_actor>("symbol/CBA.AX"),
                      names.name<symbol_actor>("symbol/WBC.AX")};
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.cycle = names.name<cycle_actor>("cycle");
    wiring.evaluator = names.name<evaluator_actor>("evaluator");
    live_sources sources;
    sources.names = {"some"};
    sources.order = {names.name<price_source_actor>("feed/prices/some")};
    sources.board = board;
    auto watched = std::make_shared<probe>("feed");
    watched->generation = generation;
    feed = publish("feed/prices/live",
                   sys.spawn(live_feed, watched, plan, wiring, sources,
                             names.name<store_reader_actor>("store/reader/1")));
    sched.run();
  }

  peer::answer remembered(const caf::message& x) {
    if (x.match_elements<wire::rebuild_atom, std::string, bar_interval,
                         timestamp>()) {
      auto mine = x.get_as<std::string>(1) == "CBA.AX"
                  && x.get_as<bar_interval>(2) == bar_interval::m5;
      return [bars = mine ? past : std::vector<bar>{}](
               caf::response_promise& to) { to.deliver(bars); };
    }
    if (x.match_elements<wire::revision_atom, std::string, bar_interval,
                         timestamp>())
      return [](caf::response_promise& to) {
        to.deliver(std::vector<bar_revision>{});
      };
    return [](caf::response_promise& to) {
      to.deliver(std::vector<corporate_action>{});
    };
  }

  /// Of each short series the bars that are over, and the one that grows.
  peer::answer told(const caf::message& x) {
    if (!x.match_elements<price_request>())
      return nullptr;
    auto asked = x.get_as<price_request>(0);
    price_answer answer;
    answer.source = "some";
    answer.status = "ok";
    answer.covered_until = asked.until;
    if (asked.symbol == "CBA.AX" && !cba_answers)
      answer.status = "unavailable";
    else if (asked.interval == bar_interval::m5)
      for (auto t = open; t <= asked.until; t += 5min) {
        // No two are alike, else the rules take one for a stale copy.
        auto n = static_cast<double>(++told_bars);
        auto made = make_bar(asked.symbol, t + 5min, 10.0 + 0.01 * n);
        made.volume = shares{1000.0 + n};
        (t + 5min <= asked.until ? answer.bars : answer.running)
          .push_back(made);
      }
    return [answer](caf::response_promise& to) { to.deliver(answer); };
  }

  void store_all() {
    writer->reply = [](const caf::message&) -> peer::answer {
      return [](caf::response_promise& to) { to.deliver(commit_receipt{}); };
    };
  }

  void advance(timestamp until) {
    ask<feed_progress>(feed, wire::advance_atom_v, until);
  }

  bar_batch last_batch() { return evaluator->all<bar_batch>().back(); }

  int told_bars = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(live_feed_tests, feed_fixture)

CAF_TEST(the watermark waits for what is not stored yet) {
  start();
  auto at = open + 12min;
  advance(at); // everybody is asked and has answered; nothing is stored
  advance(at + 1min); // waits: a cycle of then must see what came before
  CAF_CHECK(last_batch().bars.empty());
  auto steps = evaluator->count<bar_batch>();
  auto lags = evaluator->all<series_lag_batch>();
  CAF_REQUIRE(!lags.empty());
  CAF_CHECK_EQUAL(lags.back().lags.size(), 2u);
  store_all();
  auto waiting = writer->positions<bar_batch>();
  CAF_REQUIRE_EQUAL(waiting.size(), 1u); // one after the other
  writer->give(waiting.front(), commit_receipt{});
  sched.run();
  CAF_CHECK_EQUAL(evaluator->count<bar_batch>(), steps + 1);
  CAF_CHECK_EQUAL(last_batch().bars.size(), 4u);
  CAF_CHECK(last_batch().watermark == at);
  // That nobody lags is told before the bars, once.
  CAF_CHECK(evaluator->all<series_lag_batch>().back().lags.empty());
  auto told = evaluator->count<series_lag_batch>();
  auto bars_at = evaluator->positions<bar_batch>().back();
  auto lags_at = evaluator->positions<series_lag_batch>().back();
  CAF_CHECK_GREATER(bars_at, lags_at);
  advance(at + 3min);
  CAF_CHECK_EQUAL(evaluator->count<series_lag_batch>(), told);
}

CAF_TEST(time waits for a store no longer than a moment) {
  start();
  auto at = open + 12min;
  advance(at);
  advance(at + 1min);
  auto steps = evaluator->count<bar_batch>();
  sched.trigger_timeouts();
  sched.run();
  CAF_CHECK_EQUAL(evaluator->count<bar_batch>(), steps + 1);
  CAF_CHECK(last_batch().bars.empty());
  // What comes late is delivered with the next step, which waits for the rest.
  store_all();
  sched.trigger_timeouts(); // what was not answered is sent again
  sched.run();
  advance(at + 2min);
  CAF_CHECK_EQUAL(last_batch().bars.size(), 4u);
}

CAF_TEST(who waits for a feed that dies is told so) {
  start();
  advance(open + 12min);
  std::optional<caf::error> why;
  sys.spawn([&](caf::event_based_actor* asker) {
    asker->request(feed, caf::infinite, wire::advance_atom_v, open + 13min)
      .then([](const feed_progress&) {},
            [&](caf::error& x) { why = std::move(x); });
  });
  sched.run();
  CAF_CHECK(!why);
  self->send_exit(feed, caf::exit_reason::kill);
  sched.run();
  CAF_REQUIRE(why.has_value());
  CAF_CHECK(*why == caf::sec::request_receiver_down);
}

CAF_TEST(a symbol in trouble lags and holds nobody back) {
  store_all();
  start();
  advance(open + 12min);
  advance(open + 13min);
  CAF_CHECK(evaluator->all<series_lag_batch>().back().lags.empty());
  cba_answers = false;
  for (auto t = open + 20min; t <= open + 150min; t += 5min)
    advance(t);
  auto told = evaluator->all<series_lag_batch>().back();
  CAF_REQUIRE_EQUAL(told.lags.size(), 1u);
  CAF_CHECK_EQUAL(told.lags[0].symbol, "CBA.AX");
  CAF_CHECK(told.lags[0].known_until == open + 12min);
  CAF_CHECK(last_batch().watermark > open + 140min);
  cba_answers = true;
  for (auto t = open + 155min; t <= open + 160min; t += 1min)
    advance(t);
  CAF_CHECK(evaluator->all<series_lag_batch>().back().lags.empty());
  std::size_t bars = 0;
  for (const auto& batch : evaluator->all<bar_batch>())
    for (const auto& x : batch.bars)
      bars += x.symbol == "CBA.AX";
  CAF_CHECK_EQUAL(bars, 31u); // until 155 minutes behind the open
}

CAF_TEST(the bar that grows is shown and goes to nobody) {
  store_all();
  start();
  advance(open + 12min);
  auto running = board->running("CBA.AX", bar_interval::m5);
  CAF_REQUIRE(running.has_value());
  CAF_CHECK(running->opened_at == open + 10min);
  CAF_CHECK(!board->running("CBA.AX", bar_interval::d1));
  advance(open + 13min);
  auto held = [&](const std::vector<bar>& bars) {
    return std::any_of(bars.begin(), bars.end(), [&](const bar& x) {
      return x.opened_at == open + 10min;
    });
  };
  for (const auto& batch : writer->all<bar_batch>())
    CAF_CHECK(!held(batch.bars));
  CAF_CHECK(!held(last_batch().bars));
  CAF_CHECK(!held(cba->all<bar>()));
  // Over now: stored and delivered, and the next one grows.
  advance(open + 17min);
  advance(open + 18min);
  CAF_CHECK(held(last_batch().bars));
  CAF_CHECK(held(cba->all<bar>()));
  CAF_CHECK(board->running("CBA.AX", bar_interval::m5)->opened_at
            == open + 15min);
}

CAF_TEST(one that starts again delivers what the one before may not have) {
  past = {make_bar("CBA.AX", open + 5min, 10.0)};
  start(2);
  advance(open + 6min);
  CAF_CHECK_EQUAL(cba->all<bar>().size(), 1u);
  CAF_CHECK_EQUAL(last_batch().bars.size(), 1u);
  advance(open + 7min);
  CAF_CHECK_EQUAL(cba->all<bar>().size(), 1u);
}

CAF_TEST(the first one delivers nothing that others read from the store) {
  past = {make_bar("CBA.AX", open + 5min, 10.0)};
  start();
  advance(open + 6min);
  CAF_CHECK(cba->all<bar>().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()

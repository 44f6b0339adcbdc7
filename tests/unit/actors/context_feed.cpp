#define CAF_SUITE context_feed
#include "actors/feeds/context_feed.hpp"
#include "actors/feeds/news_feed.hpp"
#include "actors/store/outbox.hpp"
#include "tests/unit/actors/peers.hpp"

#include <algorithm>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

/// A feed of the Australian dollar between a source, a store and a cycle.
struct context_fixture : actors_fixture {
  std::shared_ptr<peer> source = stand_in("feed/prices/yahoo");
  std::shared_ptr<peer> writer = stand_in("store/writer");
  std::shared_ptr<peer> reader = stand_in("store/reader/1");
  std::shared_ptr<peer> cycles = stand_in("cycle");
  std::shared_ptr<feed_board> board = std::make_shared<feed_board>();
  timestamp now = at("2025-07-02T20:00:00Z"); ///< between two sessions
  std::string status = "ok"; ///< of what the source answers
  std::vector<bar> days;      ///< that it knows
  std::vector<bar> stored;
  bool stores = true;
  context_setup setup;
  context_feed_actor feed;

  context_fixture() {
    source->reply = [this](const caf::message& x) -> peer::answer {
      if (!x.match_elements<price_request>())
        return nullptr;
      price_answer answer;
      answer.source = "yahoo";
      answer.status = status;
      answer.text = status == "ok" ? "" : "as the test asks";
      answer.bars = status == "ok" ? days : std::vector<bar>{};
      return [answer](caf::response_promise& to) { to.deliver(answer); };
    };
    writer->reply = [this](const caf::message& x) { return written(x); };
    reader->reply = [this](const caf::message&) -> peer::answer {
      return [known = stored](caf::response_promise& to) {
        to.deliver(known);
      };
    };
    setup.wall = [this] { return now; };
    setup.begins_at = now;
    setup.board = board;
    add(at("2025-06-30T00:00:00Z"), 0.65);
    add(at("2025-07-01T00:00:00Z"), 0.66);
  }

  void add(timestamp opened_at, double close) {
    bar x;
    x.symbol = "AUDUSD=X";
    x.opened_at = opened_at;
    x.open = x.high = x.low = x.close = price{close};
    x.source = "yahoo";
    days.push_back(std::move(x));
  }

  peer::answer written(const caf::message& x) {
    if (!stores)
      return nullptr;
    if (x.match_elements<bar_batch>())
      for (const auto& y : x.get_as<bar_batch>(0).bars)
        stored.push_back(y);
    return [](caf::response_promise& to) { to.deliver(commit_receipt{}); };
  }

  context_feed_actor made() {
    context_wiring wiring;
    wiring.source = names.name<price_source_actor>("feed/prices/yahoo");
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.reader = names.name<store_reader_actor>("store/reader/1");
    wiring.cycle = names.name<cycle_actor>("cycle");
    return sys.spawn(context_feed, std::make_shared<probe>("feed"),
                     intraday_plan(), wiring, setup);
  }

  void start() {
    feed = publish("feed/context/aud_usd", made());
    sched.run();
  }

  component_health health() {
    auto x = ask<component_health>(feed, wire::health_atom_v);
    CAF_REQUIRE(x->has_value());
    return **x;
  }

  feed_facts facts() { return board->all()["context/aud_usd"]; }

  std::uint64_t failed(const std::string& why) {
    return facts().failures[why];
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(context_feed_tests, context_fixture)

CAF_TEST(history is stored before the cycle is told) {
  stores = false;
  start();
  CAF_CHECK_EQUAL(writer->count<bar_batch>(), 1u);
  CAF_CHECK_EQUAL(cycles->count<bar_batch>(), 0u);
  stored = writer->all<bar_batch>()[0].bars;
  writer->give(writer->positions<bar_batch>()[0], commit_receipt{});
  sched.run();
  CAF_REQUIRE_EQUAL(cycles->count<bar_batch>(), 1u);
  auto told = cycles->all<bar_batch>()[0];
  CAF_CHECK(told.bars == stored);
  CAF_REQUIRE_EQUAL(told.bars.size(), 2u);
  CAF_CHECK(told.bars[1].known_at == at("2025-07-02T00:00:00Z"));
  CAF_CHECK(told.watermark == told.bars[1].known_at);
  CAF_CHECK_EQUAL(facts().accepted, 2u);
  CAF_CHECK(facts().last_answer == now);
  CAF_CHECK(health().state == health_state::healthy);
}

CAF_TEST(a day that comes later counts when the cycle has it) {
  start();
  now = at("2025-07-03T00:40:00Z");
  pass(59min);
  CAF_CHECK_EQUAL(source->count<price_request>(), 1u);
  add(at("2025-07-02T00:00:00Z"), 0.67);
  pass(1min);
  CAF_REQUIRE_EQUAL(source->count<price_request>(), 2u);
  CAF_CHECK(source->all<price_request>()[1].until == now);
  CAF_REQUIRE_EQUAL(stored.size(), 3u);
  CAF_CHECK(stored[2].known_at == now + news_settle);
  CAF_REQUIRE_EQUAL(cycles->count<bar_batch>(), 2u);
  CAF_CHECK(cycles->all<bar_batch>()[1].bars == stored);
  // Nothing new: nothing is stored or told.
  pass(1h);
  CAF_CHECK_EQUAL(source->count<price_request>(), 3u);
  CAF_CHECK_EQUAL(stored.size(), 3u);
  CAF_CHECK_EQUAL(cycles->count<bar_batch>(), 2u);
}

CAF_TEST(a store that needs long makes a day count later) {
  start();
  add(at("2025-07-02T00:00:00Z"), 0.67);
  now = at("2025-07-03T00:40:00Z");
  stores = false;
  pass(1h);
  auto tried = writer->positions<bar_batch>();
  CAF_REQUIRE_EQUAL(tried.size(), 2u);
  writer->fail(tried.back());
  sched.run();
  now += 20s;
  stores = true;
  pass(commit_retry_pause);
  CAF_REQUIRE_EQUAL(stored.size(), 3u);
  CAF_CHECK(stored[2].known_at == now + news_settle);
  CAF_CHECK_EQUAL(cycles->count<bar_batch>(), 2u);
}

CAF_TEST(the cycle is told what is stored whatever was sent again) {
  start();
  add(at("2025-07-02T00:00:00Z"), 0.67);
  now = at("2025-07-03T00:40:00Z");
  stores = false;
  pass(1h);
  // It was stored, but its word was lost; the second one is a duplicate.
  auto first = writer->all<bar_batch>().back().bars[0];
  stored.push_back(first);
  writer->fail(writer->positions<bar_batch>().back());
  sched.run();
  now += 20s;
  pass(commit_retry_pause);
  writer->give(writer->positions<bar_batch>().back(), commit_receipt{});
  sched.run();
  CAF_CHECK(cycles->all<bar_batch>().back().bars.back() == first);
}

CAF_TEST(days behind a cycle that was made without them count from now on) {
  // A slot of the session that runs may be decided already.
  now = at("2025-07-02T01:00:00Z");
  setup.begins_at = at("2025-07-02T00:10:00Z");
  start();
  CAF_REQUIRE_EQUAL(stored.size(), 2u);
  for (const auto& x : stored)
    CAF_CHECK(x.known_at == now + news_settle);
}

CAF_TEST(slots before the start count where the run had made them) {
  now = at("2025-07-02T00:40:00Z");
  setup.begins_at = now;
  start();
  CAF_REQUIRE_EQUAL(stored.size(), 2u);
  CAF_CHECK(stored[1].known_at == at("2025-07-02T00:00:00Z"));
  stored.clear();
  kill(feed);
  setup.decided_before = at("2025-07-02T00:30:00Z");
  start();
  CAF_REQUIRE_EQUAL(stored.size(), 2u);
  CAF_CHECK(stored[1].known_at == now + news_settle);
}

CAF_TEST(a slot that comes within the settling time may miss the past) {
  now = at("2025-07-02T00:29:56Z");
  setup.begins_at = now - 1min;
  start();
  CAF_REQUIRE_EQUAL(stored.size(), 2u);
  CAF_CHECK(stored[1].known_at == now + news_settle);
}

CAF_TEST(a feed that starts again tells what is stored and stores nothing twice) {
  start();
  CAF_REQUIRE_EQUAL(stored.size(), 2u);
  auto before = stored;
  kill(feed);
  start();
  CAF_CHECK(stored == before);
  CAF_REQUIRE_EQUAL(cycles->count<bar_batch>(), 2u);
  CAF_CHECK(cycles->all<bar_batch>()[1].bars == before);
  // It asks behind what it knows.
  CAF_CHECK(source->all<price_request>()[1].from
            == at("2025-06-26T00:00:00Z"));
}

CAF_TEST(a source that fails is told with its reason and asked again soon) {
  status = "unavailable";
  start();
  CAF_CHECK_EQUAL(writer->received(), 0u);
  CAF_CHECK_EQUAL(failed("unavailable"), 1u);
  auto told = health();
  CAF_CHECK(told.state == health_state::degraded);
  CAF_CHECK_EQUAL(told.reason,
                  "aud_usd from yahoo: unavailable: as the test asks");
  pass(5min);
  CAF_CHECK_EQUAL(source->count<price_request>(), 2u);
  status = "ok";
  pass(5min);
  CAF_CHECK_EQUAL(stored.size(), 2u);
  CAF_CHECK(facts().trouble.empty());
  CAF_CHECK(health().state == health_state::healthy);
}

CAF_TEST(a source that is away or silent is a failure as well) {
  source->reply = nullptr;
  start();
  pass(61s);
  CAF_CHECK_EQUAL(failed("away"), 1u);
  CAF_CHECK(health().state == health_state::degraded);
  pass(5min);
  CAF_CHECK_EQUAL(source->count<price_request>(), 2u);
}

CAF_TEST(an answer without any day and one that is old are told) {
  days.clear();
  start();
  auto none = health();
  CAF_CHECK(none.state == health_state::degraded);
  CAF_CHECK_EQUAL(none.reason, "aud_usd from yahoo: no day of it is known");
  add(at("2025-07-01T00:00:00Z"), 0.66);
  pass(1h);
  CAF_CHECK(health().state == health_state::healthy);
  now = stored.back().known_at + level_series::age_max;
  CAF_CHECK(health().state == health_state::healthy);
  now += 1s;
  CAF_CHECK_EQUAL(health().reason,
                  "aud_usd from yahoo: no new day known since "
                    + to_rfc3339(stored.back().known_at));
}

CAF_TEST(what is refused is counted and kept with its reason) {
  add(at("2025-06-29T00:00:00Z"), 65.0);
  std::rotate(days.begin(), days.end() - 1, days.end());
  start();
  auto kept = writer->all<quarantine_batch>();
  CAF_REQUIRE_EQUAL(kept.size(), 1u);
  CAF_REQUIRE_EQUAL(kept[0].rows.size(), 1u);
  CAF_CHECK_EQUAL(kept[0].rows[0].reason, "out_of_range");
  CAF_CHECK_EQUAL(facts().quarantined, 1u);
  CAF_CHECK_EQUAL(facts().accepted, 2u);
  CAF_CHECK_EQUAL(stored.size(), 2u);
  pass(1h);
  CAF_CHECK_EQUAL(writer->count<quarantine_batch>(), 1u);
  CAF_CHECK_EQUAL(facts().quarantined, 1u);
}

CAF_TEST(who cannot read what is stored ends and is started again) {
  reader->reply = [](const caf::message&) -> peer::answer {
    return [](caf::response_promise& to) {
      to.deliver(caf::make_error(caf::sec::runtime_error, "as the test asks"));
    };
  };
  auto reading = made();
  auto ended = watch(reading);
  sched.run();
  CAF_CHECK(ended->has_value());
  CAF_CHECK_EQUAL(source->received(), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()

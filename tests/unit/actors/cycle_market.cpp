#define CAF_SUITE cycle_market
#include "actors/cycle/cycle.hpp"
#include "tests/unit/actors/change_samples.hpp"
#include "tests/unit/actors/peers.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

using read_bars = std::tuple<std::string, bar_interval, timestamp, timestamp>;

/// A cycle actor without an index, and the store it may read.
struct market_fixture : actors_fixture {
  run_plan plan = make_plan();
  std::vector<std::shared_ptr<peer>> symbols;
  std::shared_ptr<peer> writer = stand_in("store/writer");
  std::shared_ptr<peer> reader = stand_in("store/reader/1");
  std::shared_ptr<probe> watched = std::make_shared<probe>("cycle");
  std::vector<bar> stored; ///< what the store has
  std::vector<read_bars> read;

  market_fixture() {
    plan.index_symbol.clear();
    for (const auto& symbol : plan.symbols)
      symbols.push_back(stand_in("symbol/" + symbol));
    reader->reply = [this](const caf::message& x) { return answer_to(x); };
  }

  peer::answer answer_to(const caf::message& x) {
    if (x.match_elements<wire::rebuild_atom, std::string, bar_interval,
                         timestamp, timestamp>())
      return bars_since(x.get_as<std::string>(1), x.get_as<bar_interval>(2),
                        x.get_as<timestamp>(3), x.get_as<timestamp>(4));
    if (x.match_elements<wire::rebuild_atom, std::string, bar_interval,
                         timestamp>())
      return bars_since(x.get_as<std::string>(1), x.get_as<bar_interval>(2),
                        timestamp::min(), x.get_as<timestamp>(3));
    if (x.match_elements<wire::revision_atom, std::string, bar_interval,
                         timestamp>())
      return [](caf::response_promise& to) {
        to.deliver(std::vector<bar_revision>{});
      };
    return [](caf::response_promise& to) {
      to.deliver(std::vector<corporate_action>{});
    };
  }

  peer::answer bars_since(const std::string& symbol, bar_interval interval,
                          timestamp from, timestamp until) {
    read.emplace_back(symbol, interval, from, until);
    std::vector<bar> found;
    for (const auto& x : stored)
      if (x.symbol == symbol && x.interval == interval && x.opened_at >= from
          && x.known_at <= until)
        found.push_back(x);
    return [found](caf::response_promise& to) { to.deliver(found); };
  }

  /// As the supervisor starts it for the n-th time.
  cycle_actor start(std::uint64_t generation) {
    watched->generation = generation;
    cycle_wiring wiring;
    for (const auto& symbol : plan.symbols)
      wiring.symbols.push_back(names.name<symbol_actor>("symbol/" + symbol));
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.evaluator = names.name<evaluator_actor>("evaluator");
    wiring.scheduler = names.name<scheduler_actor>("scheduler");
    wiring.index = {names.name<store_reader_actor>("store/reader/1"),
                    {bar_interval::d1}};
    auto made = publish("cycle",
                        sys.spawn(cycle, watched,
                                  std::make_shared<run_plan>(plan), wiring));
    sched.run();
    return made;
  }

  cycle_due due(int i) { return {1, slot_of(plan, i), true, {}}; }

  /// The closes of all symbols on the two sessions before the first day: they
  /// change by 1, 2 and 3 percent.
  std::vector<bar> two_days() const {
    auto first = *sydney().session_index(first_day().date) - 2;
    std::vector<bar> result;
    for (std::size_t day = 0; day < 2; ++day)
      for (std::size_t i = 0; i < plan.symbols.size(); ++i)
        result.push_back(
          daily_bar(plan.symbols[i], sydney().sessions()[first + day],
                    day == 0 ? 100.0 : 101.0 + static_cast<double>(i)));
    return result;
  }

  static bar level_bar(context_series series, timestamp known_at,
                       double close) {
    auto x = make_bar(std::string{symbol_of(series)}, known_at, close);
    x.interval = bar_interval::d1;
    return x;
  }

  std::vector<predict_request> asked() {
    return symbols[0]->all<predict_request>();
  }

  static bool is_two_percent(const market_values& x) {
    return x.has_sector && x.breadth == fraction{1.0}
           && std::abs(x.sector_change.value() - 0.02) < 1e-12;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(cycle_market_tests, market_fixture)

CAF_TEST(symbols are told what all of them did together) {
  auto actor = start(1);
  tell(actor, bar_batch{1, "test", slot_time(0), two_days()});
  tell(actor, due(0));
  CAF_REQUIRE_EQUAL(asked().size(), 1u);
  CAF_CHECK(is_two_percent(asked()[0].market));
  CAF_CHECK(asked()[0].market == symbols[2]->all<predict_request>()[0].market);
  // Nothing had to be read: the feed has told it all.
  CAF_CHECK_EQUAL(reader->received(), 0u);
}

CAF_TEST(what is known after the slot changes nothing) {
  auto actor = start(1);
  auto bars = two_days();
  for (const auto& symbol : plan.symbols)
    bars.push_back(make_bar(symbol, slot_time(1), 50.0));
  tell(actor, bar_batch{1, "test", slot_time(1), bars});
  tell(actor, due(0));
  tell(actor, due(1));
  CAF_REQUIRE_EQUAL(asked().size(), 2u);
  CAF_CHECK(is_two_percent(asked()[0].market));
  CAF_CHECK(asked()[1].market.has_sector);
  CAF_CHECK(asked()[1].market.breadth == fraction{-1.0});
}

CAF_TEST(splits and later words count from when they are known) {
  auto actor = start(1);
  auto bars = two_days();
  tell(actor, bar_batch{1, "test", slot_time(0), bars});
  auto split = make_action(action_kind::split, plan.symbols[0],
                           bars[3].opened_at, 2.0, slot_time(1));
  tell(actor, corporate_action_batch{1, {split}});
  tell(actor, bar_revision_batch{
                1, {make_withdrawal(bars[5], slot_time(2))}});
  for (int i : {0, 1, 2})
    tell(actor, due(i));
  CAF_REQUIRE_EQUAL(asked().size(), 3u);
  CAF_CHECK(is_two_percent(asked()[0].market));
  // 101 of a share of which there were half as many: 102 percent.
  CAF_CHECK(std::abs(asked()[1].market.sector_change.value()
                     - (1.02 + 0.02 + 0.03) / 3)
            < 1e-12);
  // The third one has no close of the day any more; two are no sector.
  CAF_CHECK(!asked()[2].market.has_sector);
}

CAF_TEST(started again it reads the last sessions as of the slot) {
  stored = two_days();
  for (const auto& symbol : plan.symbols) {
    auto later = daily_bar(symbol, first_day(), 50.0);
    stored.push_back(later); // of the evening
  }
  auto actor = start(2);
  CAF_CHECK_EQUAL(reader->received(), 0u);
  tell(actor, due(0));
  CAF_REQUIRE_EQUAL(asked().size(), 1u);
  CAF_CHECK(is_two_percent(asked()[0].market));
  CAF_REQUIRE_EQUAL(read.size(), 3u);
  CAF_CHECK(std::get<2>(read[0]) == market_begin(plan, slot_time(0)));
  CAF_CHECK(std::get<3>(read[0]) == slot_time(0));
}

CAF_TEST(it reads until it has heard of the feed) {
  stored = two_days();
  auto actor = start(2);
  tell(actor, due(0));
  CAF_CHECK_EQUAL(read.size(), 3u);
  // Bars between the slot and the feed's next word may have been told to the
  // one before.
  tell(actor, due(1));
  CAF_CHECK_EQUAL(read.size(), 6u);
  tell(actor, bar_batch{1, "test", slot_time(3),
                        {make_bar(plan.symbols[0], slot_time(3), 102.0)}});
  tell(actor, due(2));
  CAF_CHECK_EQUAL(read.size(), 9u);
  tell(actor, due(3));
  CAF_CHECK_EQUAL(read.size(), 12u);
  // From here on the feed has told it all.
  for (int i : {4, 5, 6})
    tell(actor, due(i));
  CAF_CHECK_EQUAL(read.size(), 12u);
  CAF_CHECK_EQUAL(asked().size(), 7u);
  for (const auto& x : asked())
    CAF_CHECK(x.market.has_sector || x.slot.slot >= slot_time(3));
}

CAF_TEST(levels of other markets count from when they are known) {
  plan.context = {context_series::aud_usd};
  stored = {level_bar(context_series::aud_usd, slot_time(0), 0.65)};
  auto actor = start(1);
  tell(actor, due(0));
  // Told before and after the slot that reads the past; twice, too.
  auto next = level_bar(context_series::aud_usd, slot_time(2), 0.66);
  next.opened_at += std::chrono::days{1};
  tell(actor, bar_batch{1, "context/aud_usd", slot_time(2),
                        {stored[0], next,
                         level_bar(context_series::vix, slot_time(1), 17.0)}});
  for (int i : {1, 2})
    tell(actor, due(i));
  CAF_REQUIRE_EQUAL(asked().size(), 3u);
  for (const auto& x : asked()) {
    CAF_CHECK(x.market.has_aud_usd);
    CAF_CHECK(!x.market.has_vix); // this run does not know it
  }
  CAF_CHECK(asked()[0].market.aud_usd == real{0.65});
  CAF_CHECK(asked()[1].market.aud_usd == real{0.65});
  CAF_CHECK(asked()[2].market.aud_usd == real{0.66});
}

CAF_TEST(who tells of other markets says nothing of this one) {
  plan.context = {context_series::vix};
  stored = two_days();
  auto actor = start(2);
  auto level = level_bar(context_series::vix, slot_time(0), 17.0);
  tell(actor, bar_batch{1, "context/vix", slot_time(0), {level}});
  tell(actor, due(0));
  auto once = read.size();
  tell(actor, bar_batch{1, "context/vix", slot_time(0), {level}});
  tell(actor, due(1));
  // The past of all three symbols again: their feed has said nothing yet.
  CAF_CHECK_EQUAL(read.size(), once + 3);
  CAF_REQUIRE_EQUAL(asked().size(), 2u);
  CAF_CHECK(is_two_percent(asked()[1].market));
  CAF_CHECK(asked()[1].market.vix == real{17.0});
}

CAF_TEST(a symbol that is asked again is told the same) {
  auto actor = start(1);
  tell(actor, bar_batch{1, "test", slot_time(0), two_days()});
  tell(actor, due(0));
  auto again = stand_in("symbol/" + plan.symbols[1]);
  pass(std::chrono::milliseconds{1000});
  CAF_REQUIRE_EQUAL(again->all<predict_request>().size(), 1u);
  CAF_CHECK(again->all<predict_request>()[0] == asked()[0]);
}

CAF_TEST(context series are read once and count from when they are known) {
  plan.context = {context_series::vix};
  auto level = daily_bar("^VIX", first_day(), 17.5);
  level.known_at = slot_time(1);
  stored = two_days();
  stored.push_back(level);
  auto actor = start(1);
  for (int i : {0, 1, 2})
    tell(actor, due(i));
  CAF_REQUIRE_EQUAL(asked().size(), 3u);
  CAF_CHECK(!asked()[0].market.has_vix);
  CAF_CHECK(asked()[1].market.has_vix);
  CAF_CHECK_EQUAL(asked()[2].market.vix.value(), 17.5);
  CAF_CHECK(!asked()[2].market.has_aud_usd);
  // Bars of each length, once.
  CAF_CHECK_EQUAL(read.size(), all_bar_intervals.size());
}

CAF_TEST(an actor that cannot read the market ends with the error) {
  reader->reply = nullptr;
  auto actor = start(2);
  auto end = watch(actor);
  tell(actor, due(0));
  CAF_REQUIRE_EQUAL(reader->received(), 1u);
  reader->fail(0);
  sched.run();
  CAF_REQUIRE(end->has_value());
  CAF_CHECK((*end)->find("as the test asks") != std::string::npos);
  CAF_CHECK(asked().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()

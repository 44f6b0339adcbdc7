#define CAF_SUITE cycle_index
#include "actors/cycle/cycle.hpp"
#include "tests/unit/actors/peers.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

/// The market context of a cycle actor with an index and a store to read.
struct index_fixture : actors_fixture {
  shared_plan plan = with_index();
  std::shared_ptr<peer> symbol = stand_in("symbol/CBA.AX");
  std::shared_ptr<peer> writer = stand_in("store/writer");
  std::shared_ptr<peer> reader = stand_in("store/reader/1");
  std::shared_ptr<probe> watched = std::make_shared<probe>("cycle");

  std::vector<bar_revision> revisions; ///< stored

  index_fixture() {
    reader->reply = [this](const caf::message& x) -> peer::answer {
      // What the symbols did is another suite's.
      if (x.match_elements<wire::rebuild_atom, std::string, bar_interval,
                           timestamp, timestamp>())
        return [](caf::response_promise& to) {
          to.deliver(std::vector<bar>{});
        };
      if (x.match_elements<wire::action_atom, std::string, timestamp>())
        return [](caf::response_promise& to) {
          to.deliver(std::vector<corporate_action>{});
        };
      if (!x.match_elements<wire::revision_atom, std::string, bar_interval,
                            timestamp>())
        return nullptr;
      return [this](caf::response_promise& to) { to.deliver(revisions); };
    };
  }

  static shared_plan with_index() {
    auto plan = make_plan();
    plan.symbols = {"CBA.AX"};
    plan.index_symbol = "^AXJO";
    return std::make_shared<run_plan>(std::move(plan));
  }

  /// As the supervisor starts it for the n-th time.
  cycle_actor start(std::uint64_t generation) {
    watched->generation = generation;
    cycle_wiring wiring;
    wiring.symbols.push_back(names.name<symbol_actor>("symbol/CBA.AX"));
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.evaluator = names.name<evaluator_actor>("evaluator");
    wiring.scheduler = names.name<scheduler_actor>("scheduler");
    wiring.index = {names.name<store_reader_actor>("store/reader/1"),
                    {bar_interval::d1}};
    auto made = publish("cycle", sys.spawn(cycle, watched, plan, wiring));
    sched.run();
    return made;
  }

  /// Closes of the six sessions before the first day, rising by one percent.
  std::vector<bar> index_past() {
    auto first = *sydney().session_index(std::chrono::year{2025} / 6 / 23);
    std::vector<bar> result;
    for (std::size_t i = 0; i < 6; ++i)
      result.push_back(daily_bar("^AXJO", sydney().sessions()[first + i],
                                 8000.0 * (1 + 0.01 * static_cast<double>(i))));
    return result;
  }

  cycle_due due(int i) { return {1, slot_of(*plan, i), true, {}}; }

  void give_history(std::size_t n, std::vector<bar> bars) {
    auto reads = reader->positions<wire::rebuild_atom, std::string,
                                   bar_interval, timestamp>();
    reader->give(reads.at(n), std::move(bars));
    sched.run();
  }

  std::vector<predict_request> asked() {
    return symbol->all<predict_request>();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(cycle_index_tests, index_fixture)

CAF_TEST(the context is made from the bars of the index) {
  auto actor = start(1);
  CAF_CHECK_EQUAL(reader->received(), 0u);
  tell(actor, bar_batch{1, "test", slot_time(0), index_past()});
  tell(actor, due(0));
  CAF_REQUIRE_EQUAL(asked().size(), 1u);
  CAF_CHECK(!asked()[0].context.flagged);
  CAF_CHECK(asked()[0].context.trend == market_trend::bullish);
}

CAF_TEST(started again it reads what it has missed before it asks) {
  auto actor = start(2);
  CAF_REQUIRE_EQUAL(reader->received(), 1u);
  CAF_CHECK_EQUAL(reader->content(0).get_as<std::string>(1), "^AXJO");
  tell(actor, due(0));
  CAF_CHECK(asked().empty());
  give_history(0, index_past());
  CAF_REQUIRE_EQUAL(asked().size(), 1u);
  CAF_CHECK(asked()[0].context.trend == market_trend::bullish);
}

CAF_TEST(bars that come while it reads count as well) {
  auto actor = start(2);
  auto past = index_past();
  auto last = past.back();
  past.pop_back();
  tell(actor, bar_batch{1, "test", slot_time(0), {last}});
  tell(actor, due(0));
  give_history(0, past);
  CAF_REQUIRE_EQUAL(asked().size(), 1u);
  CAF_CHECK(!asked()[0].context.flagged);
}

CAF_TEST(cycles that were held keep their order) {
  auto actor = start(2);
  tell(actor, due(0));
  tell(actor, slot_of(*plan, 1), std::string{"no_data"});
  tell(actor, due(2));
  give_history(0, index_past());
  CAF_REQUIRE_EQUAL(asked().size(), 2u);
  for (int i : {0, 2})
    tell(actor, make_draft(*plan, slot_of(*plan, i), 0));
  auto records = writer->all<cycle_record>();
  CAF_REQUIRE_EQUAL(records.size(), 3u);
  for (int i : {0, 1, 2})
    CAF_CHECK(records[static_cast<std::size_t>(i)].slot.slot == slot_time(i));
}

CAF_TEST(an actor that cannot read ends with the error) {
  auto actor = start(2);
  auto end = watch(actor);
  reader->fail(0);
  sched.run();
  CAF_REQUIRE(end->has_value());
  CAF_CHECK((*end)->find("as the test asks") != std::string::npos);
}

CAF_TEST(a question about the past is answered as of then) {
  auto actor = start(1);
  auto past = index_past();
  tell(actor, bar_batch{1, "test", slot_time(0), past});
  tell(actor, due(0));
  auto before = asked().at(0).context;
  // The next day, with another close known.
  auto next = first_day().auction_ends_at + 24h;
  tell(actor, bar_batch{1, "test", next,
                        {daily_bar("^AXJO", first_day(), 5000.0)}});
  auto later = make_slot(*plan, next, next);
  tell(actor, cycle_due{1, later, true, {}});
  CAF_CHECK(asked().at(1).context != before);
  for (const auto& slot : {slot_of(*plan, 0), later})
    tell(actor, make_draft(*plan, slot, 0));
  for (auto n : writer->positions<cycle_record>())
    writer->give(n, commit_receipt{});
  sched.run();
  // A scheduler that was started again asks once more for the first one.
  tell(actor, due(0));
  CAF_REQUIRE_EQUAL(reader->received(), 1u);
  CAF_CHECK_EQUAL(asked().size(), 2u);
  auto stored = past;
  stored.push_back(daily_bar("^AXJO", first_day(), 5000.0));
  give_history(0, stored);
  CAF_REQUIRE_EQUAL(asked().size(), 3u);
  CAF_CHECK(asked()[2].context == before);
}

CAF_TEST(a later word on a bar of the index makes the context anew) {
  auto actor = start(1);
  auto past = index_past();
  tell(actor, bar_batch{1, "test", slot_time(0), past});
  tell(actor, due(0));
  CAF_CHECK(asked().at(0).context.trend == market_trend::bullish);
  // The last close was 10 % too high: known at the third slot.
  bar_revision said;
  said.content = past.back();
  said.content.close = price{8000.0};
  said.content.known_at = slot_time(2);
  revisions = {said};
  tell(actor, bar_revision_batch{1, revisions});
  tell(actor, due(1));
  CAF_CHECK(asked().at(1).context == asked().at(0).context);
  CAF_CHECK_EQUAL(reader->received(), 0u);
  tell(actor, due(2));
  CAF_CHECK_EQUAL(asked().size(), 2u);
  give_history(0, past);
  CAF_REQUIRE_EQUAL(asked().size(), 3u);
  CAF_CHECK(asked()[2].context.trend == market_trend::neutral);
  CAF_CHECK(!asked()[2].context.flagged);
  CAF_CHECK(asked()[2].context.lineage != asked()[0].context.lineage);
  // Delivered once more it changes nothing.
  tell(actor, bar_revision_batch{1, revisions});
  tell(actor, due(3));
  CAF_REQUIRE_EQUAL(asked().size(), 4u);
  CAF_CHECK(asked()[3].context == asked()[2].context);
}

CAF_TEST(a withdrawn bar of the index is none) {
  auto actor = start(1);
  bar_revision gone;
  gone.content = index_past().back();
  gone.content.known_at = slot_time(0);
  gone.withdrawn = true;
  tell(actor, bar_revision_batch{1, {gone}});
  tell(actor, bar_batch{1, "test", slot_time(0), index_past()});
  tell(actor, due(0));
  CAF_REQUIRE_EQUAL(asked().size(), 1u);
  // Five closes are too few.
  CAF_CHECK(asked()[0].context.flagged);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE cycle
#include "actors/cycle/cycle.hpp"
#include "actors/store/outbox.hpp"
#include "tests/unit/actors/peers.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

/// The actor with stand-ins around it. The writer answers when a test says so.
struct cycle_fixture : actors_fixture {
  shared_plan plan = intraday_plan();
  std::vector<std::shared_ptr<peer>> symbols;
  std::shared_ptr<peer> writer = stand_in("store/writer");
  std::shared_ptr<peer> evaluator = stand_in("evaluator");
  std::shared_ptr<peer> scheduler = stand_in("scheduler");
  std::shared_ptr<peer> bus = stand_in("event_bus");
  std::shared_ptr<peer> reader = stand_in("store/reader/1");
  std::shared_ptr<probe> watched = std::make_shared<probe>("cycle");
  cycle_actor actor;

  cycle_fixture() {
    for (const auto& x : plan->symbols)
      symbols.push_back(stand_in("symbol/" + x));
    watched->generation = 1;
    actor = start(2000ms);
  }

  cycle_actor start(std::chrono::milliseconds deadline,
                    bar_history index = {}) {
    cycle_wiring wiring;
    for (const auto& x : plan->symbols)
      wiring.symbols.push_back(names.name<symbol_actor>("symbol/" + x));
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.evaluator = names.name<evaluator_actor>("evaluator");
    wiring.scheduler = names.name<scheduler_actor>("scheduler");
    wiring.bus = names.name<event_bus_actor>("event_bus");
    wiring.deadline = deadline;
    wiring.index = std::move(index);
    auto made = publish("cycle", sys.spawn(cycle, watched, plan, wiring));
    sched.run();
    return made;
  }

  void due(int i) { tell(actor, cycle_due{1, slot_of(*plan, i), true, {}}); }

  void answer(int i, std::uint32_t symbol) {
    tell(actor, make_draft(*plan, slot_of(*plan, i), symbol));
  }

  void answer_all(int i) {
    for (std::uint32_t symbol = 0; symbol < plan->symbols.size(); ++symbol)
      answer(i, symbol);
  }

  /// The writer's answer to the n-th record that it was sent.
  void commit(std::size_t n) {
    writer->give(writer->positions<cycle_record>().at(n), commit_receipt{});
    sched.run();
  }

  void refuse(std::size_t n) {
    writer->fail(writer->positions<cycle_record>().at(n));
    sched.run();
  }

  /// The slots of the records that were sent to the writer, in order.
  std::vector<timestamp> sent() {
    std::vector<timestamp> result;
    for (const auto& x : writer->all<cycle_record>())
      result.push_back(x.slot.slot);
    return result;
  }

  std::vector<timestamp> slots(std::initializer_list<int> which) {
    std::vector<timestamp> result;
    for (int i : which)
      result.push_back(slot_time(i));
    return result;
  }

  /// The slots that were told to the scheduler, in order.
  std::vector<timestamp> told() {
    std::vector<timestamp> result;
    for (const auto& x : scheduler->all<cycle_result>())
      result.push_back(x.slot.slot);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(cycle_tests, cycle_fixture)

CAF_TEST(each symbol is asked once) {
  due(0);
  due(0); // a scheduler that was started again
  for (const auto& x : symbols) {
    auto asked = x->all<predict_request>();
    CAF_REQUIRE_EQUAL(asked.size(), 1u);
    CAF_CHECK(asked[0].slot == slot_of(*plan, 0));
  }
}

CAF_TEST(only participants are asked) {
  tell(actor, cycle_due{1, slot_of(*plan, 0), false, {0, 2}});
  CAF_CHECK_EQUAL(symbols[0]->count<predict_request>(), 1u);
  CAF_CHECK_EQUAL(symbols[1]->count<predict_request>(), 0u);
  CAF_CHECK_EQUAL(symbols[2]->count<predict_request>(), 1u);
}

CAF_TEST(a complete cycle is one record) {
  due(0);
  answer(0, 1);
  answer(0, 0);
  CAF_CHECK(sent().empty());
  answer(0, 2);
  auto records = writer->all<cycle_record>();
  CAF_REQUIRE_EQUAL(records.size(), 1u);
  CAF_CHECK_EQUAL(records[0].predictions.size(), 3u);
  CAF_CHECK_EQUAL(records[0].obligations.size(), 9u);
}

CAF_TEST(nothing is told before the commit) {
  due(0);
  answer_all(0);
  for (const auto& x : {evaluator, scheduler, bus})
    CAF_CHECK_EQUAL(x->received(), 0u);
  commit(0);
  auto owed = evaluator->all<obligation_batch>();
  CAF_REQUIRE_EQUAL(owed.size(), 1u);
  CAF_CHECK_EQUAL(owed[0].obligations.size(), 9u);
  CAF_CHECK(owed[0].committed_slot == slot_time(0));
  auto results = scheduler->all<cycle_result>();
  CAF_REQUIRE_EQUAL(results.size(), 1u);
  CAF_CHECK_EQUAL(results[0].predictions, 3u);
  // An event for each prediction, then one for the cycle.
  auto events = bus->all<event>();
  CAF_REQUIRE_EQUAL(events.size(), 4u);
  for (std::size_t i = 0; i < 3; ++i) {
    CAF_CHECK_EQUAL(events[i].kind, "prediction");
    CAF_CHECK_EQUAL(events[i].subject, plan->symbols[i]);
    CAF_CHECK(events[i].time == slot_time(0));
  }
  CAF_CHECK_EQUAL(events[3].kind, "cycle");
  CAF_CHECK_EQUAL(events[3].subject, to_string(slot_of(*plan, 0).id));
}

CAF_TEST(records are stored in the order of their slots) {
  for (int i : {0, 1, 2})
    due(i);
  answer_all(2);
  answer_all(1);
  CAF_CHECK(sent().empty());
  answer_all(0);
  CAF_CHECK(sent() == slots({0, 1, 2}));
}

CAF_TEST(the next record is sent before the commit of the last) {
  due(0);
  due(1);
  answer_all(0);
  answer_all(1);
  CAF_CHECK(sent() == slots({0, 1}));
  CAF_CHECK(told().empty());
}

CAF_TEST(cycles are told in order whatever the order of commits) {
  for (int i : {0, 1, 2}) {
    due(i);
    answer_all(i);
  }
  commit(2);
  commit(1);
  CAF_CHECK(told().empty());
  CAF_CHECK_EQUAL(evaluator->received(), 0u);
  commit(0);
  CAF_CHECK(told() == slots({0, 1, 2}));
}

CAF_TEST(after a failed commit all that is not committed is sent again) {
  for (int i : {0, 1, 2}) {
    due(i);
    answer_all(i);
  }
  commit(1);
  refuse(0);
  refuse(2);
  // A pause first, in which nothing leaves.
  due(3);
  answer_all(3);
  CAF_CHECK(sent() == slots({0, 1, 2}));
  pass(commit_retry_pause - 1ms);
  CAF_CHECK(sent() == slots({0, 1, 2}));
  pass(1ms);
  CAF_CHECK(sent() == slots({0, 1, 2, 0, 2, 3}));
  CAF_CHECK(told().empty());
  for (std::size_t n : {3, 4, 5})
    commit(n);
  CAF_CHECK(told() == slots({0, 1, 2, 3}));
}

CAF_TEST(a store that fails again and again is tried again and again) {
  due(0);
  answer_all(0);
  for (std::size_t n = 0; n < 10; ++n) {
    refuse(n);
    pass(commit_retry_pause);
    CAF_CHECK_EQUAL(sent().size(), n + 2);
  }
  CAF_CHECK(told().empty());
  commit(10);
  CAF_CHECK(told() == slots({0}));
}

CAF_TEST(a record acknowledged twice is told once) {
  due(0);
  answer_all(0);
  refuse(0);
  pass(commit_retry_pause);
  commit(1);
  due(1);
  answer_all(1);
  commit(2);
  CAF_CHECK(told() == slots({0, 1}));
  CAF_CHECK_EQUAL(evaluator->count<obligation_batch>(), 2u);
}

CAF_TEST(a writer that died with a record gets it again) {
  due(0);
  answer_all(0);
  CAF_CHECK(sent() == slots({0}));
  auto old = writer;
  writer = stand_in("store/writer");
  old->forget(); // its promise goes with it: nobody answers
  kill(old->handle);
  due(1);
  answer_all(1);
  // The request in flight runs into its limit, then all is sent in order.
  for (int i = 0; i < 200 && sent() != slots({1, 0, 1}); ++i)
    pass(200ms);
  CAF_CHECK(sent() == slots({1, 0, 1}));
  commit(1);
  commit(2);
  CAF_CHECK(told() == slots({0, 1}));
}

CAF_TEST(a missed cycle is stored in its turn) {
  due(0);
  tell(actor, slot_of(*plan, 1), std::string{"no_data"});
  CAF_CHECK(sent().empty());
  answer_all(0);
  auto records = writer->all<cycle_record>();
  CAF_REQUIRE_EQUAL(records.size(), 2u);
  CAF_CHECK(records[1].status == cycle_status::missed);
  CAF_CHECK_EQUAL(records[1].reason, "no_data");
  commit(0);
  commit(1);
  CAF_CHECK(scheduler->all<cycle_result>()[1].status == cycle_status::missed);
}

// -- symbols ---------------------------------------------------------------------

CAF_TEST(who does not answer in time abstains as unavailable) {
  due(0);
  answer(0, 0);
  answer(0, 2);
  pass(200ms);
  CAF_CHECK(sent().empty());
  for (int i = 0; i < 9; ++i)
    pass(200ms);
  auto records = writer->all<cycle_record>();
  CAF_REQUIRE_EQUAL(records.size(), 1u);
  const auto& p = records[0].predictions.at(1);
  CAF_CHECK(p.reason == abstain_reason::symbol_unavailable);
  CAF_CHECK(!records[0].predictions[0].abstained);
  CAF_CHECK_EQUAL(records[0].obligations.size(), 6u);
  answer(0, 1); // too late: it changes nothing
  commit(0);
  auto told = scheduler->all<cycle_result>();
  CAF_CHECK_EQUAL(told[0].abstentions, 1u);
}

CAF_TEST(who fails again and again is not waited for) {
  names.slot("symbol/" + plan->symbols[1])->set_in_trouble(true);
  due(0);
  answer(0, 0);
  CAF_CHECK(sent().empty());
  answer(0, 2);
  CAF_CHECK(sent() == slots({0}));
  auto record = writer->all<cycle_record>().at(0);
  CAF_CHECK(record.predictions.at(1).reason
            == abstain_reason::symbol_unavailable);
  // One that answers in time counts like any other.
  due(1);
  for (std::uint32_t x : {1, 0, 2})
    answer(1, x);
  CAF_CHECK(!writer->all<cycle_record>().at(1).predictions.at(1).abstained);
  // Without any other, the next look ends it.
  for (const auto& x : plan->symbols)
    names.slot("symbol/" + x)->set_in_trouble(true);
  due(2);
  CAF_CHECK_EQUAL(sent().size(), 2u);
  pass(200ms);
  CAF_CHECK_EQUAL(sent().size(), 3u);
}

CAF_TEST(without a deadline a silent symbol is waited for) {
  kill(actor);
  actor = start(0ms);
  due(0);
  answer(0, 0);
  answer(0, 1);
  for (int i = 0; i < 50; ++i)
    pass(60s);
  CAF_CHECK(sent().empty());
  answer(0, 2);
  CAF_CHECK(sent() == slots({0}));
}

CAF_TEST(a symbol that was started again is asked again) {
  due(0);
  due(1);
  for (int i : {0, 1}) {
    answer(i, 0);
    answer(i, 1);
  }
  symbols[2] = stand_in("symbol/MQG.AX");
  pass(200ms);
  auto asked = symbols[2]->all<predict_request>();
  CAF_REQUIRE_EQUAL(asked.size(), 2u);
  CAF_CHECK(asked[0].slot.slot == slot_time(0));
  CAF_CHECK(asked[1].slot.slot == slot_time(1));
  pass(200ms);
  CAF_CHECK_EQUAL(symbols[2]->received(), 2u); // once is enough
  // The others have not been disturbed.
  CAF_CHECK_EQUAL(symbols[0]->received(), 2u);
  answer(0, 2);
  answer(1, 2);
  CAF_CHECK(sent() == slots({0, 1}));
}

CAF_TEST(a symbol that was started again gets old requests first) {
  due(0);
  symbols[1] = stand_in("symbol/WBC.AX");
  due(1);
  auto asked = symbols[1]->all<predict_request>();
  CAF_REQUIRE_EQUAL(asked.size(), 2u);
  CAF_CHECK(asked[0].slot.slot == slot_time(0));
  CAF_CHECK(asked[1].slot.slot == slot_time(1));
}

CAF_TEST(a symbol that had answered is not asked again) {
  due(0);
  answer(0, 1);
  symbols[1] = stand_in("symbol/WBC.AX");
  pass(200ms);
  CAF_CHECK_EQUAL(symbols[1]->received(), 0u);
}

CAF_TEST(a symbol asks who answers by the sender) {
  due(0);
  CAF_REQUIRE_EQUAL(symbols[0]->received(), 1u);
  // One message object goes to all symbols, each with this actor as sender.
  CAF_CHECK(symbols[0]->sender(0) == caf::actor_cast<caf::actor_addr>(actor));
  CAF_CHECK(symbols[2]->sender(0) == caf::actor_cast<caf::actor_addr>(actor));
}

CAF_TEST(health is asked by message) {
  auto health = ask<component_health>(actor, wire::health_atom_v);
  CAF_REQUIRE(health->has_value());
  CAF_CHECK_EQUAL((*health)->component, "prediction_engine");
  CAF_CHECK((*health)->state == health_state::healthy);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE store_reader
#include "actors/store/bar_parts.hpp"
#include "actors/store/journal_records.hpp"
#include "actors/store/journal_view.hpp"
#include "actors/store/reader.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/dsl.hpp"

using namespace banksia;
using namespace banksia::store_test;

namespace {

struct config : caf::actor_system_config {
  config() { add_message_types<caf::id_block::banksia>(); }
};

struct reader_fixture : test_coordinator_fixture<config> {
  store_fixture store;
  std::shared_ptr<probe> watched = std::make_shared<probe>("store/reader/1");

  template <class Result, class... Ts>
  std::optional<Result> ask(const store_reader_actor& reader, Ts... xs) {
    auto result = std::make_shared<std::optional<Result>>();
    sys.spawn([=](caf::event_based_actor* asker) {
      asker->request(reader, std::chrono::seconds{3600}, xs...)
        .then([=](const Result& x) { *result = x; });
    });
    sched.run();
    return *result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_reader_tests, reader_fixture)

CAF_TEST(a reader answers from what is committed) {
  auto record = make_cycle(0, {"CBA.AX"});
  store.ledger.write(record);
  store.ledger.write(make_bar(0));
  store.ledger.write(headline_batch{1, {make_headline(0)}});
  auto reader = sys.spawn(store_reader, watched, store.folder.file());
  auto bars = ask<std::vector<bar>>(reader, wire::rebuild_atom_v,
                                    std::string{"CBA.AX"}, bar_interval::m30,
                                    slot_at(1));
  CAF_REQUIRE(bars && bars->size() == 1);
  CAF_CHECK((*bars)[0] == make_bar(0));
  auto headlines = ask<std::vector<headline>>(
    reader, wire::rebuild_atom_v, std::string{"CBA.AX"}, slot_at(1));
  CAF_REQUIRE(headlines && headlines->size() == 1);
  CAF_CHECK((*headlines)[0] == make_headline(0));
  auto owed = ask<obligation_batch>(reader, wire::owed_atom_v,
                                    std::string{"live"});
  CAF_REQUIRE(owed.has_value());
  CAF_CHECK_EQUAL(owed->obligations.size(), 3u);
  CAF_CHECK(owed->committed_slot == slot_at(0));

  // Uncommitted work of the writer is not there yet, committed work is.
  storage::transaction guard{store.db};
  store.ledger.write(make_bar(1));
  auto count = [&] {
    return ask<std::vector<bar>>(reader, wire::rebuild_atom_v,
                                 std::string{"CBA.AX"}, bar_interval::m30,
                                 slot_at(9))
      ->size();
  };
  CAF_CHECK_EQUAL(count(), 1u);
  guard.commit();
  CAF_CHECK_EQUAL(count(), 2u);

  auto none = ask<obligation_batch>(reader, wire::owed_atom_v,
                                    std::string{"none"});
  CAF_REQUIRE(none.has_value());
  CAF_CHECK(none->obligations.empty());
  CAF_CHECK(none->committed_slot == timestamp{});
  auto health = ask<component_health>(reader, wire::health_atom_v);
  CAF_REQUIRE(health.has_value());
  CAF_CHECK_EQUAL(health->component, "database");
  self->send_exit(reader, caf::exit_reason::user_shutdown);
}

CAF_TEST(a reader knows what is promised but not in the database yet) {
  auto first = make_prediction(make_slot(0), "CBA.AX");
  store.ledger.write(make_cycle(0, {"CBA.AX"}));
  store.ledger.write(make_bar(1));
  store.ledger.write(headline_batch{1, {make_headline(1)}});
  store::journal promised{store::journal_file(store.folder.file())};
  auto other = make_bar(1); // the one in the database wins
  other.close = price{7};
  append(promised, bar_batch{1, "csv", slot_at(3),
                             {make_bar(2), other, make_bar(0),
                              make_bar(3, "WBC.AX")}});
  append(promised, headline_batch{1, {make_headline(2), make_headline(1)}});
  append(promised, make_cycle(1, {"CBA.AX"}));
  append(promised, make_cycle(5, {"CBA.AX"}, "another"));
  append(promised, outcome_batch{1, {make_outcome(first, 60)}});
  promised.sync();
  auto reader = sys.spawn(store_reader, watched, store.folder.file());
  auto bars = ask<std::vector<bar>>(reader, wire::rebuild_atom_v,
                                    std::string{"CBA.AX"}, bar_interval::m30,
                                    slot_at(3));
  CAF_REQUIRE(bars.has_value());
  CAF_CHECK(*bars == (std::vector<bar>{make_bar(0), make_bar(1), make_bar(2)}));
  auto early = ask<std::vector<bar>>(reader, wire::rebuild_atom_v,
                                     std::string{"CBA.AX"}, bar_interval::m30,
                                     slot_at(2));
  CAF_CHECK_EQUAL(early->size(), 2u);
  auto headlines = ask<std::vector<headline>>(
    reader, wire::rebuild_atom_v, std::string{"CBA.AX"}, slot_at(9));
  CAF_CHECK(*headlines
            == (std::vector<headline>{make_headline(1), make_headline(2)}));
  auto since = ask<std::vector<bar>>(reader, wire::rebuild_atom_v,
                                     std::string{"CBA.AX"}, bar_interval::m30,
                                     make_bar(1).opened_at, slot_at(3));
  CAF_REQUIRE(since.has_value());
  CAF_CHECK(*since == (std::vector<bar>{make_bar(1), make_bar(2)}));
  auto between = ask<std::vector<headline>>(
    reader, wire::rebuild_atom_v, std::string{"CBA.AX"},
    make_headline(1).known_at, slot_at(9));
  CAF_REQUIRE(between.has_value());
  CAF_CHECK(*between == std::vector<headline>{make_headline(2)});
  auto owed = ask<obligation_batch>(reader, wire::owed_atom_v,
                                    std::string{"live"});
  CAF_REQUIRE(owed.has_value());
  CAF_CHECK(owed->committed_slot == slot_at(1));
  // Three of either cycle, one of which has its outcome.
  CAF_CHECK_EQUAL(owed->obligations.size(), 5u);
  CAF_CHECK(owed->obligations[0] == owed_by(first, 240));

  // What is promised later joins it; what has left the journal is not served
  // from there again.
  auto bars_now = [&] {
    return ask<std::vector<bar>>(reader, wire::rebuild_atom_v,
                                 std::string{"CBA.AX"}, bar_interval::m30,
                                 slot_at(9));
  };
  append(promised, bar_batch{1, "csv", slot_at(4), {make_bar(4)}});
  promised.sync();
  CAF_CHECK(*bars_now()
            == (std::vector<bar>{make_bar(0), make_bar(1), make_bar(2),
                                 make_bar(4)}));
  promised.remove();
  ask<component_health>(reader, wire::health_atom_v);
  CAF_CHECK(*bars_now() == std::vector<bar>{make_bar(1)});
  self->send_exit(reader, caf::exit_reason::user_shutdown);
}

CAF_TEST(what is short does not wait for a long series) {
  constexpr int count = 2 * store::part_bars + 1;
  {
    storage::transaction guard{store.db};
    for (int i = 0; i < count; ++i)
      store.ledger.write(make_bar(i));
    store.ledger.write(make_bar(0, "WBC.AX"));
    guard.commit();
  }
  auto reader = sys.spawn(store_reader, watched, store.folder.file());
  auto order = std::make_shared<std::vector<std::string>>();
  auto ask_bars = [&](std::string symbol, std::size_t size) {
    sys.spawn([=](caf::event_based_actor* asker) {
      asker->request(reader, std::chrono::seconds{3600}, wire::rebuild_atom_v,
                     symbol, bar_interval::m30, slot_at(count))
        .then([=](const std::vector<bar>& x) {
          CAF_CHECK_EQUAL(x.size(), size);
          order->push_back(symbol);
        });
    });
  };
  ask_bars("CBA.AX", count);
  ask_bars("WBC.AX", 1);
  sys.spawn([=](caf::event_based_actor* asker) {
    asker->request(reader, std::chrono::seconds{3600}, wire::health_atom_v)
      .then([=](const component_health&) { order->push_back("health"); });
  });
  sched.run();
  CAF_CHECK_EQUAL(*order,
                  (std::vector<std::string>{"health", "CBA.AX", "WBC.AX"}));
  self->send_exit(reader, caf::exit_reason::user_shutdown);
}

CAF_TEST(who waits for a series is told when its reader ends) {
  {
    storage::transaction guard{store.db};
    for (int i = 0; i < 9 * store::part_bars; ++i)
      store.ledger.write(make_bar(i));
    guard.commit();
  }
  auto reader = sys.spawn(store_reader, watched, store.folder.file());
  auto told = std::make_shared<caf::error>();
  sys.spawn([=](caf::event_based_actor* asker) {
    asker->request(reader, std::chrono::seconds{3600}, wire::rebuild_atom_v,
                   std::string{"CBA.AX"}, bar_interval::m30, slot_at(9))
      .then([](const std::vector<bar>&) { CAF_ERROR("it has ended"); },
            [=](caf::error& x) { *told = x; });
  });
  while (sched.jobs.size() > 0
         && deref<store_reader_self>(reader).state.readings() == 0)
    sched.run_once();
  CAF_REQUIRE_EQUAL(deref<store_reader_self>(reader).state.readings(), 1u);
  self->send_exit(reader, caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(*told == caf::sec::request_receiver_down);
}

CAF_TEST(what the journal says of jobs counts too) {
  auto at = [](std::string kind, int slot, std::string status = "owed") {
    auto x = make_job();
    x.kind = std::move(kind);
    x.due_at = slot_at(slot);
    x.status = std::move(status);
    return x;
  };
  store::journal promised{store::journal_file(store.folder.file())};
  append(promised, at("morning", 0, "done"));
  append(promised, at("morning", 48));
  append(promised, at("evening", 10));
  append(promised, at("evening", 10, "failed"));
  append(promised, at("training", 20));
  auto another = at("morning", 96);
  another.run = "another";
  append(promised, another);
  promised.sync();
  // The database knows one that has ended since, and a newer training.
  std::vector<job_record> owed{at("morning", 0), at("training", 20)};
  std::map<std::string, timestamp> newest{{"training", slot_at(21)}};
  store::journal_view{store.folder.file()}.add_jobs(owed, newest, "live");
  CAF_REQUIRE_EQUAL(owed.size(), 2u);
  CAF_CHECK(owed[0] == at("training", 20));
  CAF_CHECK(owed[1] == at("morning", 48));
  CAF_CHECK(newest
            == (std::map<std::string, timestamp>{{"evening", slot_at(10)},
                                                 {"morning", slot_at(48)},
                                                 {"training", slot_at(21)}}));
}

CAF_TEST(what the journal says of trainings counts too) {
  auto of = [](std::string id, int slot, std::string status) {
    training_record x;
    x.training_id = std::move(id);
    x.requested_at = slot_at(slot);
    x.status = std::move(status);
    return x;
  };
  store::journal promised{store::journal_file(store.folder.file())};
  append(promised, of("a", 0, "failed"));
  append(promised, of("a", 0, "done"));
  append(promised, of("b", 1, "done"));
  append(promised, of("c", 2, "owed"));
  append(promised, of("c", 2, "failed"));
  promised.sync();
  std::vector<training_record> known{of("b", 1, "cancelled"),
                                     of("a", 0, "running")};
  store::journal_view{store.folder.file()}.add_trainings(known);
  CAF_REQUIRE_EQUAL(known.size(), 3u);
  // What has ended stays as it ended; the newest first.
  CAF_CHECK(known[0] == of("c", 2, "failed"));
  CAF_CHECK(known[1] == of("b", 1, "cancelled"));
  CAF_CHECK(known[2] == of("a", 0, "failed"));
}

CAF_TEST(a reader of a missing database dies saying why) {
  auto reason = std::make_shared<std::string>();
  auto file = store.folder.file("none.db");
  auto seen = watched;
  // Held: an actor that nobody knows is gone, and its monitors with it.
  auto held = sys.spawn([=](caf::event_based_actor* watcher) {
    watcher->set_down_handler([=](caf::down_msg& down) {
      *reason = watcher->system().render(down.reason);
      watcher->quit();
    });
    watcher->monitor(watcher->spawn(store_reader, seen, file));
    return caf::behavior{[](int) {}};
  });
  sched.run();
  CAF_CHECK(reason->find("cannot open the database") != std::string::npos);
  CAF_CHECK(reason->find("none.db") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

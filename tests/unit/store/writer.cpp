#define CAF_SUITE store_writer
#include "actors/store/writer.hpp"
#include "tests/unit/store/writer_fixture.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::store_test;

namespace {

struct writer_fixture : writer_on_coordinator {
  writer_fixture() : writer_on_coordinator(failing::ends) {}
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_writer_tests, writer_fixture)

CAF_TEST(what waits together is one commit) {
  std::vector<std::shared_ptr<reply>> replies;
  for (int i = 0; i < 20; ++i)
    replies.push_back(ask(make_cycle(i, {"CBA.AX", "WBC.AX"})));
  sched.run();
  for (const auto& x : replies) {
    CAF_REQUIRE(x->receipt.has_value());
    CAF_CHECK_EQUAL(x->receipt->rows, 2u);
  }
  CAF_CHECK_EQUAL(state().commits(), 1u);
  CAF_CHECK_EQUAL(rows("predictions"), 40);
  auto later = ask(make_cycle(30, {"CBA.AX"}));
  sched.run();
  CAF_CHECK(later->receipt.has_value());
  CAF_CHECK_EQUAL(state().commits(), 2u);
}

CAF_TEST(an answer comes after another connection can see it) {
  auto answer = ask(make_cycle(0, {"CBA.AX"}));
  step(); // the record
  sched.inline_next_enqueue();
  CAF_CHECK(answer->pending());
  CAF_CHECK_EQUAL(rows("predictions"), 0);
  step(); // the commit
  CAF_CHECK_EQUAL(rows("predictions"), 1);
  sched.run();
  CAF_CHECK(answer->receipt.has_value());
}

CAF_TEST(every kind of record is answered) {
  auto cycle = ask(make_cycle(0, {"CBA.AX"}));
  auto owed = ask(std::vector<cycle_slot>{make_slot(1), make_slot(2)});
  auto outcomes = ask(outcome_batch{
    1, {make_outcome(make_prediction(make_slot(0), "CBA.AX"), 60)}});
  auto bars = ask(bar_batch{1, "csv", slot_at(2), {make_bar(0), make_bar(0)}});
  auto headlines = ask(headline_batch{1, {make_headline(0)}});
  auto clock = ask(clock_mark{1, "nobody", slot_at(0)});
  sched.run();
  CAF_REQUIRE(cycle->receipt && owed->receipt && outcomes->receipt
              && bars->receipt && headlines->receipt && clock->receipt);
  CAF_CHECK_EQUAL(cycle->receipt->rows, 1u);
  CAF_CHECK_EQUAL(owed->receipt->rows, 2u);
  CAF_CHECK_EQUAL(outcomes->receipt->rows, 1u);
  CAF_CHECK(bars->receipt->rows == 1u && bars->receipt->duplicates == 1u);
  CAF_CHECK_EQUAL(headlines->receipt->rows, 1u);
  CAF_CHECK_EQUAL(clock->receipt->rows, 0u);
  CAF_CHECK_EQUAL(rows("obligations"), 2);
  CAF_CHECK_EQUAL(rows("cycles"), 3);
}

CAF_TEST(a supervision report is stored without an answer) {
  supervision_report report;
  report.child = "cycle";
  caf::anon_send(writer, report);
  sched.run();
  CAF_CHECK_EQUAL(rows("supervision_events"), 1);
  CAF_CHECK_EQUAL(state().commits(), 1u);
}

CAF_TEST(a full disk fails the whole group and the next one works) {
  auto first = ask(make_cycle(0, {"CBA.AX"}));
  sched.run();
  CAF_REQUIRE(first->receipt.has_value());
  state().database().execute("PRAGMA max_page_count=1");
  std::vector<std::shared_ptr<reply>> replies;
  for (int i = 1; i < 40; ++i)
    replies.push_back(ask(make_cycle(i, {"CBA.AX", "WBC.AX", "ANZ.AX"})));
  sched.run();
  std::size_t failed = 0;
  for (const auto& x : replies) {
    CAF_CHECK(!x->pending());
    failed += x->failed ? 1 : 0;
  }
  CAF_CHECK_GREATER(failed, 0u);
  // Some of those may have fitted into the pages that are left; this cannot.
  std::vector<std::string> many;
  for (int i = 0; i < 200; ++i)
    many.push_back("S" + std::to_string(i) + ".AX");
  auto large = ask(make_cycle(50, many));
  sched.run();
  CAF_CHECK(large->failed.has_value());
  CAF_REQUIRE(!failures.empty());
  CAF_CHECK(failures.back() == storage::failure::full);
  CAF_CHECK(state().health().state == health_state::unhealthy);
  CAF_CHECK(state().health().reason.find("full") != std::string::npos);
  // What was acknowledged is there, what failed is not.
  CAF_CHECK_EQUAL(rows("cycles"),
                  static_cast<std::int64_t>(1 + replies.size() - failed));
  state().database().execute("PRAGMA max_page_count=1000000");
  auto again = ask(make_cycle(1, {"CBA.AX", "WBC.AX", "ANZ.AX"}));
  sched.run();
  CAF_CHECK(again->receipt.has_value());
  CAF_CHECK(state().health().state == health_state::healthy);
  CAF_CHECK(state().health().reason.empty());
}

CAF_TEST(a record that contradicts the schema is refused alone) {
  auto bad = make_bar(1);
  bad.close = price{std::nan("")};
  auto before = ask(make_cycle(0, {"CBA.AX"}));
  auto refused = ask(bar_batch{1, "csv", slot_at(3), {make_bar(0), bad}});
  auto after = ask(make_cycle(1, {"CBA.AX"}));
  sched.run();
  CAF_CHECK(before->receipt && after->receipt);
  CAF_REQUIRE(refused->failed.has_value());
  CAF_CHECK(sys.render(*refused->failed).find("constraint")
            != std::string::npos);
  // All or nothing: neither its good bar nor its watermark.
  CAF_CHECK_EQUAL(rows("bars"), 0);
  CAF_CHECK_EQUAL(rows("watermarks"), 0);
  CAF_CHECK_EQUAL(rows("predictions"), 2);
  CAF_CHECK_EQUAL(state().commits(), 1u);
}

CAF_TEST(a refused record alone does not leave the store locked) {
  auto bad = make_bar(1);
  bad.close = price{std::nan("")};
  auto refused = ask(bar_batch{1, "csv", slot_at(3), {bad}});
  sched.run();
  CAF_CHECK(refused->failed.has_value());
  storage::database other{folder.file(), storage::open_mode::read_write};
  other.execute("PRAGMA busy_timeout=0");
  storage::transaction free{other};
  free.commit();
}

CAF_TEST(a locked database fails the request and not the writer) {
  state().database().execute("PRAGMA busy_timeout=0");
  storage::database other{folder.file(), storage::open_mode::read_write};
  storage::transaction held{other};
  auto refused = ask(make_cycle(0, {"CBA.AX"}));
  supervision_report report;
  caf::anon_send(writer, report);
  sched.run();
  CAF_REQUIRE(refused->failed.has_value());
  CAF_CHECK(sys.render(*refused->failed).find("busy") != std::string::npos);
  CAF_CHECK(state().health().state == health_state::unhealthy);
  held.commit();
  auto again = ask(make_cycle(0, {"CBA.AX"}));
  sched.run();
  CAF_CHECK(again->receipt.has_value());
  CAF_CHECK(state().health().state == health_state::healthy);
}

CAF_TEST(a writer that stops tells who waits) {
  auto waiting = ask(make_cycle(0, {"CBA.AX"}));
  step();
  CAF_CHECK(waiting->pending());
  self->send_exit(writer, caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(!waiting->pending());
  // Exit messages overtake: the commit may have come before or not at all,
  // and the answer says which.
  CAF_CHECK_EQUAL(rows("predictions"), waiting->receipt ? 1 : 0);
}

CAF_TEST(health is asked by message) {
  component_health answer;
  auto target = writer;
  auto* into = &answer;
  sys.spawn([=](caf::event_based_actor* asker) {
    asker->request(target, std::chrono::seconds{3600}, wire::health_atom_v)
      .then([=](const component_health& x) { *into = x; });
  });
  sched.run();
  CAF_CHECK_EQUAL(answer.component, "database");
  CAF_CHECK(answer.state == health_state::healthy);
}

CAF_TEST_FIXTURE_SCOPE_END()

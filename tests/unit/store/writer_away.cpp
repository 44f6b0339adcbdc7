#define CAF_SUITE store_writer_away
#include "tests/unit/storage/expect_failure.hpp"
#include "tests/unit/storage/file_size_limit.hpp"
#include "tests/unit/store/writer_fixture.hpp"

#include <cmath>
#include <fstream>

using namespace banksia;
using namespace banksia::store_test;

namespace {

/// A live node's writer: the journal stands in for the database.
struct away_fixture : writer_on_coordinator {
  std::filesystem::path journal = store::journal_file(folder.file());
  std::optional<storage::database> holder; ///< holds the lock

  away_fixture() : writer_on_coordinator(failing::goes_to_the_journal) {
    state().database().be_patient(std::chrono::milliseconds{0});
  }

  void lock() {
    holder.emplace(folder.file(), storage::open_mode::read_write);
    holder->execute("BEGIN EXCLUSIVE");
  }

  void release() { holder.reset(); }

  bool journaled() const { return std::filesystem::exists(journal); }

  /// The pause is over: the writer looks after its database.
  void look() {
    advance_time(database_pause);
    sched.run();
  }

  void restart(const std::string& build = "build") {
    stop();
    writer = start(build);
    sched.run();
  }

  template <class Record>
  std::shared_ptr<reply> ask_now(Record record) {
    auto result = ask(std::move(record));
    sched.run();
    return result;
  }

  std::string reason() { return state().health().reason; }

  void check_healthy() {
    CAF_CHECK(state().health().state == health_state::healthy);
    CAF_CHECK_EQUAL(reason(), "");
    CAF_CHECK(!journaled());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(writer_away_tests, away_fixture)

CAF_TEST(without trouble there is no journal) {
  CAF_CHECK(ask_now(make_cycle(0, {"CBA.AX"}))->receipt);
  CAF_CHECK_EQUAL(rows("predictions"), 1);
  check_healthy();
}

CAF_TEST(a locked database is not noticed by who asks) {
  ask_now(clock_mark{1, "nobody", slot_at(5)});
  lock();
  auto first = ask(make_cycle(0, {"CBA.AX"}));
  auto second = ask(make_cycle(1, {"CBA.AX"}));
  sched.run();
  CAF_CHECK(first->receipt && second->receipt);
  CAF_CHECK_EQUAL(rows("predictions"), 0);
  CAF_CHECK(state().health().state == health_state::degraded);
  CAF_CHECK(reason().starts_with("journal: 3 records since "
                                 + to_rfc3339(slot_at(5)) + ": "));
  CAF_CHECK(reason().find("locked") != std::string::npos);
  look(); // still locked
  CAF_CHECK(state().is_away());
  release();
  look();
  CAF_CHECK_EQUAL(rows("predictions"), 2);
  check_healthy();
  CAF_CHECK(ask_now(make_cycle(2, {"CBA.AX"}))->receipt);
  CAF_CHECK_EQUAL(rows("predictions"), 3);
}

CAF_TEST(an answer comes after its record is in the journal) {
  lock();
  auto answer = ask(make_cycle(0, {"CBA.AX"}));
  step(); // the record
  CAF_CHECK(answer->pending());
  CAF_CHECK_EQUAL(state().journal().records(), 0u);
  step(); // the commit
  CAF_CHECK_EQUAL(store::measure_journal(journal).records, 2u);
  sched.run();
  CAF_CHECK(answer->receipt.has_value());
}

CAF_TEST(what waits together is one group of the journal) {
  lock();
  std::vector<std::shared_ptr<reply>> replies;
  for (int i = 0; i < 5; ++i)
    replies.push_back(ask(make_cycle(i, {"CBA.AX"})));
  for (int i = 0; i < 5; ++i)
    step();
  CAF_CHECK(!journaled());
  sched.run();
  for (const auto& x : replies)
    CAF_CHECK(x->receipt.has_value());
  CAF_CHECK_EQUAL(state().journal().records(), 6u);
}

CAF_TEST(nothing overtakes what lies in the journal) {
  lock();
  ask_now(make_cycle(0, {"CBA.AX"}));
  release();
  // The database is back, but nobody has looked yet.
  CAF_CHECK(ask_now(make_cycle(1, {"CBA.AX"}))->receipt);
  CAF_CHECK_EQUAL(rows("predictions"), 0);
  CAF_CHECK_EQUAL(state().journal().records(), 3u);
  look();
  CAF_CHECK_EQUAL(rows("predictions"), 2);
  check_healthy();
}

CAF_TEST(what waits when the database is back is moved too) {
  lock();
  ask_now(make_cycle(0, {"CBA.AX"}));
  release();
  auto open = ask(make_cycle(1, {"CBA.AX"}));
  caf::anon_send(writer, wire::next_atom_v);
  step(); // accepted; its commit lies behind the look
  step();
  CAF_CHECK_EQUAL(rows("predictions"), 2);
  sched.run();
  CAF_CHECK(open->receipt.has_value());
  check_healthy();
}

CAF_TEST(a long journal is moved in steps while others write) {
  lock();
  auto many = static_cast<int>(store::journal_drain::step_records) + 10;
  for (int i = 0; i < many; ++i)
    ask(std::vector<cycle_slot>{make_slot(i)});
  sched.run();
  release();
  CAF_CHECK(state().retry());
  CAF_CHECK(state().is_away());
  auto later = ask_now(std::vector<cycle_slot>{make_slot(many)});
  CAF_CHECK(later->receipt.has_value());
  while (state().is_away())
    look();
  CAF_CHECK_EQUAL(rows("cycles"), many + 1);
  check_healthy();
}

CAF_TEST(a writer that is killed loses nothing it has acknowledged) {
  lock();
  for (int i = 0; i < 3; ++i)
    CAF_CHECK(ask_now(make_cycle(i, {"CBA.AX"}))->receipt);
  auto open = ask(make_cycle(3, {"CBA.AX"}));
  step();
  stop();
  // The commit may have come before the kill or not at all; the answer says.
  CAF_CHECK(!open->pending());
  auto promised = open->receipt ? 4 : 3;
  release();
  writer = start("another build");
  auto early = ask(make_cycle(9, {"CBA.AX"}));
  step(); // it opens its database; before any answer
  CAF_CHECK_EQUAL(rows("predictions"), promised);
  sched.run();
  CAF_CHECK(early->receipt.has_value());
  CAF_CHECK_EQUAL(rows("predictions"), promised + 1);
  // Each with the build that had made it.
  CAF_CHECK_EQUAL(reader.scalar("SELECT count(*) FROM predictions JOIN builds "
                                "USING(build_id) WHERE text = 'build'"),
                  promised);
  check_healthy();
}

CAF_TEST(a writer that starts while the database is away goes on) {
  lock();
  CAF_CHECK(ask_now(make_cycle(0, {"CBA.AX"}))->receipt);
  stop();
  writer = start("another build");
  sched.run(); // waits for the lock as long as a live writer does
  CAF_CHECK(state().is_away());
  CAF_CHECK(reason().starts_with("journal: 2 records: "));
  CAF_CHECK(ask_now(make_cycle(1, {"CBA.AX"}))->receipt);
  CAF_CHECK_EQUAL(state().journal().records(), 4u);
  release();
  look();
  CAF_CHECK_EQUAL(rows("predictions"), 2);
  CAF_CHECK_EQUAL(reader.scalar("SELECT count(*) FROM predictions JOIN builds "
                                "USING(build_id) WHERE text = 'build'"),
                  1);
  check_healthy();
}

CAF_TEST(a torn tail is cut at the start) {
  lock();
  CAF_CHECK(ask_now(make_cycle(0, {"CBA.AX"}))->receipt);
  stop();
  release();
  std::ofstream{journal, std::ios::app | std::ios::binary} << "torn";
  writer = start();
  sched.run();
  CAF_CHECK_EQUAL(state().journal().cut_bytes(), 4u);
  CAF_CHECK_EQUAL(rows("predictions"), 1);
  check_healthy();
}

CAF_TEST(a database that cannot be opened is opened again) {
  stop();
  auto aside = folder.path() / "aside.db";
  std::filesystem::rename(folder.file(), aside);
  std::filesystem::create_directory(folder.file());
  writer = start();
  sched.run();
  CAF_CHECK(state().is_away());
  CAF_CHECK(ask_now(make_cycle(0, {"CBA.AX"}))->receipt);
  look();
  CAF_CHECK(state().is_away());
  std::filesystem::remove(folder.file());
  std::filesystem::rename(aside, folder.file());
  look();
  auto db = store::open_for_reading(folder.file());
  CAF_CHECK_EQUAL(db.scalar("SELECT count(*) FROM predictions"), 1);
  check_healthy();
}

CAF_TEST(a database without space goes to the journal) {
  state().database().execute("PRAGMA max_page_count=1");
  std::vector<std::string> many;
  for (int i = 0; i < 200; ++i)
    many.push_back("S" + std::to_string(i) + ".AX");
  CAF_CHECK(ask_now(make_cycle(0, many))->receipt);
  CAF_CHECK(state().health().state == health_state::degraded);
  CAF_CHECK(reason().find("full") != std::string::npos);
  look();
  CAF_CHECK(state().is_away());
  state().database().execute("PRAGMA max_page_count=1000000");
  look();
  CAF_CHECK_EQUAL(rows("predictions"), 200);
  check_healthy();
}

CAF_TEST(a full disk refuses and nothing half is kept) {
  ask_now(make_cycle(0, {"CBA.AX"}));
  {
    storage_test::file_size_limit full{0};
    auto refused = ask_now(make_cycle(1, {"CBA.AX"}));
    CAF_CHECK(refused->failed.has_value());
    CAF_CHECK(sys.render(*refused->failed).find("full") != std::string::npos);
    CAF_CHECK(state().health().state == health_state::unhealthy);
    CAF_CHECK(reason().starts_with(nothing_is_stored));
    // Nothing lies in the journal: the next one tries the database itself.
    CAF_CHECK(!state().is_away());
    CAF_CHECK(ask_now(make_cycle(1, {"CBA.AX"}))->failed);
  }
  CAF_CHECK(ask_now(make_cycle(1, {"CBA.AX"}))->receipt);
  CAF_CHECK_EQUAL(rows("predictions"), 2);
  check_healthy();
}

CAF_TEST(a disk that fills up while the journal is used refuses) {
  lock();
  CAF_CHECK(ask_now(make_cycle(0, {"CBA.AX"}))->receipt);
  {
    storage_test::file_size_limit full{state().journal().bytes()};
    CAF_CHECK(ask_now(make_cycle(1, {"CBA.AX"}))->failed);
    CAF_CHECK(state().is_away());
    CAF_CHECK(state().health().state == health_state::unhealthy);
    CAF_CHECK(reason().find("locked") != std::string::npos);
  }
  CAF_CHECK(ask_now(make_cycle(2, {"CBA.AX"}))->receipt);
  CAF_CHECK(state().health().state == health_state::degraded);
  release();
  look();
  CAF_CHECK_EQUAL(rows("predictions"), 2);
  check_healthy();
}

CAF_TEST(a journal at its bound refuses until it is moved) {
  lock();
  CAF_CHECK(ask_now(make_cycle(0, {"CBA.AX"}))->receipt);
  state().journal().bytes_max(state().journal().bytes());
  CAF_CHECK(ask_now(make_cycle(1, {"CBA.AX"}))->failed);
  CAF_CHECK(state().health().state == health_state::unhealthy);
  release();
  look();
  check_healthy();
  CAF_CHECK(ask_now(make_cycle(1, {"CBA.AX"}))->receipt);
  CAF_CHECK_EQUAL(rows("predictions"), 2);
}

CAF_TEST(a journal too small for a first group refuses it) {
  lock();
  state().journal().bytes_max(10);
  CAF_CHECK(ask_now(make_cycle(0, {"CBA.AX"}))->failed);
  CAF_CHECK(!state().is_away());
  CAF_CHECK(!journaled());
}

CAF_TEST(a record that contradicts the schema does not go to the journal) {
  auto bad = make_bar(1);
  bad.close = price{std::nan("")};
  CAF_CHECK(ask_now(bar_batch{1, "csv", slot_at(3), {bad}})->failed);
  check_healthy();
}

CAF_TEST(a journal that this build does not know stops the writer) {
  stop();
  {
    store::journal x{journal};
    x.append(99, std::vector<char>{'x'});
    x.sync();
  }
  writer = start();
  sched.run();
  auto asked = ask_now(make_cycle(0, {"CBA.AX"}));
  CAF_CHECK(asked->failed.has_value());
  CAF_CHECK(journaled());
}

CAF_TEST(a journal of another build is no reason to wait) {
  lock();
  CAF_CHECK(ask_now(make_cycle(0, {"CBA.AX"}))->receipt);
  state().journal().append(99, std::vector<char>{'x'});
  state().journal().sync();
  release();
  CAF_CHECK(storage_test::failure_of([&] { state().retry(); }).kind
            == storage::failure::misuse);
  CAF_CHECK(journaled());
}

CAF_TEST_FIXTURE_SCOPE_END()

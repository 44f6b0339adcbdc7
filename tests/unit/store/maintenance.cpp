#define CAF_SUITE store_maintenance
#include "actors/store/maintenance.hpp"
#include "actors/store/journal.hpp"
#include "runtime/storage/soundness.hpp"
#include "tests/unit/actors/peers.hpp"
#include "tests/unit/store/samples.hpp"

#include <boost/json/parse.hpp>

#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace banksia;
using namespace banksia::store_test;

namespace json = boost::json;

namespace {

job_record owed() {
  job_record x;
  x.run = "live";
  x.kind = "maintenance";
  x.due_at = slot_at(0);
  x.status = "owed";
  return x;
}

std::chrono::nanoseconds no_time() {
  return {};
}

struct maintenance_fixture : actors_test::actors_fixture {
  test::scratch_folder folder;
  maintenance_setup setup;

  maintenance_fixture() {
    setup.database = folder.file("banksia.db");
    setup.patience = std::chrono::milliseconds{0};
    auto db = store::open_for_writing(setup.database);
    store::ledger into{db};
    into.set_provenance({"hash", "text", "build"});
    {
      // One wait for the disk, not hundreds.
      storage::transaction one{db};
      for (int i = 0; i < 50; ++i)
        into.write(make_cycle(i, {"CBA.AX", "WBC.AX"}));
      one.commit();
    }
    // The file has pages then that can be damaged.
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    into.write(make_cycle(50, {"CBA.AX"}));
  }

  ~maintenance_fixture() { storage::set_obstacle({}); }

  job_record done(const elapsed_clock& elapsed = no_time) const {
    return maintain(setup, owed(), elapsed);
  }

  static json::object result_of(const job_record& x) {
    return json::parse(x.result).as_object();
  }

  std::int64_t rows() const {
    auto db = store::open_for_reading(setup.database);
    return db.scalar("SELECT count(*) FROM predictions");
  }

  std::uintmax_t log_bytes() const {
    std::error_code none;
    auto bytes = std::filesystem::file_size(setup.database.string() + "-wal",
                                            none);
    return none ? 0 : bytes;
  }

  void damage() const {
    auto bytes = std::filesystem::file_size(setup.database);
    std::fstream out{setup.database,
                     std::ios::in | std::ios::out | std::ios::binary};
    for (auto at = bytes / 4; at < bytes; at += 8192) {
      out.seekp(static_cast<std::streamoff>(at));
      out << std::string(1024, '\x7f');
    }
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(store_maintenance_tests, maintenance_fixture)

CAF_TEST(a sound database is checked and its log cut off) {
  auto held = store::open_for_writing(setup.database); // keeps the log's file
  auto x = done();
  CAF_CHECK_EQUAL(x.status, "done");
  CAF_CHECK_EQUAL(x.reason, "");
  auto said = result_of(x);
  const auto& check = said.at("check").as_object();
  CAF_CHECK(check.at("tables").to_number<int>() > 10);
  CAF_CHECK(check.at("tables") == check.at("checked"));
  CAF_CHECK(check.at("problems").as_array().empty());
  CAF_CHECK_EQUAL(said.at("wal").at("left").to_number<int>(), 0);
  CAF_CHECK_EQUAL(log_bytes(), 0u);
  // Again it does no harm.
  CAF_CHECK_EQUAL(done().status, "done");
  CAF_CHECK_EQUAL(rows(), 101);
}

CAF_TEST(whoever reads just then is not waited for) {
  auto reader = store::open_for_reading(setup.database);
  reader.execute("BEGIN");
  CAF_CHECK_EQUAL(reader.scalar("SELECT count(*) FROM predictions"), 101);
  {
    auto db = store::open_for_writing(setup.database);
    store::ledger into{db};
    into.set_provenance({"hash", "text", "build"});
    into.write(make_cycle(51, {"CBA.AX"}));
  }
  auto x = done();
  CAF_CHECK_EQUAL(x.status, "done");
  CAF_CHECK(log_bytes() > 0u);
  CAF_CHECK_EQUAL(reader.scalar("SELECT count(*) FROM predictions"), 101);
}

CAF_TEST(a check out of time says how far it came) {
  setup.check_limit = std::chrono::milliseconds{5};
  auto x = done([now = std::chrono::nanoseconds{}]() mutable {
    return now += std::chrono::milliseconds{2};
  });
  CAF_CHECK_EQUAL(x.status, "done");
  CAF_CHECK(x.reason.starts_with("checked "));
  auto said = result_of(x);
  const auto& check = said.at("check").as_object();
  CAF_CHECK(check.at("checked").to_number<int>()
            < check.at("tables").to_number<int>());
}

CAF_TEST(a damaged database fails and says so) {
  damage();
  auto x = done();
  CAF_CHECK_EQUAL(x.status, "failed");
  CAF_CHECK(x.reason.starts_with("the database is damaged: "));
  CAF_CHECK_EQUAL(x.result, "");
}

CAF_TEST(a database that is not there is an answer) {
  setup.database = folder.file("none.db");
  auto x = done();
  CAF_CHECK_EQUAL(x.status, "failed");
  CAF_CHECK(x.reason.find("none.db") != std::string::npos);
  CAF_CHECK(!std::filesystem::exists(setup.database));
}

CAF_TEST(a writer that holds the lock is left alone) {
  auto db = store::open_for_writing(setup.database);
  db.execute("CREATE TABLE logged(x); BEGIN IMMEDIATE; CREATE TABLE held(x)");
  CAF_CHECK_EQUAL(done().status, "done");
  CAF_CHECK(log_bytes() > 0u);
  db.execute("ROLLBACK");
  CAF_CHECK_EQUAL(done().status, "done");
  CAF_CHECK_EQUAL(log_bytes(), 0u);
}

CAF_TEST(what lies in the journal is waited for) {
  store::journal journal{store::journal_file(setup.database)};
  journal.append(1, std::vector<char>{'x'});
  journal.sync();
  auto x = done();
  CAF_CHECK_EQUAL(x.status, "failed");
  CAF_CHECK(x.reason.starts_with("the database is away"));
}

CAF_TEST(a full disk is a failure and the next one works) {
  storage::set_obstacle([](storage::operation) {
    return std::optional{storage::failure::full};
  });
  auto x = done();
  CAF_CHECK_EQUAL(x.status, "failed");
  CAF_CHECK(!x.reason.empty());
  storage::set_obstacle({});
  CAF_CHECK_EQUAL(done().status, "done");
  CAF_CHECK_EQUAL(rows(), 101);
}

CAF_TEST(one that is killed in the middle leaves a sound database) {
  for (int round = 1; round <= 5; ++round) {
    int ends[2];
    CAF_REQUIRE(::pipe(ends) == 0);
    auto child = ::fork();
    if (child == 0) {
      for (int i = 0;; ++i) {
        auto db = store::open_for_writing(setup.database);
        store::ledger into{db};
        into.set_provenance({"hash", "text", "build"});
        into.write(make_cycle(100 * round + i, {"CBA.AX"}));
        if (::write(ends[1], "x", 1) != 1)
          ::_exit(1);
        maintain(setup, owed(), no_time);
      }
    }
    ::close(ends[1]);
    char told[16];
    for (int i = 0; i <= round; ++i)
      CAF_REQUIRE(::read(ends[0], told, 1) == 1);
    ::kill(child, SIGKILL); // it is in the next one by now, or about to
    int status = 0;
    ::waitpid(child, &status, 0);
    CAF_CHECK(WIFSIGNALED(status));
    ::close(ends[0]);
    auto x = storage::check_soundness(setup.database, 0, [] { return true; });
    CAF_CHECK(x.whole() && x.problems.empty());
    CAF_CHECK(rows() >= 101 + round);
  }
  CAF_CHECK_EQUAL(done().status, "done");
}

CAF_TEST(the component says what came of the last one) {
  auto actor = sys.spawn(maintenance, std::make_shared<probe>("x"), setup);
  sched.run();
  auto health = [&] {
    auto answer = ask<component_health>(actor, wire::health_atom_v);
    sched.run();
    return answer->value();
  };
  auto after = [&] {
    auto answer = ask<job_record>(actor, owed());
    sched.run();
    return answer->value().status;
  };
  CAF_CHECK(health().state == health_state::healthy);
  storage::set_obstacle([](storage::operation) {
    return std::optional{storage::failure::full};
  });
  CAF_CHECK_EQUAL(after(), "failed");
  CAF_CHECK(health().state == health_state::degraded);
  CAF_CHECK(health().reason.starts_with("the last maintenance failed: "));
  storage::set_obstacle({});
  CAF_CHECK_EQUAL(after(), "done");
  CAF_CHECK(health().state == health_state::healthy);
  damage();
  CAF_CHECK_EQUAL(after(), "failed");
  CAF_CHECK(health().state == health_state::unhealthy);
}

CAF_TEST_FIXTURE_SCOPE_END()

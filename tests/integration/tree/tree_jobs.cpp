#define CAF_SUITE tree_jobs
#include "actors/analyst/analysis.hpp"
#include "actors/analyst/analyst.hpp"
#include "actors/store/journal.hpp"
#include "tests/integration/tree/live_run.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <atomic>

using namespace banksia;
using namespace banksia::tree_test;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr std::size_t days_run = 4;

/// Ends a training as one that has nothing to learn from; counts them.
caf::actor stub_trainer(running_tree& tree,
                        std::shared_ptr<std::atomic<int>> count) {
  auto made = tree.system().spawn(
    [count](trainer_actor::pointer) -> trainer_actor::behavior_type {
      return {
        [](wire::train_atom, const std::string&, timestamp) {
          return training_record{};
        },
        [count](const job_record& x) {
          ++*count;
          auto ended = x;
          ended.status = "done";
          ended.result = R"({"by":"stub"})";
          return ended;
        },
        [](wire::cancel_atom, const std::string&) { return false; },
        [](wire::status_atom) { return training_record{}; },
        [](wire::next_atom) {},
        [](wire::health_atom) { return component_health{}; },
      };
    });
  return caf::actor_cast<caf::actor>(made);
}

struct jobs_fixture {
  scratch_folder folder;
  std::filesystem::path file = folder.path() / "banksia.db";
  shared_plan plan;
  std::shared_ptr<std::atomic<int>> trainings
    = std::make_shared<std::atomic<int>>(0);

  node_setup daily_node() {
    auto setup = simulated_node(file);
    auto with = *setup.plan;
    with.daily = {8h, 1, 60min, 60min};
    plan = setup.plan = std::make_shared<run_plan>(std::move(with));
    setup.analyses = setup.trains = true;
    setup.clock.speed = 6e4; // the analyst keeps up
    return setup;
  }

  std::vector<job_record> ended(const std::string& kind) {
    auto db = store::open_for_reading(file);
    auto result = store::queries{db}.jobs("live", kind, 1000);
    std::erase_if(result, [](const auto& x) { return x.status == "owed"; });
    return result;
  }

  /// Newest first. On a loaded machine a day may be over before its analysis.
  std::vector<job_record> done(const std::string& kind) {
    auto result = ended(kind);
    std::erase_if(result, [](const auto& x) {
      CAF_CHECK(x.status == "done" || x.reason == "a newer one is due");
      return x.status != "done";
    });
    CAF_REQUIRE(!result.empty());
    return result;
  }

  /// Lets the node run until so many evenings have ended.
  void run(const disturbance& disturb) {
    running_tree tree{daily_node()};
    tree.names.slot("ml/trainer")->publish(stub_trainer(tree, trainings));
    disturb(tree, file);
    auto deadline = std::chrono::steady_clock::now() + patience;
    while (ended("evening").size() < days_run) {
      CAF_REQUIRE(std::chrono::steady_clock::now() < deadline);
      tree.seen.expect("cycle", tree.seen.count("cycle") + 1);
    }
    CAF_CHECK(tree.stop());
    tree.names.slot("ml/trainer")->clear();
  }

  /// Each job due until the last evening is there, and all but the newest of a
  /// kind have ended.
  void check_all_ended() {
    auto until = ended("evening").front().due_at;
    job_walk walk{plan, sessions_of(plan->calendar).front().opens_at};
    auto db = store::open_for_reading(file);
    store::queries ask{db};
    std::set<std::pair<std::string, timestamp>> known, owed;
    for (const auto& x : ask.jobs("live", "", 1000)) {
      CAF_CHECK(known.emplace(x.kind, x.due_at).second);
      if (x.status == "owed")
        owed.emplace(x.kind, x.due_at);
      else
        CAF_CHECK(x.ended_at >= x.due_at);
    }
    for (const auto& x : walk.take(until))
      CAF_CHECK(known.contains({x.kind, x.due_at}));
    CAF_CHECK(owed.size() <= 3u);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tree_jobs_tests, jobs_fixture)

CAF_TEST(a node writes its mornings and evenings and has its trainings) {
  run([](running_tree&, const auto&) {});
  check_all_ended();
  CAF_CHECK(trainings->load() > 0);
  CAF_CHECK(done("training").front().result == R"({"by":"stub"})");
  for (const std::string kind : {"morning", "evening"}) {
    for (const auto& job : done(kind)) {
      auto document = json::parse(job.result).as_object();
      CAF_CHECK_EQUAL(document.at("kind").as_string(), kind);
      CAF_CHECK(!analysis::to_text(document).empty());
    }
  }
  auto told = done("evening").back();
  auto evening = json::parse(told.result);
  auto first = *plan->calendar.previous_session_before(told.due_at);
  CAF_CHECK_EQUAL(evening.at("session").at("date").as_string(),
                  to_string(first.date));
  auto slots = slots_of(*plan, first).size();
  CAF_CHECK_EQUAL(
    evening.at("cycles").at("completed").to_number<std::size_t>()
      + evening.at("cycles").at("late").to_number<std::size_t>(),
    slots);
  CAF_CHECK_EQUAL(evening.at("predictions").at("made").to_number<std::size_t>(),
                  3 * slots);
  CAF_CHECK(evening.at("outcomes").at("samples").to_number<int>() > 0);
  CAF_CHECK(evening.at("data").at("bars").to_number<int>() > 0);
  auto morning = json::parse(done("morning").back().result);
  CAF_CHECK_EQUAL(morning.at("symbols").as_array().size(), 3u);
  CAF_CHECK(!morning.at("market").at("flagged").as_bool());
  for (const auto& symbol : morning.at("symbols").as_array()) {
    CAF_CHECK(!symbol.at("stale").as_bool());
    CAF_CHECK(symbol.at("volatility").as_double() > 0);
  }
}

CAF_TEST(killing who makes them loses no job) {
  run([](running_tree& tree, const auto&) {
    for (const auto* path : {"analyst", "scheduler", "evaluator",
                             "store/writer", "scheduler", "analyst"}) {
      tree.seen.expect("cycle", tree.seen.count("cycle") + 5);
      tree.kill(path);
    }
  });
  check_all_ended();
  for (const auto& job : ended("morning"))
    CAF_CHECK(job.status == "done" || job.status == "skipped");
}

CAF_TEST(the same store gives the same analysis whatever comes later) {
  run([](running_tree&, const auto&) {});
  auto oldest = done("morning").back();
  auto again = analyse(plan, file, oldest);
  CAF_CHECK_EQUAL(again.status, "done");
  CAF_CHECK_EQUAL(again.result, oldest.result);
  // All that becomes known later is garbage.
  {
    auto db = store::open_for_writing(file);
    db.prepare("UPDATE bars SET close = close * 7 WHERE known_at > ?")
      .bind_all(to_micros(oldest.due_at))
      .run();
    db.prepare("UPDATE headlines SET score = 1, title = 'x' WHERE "
               "known_at > ?")
      .bind_all(to_micros(oldest.due_at))
      .run();
  }
  CAF_CHECK(analyse(plan, file, oldest).result == oldest.result);
  auto evening = done("evening").back();
  auto outcomes = [&](const std::string& document) {
    return json::serialize(json::parse(document).at("outcomes"));
  };
  CAF_CHECK_EQUAL(outcomes(analyse(plan, file, evening).result),
                  outcomes(evening.result));
}

CAF_TEST(what cannot be read is told) {
  auto setup = daily_node();
  job_record job;
  job.run = "live";
  job.kind = "evening";
  job.due_at = sessions_of(plan->calendar).front().auction_ends_at + 1h;
  CAF_CHECK(analyse(plan, file, job).status == "done");
  auto missing = analyse(plan, folder.path() / "none.db", job);
  CAF_CHECK_EQUAL(missing.status, "failed");
  CAF_CHECK(missing.reason.find("none.db") != std::string::npos);
  // Before the calendar there was no session.
  job.due_at = from_micros(0);
  CAF_CHECK(analyse(plan, file, job).status == "skipped");
  job.kind = "morning";
  job.due_at = plan->calendar.sessions().back().auction_ends_at + 24h * 365;
  CAF_CHECK(analyse(plan, file, job).status == "skipped");
  job.kind = "of another build";
  CAF_CHECK(analyse(plan, file, job).reason == "no analysis of that kind");
  // While the journal holds what the database lacks, nothing is concluded.
  store::journal promised{store::journal_file(file)};
  promised.append(1, std::vector<char>(8, 'x'));
  promised.sync();
  job.kind = "evening";
  auto away = analyse(plan, file, job);
  CAF_CHECK_EQUAL(away.status, "failed");
  CAF_CHECK(away.reason.find("journal") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

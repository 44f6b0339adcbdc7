#pragma once

/// The writer as an actor, and who asks it, on the deterministic scheduler.

#include "actors/store/writer.hpp"
#include "tests/unit/store/samples.hpp"

#include "caf/test/dsl.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace banksia::store_test {

struct config : caf::actor_system_config {
  config() { add_message_types<caf::id_block::banksia>(); }
};

/// What became of one request.
struct reply {
  std::optional<commit_receipt> receipt;
  std::optional<caf::error> failed;

  bool pending() const { return !receipt && !failed; }
};

/// What becomes of a group that the database does not take.
enum class failing { ends, goes_to_the_journal };

/// The writer on the deterministic scheduler: a test says when it runs.
struct writer_on_coordinator : test_coordinator_fixture<config> {
  test::scratch_folder folder;
  std::vector<storage::failure> failures; ///< of groups, as told
  failing how;
  store_writer_actor writer;
  /// The writer opens its database when it first runs.
  storage::database reader;

  explicit writer_on_coordinator(failing what)
    : how(what), writer(start()), reader([this] {
        sched.run();
        return store::open_for_reading(folder.file());
      }()) {}

  ~writer_on_coordinator() override { stop(); }

  store_writer_actor start(const std::string& build = "build") {
    store_failure_handler told;
    if (how == failing::ends)
      told = [this](const storage::storage_error& x) {
        failures.push_back(x.kind());
      };
    return sys.spawn(store_writer, std::make_shared<probe>("store/writer"),
                     folder.file(), store::provenance{"hash", "text", build},
                     told);
  }

  void stop() {
    self->send_exit(writer, caf::exit_reason::kill);
    sched.run();
  }

  store_writer_state& state() {
    return deref<store_writer_self>(writer).state;
  }

  /// Sends now; the answer comes into the returned reply when things run.
  template <class Record>
  std::shared_ptr<reply> ask(Record record) {
    auto result = std::make_shared<reply>();
    auto target = writer;
    sys.spawn([=](caf::event_based_actor* asker) {
      asker->request(target, std::chrono::seconds{3600}, record)
        .then([=](const commit_receipt& x) { result->receipt = x; },
              [=](caf::error& x) { result->failed = x; });
    });
    // Runs all but the writer: the request lies in its mailbox.
    auto others = [&] {
      return std::find_if(sched.jobs.begin(), sched.jobs.end(),
                          [&](caf::resumable* job) {
                            return dynamic_cast<store_writer_self*>(job)
                                   == nullptr;
                          });
    };
    for (auto job = others(); job != sched.jobs.end(); job = others()) {
      std::iter_swap(sched.jobs.begin(), job);
      sched.run_once();
    }
    return result;
  }

  /// Delivers one message to the writer and nothing else.
  void step() {
    CAF_REQUIRE(sched.prioritize(writer));
    sched.run_once();
  }

  std::int64_t rows(const std::string& table) {
    return reader.scalar("SELECT count(*) FROM " + table);
  }
};

} // namespace banksia::store_test

#pragma once

/// The trainer on the deterministic scheduler, with a real store, a real registry
/// and scripts as programs. Include after CAF_SUITE.

#include "actors/ml/trainer.hpp"
#include "actors/store/writer.hpp"
#include "tests/unit/actors/peers.hpp"
#include "tests/unit/ml/programs.hpp"
#include "tests/unit/store/samples.hpp"

namespace banksia::ml_test {

using namespace std::chrono_literals;
using actors_test::always;
using actors_test::at;
using actors_test::peer;
using actors_test::sydney;

inline const auto noon = at("2025-07-01T02:00:00Z");

struct trainer_fixture : actors_test::actors_fixture {
  test::model_place place;
  std::filesystem::path file = place.scratch.path() / "banksia.db";
  script_folder scripts{place.scratch.path()};
  trainer_setup setup;
  std::shared_ptr<peer> clock = stand_in("scheduler");
  std::shared_ptr<peer> gate = stand_in("ml/gate");
  std::shared_ptr<peer> bus = stand_in("event_bus");
  std::vector<supervision_event> reports;
  store_writer_actor writer;
  trainer_actor actor;

  trainer_fixture() {
    auto db = store::open_for_writing(file);
    store::ledger{db}.register_run("live", "live", "{}");
    set_time(noon + 10min);
    gate->reply = always<wire::reload_atom>(forecaster_status{});
    setup.database = file;
    setup.models = place.root;
    setup.calendar = sydney();
    start_writer();
  }

  void start_writer() {
    writer = publish("store/writer",
                     sys.spawn(store_writer,
                               std::make_shared<probe>("store/writer"), file,
                               store::provenance{"hash", "text", "build"},
                               store_failure_handler{}));
    sched.run();
  }

  void set_time(timestamp now) {
    schedule_status status;
    status.market_time = now;
    clock->reply = always<wire::status_atom>(status);
  }

  /// Starts it, or starts it again, with that program.
  void start(const std::string& program) {
    setup.command = scripts.command(program);
    trainer_wiring wiring;
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.bus = names.name<event_bus_actor>("event_bus");
    wiring.scheduler = names.name<scheduler_actor>("scheduler");
    wiring.gate = names.name<forecast_gate_actor>("ml/gate");
    wiring.report = [this](const supervision_event& x) {
      reports.push_back(x);
    };
    actor = publish("ml/trainer",
                    sys.spawn(trainer, std::make_shared<probe>("ml/trainer"),
                              setup, wiring));
    sched.run();
  }

  trainer_state& state() { return deref<trainer_self>(actor).state; }

  auto train(timestamp when = noon) {
    return ask<training_record>(actor, wire::train_atom_v,
                                std::string{"operator"}, when);
  }

  static job_record daily(timestamp due = noon) {
    job_record x;
    x.run = "live";
    x.kind = "training";
    x.due_at = due;
    x.status = "owed";
    return x;
  }

  /// Until nothing is under way. What programs do takes real time, what is
  /// waited for by the trainer virtual time.
  void run_to_end() {
    for (int i = 0; i < 4000; ++i) {
      auto& x = state();
      if (!x.current && x.waiting.empty() && x.writes.empty())
        return;
      if (x.process)
        x.process->wait(50ms);
      pass(setup.look_every);
    }
    CAF_FAIL("it does not end");
  }

  /// Until its program has said that.
  void run_to_stage(const std::string& stage) {
    for (int i = 0; i < 1000; ++i) {
      CAF_REQUIRE(state().process != nullptr);
      if (state().current->record.stage == stage)
        return;
      state().process->wait(50ms);
      pass(setup.look_every);
    }
    CAF_FAIL("it does not come to " << stage);
  }

  std::vector<training_record> stored() const {
    auto db = store::open_for_reading(file);
    return store::queries{db}.trainings(100);
  }

  /// The one training that the store has.
  training_record only() const {
    auto all = stored();
    CAF_REQUIRE_EQUAL(all.size(), 1u);
    return all.front();
  }

  std::vector<model_record> models() const {
    auto db = store::open_for_reading(file);
    return store::queries{db}.models();
  }

  std::string champion() const { return champion_of(place.folder().read()); }

  component_health health() {
    return ask<component_health>(actor, wire::health_atom_v)->value();
  }

  /// Kinds and subjects of the events told.
  std::vector<std::string> told(const std::string& kind) const {
    std::vector<std::string> result;
    for (const auto& x : bus->all<event>())
      if (x.kind == kind)
        result.push_back(x.payload);
    return result;
  }
};

} // namespace banksia::ml_test

#pragma once

/// A scheduler on a clock that the test moves, with stand-ins for all it asks.

#include "actors/scheduler/scheduler.hpp"
#include "actors/store/outbox.hpp"
#include "tests/unit/actors/peers.hpp"

namespace banksia::actors_test {

inline constexpr auto second = std::chrono::milliseconds{1000};

/// A scheduler on a live clock that the test moves.
struct scheduler_fixture : actors_fixture {
  timestamp wall = at("2025-06-30T22:00:00Z"); ///< two hours before the open
  schedule_memory memory;
  std::shared_ptr<peer> writer = stand_in("store/writer");
  std::shared_ptr<peer> feed = stand_in("feed/prices/live");
  std::shared_ptr<peer> cycle = stand_in("cycle");
  std::shared_ptr<peer> evaluator = stand_in("evaluator");
  std::shared_ptr<peer> trainer = stand_in("ml/trainer");
  std::shared_ptr<peer> analyst = stand_in("analyst");
  std::shared_ptr<peer> maintenance = stand_in("store/maintenance");
  scheduler_actor tested;
  bool writes_jobs = true;
  std::shared_ptr<roster> listed; ///< null: what is followed stays
  bool maintains = false;

  scheduler_fixture() {
    writer->reply = [this](const caf::message& x) -> peer::answer {
      if (x.match_elements<job_record>() && !writes_jobs)
        return [](caf::response_promise& to) {
          to.deliver(caf::make_error(caf::sec::runtime_error));
        };
      return [](caf::response_promise& to) { to.deliver(commit_receipt{}); };
    };
    feed->reply = always<wire::advance_atom, timestamp>(feed_progress{});
    evaluator->reply = [](const caf::message&) -> peer::answer {
      return [](caf::response_promise& to) { to.deliver(std::uint64_t{0}); };
    };
  }

  std::vector<std::string> lost; ///< what a replay was told

  void start(bool with_receivers = true,
             clock_mode mode = clock_mode::live) {
    auto plan = make_plan();
    plan.daily = {std::chrono::hours{8}, 1, 60min, 60min};
    if (mode == clock_mode::replay)
      plan.daily.morning = plan.daily.evening = std::nullopt;
    clock_options clock;
    clock.mode = mode;
    clock.wall = [this] { return wall; };
    clock.start = wall;
    clock.end = wall + 48h;
    scheduler_wiring wiring;
    wiring.feed = names.name<price_feed_actor>("feed/prices/live");
    wiring.cycle = names.name<cycle_actor>("cycle");
    wiring.evaluator = names.name<evaluator_actor>("evaluator");
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.grace = std::chrono::hours{24}; // the test takes great steps
    wiring.remember = [this] { return memory; };
    wiring.listed = listed;
    if (mode == clock_mode::replay) {
      wiring.job_lost = [this](const std::string& why) { lost.push_back(why); };
      wiring.retries.answers_count = true;
    }
    if (with_receivers) {
      wiring.trainer = names.name<trainer_actor>("ml/trainer");
      wiring.analyst = names.name<analyst_actor>("analyst");
    }
    if (maintains)
      wiring.maintenance = names.name<analyst_actor>("store/maintenance");
    tested = publish("scheduler",
                     sys.spawn(scheduler, std::make_shared<probe>("scheduler"),
                               std::make_shared<const run_plan>(plan), clock,
                               wiring));
    sched.run();
  }

  /// The wall shows that time, and the scheduler has looked at it twice.
  void go_to(std::string_view time) {
    wall = at(time);
    pass(second);
    pass(second);
  }

  /// All cycles that were issued are stored.
  void end_cycles() {
    for (const auto& due : cycle->all<cycle_due>()) {
      cycle_result done;
      done.slot = due.slot;
      done.status = cycle_status::completed;
      tell(tested, done);
    }
    for (auto i : cycle->positions<cycle_slot, std::string>()) {
      cycle_result missed;
      missed.slot = cycle->content(i).get_as<cycle_slot>(0);
      missed.status = cycle_status::missed;
      tell(tested, missed);
    }
  }

  /// What was sent to be stored of jobs, "kind status" each.
  std::string stored() const {
    std::string result;
    for (const auto& x : writer->all<job_record>())
      result += (result.empty() ? "" : ", ") + x.kind + " " + x.status;
    return result;
  }

  /// Ends the job that `who` was asked last.
  void answer(peer& who, std::string status, std::string reason = "") {
    auto where = who.positions<job_record>().back();
    auto job = who.all<job_record>().back();
    job.status = std::move(status);
    job.reason = std::move(reason);
    who.give(where, job);
    sched.run();
  }
};

} // namespace banksia::actors_test

#define CAF_SUITE faults
#include "tests/unit/supervision/fixture.hpp"

#include "runtime/supervision/fault_rules.hpp"

#include "caf/test/dsl.hpp"

using namespace banksia;
using namespace banksia::supervision_test;
using namespace std::chrono_literals;

namespace {

std::string refusal(std::string_view text) {
  try {
    parse_faults(text);
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

bool refuses(std::string_view text, std::string_view because) {
  auto said = refusal(text);
  if (said.find(because) != std::string::npos)
    return true;
  CAF_MESSAGE("said instead: " << said);
  return false;
}

/// A doubler under faults; it runs on the deterministic scheduler.
struct faults_fixture : test_coordinator_fixture<> {
  std::shared_ptr<ruled_faults> plan;
  std::shared_ptr<probe> watched;
  doubler_actor actor;
  std::string end;

  void start(std::string_view rules) {
    plan = std::make_shared<ruled_faults>(parse_faults(rules));
    probe_board board;
    board.faults = plan;
    watched = board.at("the/doubler");
    actor = sys.spawn(doubler, watched);
    caf::actor_cast<caf::abstract_actor*>(actor)->attach_functor(
      [this](const caf::error& reason) { end = sys.render(reason); });
    sched.run();
  }

  /// What it answers; nothing while it does not.
  std::string ask(std::int32_t x) {
    auto result = std::make_shared<std::string>();
    sys.spawn([=, this](caf::event_based_actor* asker) {
      asker->request(actor, 10s, x)
        .then([=](std::int32_t y) { *result = std::to_string(y); },
              [=](const caf::error& e) {
                *result = asker->system().render(e);
              });
    });
    sched.run();
    return *result;
  }

  ~faults_fixture() override {
    caf::anon_send_exit(actor, caf::exit_reason::kill);
    sched.run();
  }
};

} // namespace

CAF_TEST(rules are read) {
  auto all = parse_faults("kill:symbol/CBA.AX:every=50,slow:store/*:chance=0.25"
                          ":ms=200:times=3,seed=7,database:full:every=9"
                          ":message=commit,clock:wall:every=100:ms=-90000");
  CAF_REQUIRE_EQUAL(all.rules.size(), 4u);
  CAF_CHECK_EQUAL(all.seed, 7u);
  CAF_CHECK_EQUAL(all.rules[0].path, "symbol/CBA.AX");
  CAF_CHECK_EQUAL(all.rules[0].every, 50u);
  CAF_CHECK(all.rules[0].what == fault_kind::kill);
  CAF_CHECK_EQUAL(all.rules[1].chance, 0.25);
  CAF_CHECK(all.rules[1].time == 200ms);
  CAF_CHECK_EQUAL(all.rules[1].times, 3u);
  CAF_CHECK(all.rules[2].error == storage::failure::full);
  CAF_CHECK_EQUAL(all.rules[2].message, "commit");
  CAF_CHECK(all.rules[3].time == -90s);
}

CAF_TEST(a rule that makes no sense is refused with the reason) {
  CAF_CHECK(refuses("", "not a rule"));
  CAF_CHECK(refuses("kill", "not a rule"));
  CAF_CHECK(refuses("kill::every=1", "nothing it applies to"));
  CAF_CHECK(refuses("stab:cycle:every=1", "no such fault: stab"));
  CAF_CHECK(refuses("kill:cycle", "either every=N or chance=P"));
  CAF_CHECK(refuses("kill:cycle:every=2:chance=0.5", "either every=N"));
  CAF_CHECK(refuses("kill:cycle:every=two", "every is no number"));
  CAF_CHECK(refuses("kill:cycle:every=2x", "every is no number"));
  CAF_CHECK(refuses("kill:cycle:chance=1.5", "a fraction"));
  CAF_CHECK(refuses("kill:cycle:chance=nan", "either every=N"));
  CAF_CHECK(refuses("kill:cycle:often", "no value: often"));
  CAF_CHECK(refuses("kill:cycle:every=2:speed=3", "no such setting"));
  CAF_CHECK(refuses("kill:cycle:every=2:ms=3", "it takes no time"));
  CAF_CHECK(refuses("hang:cycle:every=2", "for how long?"));
  CAF_CHECK(refuses("duplicate:cycle:every=1", "it would never end"));
  CAF_CHECK(refuses("database:gone:every=2", "give busy, full or io"));
  CAF_CHECK(refuses("clock:wall:every=2", "by how much?"));
  CAF_CHECK(refuses("kill:cycle:every=2,,", "not a rule"));
}

CAF_TEST(patterns match whole texts) {
  CAF_CHECK(matches("symbol/*", "symbol/CBA.AX"));
  CAF_CHECK(matches("*", ""));
  CAF_CHECK(matches("*/writer", "store/writer"));
  CAF_CHECK(matches("s*/*r*r", "store/writer"));
  CAF_CHECK(!matches("store", "store/writer"));
  CAF_CHECK(!matches("*/reader", "store/writer"));
  CAF_CHECK(!matches("", "x"));
}

CAF_TEST(database and clock fail by their rules) {
  ruled_faults plan{parse_faults("database:io:every=2:message=commit,"
                                 "clock:wall:every=2:ms=500:times=1")};
  CAF_CHECK(!plan.storing(storage::operation::step));
  CAF_CHECK(!plan.storing(storage::operation::commit));
  CAF_CHECK(plan.storing(storage::operation::commit) == storage::failure::io);
  CAF_CHECK(plan.clock_offset() == 0ms);
  CAF_CHECK(plan.clock_offset() == 500ms);
  CAF_CHECK(plan.clock_offset() == 500ms);
  CAF_CHECK(plan.clock_offset() == 500ms);
}

CAF_TEST(the same seed strikes at the same times) {
  auto strikes = [](const std::string& rules) {
    ruled_faults plan{parse_faults(rules)};
    std::string result;
    for (int i = 0; i < 200; ++i)
      result += plan.storing(storage::operation::step) ? 'x' : '.';
    return result;
  };
  auto first = strikes("database:busy:chance=0.1,seed=3");
  CAF_CHECK_EQUAL(first, strikes("database:busy:chance=0.1,seed=3"));
  CAF_CHECK(first != strikes("database:busy:chance=0.1,seed=4"));
  CAF_CHECK(first.find('x') != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE(actors_under_faults, faults_fixture)

CAF_TEST(without a rule for it an actor is left alone) {
  start("kill:another:every=1,crash:*:every=1:message=string");
  CAF_CHECK_EQUAL(ask(21), "42");
  CAF_CHECK(end.empty());
}

CAF_TEST(a crash ends the actor with its reason) {
  start("crash:the/*:every=2");
  CAF_CHECK_EQUAL(ask(21), "42");
  ask(22);
  CAF_CHECK(end.find("it crashes on purpose") != std::string::npos);
}

CAF_TEST(a kill ends the actor and refuses its message) {
  start("kill:the/doubler:every=1");
  CAF_CHECK(ask(21).find("request_receiver_down") != std::string::npos);
  CAF_CHECK(end.find("kill") != std::string::npos);
}

CAF_TEST(a start can fail) {
  start("crash-start:the/doubler:every=1");
  CAF_CHECK(end.find("its start fails on purpose") != std::string::npos);
}

CAF_TEST(a stop can fail) {
  start("crash-stop:the/doubler:every=1");
  CAF_CHECK_EQUAL(ask(21), "42");
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  sched.run();
  CAF_CHECK(end.find("it crashes on purpose") != std::string::npos);
}

CAF_TEST(a dropped request waits for its limit) {
  start("drop:the/doubler:every=1:times=1");
  CAF_CHECK_EQUAL(ask(21), "");
  sched.trigger_timeouts();
  sched.run();
  CAF_CHECK_EQUAL(ask(21), "42");
}

CAF_TEST(a doubled message is handled twice and its second answer harms nobody) {
  start("duplicate:the/doubler:every=2");
  auto before = watched->messages.load();
  CAF_CHECK_EQUAL(ask(1), "2");
  CAF_CHECK_EQUAL(ask(2), "4");
  CAF_CHECK_EQUAL(watched->messages.load() - before, 3u);
}

CAF_TEST(a delayed message comes later) {
  start("delay:the/doubler:every=2:ms=500");
  CAF_CHECK_EQUAL(ask(1), "2");
  CAF_CHECK_EQUAL(ask(2), "");
  auto before = watched->messages.load();
  sched.advance_time(500ms);
  sched.run();
  CAF_CHECK_EQUAL(watched->messages.load(), before + 1);
}

CAF_TEST(a released plan keeps nobody busy) {
  start("hang:the/doubler:every=1:ms=3600000");
  plan->release();
  CAF_CHECK_EQUAL(ask(21), "42");
}

CAF_TEST_FIXTURE_SCOPE_END()

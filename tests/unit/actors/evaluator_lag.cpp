#define CAF_SUITE evaluator_lag
#include "actors/evaluator/evaluator.hpp"
#include "tests/unit/actors/peers.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

struct evaluator_fixture : actors_fixture {
  shared_plan plan = intraday_plan();
  std::shared_ptr<peer> writer = stand_in("store/writer");
  std::shared_ptr<peer> reader = stand_in("store/reader/1");
  timestamp slot = slot_time(1);
  evaluator_actor actor;

  evaluator_fixture() {
    evaluator_wiring wiring;
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.reader = names.name<store_reader_actor>("store/reader/1");
    actor = publish("evaluator",
                    sys.spawn(evaluator, std::make_shared<probe>("evaluator"),
                              plan, wiring));
    sched.run();
  }

  void answer_owed() {
    obligation_batch owed;
    owed.obligations = {owed_for(*plan, "CBA.AX", slot, 60)};
    auto asked = reader->positions<wire::owed_atom, std::string>();
    CAF_REQUIRE_EQUAL(asked.size(), 1u);
    reader->give(asked.front(), owed);
    sched.run();
  }

  bar_batch bars(timestamp watermark, std::vector<bar> of = {}) {
    bar_batch x;
    x.watermark = watermark;
    x.bars = std::move(of);
    return x;
  }

  series_lag_batch lags(timestamp known_until) {
    return {1, {{"CBA.AX", known_until}}};
  }

  std::size_t outcomes() { return writer->count<outcome_batch>(); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(evaluator_lag_tests, evaluator_fixture)

CAF_TEST(outcomes of a symbol that lags are stored when it has caught up) {
  answer_owed();
  tell(actor, lags(slot + 10min));
  tell(actor, bars(slot + 2h, {make_bar("CBA.AX", slot + 5min, 101.0)}));
  CAF_CHECK_EQUAL(outcomes(), 0u);
  tell(actor, series_lag_batch{});
  tell(actor, bars(slot + 2h, {make_bar("CBA.AX", slot + 60min, 102.0)}));
  auto made = writer->all<outcome_batch>();
  CAF_REQUIRE_EQUAL(made.size(), 1u);
  CAF_REQUIRE_EQUAL(made[0].outcomes.size(), 1u);
  CAF_CHECK_EQUAL(made[0].outcomes[0].exit_price.value(), 102.0);
}

CAF_TEST(what was told before it was ready counts in the order it was told) {
  tell(actor, lags(slot + 10min));
  tell(actor, bars(slot + 2h, {make_bar("CBA.AX", slot + 5min, 101.0)}));
  // By now it has caught up; that must not make the bars before final.
  tell(actor, series_lag_batch{});
  tell(actor, bars(slot + 2h, {make_bar("CBA.AX", slot + 60min, 102.0)}));
  CAF_CHECK_EQUAL(outcomes(), 0u);
  answer_owed();
  auto made = writer->all<outcome_batch>();
  CAF_REQUIRE_EQUAL(made.size(), 1u);
  CAF_REQUIRE_EQUAL(made[0].outcomes.size(), 1u);
  CAF_CHECK_EQUAL(made[0].outcomes[0].exit_price.value(), 102.0);
}

CAF_TEST_FIXTURE_SCOPE_END()

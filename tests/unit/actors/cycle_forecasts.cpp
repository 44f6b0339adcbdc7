#define CAF_SUITE cycle_forecasts
#include "actors/cycle/cycle.hpp"
#include "tests/unit/actors/peers.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

using namespace std::chrono_literals;

/// The cycle with a gate to the models. The gate answers when a test says so.
struct forecasts_fixture : actors_fixture {
  shared_plan plan = intraday_plan();
  std::vector<std::shared_ptr<peer>> symbols;
  std::shared_ptr<peer> writer = stand_in("store/writer");
  std::shared_ptr<peer> gate = stand_in("ml/gate");
  std::shared_ptr<probe> watched = std::make_shared<probe>("cycle");
  cycle_actor actor;

  explicit forecasts_fixture(bool insists = false) {
    watched->generation = 1;
    cycle_wiring wiring;
    wiring.gate_insists = insists;
    for (const auto& x : plan->symbols) {
      symbols.push_back(stand_in("symbol/" + x));
      wiring.symbols.push_back(names.name<symbol_actor>("symbol/" + x));
    }
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.evaluator = names.name<evaluator_actor>("evaluator");
    wiring.scheduler = names.name<scheduler_actor>("scheduler");
    wiring.deadline = 2000ms;
    wiring.gate = names.name<forecast_gate_actor>("ml/gate");
    wiring.gate_limit = 1000ms;
    actor = publish("cycle", sys.spawn(cycle, watched, plan, wiring));
    sched.run();
  }

  void due(int i) { tell(actor, cycle_due{1, slot_of(*plan, i), true, {}}); }

  void answer(int i, std::uint32_t symbol, bool abstains = false) {
    auto draft = make_draft(*plan, slot_of(*plan, i), symbol);
    draft.content.abstained = abstains;
    draft.window.mask = 0x8000'0000u;
    draft.window.values = std::string(4, static_cast<char>('a' + symbol));
    tell(actor, draft);
  }

  void answer_all(int i) {
    for (std::uint32_t symbol = 0; symbol < plan->symbols.size(); ++symbol)
      answer(i, symbol);
  }

  std::vector<forecast_request> asked() {
    return gate->all<forecast_request>();
  }

  std::vector<cycle_record> stored() { return writer->all<cycle_record>(); }

  static class_forecast said(double down, double flat, double up) {
    class_forecast x;
    x.down = fraction{down};
    x.flat = fraction{flat};
    x.up = fraction{up};
    x.magnitude = fraction{0.02};
    x.batch_rows = 256;
    return x;
  }

  /// A champion that sells and a shadow that buys.
  forecast_answer answer_to(const forecast_request& request) {
    forecast_answer x;
    x.number = request.number;
    x.environment = "here";
    model_forecasts champion{"champion", true, {}, {}};
    model_forecasts shadow{"shadow", false, {}, {}};
    for (std::size_t i = 0; i < request.rows.size(); ++i) {
      champion.rows.push_back(said(0.8, 0.1, 0.1));
      champion.rows.back().batch_slot = static_cast<std::uint32_t>(i);
      shadow.rows.push_back(said(0.1, 0.1, 0.8));
    }
    x.models = {champion, shadow};
    return x;
  }

  void give(std::size_t n, const forecast_answer& x) {
    gate->give(gate->positions<forecast_request>().at(n), x);
    sched.run();
  }
};

/// Of a replay.
struct insisting_fixture : forecasts_fixture {
  insisting_fixture() : forecasts_fixture(true) {}
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(cycle_insists_tests, insisting_fixture)

CAF_TEST(a gate that fails is asked the same again) {
  due(0);
  answer_all(0);
  gate->fail(gate->positions<forecast_request>().at(0));
  sched.run();
  CAF_CHECK(stored().empty());
  pass(200ms);
  CAF_REQUIRE_EQUAL(asked().size(), 2u);
  CAF_CHECK(asked()[0] == asked()[1]);
  give(1, answer_to(asked()[1]));
  CAF_REQUIRE_EQUAL(stored().size(), 1u);
  auto records = stored();
  CAF_CHECK_EQUAL(records[0].predictions[0].model_version, "champion");
}

CAF_TEST(a gate that was started again is asked the same again) {
  due(0);
  answer_all(0);
  auto request = asked().at(0);
  kill(gate->handle);
  names.slot("ml/gate")->clear();
  pass(1000ms);
  CAF_CHECK(stored().empty());
  gate = stand_in("ml/gate");
  pass(400ms);
  CAF_REQUIRE(!asked().empty());
  CAF_CHECK(asked()[0] == request);
  give(0, answer_to(request));
  CAF_CHECK_EQUAL(stored().size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST_FIXTURE_SCOPE(cycle_forecasts_tests, forecasts_fixture)

CAF_TEST(models are asked about all answers at once and decide) {
  due(0);
  answer(0, 0);
  CAF_CHECK(asked().empty());
  for (std::uint32_t symbol = 1; symbol < plan->symbols.size(); ++symbol)
    answer(0, symbol);
  CAF_REQUIRE_EQUAL(asked().size(), 1u);
  auto request = asked().front();
  CAF_REQUIRE_EQUAL(request.rows.size(), plan->symbols.size());
  CAF_CHECK_EQUAL(request.rows[1].symbol, plan->symbols[1]);
  CAF_CHECK_EQUAL(request.rows[1].window.values, "bbbb");
  CAF_CHECK(stored().empty());
  give(0, answer_to(request));
  CAF_REQUIRE_EQUAL(stored().size(), 1u);
  auto record = stored().front();
  for (std::size_t i = 0; i < record.predictions.size(); ++i) {
    const auto& p = record.predictions[i];
    CAF_CHECK(p.action == trade_action::sell);
    CAF_CHECK_EQUAL(p.model_version, "champion");
    CAF_REQUIRE_EQUAL(p.forecasts.size(), 2u);
    CAF_CHECK(p.forecasts[0].served);
    CAF_CHECK_EQUAL(p.forecasts[0].batch_slot, i);
    CAF_CHECK_EQUAL(p.forecasts[0].environment, "here");
    CAF_CHECK_EQUAL(p.forecasts[1].model_version, "shadow");
  }
  CAF_CHECK(record.obligations.front().action == trade_action::sell);
}

CAF_TEST(who abstains is not asked about) {
  due(0);
  answer(0, 0, true);
  for (std::uint32_t symbol = 1; symbol < plan->symbols.size(); ++symbol)
    answer(0, symbol);
  auto request = asked().at(0);
  CAF_REQUIRE_EQUAL(request.rows.size(), plan->symbols.size() - 1);
  CAF_CHECK_EQUAL(request.rows[0].symbol, plan->symbols[1]);
  CAF_CHECK_EQUAL(request.rows[0].window.values, "bbbb");
  give(0, answer_to(request));
  auto record = stored().at(0);
  CAF_CHECK(record.predictions[0].forecasts.empty());
  CAF_CHECK(record.predictions[0].abstained);
  CAF_CHECK_EQUAL(record.predictions[1].forecasts[0].batch_slot, 0u);
}

CAF_TEST(a cycle of abstentions asks nobody) {
  due(0);
  for (std::uint32_t symbol = 0; symbol < plan->symbols.size(); ++symbol)
    answer(0, symbol, true);
  CAF_CHECK(asked().empty());
  CAF_CHECK_EQUAL(stored().size(), 1u);
}

CAF_TEST(the rules decide when the gate fails) {
  due(0);
  answer_all(0);
  gate->fail(gate->positions<forecast_request>().at(0));
  sched.run();
  auto records = stored();
  CAF_REQUIRE_EQUAL(records.size(), 1u);
  CAF_CHECK(records[0].predictions[0].action == trade_action::buy);
  CAF_CHECK_EQUAL(records[0].predictions[0].model_version, plan->model_version);
}

CAF_TEST(the rules decide when the gate stays silent) {
  due(0);
  answer_all(0);
  pass(900ms);
  CAF_CHECK(stored().empty());
  pass(200ms);
  CAF_REQUIRE_EQUAL(stored().size(), 1u);
  // An answer that comes after all changes nothing.
  give(0, answer_to(asked().at(0)));
  CAF_CHECK_EQUAL(stored().size(), 1u);
}

CAF_TEST(the rules decide when there is no champion and shadows are kept) {
  due(0);
  answer_all(0);
  auto only_shadow = answer_to(asked().at(0));
  only_shadow.models.erase(only_shadow.models.begin());
  give(0, only_shadow);
  const auto record = stored().at(0);
  const auto& p = record.predictions[0];
  CAF_CHECK(p.action == trade_action::buy);
  CAF_CHECK_EQUAL(p.model_version, plan->model_version);
  CAF_REQUIRE_EQUAL(p.forecasts.size(), 1u);
  CAF_CHECK(!p.forecasts[0].served);
}

CAF_TEST(a model whose words cannot be true is not heard) {
  due(0);
  answer_all(0);
  auto wrong = answer_to(asked().at(0));
  wrong.models[0].rows[2].up = fraction{0.9};
  wrong.models[1].rows.pop_back();
  give(0, wrong);
  const auto record = stored().at(0);
  for (const auto& p : record.predictions) {
    CAF_CHECK(p.forecasts.empty());
    CAF_CHECK(p.action == trade_action::buy);
  }
}

CAF_TEST(cycles are stored in order though their forecasts come in another) {
  due(0);
  due(1);
  answer_all(0);
  answer_all(1);
  auto requests = asked();
  CAF_REQUIRE_EQUAL(requests.size(), 2u);
  give(1, answer_to(requests[1]));
  CAF_CHECK(stored().empty());
  give(0, answer_to(requests[0]));
  CAF_REQUIRE_EQUAL(stored().size(), 2u);
  CAF_CHECK(stored()[0].slot.slot < stored()[1].slot.slot);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE forecast_gate_patience
#include "actors/ml/gate.hpp"
#include "tests/unit/actors/peers.hpp"

#include <set>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

using milliseconds = std::chrono::milliseconds;

constexpr milliseconds limit{600'000};

/// The gate of a replay.
struct patience_fixture : actors_fixture {
  std::shared_ptr<peer> network = stand_in("network");
  std::shared_ptr<peer> remote;
  std::shared_ptr<service_port> service = std::make_shared<service_port>();
  std::uint64_t stamp = 1;
  std::vector<std::string> refused;
  std::vector<std::string> lost;
  bool reads_registry = true;
  forecast_gate_actor gate;

  patience_fixture() {
    gate_setup setup;
    setup.service = service;
    setup.registry_stamp = [this] { return stamp; };
    setup.network = [this](caf::actor_system&) { return network->handle; };
    setup.patience = gate_patience{limit, [this](const std::string& why) {
                                     lost.push_back(why);
                                   }};
    gate = publish("ml/gate", sys.spawn(forecast_gate,
                                        std::make_shared<probe>("ml/gate"),
                                        setup));
    sched.run();
  }

  ~patience_fixture() override { network->reply = nullptr; }

  /// A process begins to listen; the test answers questions for forecasts.
  void begin(std::uint16_t port = 4000) {
    remote = stand_in("ml/forecaster");
    remote->reply = [this](const caf::message& x) -> peer::answer {
      if (x.match_elements<forecast_request>()
          || (!reads_registry && x.match_elements<wire::reload_atom>()))
        return nullptr;
      forecaster_status told;
      told.reachable = true;
      told.refused = refused;
      return [told](caf::response_promise& to) { to.deliver(told); };
    };
    auto found = caf::actor_cast<caf::strong_actor_ptr>(remote->handle);
    auto interface
      = sys.message_types(caf::detail::type_list<forecaster_actor>{});
    network->reply = [found, interface](const caf::message& x) -> peer::answer {
      if (!x.match_elements<caf::connect_atom, std::string, std::uint16_t>())
        return nullptr;
      return [found, interface](caf::response_promise& to) {
        to.deliver(caf::node_id{}, found, interface);
      };
    };
    service->set(port);
    tell(gate, wire::next_atom_v);
  }

  auto ask_forecast(std::uint64_t number) {
    forecast_request x;
    x.number = number;
    return ask<forecast_answer>(gate, x);
  }

  std::vector<std::uint64_t> asked() const {
    std::vector<std::uint64_t> result;
    for (const auto& x : remote->all<forecast_request>())
      result.push_back(x.number);
    return result;
  }

  /// Answers the question of that position.
  void answer(std::size_t n, std::string failure = {}) {
    forecast_answer x;
    x.number = asked().at(n);
    x.failure = std::move(failure);
    x.models.emplace_back().model_version = "one";
    remote->give(remote->positions<forecast_request>().at(n), x);
    sched.run();
  }
};

using numbers = std::vector<std::uint64_t>;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(forecast_gate_patience_tests, patience_fixture)

CAF_TEST(a question waits for a process and its registry) {
  auto x = ask_forecast(7);
  pass(milliseconds{20'000});
  CAF_CHECK(!x->has_value());
  reads_registry = false;
  begin();
  CAF_CHECK(asked().empty());
  reads_registry = true;
  remote->give(remote->positions<wire::reload_atom>().at(0), [] {
    forecaster_status told;
    told.reachable = true;
    return told;
  }());
  sched.run();
  CAF_REQUIRE(asked() == numbers{7});
  pass(milliseconds{20'000}); // the deadline of others is long over
  CAF_CHECK(!x->has_value());
  answer(0);
  CAF_REQUIRE(x->has_value());
  CAF_CHECK_EQUAL((*x)->number, 7u);
  CAF_CHECK(lost.empty());
}

CAF_TEST(who died with questions is asked them again by the next one) {
  begin();
  auto one = ask_forecast(1);
  auto two = ask_forecast(2);
  answer(0);
  kill(remote->handle);
  CAF_CHECK(!two->has_value());
  auto three = ask_forecast(3);
  begin(4001);
  CAF_CHECK(asked() == (numbers{2, 3}));
  answer(1);
  answer(0);
  CAF_CHECK((*one)->number == 1u);
  CAF_CHECK((*two)->number == 2u);
  CAF_CHECK((*three)->number == 3u);
  CAF_CHECK(lost.empty());
}

CAF_TEST(a changed registry is read before the next question) {
  begin();
  auto x = ask_forecast(1);
  answer(0);
  auto reloads = remote->count<wire::reload_atom>();
  stamp = 2;
  pass(milliseconds{5000}); // it may be half changed: nobody looks
  CAF_CHECK_EQUAL(remote->count<wire::reload_atom>(), reloads);
  auto y = ask_forecast(2);
  CAF_CHECK_EQUAL(remote->count<wire::reload_atom>(), reloads + 1);
  auto read = remote->positions<wire::reload_atom>().back();
  CAF_CHECK(read < remote->positions<forecast_request>().back());
  answer(1);
  CAF_CHECK(y->has_value());
}

CAF_TEST(without a registry nobody needs to be asked) {
  stamp = 0;
  auto x = ask_forecast(7);
  CAF_REQUIRE(x->has_value());
  CAF_CHECK_EQUAL((*x)->number, 7u);
  CAF_CHECK((*x)->models.empty());
  CAF_CHECK((*x)->failure.empty());
}

CAF_TEST(a few questions at a time and each is answered in the end) {
  begin();
  std::vector<std::shared_ptr<std::optional<forecast_answer>>> all;
  for (std::uint64_t i = 0; i < 100; ++i)
    all.push_back(ask_forecast(i));
  CAF_CHECK_EQUAL(asked().size(), 8u);
  for (std::size_t i = 0; i < 100; ++i)
    answer(i);
  for (std::uint64_t i = 0; i < 100; ++i) {
    CAF_REQUIRE(all[i]->has_value());
    CAF_CHECK_EQUAL((*all[i])->number, i);
  }
}

CAF_TEST(when nothing comes it is over and nobody is answered) {
  auto x = ask_forecast(7);
  pass(limit - milliseconds{1000});
  CAF_CHECK(lost.empty());
  pass(milliseconds{2000});
  CAF_REQUIRE_EQUAL(lost.size(), 1u);
  CAF_CHECK(has(lost[0], "no forecast for 600 s"));
  CAF_CHECK(has(lost[0], "not started"));
  begin();
  pass(limit);
  CAF_CHECK_EQUAL(lost.size(), 1u);
  CAF_CHECK(!x->has_value());
}

CAF_TEST(each answer gives the next one the whole time) {
  begin();
  auto x = ask_forecast(1);
  auto y = ask_forecast(2);
  for (int i = 0; i < 500; ++i)
    pass(milliseconds{1000});
  answer(0);
  for (int i = 0; i < 500; ++i)
    pass(milliseconds{1000});
  CAF_CHECK(lost.empty());
  for (int i = 0; i < 120; ++i)
    pass(milliseconds{1000});
  CAF_REQUIRE_EQUAL(lost.size(), 1u);
  CAF_CHECK(has(lost[0], "silent"));
}

CAF_TEST(a model that cannot be used ends it by name) {
  refused = {"two: tampered"};
  begin();
  auto x = ask_forecast(1);
  CAF_REQUIRE_EQUAL(lost.size(), 1u);
  CAF_CHECK(has(lost[0], "two: tampered"));
  CAF_CHECK(asked().empty());
  CAF_CHECK(!x->has_value());
}

CAF_TEST(a forecaster that refuses a question ends it) {
  begin();
  auto x = ask_forecast(1);
  answer(0, "too many rows");
  CAF_REQUIRE_EQUAL(lost.size(), 1u);
  CAF_CHECK(has(lost[0], "too many rows"));
  CAF_CHECK(!x->has_value());
}

CAF_TEST(an error is no answer and the question is sent again) {
  begin();
  auto x = ask_forecast(1);
  remote->fail(remote->positions<forecast_request>().at(0));
  sched.run();
  pass(milliseconds{1000});
  CAF_REQUIRE(asked() == (numbers{1, 1}));
  answer(1);
  CAF_CHECK(x->has_value());
}

CAF_TEST_FIXTURE_SCOPE_END()

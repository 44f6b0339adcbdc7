#define CAF_SUITE forecast_gate
#include "actors/ml/gate.hpp"
#include "runtime/telemetry/active_span.hpp"
#include "tests/unit/actors/peers.hpp"

#include <set>

using namespace banksia;
using namespace banksia::actors_test;

namespace {

using milliseconds = std::chrono::milliseconds;
using interface_names = std::set<std::string>;

struct gate_fixture : actors_fixture {
  std::shared_ptr<peer> network = stand_in("network");
  std::shared_ptr<peer> remote;
  std::shared_ptr<service_port> service = std::make_shared<service_port>();
  std::uint64_t stamp = 1;
  std::string champion = "one";
  std::vector<std::string> refused;
  std::vector<std::string> ended; ///< why its process was
  std::shared_ptr<probe> watched = std::make_shared<probe>("ml/gate");
  forecast_gate_actor gate;

  process_counts counted;

  gate_fixture() {
    gate_setup setup;
    setup.counted = [this](const process_counts& x) { counted = x; };
    setup.service = service;
    setup.registry_stamp = [this] { return stamp; };
    setup.end_process = [this](const std::string& why) { ended.push_back(why); };
    setup.network = [this](caf::actor_system&) { return network->handle; };
    gate = publish("ml/gate", sys.spawn(forecast_gate, watched, setup));
    sched.run();
  }

  ~gate_fixture() override { network->reply = nullptr; }

  forecaster_status status_now() const {
    forecaster_status x;
    x.reachable = true;
    x.champion = champion;
    x.refused = refused;
    return x;
  }

  /// A process begins to listen; its forecaster answers all but questions for
  /// forecasts, which the test answers.
  void begin(std::uint16_t port, interface_names interface) {
    remote = stand_in("ml/forecaster");
    remote->reply = [this](const caf::message& x) -> peer::answer {
      if (x.match_elements<forecast_request>()
          || x.match_elements<forecast_request, trace_mark>()
          || x.match_elements<carried_call>())
        return nullptr;
      if (x.match_elements<wire::health_atom>())
        return [](caf::response_promise& to) {
          to.deliver(process_counts{1, 5, 6, 7});
        };
      return [told = status_now()](caf::response_promise& to) {
        to.deliver(told);
      };
    };
    auto found = caf::actor_cast<caf::strong_actor_ptr>(remote->handle);
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

  void begin(std::uint16_t port = 4000) { begin(port, forecaster_names()); }

  interface_names forecaster_names() {
    return sys.message_types(caf::detail::type_list<forecaster_actor>{});
  }

  interface_names traced_names() {
    return sys.message_types(caf::detail::type_list<traced_forecaster_actor>{});
  }

  interface_names carried_names() {
    return sys.message_types(
      caf::detail::type_list<carried_forecaster_actor>{});
  }

  static forecast_request request(std::uint64_t number) {
    forecast_request x;
    x.number = number;
    return x;
  }

  static forecast_answer answer(std::uint64_t number) {
    forecast_answer x;
    x.number = number;
    x.models.emplace_back().model_version = "one";
    return x;
  }

  using told = std::shared_ptr<std::optional<forecast_answer>>;

  told ask_forecast(std::uint64_t number) {
    return ask<forecast_answer>(gate, request(number));
  }

  bool is_reachable() {
    auto x = ask<forecaster_status>(gate, wire::status_atom_v);
    return x->has_value() && (*x)->reachable;
  }

  component_health health() {
    auto x = ask<component_health>(gate, wire::health_atom_v);
    CAF_REQUIRE(x->has_value());
    return **x;
  }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(forecast_gate_tests, gate_fixture)

CAF_TEST(before there is a process everybody is told so at once) {
  auto x = ask_forecast(7);
  CAF_REQUIRE(x->has_value());
  CAF_CHECK_EQUAL((*x)->number, 7u);
  CAF_CHECK(has((*x)->failure, "not started"));
  CAF_CHECK(!is_reachable());
  CAF_CHECK(health().state == health_state::degraded);
  CAF_CHECK_EQUAL(health().component, "prediction_engine");
  auto reload = ask<forecaster_status>(gate, wire::reload_atom_v);
  CAF_REQUIRE(reload->has_value());
  CAF_CHECK(!(*reload)->reachable);
}

CAF_TEST(an answer of the forecaster is handed on) {
  begin();
  CAF_CHECK(is_reachable());
  CAF_CHECK(health().state == health_state::healthy);
  auto x = ask_forecast(7);
  CAF_CHECK(!x->has_value());
  auto at = remote->positions<forecast_request>();
  CAF_REQUIRE_EQUAL(at.size(), 1u);
  remote->give(at[0], answer(7));
  sched.run();
  CAF_REQUIRE(x->has_value());
  CAF_CHECK(**x == answer(7));
  // Late timeouts change nothing.
  pass(milliseconds{600});
  CAF_CHECK(**x == answer(7));
}

CAF_TEST(a traced question takes its span to who takes one) {
  watched->spans = std::make_shared<telemetry::tracer>();
  auto root = watched->spans->begin();
  auto traced = [&] {
    telemetry::trace_scope within{watched->spans.get(), root};
    return ask_forecast(7);
  };
  begin(4000, traced_names());
  // Outside of a span there is nothing to take.
  ask_forecast(6);
  CAF_CHECK_EQUAL(remote->positions<forecast_request>().size(), 1u);
  auto x = traced();
  auto at = remote->positions<forecast_request, trace_mark>();
  CAF_REQUIRE_EQUAL(at.size(), 1u);
  remote->give(at[0], answer(7));
  sched.run();
  CAF_REQUIRE(x->has_value());
  CAF_CHECK(**x == answer(7));
  // One of the build before gets the plain question.
  kill(remote->handle);
  begin(4001);
  traced();
  CAF_CHECK_EQUAL(remote->positions<forecast_request>().size(), 1u);
  auto marked = remote->positions<forecast_request, trace_mark>();
  CAF_CHECK(marked.empty());
}

CAF_TEST(to who takes it goes how long the answer is waited for) {
  begin(4000, carried_names());
  auto x = ask_forecast(7);
  auto calls = remote->all<carried_call>();
  CAF_REQUIRE_EQUAL(calls.size(), 1u);
  // No longer than the gate waits itself.
  CAF_CHECK_GREATER(calls[0].left_us, 0u);
  CAF_CHECK_LESS(calls[0].left_us, 500'001u);
  CAF_CHECK(calls[0].trace == trace_mark{});
  CAF_REQUIRE(calls[0].content.match_elements<forecast_request>());
  CAF_CHECK_EQUAL(calls[0].content.get_as<forecast_request>(0).number, 7u);
  remote->give(remote->positions<carried_call>()[0], answer(7));
  sched.run();
  CAF_REQUIRE(x->has_value());
  CAF_CHECK(**x == answer(7));
  // Somebody in a hurry, in a span.
  watched->spans = std::make_shared<telemetry::tracer>();
  auto root = watched->spans->begin();
  {
    telemetry::trace_scope within{watched->spans.get(), root};
    asking_scope in_time{monotonic_ns() + 100'000'000};
    ask_forecast(8);
  }
  calls = remote->all<carried_call>();
  CAF_REQUIRE_EQUAL(calls.size(), 2u);
  CAF_CHECK_LESS(calls[1].left_us, 100'001u);
  CAF_CHECK_EQUAL(calls[1].trace.trace_low, root.trace_low);
  CAF_CHECK(calls[1].trace.sampled);
}

CAF_TEST(what its process has counted is told at a look) {
  begin();
  pass(milliseconds{1000});
  CAF_CHECK(counted == process_counts{});
  kill(remote->handle);
  begin(4001, carried_names());
  pass(milliseconds{1000});
  CAF_CHECK((counted == process_counts{1, 5, 6, 7}));
}

CAF_TEST(silence is an answer at the deadline and a late one is dropped) {
  begin();
  auto x = ask_forecast(7);
  pass(milliseconds{499});
  CAF_CHECK(!x->has_value());
  pass(milliseconds{2});
  CAF_REQUIRE(x->has_value());
  CAF_CHECK_EQUAL((*x)->number, 7u);
  CAF_CHECK_EQUAL((*x)->failure, "no forecast within 500 ms");
  remote->give(remote->positions<forecast_request>()[0], answer(7));
  sched.run();
  CAF_CHECK(ask_forecast(8)->has_value() == false);
}

CAF_TEST(an error of the forecaster is an answer) {
  begin();
  auto x = ask_forecast(7);
  remote->fail(remote->positions<forecast_request>()[0]);
  sched.run();
  CAF_REQUIRE(x->has_value());
  CAF_CHECK(has((*x)->failure, "as the test asks"));
}

CAF_TEST(when it dies whoever waits is told and the next one is connected) {
  begin();
  auto x = ask_forecast(7);
  kill(remote->handle);
  CAF_REQUIRE(x->has_value());
  CAF_CHECK_EQUAL((*x)->number, 7u);
  CAF_CHECK(has((*x)->failure, "gone"));
  CAF_CHECK(!is_reachable());
  CAF_CHECK(ask_forecast(8)->has_value());
  begin(4001);
  CAF_CHECK(is_reachable());
  auto calls = network->positions<caf::connect_atom, std::string,
                                  std::uint16_t>();
  CAF_REQUIRE(!calls.empty());
  CAF_CHECK_EQUAL(network->content(calls.back()).get_as<std::uint16_t>(2),
                  4001);
  CAF_CHECK(ended.empty());
}

CAF_TEST(a process that was started again is connected anew) {
  begin();
  auto x = ask_forecast(7);
  begin(4001); // the death of the one before was not seen
  CAF_REQUIRE(x->has_value());
  CAF_CHECK(has((*x)->failure, "started again"));
  pass(milliseconds{1000});
  CAF_CHECK(is_reachable());
}

CAF_TEST(one that is being started is waited for and blamed for nothing) {
  begin();
  // Its port refuses from now on, and its death was not seen yet.
  network->reply = [](const caf::message& x) -> peer::answer {
    if (!x.match_elements<caf::connect_atom, std::string, std::uint16_t>())
      return nullptr;
    return [](caf::response_promise& to) {
      to.deliver(caf::make_error(caf::sec::cannot_connect_to_node));
    };
  };
  kill(remote->handle);
  tell(gate, wire::next_atom_v); // once in vain, while nobody is started
  service->starting();
  pass(milliseconds{20'000});
  CAF_CHECK(ended.empty());
  CAF_CHECK(has((*ask_forecast(1))->failure, "is starting"));
  begin(4001);
  CAF_CHECK(is_reachable());
}

CAF_TEST(the silence of one that was replaced ends nobody) {
  begin();
  remote->reply = nullptr;
  pass(milliseconds{1000}); // asked how it is
  service->starting();
  pass(milliseconds{20'000});
  CAF_CHECK(ended.empty());
}

CAF_TEST(what has another interface is ended) {
  begin(4000, {"something else"});
  CAF_CHECK(!is_reachable());
  CAF_REQUIRE_EQUAL(ended.size(), 1u);
  CAF_CHECK(has(ended[0], "no forecaster"));
  // Once; then the next process is waited for.
  pass(milliseconds{5000});
  CAF_CHECK_EQUAL(ended.size(), 1u);
  begin(4001);
  CAF_CHECK(is_reachable());
}

CAF_TEST(what refuses connections twice is ended) {
  network->reply = [](const caf::message& x) -> peer::answer {
    if (!x.match_elements<caf::connect_atom, std::string, std::uint16_t>())
      return nullptr;
    return [](caf::response_promise& to) {
      to.deliver(caf::make_error(caf::sec::cannot_connect_to_node));
    };
  };
  service->set(4000);
  tell(gate, wire::next_atom_v);
  CAF_CHECK(ended.empty());
  CAF_CHECK(has((*ask_forecast(1))->failure, "cannot connect"));
  pass(milliseconds{1000});
  CAF_CHECK_EQUAL(ended.size(), 1u);
  pass(milliseconds{5000});
  CAF_CHECK_EQUAL(ended.size(), 1u);
}

CAF_TEST(a connection that never comes to be counts as refused) {
  service->set(4000); // the network is silent, as to a halted process
  tell(gate, wire::next_atom_v);
  for (int i = 0; i < 10 && ended.empty(); ++i)
    pass(milliseconds{1000});
  CAF_CHECK_EQUAL(ended.size(), 1u);
}

CAF_TEST(one that beats and does not answer is ended) {
  begin();
  remote->reply = nullptr;
  for (int i = 0; i < 13; ++i)
    pass(milliseconds{1000});
  CAF_REQUIRE_EQUAL(ended.size(), 1u);
  CAF_CHECK(has(ended[0], "does not answer"));
  CAF_CHECK(!is_reachable());
}

CAF_TEST(a change of the registry is told once) {
  begin();
  auto reloads = [&] { return remote->count<wire::reload_atom>(); };
  auto before = reloads(); // at the start, since it may have changed meanwhile
  CAF_CHECK_EQUAL(before, 1u);
  pass(milliseconds{3000});
  CAF_CHECK_EQUAL(reloads(), before);
  stamp = 2;
  champion = "two";
  pass(milliseconds{1000});
  CAF_CHECK_EQUAL(reloads(), before + 1);
  auto told = *ask<forecaster_status>(gate, wire::status_atom_v);
  CAF_REQUIRE(told);
  CAF_CHECK_EQUAL(told->champion, "two");
  pass(milliseconds{3000});
  CAF_CHECK_EQUAL(reloads(), before + 1);
}

CAF_TEST(a reload that is asked for is answered by the forecaster) {
  begin();
  champion = "three";
  auto x = ask<forecaster_status>(gate, wire::reload_atom_v);
  CAF_REQUIRE(x->has_value());
  CAF_CHECK_EQUAL((*x)->champion, "three");
}

CAF_TEST(a refused model degrades and says which) {
  refused = {"two: tampered"};
  begin();
  CAF_CHECK(health().state == health_state::degraded);
  CAF_CHECK(has(health().reason, "two: tampered"));
  refused.clear();
  stamp = 2;
  pass(milliseconds{1000});
  CAF_CHECK(health().state == health_state::healthy);
}

CAF_TEST(more requests than it may hold are answered at once) {
  begin();
  std::vector<told> all;
  for (std::size_t i = 0; i < gate_state::pending_max; ++i)
    all.push_back(ask_forecast(i));
  CAF_CHECK(!all.back()->has_value());
  auto x = ask_forecast(1000);
  CAF_REQUIRE(x->has_value());
  CAF_CHECK(has((*x)->failure, "too many"));
  pass(milliseconds{501});
  for (const auto& one : all)
    CAF_CHECK(one->has_value());
  CAF_CHECK(!ask_forecast(1001)->has_value());
}

CAF_TEST(whoever waits for a gate that dies is told) {
  begin();
  auto x = ask_forecast(7);
  kill(gate);
  CAF_CHECK(!x->has_value());
  CAF_REQUIRE_EQUAL(failures->size(), 1u);
  CAF_CHECK(failures->front() == caf::sec::request_receiver_down);
}

CAF_TEST_FIXTURE_SCOPE_END()

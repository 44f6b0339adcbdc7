#define CAF_SUITE listings_keeper
#include "actors/listings/keeper.hpp"
#include "actors/store/outbox.hpp"
#include "runtime/supervision/supervisor.hpp"
#include "tests/unit/actors/peers.hpp"

using namespace banksia;
using namespace banksia::actors_test;

namespace {

struct keeper_fixture : actors_fixture {
  shared_plan plan = intraday_plan();
  std::shared_ptr<roster> board
    = std::make_shared<roster>(plan, listings{plan->symbols});
  std::shared_ptr<peer> writer = stand_in("store/writer");
  std::shared_ptr<peer> reader = stand_in("store/reader/1");
  std::shared_ptr<peer> symbols = stand_in("symbols");
  child_list running;
  listings_actor keeper;

  keeper_fixture() {
    for (const auto& ticker : plan->symbols)
      run_child(ticker);
    symbols->reply = [this](const caf::message& x) -> peer::answer {
      if (!x.match_elements<which_children>())
        return nullptr;
      return [all = running](caf::response_promise& to) { to.deliver(all); };
    };
    writer->reply = always<listing_change_batch>(commit_receipt{});
    keeper = start(1);
    board->begin_step(slot_time(1));
  }

  void run_child(const std::string& ticker) {
    child_info x;
    x.path = "symbol/" + ticker;
    running.push_back(x);
  }

  listings_actor start(std::uint64_t generation) {
    auto watched = std::make_shared<probe>("listings");
    watched->generation = generation;
    listings_wiring wiring;
    wiring.board = board;
    wiring.writer = names.name<store_writer_actor>("store/writer");
    wiring.reader = names.name<store_reader_actor>("store/reader/1");
    wiring.symbols = names.slot("symbols");
    wiring.configured = plan->symbols;
    wiring.child = [this](const std::string& ticker) {
      child_spec spec;
      spec.slot = names.slot("symbol/" + ticker);
      return spec;
    };
    auto made = publish("listings",
                        sys.spawn(listings_keeper, watched, wiring));
    sched.run();
    return made;
  }

  listing_change wish(std::string symbol, listing_event event) {
    listing_change x;
    x.symbol = std::move(symbol);
    x.event = event;
    x.source = "test";
    return x;
  }

  /// What was said to the wish: "", a refusal, or nothing yet.
  using answer = std::shared_ptr<std::optional<std::string>>;

  answer ask_for(const listing_change& x) {
    auto result = std::make_shared<std::optional<std::string>>();
    auto* system = &sys;
    sys.spawn([=, this](caf::event_based_actor* asker) {
      asker->request(keeper, std::chrono::seconds{36000}, x)
        .then([=](const listing_change&, const std::string& y) { *result = y; },
              [=](const caf::error& why) {
                *result = "error: " + system->render(why);
              });
    });
    sched.run();
    return result;
  }

  std::string states() const {
    std::string result;
    auto listed = board->now();
    for (std::uint32_t i = 0; i < listed->symbols().size(); ++i)
      if (auto x = listed->at(i, end_of()))
        result += (result.empty() ? "" : " ")
                  + std::string{to_string(x->state)};
    return result;
  }

  static timestamp end_of() { return slot_time(1) + 24h * 365; }

  std::vector<std::string> started() const {
    std::vector<std::string> result;
    for (const auto& x : symbols->all<start_child>())
      result.push_back(x.spec.path());
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(listings_keeper_tests, keeper_fixture)

CAF_TEST(a change is stored before it counts and time waits meanwhile) {
  writer->reply = nullptr;
  auto said = ask_for(wish("WES.AX", listing_event::added));
  auto sent = writer->all<listing_change_batch>();
  CAF_REQUIRE_EQUAL(sent.size(), 1u);
  const auto& x = sent.front().changes.front();
  CAF_CHECK(x.effective_at > slot_time(1));
  CAF_CHECK(x.known_at == x.effective_at);
  CAF_CHECK_EQUAL(states(), "active active active");
  CAF_CHECK(!board->begin_step(slot_time(2)));
  CAF_CHECK(!said->has_value());
  writer->give(0, commit_receipt{1, 1, 0});
  sched.run();
  CAF_CHECK_EQUAL(said->value(), "");
  CAF_CHECK_EQUAL(states(), "active active active active");
  CAF_CHECK(board->begin_step(slot_time(2)));
  CAF_CHECK_EQUAL(started(), (std::vector<std::string>{"symbol/WES.AX"}));
}

CAF_TEST(changes come one after the other each later than the one before) {
  writer->reply = nullptr;
  auto first = ask_for(wish("WES.AX", listing_event::added));
  auto second = ask_for(wish("WES.AX", listing_event::halted));
  auto third = ask_for(wish("WES.AX", listing_event::halted));
  CAF_CHECK_EQUAL(writer->count<listing_change_batch>(), 1u);
  writer->give(0, commit_receipt{1, 1, 0});
  sched.run();
  CAF_CHECK_EQUAL(first->value(), "");
  auto sent = writer->all<listing_change_batch>();
  CAF_REQUIRE_EQUAL(sent.size(), 2u);
  CAF_CHECK(sent[1].changes[0].effective_at > sent[0].changes[0].effective_at);
  writer->give(1, commit_receipt{1, 1, 0});
  sched.run();
  CAF_CHECK_EQUAL(second->value(), "");
  CAF_CHECK_EQUAL(third->value(), "WES.AX is halted: it cannot be halted");
  CAF_CHECK(board->begin_step(slot_time(2)));
}

CAF_TEST(what the store refuses did not happen) {
  writer->reply = nullptr;
  auto said = ask_for(wish("CBA.AX", listing_event::halted));
  writer->fail(0);
  sched.run();
  CAF_CHECK(said->value().starts_with("error: "));
  CAF_CHECK_EQUAL(states(), "active active active");
  CAF_CHECK(board->begin_step(slot_time(2)));
}

CAF_TEST(a change whose writer has died is sent again until it is stored) {
  writer->reply = nullptr;
  auto said = ask_for(wish("CBA.AX", listing_event::halted));
  auto first = writer->all<listing_change_batch>().front();
  writer->give(0, caf::make_error(caf::sec::request_receiver_down));
  sched.run();
  CAF_CHECK(!said->has_value());
  CAF_CHECK(!board->begin_step(slot_time(2)));
  writer->reply = always<listing_change_batch>(commit_receipt{1, 0, 1});
  pass(commit_retry_pause);
  CAF_CHECK_EQUAL(said->value(), "");
  CAF_CHECK(writer->all<listing_change_batch>().back() == first);
  CAF_CHECK_EQUAL(states(), "halted active active");
}

CAF_TEST(before market time begins nothing is changed) {
  board = std::make_shared<roster>(plan, listings{plan->symbols});
  keeper = start(1);
  auto said = ask_for(wish("CBA.AX", listing_event::halted));
  CAF_CHECK(said->value().find("has not begun") != std::string::npos);
  CAF_CHECK_EQUAL(writer->count<listing_change_batch>(), 0u);
}

CAF_TEST(one that is started again reads what is true and lets time go on) {
  writer->reply = nullptr;
  auto lost = ask_for(wish("CBA.AX", listing_event::halted));
  auto x = writer->all<listing_change_batch>().front().changes.front();
  kill(keeper);
  CAF_CHECK(lost->value().starts_with("error: "));
  CAF_CHECK(!board->begin_step(slot_time(2)));
  reader->reply
    = always<wire::listing_atom, timestamp>(std::vector<listing_change>{x});
  keeper = start(2);
  // Behind what its predecessor had sent to the writer.
  CAF_CHECK_EQUAL(reader->received(), 0u);
  CAF_CHECK(writer->all<listing_change_batch>().back().changes.empty());
  auto waits = ask_for(wish("CBA.AX", listing_event::resumed));
  CAF_CHECK(!waits->has_value());
  writer->reply = always<listing_change_batch>(commit_receipt{});
  writer->give(1, commit_receipt{});
  sched.run();
  CAF_CHECK_EQUAL(waits->value(), "");
  CAF_CHECK_EQUAL(states(), "active active active");
  CAF_CHECK(board->now()->is_halted(0, x.effective_at));
  CAF_CHECK(board->begin_step(slot_time(2)));
}

CAF_TEST(the actor of a symbol that has gone is stopped when nobody needs it) {
  ask_for(wish("CBA.AX", listing_event::removed));
  pass(2s);
  CAF_CHECK_EQUAL(symbols->count<terminate_child>(), 0u);
  board->begin_step(slot_time(1) + listings::linger + 1min);
  pass(2s);
  auto stopped = symbols->all<terminate_child>();
  CAF_REQUIRE(!stopped.empty());
  CAF_CHECK_EQUAL(stopped.front().path, "symbol/CBA.AX");
}

CAF_TEST(a symbol that does not run is started at the next look) {
  running.pop_back();
  pass(2s);
  CAF_CHECK_EQUAL(started(), (std::vector<std::string>{"symbol/MQG.AX"}));
}

CAF_TEST(too many wishes at once are refused) {
  writer->reply = nullptr;
  for (std::size_t i = 0; i < listings_state::waiting_max; ++i)
    ask_for(wish("CBA.AX", listing_event::halted));
  auto said = ask_for(wish("WBC.AX", listing_event::halted));
  CAF_CHECK(said->value().find("too many") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE otp_restart
#include "tests/unit/supervision/otp.hpp"

using namespace banksia;
using namespace banksia::supervision_test;
using namespace std::chrono_literals;

namespace {

struct restart_fixture : otp_fixture {
  /// One child of that type that ends so; whether it runs again.
  bool again(restart_type type, ending_kind how) {
    add("child", type);
    begin();
    end("child", how);
    if (generation("child") == 1)
      return false;
    CAF_CHECK(lives("child"));
    CAF_CHECK_EQUAL(count("restarted", "child"), 1u);
    return true;
  }

  std::size_t specs_left() { return counts().specs; }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(otp_restart_tests, restart_fixture)

CAF_TEST(permanent_normal) {
  CAF_CHECK(again(restart_type::permanent, ending_kind::normal));
}

CAF_TEST(permanent_shutdown) {
  CAF_CHECK(again(restart_type::permanent, ending_kind::shutdown));
}

CAF_TEST(permanent_abnormal) {
  CAF_CHECK(again(restart_type::permanent, ending_kind::abnormal));
}

CAF_TEST(transient_normal) {
  CAF_CHECK(!again(restart_type::transient, ending_kind::normal));
  CAF_CHECK_EQUAL(specs_left(), 1u);
  CAF_CHECK(info("child")->phase == child_phase::undefined);
}

CAF_TEST(transient_shutdown) {
  CAF_CHECK(!again(restart_type::transient, ending_kind::shutdown));
  CAF_CHECK_EQUAL(specs_left(), 1u);
}

CAF_TEST(transient_abnormal) {
  CAF_CHECK(again(restart_type::transient, ending_kind::abnormal));
}

CAF_TEST(temporary_normal) {
  CAF_CHECK(!again(restart_type::temporary, ending_kind::normal));
  CAF_CHECK_EQUAL(specs_left(), 0u);
}

CAF_TEST(temporary_shutdown) {
  CAF_CHECK(!again(restart_type::temporary, ending_kind::shutdown));
  CAF_CHECK_EQUAL(specs_left(), 0u);
}

CAF_TEST(temporary_abnormal) {
  CAF_CHECK(!again(restart_type::temporary, ending_kind::abnormal));
  CAF_CHECK_EQUAL(specs_left(), 0u);
  CAF_CHECK_EQUAL(count("child_terminated", "child"), 1u);
}

CAF_TEST(temporary_bystander) {
  // Stopped with its group, a temporary child is not started again.
  for (auto how : {strategy::one_for_all, strategy::rest_for_one}) {
    specs.clear();
    started.clear();
    add("child1");
    add("child2", restart_type::temporary);
    begin(how);
    end("child1", ending_kind::abnormal);
    CAF_CHECK(lives("child1"));
    CAF_CHECK(!at("child2"));
    CAF_CHECK_EQUAL(counts().specs, 1u);
    CAF_CHECK_EQUAL(started, (texts{"child1", "child2", "child1"}));
    shut_down();
  }
}

CAF_TEST(a pause is a random part of the doubled base) {
  CAF_CHECK(longest_pause({200ms, 30s, 60s}, 0) == 0ms);
  CAF_CHECK(longest_pause({200ms, 30s, 60s}, 1) == 200ms);
  CAF_CHECK(longest_pause({200ms, 30s, 60s}, 2) == 400ms);
  CAF_CHECK(longest_pause({200ms, 30s, 60s}, 8) == 25'600ms);
  CAF_CHECK(longest_pause({200ms, 30s, 60s}, 9) == 30s);
  CAF_CHECK(longest_pause({200ms, 30s, 60s}, 4'000'000'000u) == 30s);
  CAF_CHECK(longest_pause({0ms, 30s, 60s}, 3) == 0ms);
  options.intensity = 1000;
  options.seed = 42;
  add("child");
  specs[0].backoff = {200ms, 800ms, 60s};
  begin();
  std::set<std::int64_t> pauses;
  for (int i = 1; i <= 40; ++i) {
    end("child", ending_kind::abnormal);
    const auto& last = events.back();
    if (last.event != "backoff")
      continue; // a pause of nothing
    CAF_CHECK(last.pause <= longest_pause(specs[0].backoff,
                                          static_cast<std::uint32_t>(i)));
    pauses.insert(last.pause.count());
    CAF_CHECK(info("child")->phase == child_phase::waiting);
    pass(last.pause);
    CAF_CHECK(lives("child"));
  }
  CAF_CHECK(pauses.size() > 20);
  CAF_CHECK(*pauses.rbegin() > 400);
}

CAF_TEST(a backoff begins anew after health) {
  options.intensity = 1000;
  options.seed = 7;
  add("child");
  specs[0].backoff = {100ms, 100s, 60s};
  begin();
  auto crash = [&] {
    end("child", ending_kind::abnormal);
    auto pause = events.back().pause;
    pass(pause);
    return pause;
  };
  std::chrono::milliseconds longest{0};
  for (int i = 0; i < 9; ++i)
    longest = std::max(longest, crash());
  CAF_CHECK(longest > 1s);
  pass(60s);
  CAF_CHECK(crash() <= 100ms);
  pass(59s);
  // The second in a row may double.
  end("child", ending_kind::abnormal);
  CAF_CHECK(events.back().pause <= 200ms);
}

CAF_TEST(who fails again and again is in trouble until it has been healthy) {
  options.intensity = 100;
  add("child");
  specs[0].backoff.reset_after = 60s;
  begin();
  auto slot = names.slot("child");
  for (int i = 0; i < 3; ++i)
    end("child", ending_kind::abnormal);
  CAF_CHECK(!slot->in_trouble()); // accidents
  end("child", ending_kind::abnormal);
  CAF_CHECK(slot->in_trouble());
  CAF_CHECK(lives("child"));
  pass(59s);
  CAF_CHECK(slot->in_trouble());
  pass(1s);
  CAF_CHECK(!slot->in_trouble());
  end("child", ending_kind::abnormal);
  CAF_CHECK(!slot->in_trouble());
}

CAF_TEST(a message that kills twice is set aside) {
  options.intensity = 100;
  add("child");
  begin();
  auto poison = [&] {
    caf::anon_send(at("child"), end_atom::value,
                   static_cast<std::uint8_t>(ending_kind::abnormal),
                   std::uint64_t{4711});
    sched.run();
  };
  poison();
  CAF_CHECK_EQUAL(generation("child"), 2u);
  CAF_CHECK(board->at("child")->poison.dead_letters().empty());
  poison();
  CAF_CHECK_EQUAL(generation("child"), 3u);
  // From now on it does no harm.
  for (int i = 0; i < 10; ++i)
    poison();
  CAF_CHECK_EQUAL(generation("child"), 3u);
  CAF_CHECK(lives("child"));
  auto letters = board->at("child")->poison.dead_letters();
  CAF_REQUIRE_EQUAL(letters.size(), 1u);
  CAF_CHECK_EQUAL(letters[0].kills, 2u);
  CAF_CHECK_EQUAL(letters[0].dropped, 10u);
  CAF_CHECK(letters[0].reason.find("abnormal 4711") != std::string::npos);
  CAF_CHECK(letters[0].type.find("u64") != std::string::npos);
  // Another message is none of it.
  end("child", ending_kind::abnormal);
  CAF_CHECK_EQUAL(generation("child"), 4u);
  std::size_t told = 0;
  for (const auto& x : events)
    told += x.reason.find("set aside") != std::string::npos;
  CAF_CHECK_EQUAL(told, 1u);
}

CAF_TEST(two kills far apart are two accidents) {
  poison_record record;
  dead_letter x;
  x.key = 7;
  x.at_ns = 1;
  CAF_CHECK_EQUAL(record.killed(x), 1u);
  x.at_ns += poison_record::memory_ns + 1;
  CAF_CHECK_EQUAL(record.killed(x), 1u);
  CAF_CHECK(!record.any());
  x.at_ns += poison_record::memory_ns;
  CAF_CHECK_EQUAL(record.killed(x), 2u);
  CAF_CHECK(record.drops(7));
  // Once set aside it stays so; only the oldest of too many is forgotten.
  for (std::uint64_t key = 100; key < 100 + poison_record::kept_max; ++key) {
    x.key = key;
    record.killed(x);
  }
  CAF_CHECK(!record.drops(7));
  CAF_CHECK(!record.any());
}

CAF_TEST(who asks with a message that is set aside is told) {
  options.intensity = 100;
  add("child");
  begin();
  caf::error answer;
  for (int i = 0; i < 3; ++i) {
    auto target = at("child");
    sys.spawn([&answer, target](caf::event_based_actor* asker) {
      asker->request(target, 10s, end_atom::value,
                     static_cast<std::uint8_t>(ending_kind::abnormal),
                     std::uint64_t{1})
        .then([] {}, [&answer](const caf::error& x) { answer = x; });
    });
    sched.run();
  }
  CAF_CHECK(sys.render(answer).find("set aside") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

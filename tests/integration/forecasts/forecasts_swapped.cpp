#define CAF_SUITE forecasts_swapped

/// Models change while they are asked: no request fails, and no file that is
/// not sound takes a sound one's place.

#include "tests/integration/forecasts/served_forecasts.hpp"

#include <atomic>
#include <map>
#include <thread>

using namespace banksia;
using namespace banksia::forecast_test;
using forecast::model_kind;

namespace {

struct fixture {
  served_forecasts node;
  std::vector<forecast_row> rows = noise_rows(100, 3);

  std::string add_shadow(std::uint64_t seed) {
    auto version
      = node.models.add(write_model(node.folder.path(),
                                    small_model(model_kind::mlp, seed)),
                        by_test());
    node.models.shadow(version, by_test());
    return version;
  }

  void tamper(const std::string& version) {
    std::fstream file(node.models.file_of(version),
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-100, std::ios::end);
    file.put('!');
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(forecasts_swapped_tests, fixture)

CAF_TEST(promotions and rollbacks under load fail no request) {
  auto first = crown(node.models, node.folder.path(),
                     small_model(model_kind::mlp, 1));
  auto second = add_shadow(2);
  auto third = add_shadow(3);
  node.start();
  CAF_REQUIRE(node.becomes_reachable(first));
  std::atomic<bool> changing{true};
  std::atomic<int> wrong{0};
  std::atomic<std::uint64_t> asked{0};
  std::jthread changes{[&] {
    caf::scoped_actor self{node.running->system()};
    auto swap = [&](const std::string& expected) {
      auto told = false;
      self->request(node.gate(), patience, wire::reload_atom_v)
        .receive([&](const forecaster_status& x) {
          told = x.champion == expected;
        }, [](const caf::error&) {});
      wrong += told ? 0 : 1;
      // Each model is asked for a while.
      process_test::eventually([&, until = asked + 5] { return asked >= until; });
    };
    node.models.promote(second, by_test());
    swap(second);
    node.models.promote(third, by_test());
    swap(third);
    for (int i = 0; i < 20; ++i) {
      node.models.roll_back(i % 2 == 0 ? second : third, by_test());
      swap(i % 2 == 0 ? second : third);
    }
    changing = false;
  }};
  std::map<std::string, std::uint64_t> answers;
  std::uint64_t failed = 0;
  while (changing) {
    auto answer = node.ask(rows);
    ++asked;
    auto* found = served(answer);
    if (found != nullptr && found->rows.size() == rows.size())
      ++answers[found->model_version];
    else
      ++failed;
  }
  changes.join();
  CAF_CHECK_EQUAL(wrong.load(), 0);
  CAF_MESSAGE(asked.load() << " requests while models changed");
  CAF_CHECK_EQUAL(failed, 0u);
  CAF_CHECK(answers[second] > 0);
  CAF_CHECK(answers[third] > 0);
}

CAF_TEST(a change of the registry is seen without a word) {
  auto first = crown(node.models, node.folder.path(),
                     small_model(model_kind::mlp, 1));
  auto second = add_shadow(2);
  node.start();
  CAF_REQUIRE(node.becomes_reachable(first));
  node.models.promote(second, by_test());
  CAF_CHECK(node.becomes_reachable(second, std::chrono::seconds{5}));
  node.models.demote(by_test());
  CAF_CHECK(process_test::eventually(
    [&] { return node.status().champion.empty(); }));
  auto answer = node.ask(rows);
  CAF_CHECK(served(answer) == nullptr);
  CAF_CHECK_EQUAL(answer.failure, ""); // rules are meant to predict
}

CAF_TEST(a tampered champion is refused and the one before goes on) {
  auto first = crown(node.models, node.folder.path(),
                     small_model(model_kind::mlp, 1));
  node.start();
  CAF_REQUIRE(node.becomes_reachable(first));
  auto content = small_model(model_kind::mlp, 2);
  auto file = write_model(node.folder.path(), content);
  auto second = node.models.add(file, by_test());
  tamper(second);
  node.models.shadow(second, by_test());
  node.models.promote(second, by_test());
  auto told = node.ask_gate<forecaster_status>(wire::reload_atom_v);
  CAF_CHECK_EQUAL(told.champion, first);
  CAF_REQUIRE_EQUAL(told.refused.size(), 1u);
  CAF_CHECK(told.refused[0].find(second) != std::string::npos);
  auto answer = node.ask(rows);
  CAF_REQUIRE(served(answer) != nullptr);
  CAF_CHECK_EQUAL(served(answer)->model_version, first);
  auto health = node.ask_gate<component_health>(wire::health_atom_v);
  CAF_CHECK(health.state == health_state::degraded);
  CAF_CHECK(health.reason.find(second) != std::string::npos);
  // A node that starts now has never held the one before, and yet it serves.
  node.stop();
  node.start();
  CAF_CHECK(node.becomes_reachable(first));
  // The file is put right: from the next look at it on it counts.
  std::filesystem::copy_file(file, node.models.file_of(second),
                             std::filesystem::copy_options::overwrite_existing);
  told = node.ask_gate<forecaster_status>(wire::reload_atom_v);
  CAF_CHECK_EQUAL(told.champion, second);
  CAF_CHECK(told.refused.empty());
}

CAF_TEST(a registry that cannot be read changes nothing) {
  auto first = crown(node.models, node.folder.path(),
                     small_model(model_kind::mlp, 1));
  node.start();
  CAF_REQUIRE(node.becomes_reachable(first));
  std::ofstream{node.models.root() / "registry.json"} << "garbage";
  auto told = node.ask_gate<forecaster_status>(wire::reload_atom_v);
  CAF_CHECK_EQUAL(told.champion, first);
  CAF_REQUIRE_EQUAL(told.refused.size(), 1u);
  CAF_CHECK(served(node.ask(rows)) != nullptr);
}

CAF_TEST_FIXTURE_SCOPE_END()

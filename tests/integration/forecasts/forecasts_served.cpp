#define CAF_SUITE forecasts_served

#include "actors/ml/model_inputs.hpp"
#include "tests/integration/forecasts/served_forecasts.hpp"

using namespace banksia;
using namespace banksia::forecast_test;
using forecast::model_kind;

namespace {

// What a sanitizer takes is not ours.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t resident_bytes_max = 4'000'000'000;
#else
constexpr std::uint64_t resident_bytes_max = 400'000'000;
#endif

bool is_same(const class_forecast& x, const forecast::row_forecast& y) {
  auto bits = [](double a) { return std::bit_cast<std::uint64_t>(a); };
  return bits(x.down.value()) == bits(y.probabilities[0])
         && bits(x.flat.value()) == bits(y.probabilities[1])
         && bits(x.up.value()) == bits(y.probabilities[2])
         && bits(x.magnitude.value()) == bits(y.magnitude)
         && x.batch_rows == y.batch_rows && x.batch_slot == y.slot;
}

void check_forecasts(const model_forecasts& found,
                     const forecast::model_content& content,
                     const std::vector<forecast_row>& rows) {
  auto model = forecast::forecast_model::from_tensors(content.manifest.shape,
                                                      content.tensors);
  auto expected = model.forecast(inputs_of(model, rows));
  CAF_CHECK_EQUAL(found.model_version, content.manifest.version);
  CAF_REQUIRE_EQUAL(found.rows.size(), expected.size());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < expected.size(); ++i)
    wrong += !is_same(found.rows[i], expected[i]);
  CAF_CHECK_EQUAL(wrong, 0u);
}

} // namespace

CAF_TEST(champion and shadows say bit for bit what their models say) {
  served_forecasts node;
  auto champion = small_model(model_kind::ensemble, 1);
  auto shadow = small_model(model_kind::mlp, 2);
  crown(node.models, node.folder.path(), champion);
  node.models.shadow(node.models.add(write_model(node.folder.path(), shadow),
                                     by_test()),
                     by_test());
  node.start();
  CAF_REQUIRE(node.becomes_reachable(champion.manifest.version));
  auto rows = noise_rows(300, 5); // more than one batch
  auto answer = node.ask(rows, 77);
  CAF_CHECK_EQUAL(answer.number, 77u);
  CAF_CHECK_EQUAL(answer.failure, "");
  CAF_CHECK(answer.environment.find("LibTorch") != std::string::npos);
  CAF_REQUIRE_EQUAL(answer.models.size(), 2u);
  CAF_CHECK(answer.models[0].served);
  CAF_CHECK(!answer.models[1].served);
  check_forecasts(answer.models[0], champion, rows);
  check_forecasts(answer.models[1], shadow, rows);
}

CAF_TEST(its status tells what it holds and its memory) {
  served_forecasts node;
  auto version = crown(node.models, node.folder.path(),
                       small_model(model_kind::ensemble, 1));
  node.start();
  CAF_REQUIRE(node.becomes_reachable(version));
  for (int i = 0; i < 5; ++i)
    CAF_CHECK(served(node.ask(noise_rows(2200, 5))) != nullptr);
  auto fresh = node.ask_gate<forecaster_status>(wire::reload_atom_v);
  CAF_CHECK(fresh.resident_bytes > 50'000'000u);
  CAF_CHECK(fresh.resident_bytes < resident_bytes_max);
  auto health = node.ask_gate<component_health>(wire::health_atom_v);
  CAF_CHECK(health.state == health_state::healthy);
}

CAF_TEST(without a model rules predict and nothing is out of order) {
  served_forecasts node;
  node.start();
  CAF_REQUIRE(node.becomes_reachable());
  auto answer = node.ask(noise_rows(3, 5));
  CAF_CHECK(answer.models.empty());
  CAF_CHECK_EQUAL(answer.failure, "");
  auto health = node.ask_gate<component_health>(wire::health_atom_v);
  CAF_CHECK(health.state == health_state::healthy);
}

CAF_TEST(while it starts and when it cannot the node lives and says so) {
  served_forecasts node;
  node.start();
  auto answer = node.ask(noise_rows(3, 5), 4);
  // Whoever asks at once may find it away, and is told.
  if (!answer.failure.empty()) {
    CAF_CHECK_EQUAL(answer.number, 4u);
    CAF_CHECK(answer.failure.find("banksia-ml") != std::string::npos);
  }
  CAF_REQUIRE(node.becomes_reachable());
  node.stop();
  // Its certificate is gone: it ends again and again.
  std::filesystem::remove(node.tls_folder() / "ml.pem");
  node.start();
  node.seen.expect("child_terminated ml/process", 3);
  CAF_CHECK(!node.status().reachable);
  auto health = node.ask_gate<component_health>(wire::health_atom_v);
  CAF_CHECK(health.state == health_state::degraded);
  CAF_CHECK_EQUAL(node.seen.count("escalated root"), 0u);
}

CAF_TEST(with the node its process ends) {
  served_forecasts node;
  node.start();
  CAF_REQUIRE(node.becomes_reachable());
  auto pid = child_named("banksia-ml");
  CAF_REQUIRE(pid > 0);
  node.stop();
  CAF_CHECK(!process_test::state_of(pid));
}

#define CAF_SUITE served_ml
#include "tests/integration/served/served_models.hpp"

using namespace banksia;
using namespace banksia::tree_test;

CAF_TEST_FIXTURE_SCOPE(served_ml_tests, served_models)

CAF_TEST(a training is ordered watched and its model serves) {
  CAF_CHECK_EQUAL(post("/ml/train", "", "wrong").status, 401);
  auto ordered = post("/ml/train", "{}");
  CAF_REQUIRE_EQUAL(ordered.status, 202);
  auto id = text(body_of(ordered), "training_id");
  auto running = wait_for(id, "waiting");
  CAF_CHECK(running.at("ended_at").is_null());
  auto second = post("/ml/train");
  CAF_CHECK_EQUAL(second.status, 409);
  CAF_CHECK_EQUAL(text(body_of(second), "training_id"), id);
  test::write_file(go, "\n");
  auto done = wait_for(id, "done");
  CAF_CHECK_EQUAL(text(done, "model_version"), "model-1");
  CAF_CHECK(done.at("promoted").as_bool());
  CAF_CHECK_EQUAL(done.at("report").as_object().at("ece").to_number<double>(),
                  0.03);
  auto all = get("/ml/trainings", "dashboard").at("trainings").as_array();
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK(!all[0].as_object().contains("report"));
  CAF_CHECK_EQUAL(text(get("/ml/models"), "champion"), "model-1");
  CAF_CHECK_EQUAL(status_of_model("model-9"), "deprecated");
  auto metrics = ask("/metrics").body;
  CAF_CHECK(metrics.find("banksia_training_runs_total{result=\"done\"} 1")
            != std::string::npos);
  CAF_CHECK(metrics.find("banksia_predictions_total") == std::string::npos);
}

CAF_TEST(a training is cancelled) {
  auto id = text(body_of(post("/ml/train")), "training_id");
  wait_for(id, "waiting");
  CAF_CHECK_EQUAL(post("/ml/trainings/none/cancel").status, 404);
  CAF_CHECK_EQUAL(post("/ml/trainings/" + id + "/cancel", "", "x").status, 401);
  CAF_CHECK_EQUAL(post("/ml/trainings/" + id + "/cancel").status, 202);
  wait_for(id, "cancelled");
  CAF_CHECK_EQUAL(post("/ml/trainings/" + id + "/cancel").status, 409);
  CAF_CHECK_EQUAL(text(get("/ml/models"), "champion"), "model-9");
}

CAF_TEST(models are shown promoted and rolled back) {
  auto folder = place.folder();
  folder.add(place.trained(2), test::order(20));
  auto one = get("/ml/models/model-9");
  CAF_CHECK_EQUAL(text(one, "status"), "champion");
  CAF_CHECK_EQUAL(text(one.at("manifest").as_object(), "version"), "model-9");
  CAF_CHECK_EQUAL(one.at("history").as_array().size(), 3u);
  CAF_CHECK_EQUAL(ask("/ml/models/none").status, 404);
  // A candidate has to shadow first.
  auto refused = post("/ml/models/model-2/promote");
  CAF_CHECK_EQUAL(refused.status, 409);
  CAF_CHECK_EQUAL(post("/ml/models/none/promote").status, 404);
  CAF_CHECK_EQUAL(post("/ml/models/rollback").status, 409); // there is none
  folder.shadow("model-2", test::order(21));
  CAF_CHECK_EQUAL(post("/ml/models/model-2/promote", "", "x").status, 401);
  auto promoted = post("/ml/models/model-2/promote", R"({"reason":"I say so"})");
  CAF_CHECK_EQUAL(promoted.status, 200);
  auto champion = body_of(promoted).at("champion").as_object();
  CAF_CHECK_EQUAL(text(champion, "model_version"), "model-2");
  CAF_CHECK_EQUAL(text(champion, "reason"), "I say so");
  auto back = post("/ml/models/rollback", R"({"version":"model-9"})");
  CAF_CHECK_EQUAL(back.status, 200);
  CAF_CHECK_EQUAL(text(get("/ml/models"), "champion"), "model-9");
  CAF_CHECK_EQUAL(status_of_model("model-2"), "deprecated");
}

CAF_TEST(forecasts are made now and not stored) {
  auto without = body_of(post("/ml/predict", "{}"));
  CAF_CHECK(without.at("models_away").is_string());
  CAF_CHECK(!without.at("predictions").as_array().empty());
  // A gate that says the same of everything.
  auto gate = tree->system().spawn([](caf::event_based_actor*) -> caf::behavior {
    return {[](const forecast_request& request) {
      class_forecast said;
      said.down = said.flat = fraction{0.1};
      said.up = fraction{0.8};
      said.magnitude = fraction{0.05};
      forecast_answer answer;
      answer.models = {{"model-9", true, "", {}}};
      answer.models[0].rows.assign(request.rows.size(), said);
      return answer;
    }};
  });
  tree->names.slot("ml/gate")->publish(gate);
  auto with = body_of(post("/ml/predict", "{}"));
  CAF_CHECK(with.at("models_away").is_null());
  std::size_t decided = 0;
  for (const auto& x : with.at("predictions").as_array()) {
    const auto& p = x.as_object();
    CAF_CHECK(!p.contains("prediction_id"));
    if (text(p, "model_version") != "model-9")
      continue;
    ++decided;
    CAF_CHECK_EQUAL(p.at("forecasts").as_array().size(), 1u);
    CAF_CHECK(p.at("abstained").as_bool() || text(p, "action") == "BUY");
  }
  CAF_CHECK(decided > 0);
  // It changes nothing, so this machine needs no token for it.
  CAF_CHECK_EQUAL(post("/ml/predict", "{}", "wrong").status, 200);
  CAF_CHECK_EQUAL(post("/ml/predict", R"({"symbols":["NO.AX"]})").status, 422);
  caf::anon_send_exit(gate, caf::exit_reason::user_shutdown);
}

CAF_TEST(bodies and parameters are checked) {
  CAF_CHECK_EQUAL(post("/ml/train", "[]").status, 422);
  CAF_CHECK_EQUAL(post("/ml/train", "{").status, 400);
  auto unknown = post("/ml/train", R"({"days":5})");
  CAF_CHECK_EQUAL(unknown.status, 422);
  CAF_CHECK_EQUAL(text(body_of(unknown), "field"), "days");
  CAF_CHECK_EQUAL(post("/ml/models/model-9/promote", R"({"reason":7})").status,
                  422);
  CAF_CHECK_EQUAL(ask("/ml/trainings?days=5").status, 400);
  CAF_CHECK_EQUAL(ask("/ml/trainings?limit=0").status, 422);
  CAF_CHECK_EQUAL(ask("/ml/trainings/none").status, 404);
}

CAF_TEST(a registry that cannot be read is a problem and no more) {
  test::write_file(place.root / "registry.json", "nothing");
  CAF_CHECK_EQUAL(ask("/ml/models").status, 503);
  CAF_CHECK_EQUAL(post("/ml/models/model-9/promote").status, 503);
  CAF_CHECK_EQUAL(ask("/ml/trainings").status, 200);
  CAF_CHECK_EQUAL(ask("/ml/health").status, 200);
}

CAF_TEST_FIXTURE_SCOPE_END()

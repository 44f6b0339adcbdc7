#define CAF_SUITE served_ml
#include "actors/services/services.hpp"
#include "tests/integration/tree/listed_run.hpp"
#include "tests/unit/ml/programs.hpp"
#include "tests/unit/runtime_http/client.hpp"

#include <boost/json/parse.hpp>
#include <caf/all.hpp>

#include <sys/stat.h>

using namespace banksia;
using namespace banksia::tree_test;

namespace {

constexpr auto token = "0123456789abcdef";

/// A node that trains with a script, and its services.
struct served_fixture {
  test::model_place place;
  ml_test::script_folder scripts{place.scratch.path()};
  std::filesystem::path file = place.scratch.path() / "banksia.db";
  std::filesystem::path go = place.scratch.path() / "go";
  std::optional<running_tree> tree;
  std::optional<services> served;

  served_fixture() {
    place.crowned(9);
    CAF_REQUIRE(::mkfifo(go.c_str(), 0600) == 0);
    auto setup = listed_node(file);
    setup.clock.speed = 3600; // an hour a second
    setup.training.emplace();
    setup.training->database = file;
    setup.training->models = place.root;
    setup.training->calendar = setup.plan->calendar;
    setup.training->look_every = std::chrono::milliseconds{20};
    setup.training->idle_every = std::chrono::milliseconds{50};
    setup.training->command
      = scripts.command("say waiting 0.1; read x < " + go.string() + "\n"
                        + ml_test::trains(place.trained(1), "model-1", true));
    tree.emplace(setup);
    service_setup with;
    with.system = &tree->system();
    with.names = &tree->names;
    with.probes = tree->board();
    with.plan = setup.plan;
    with.listed = setup.listed;
    with.database = setup.database;
    with.prediction_port = with.evaluation_port = 0;
    with.data_port = with.dashboard_port = 0;
    with.ml_port = 0;
    with.models = place.root;
    with.trains = true;
    with.token = token;
    with.report = tree->reporter();
    served.emplace(std::move(with));
    if (auto problem = served->start())
      throw std::runtime_error(*problem);
    served->set_ready(true);
    pass(*tree, 1);
  }

  http_test::reply post(const std::string& path, const std::string& body = "",
                        const std::string& bearer = token) {
    http_test::client client{served->ports().at("ml")};
    return client.ask("POST " + path
                      + " HTTP/1.1\r\nHost: localhost\r\n"
                        "Content-Type: application/json\r\nAuthorization: "
                        "Bearer "
                      + bearer + "\r\nContent-Length: "
                      + std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  http_test::reply ask(const std::string& target,
                       const std::string& service = "ml") {
    http_test::client client{served->ports().at(service)};
    return client.ask(http_test::get(target));
  }

  boost::json::object get(const std::string& target,
                          const std::string& service = "ml") {
    return boost::json::parse(ask(target, service).body).as_object();
  }

  static boost::json::object body_of(const http_test::reply& x) {
    return boost::json::parse(x.body).as_object();
  }

  static std::string text(const boost::json::object& from,
                          std::string_view name) {
    return std::string{from.at(name).as_string()};
  }

  /// Asks until the training has that status or stage.
  boost::json::object wait_for(const std::string& id,
                               const std::string& word) {
    auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
      CAF_REQUIRE(std::chrono::steady_clock::now() < deadline);
      auto x = get("/ml/trainings/" + id);
      if (text(x, "status") == word || text(x, "stage") == word)
        return x;
    }
  }

  std::string status_of_model(const std::string& version) {
    return text(get("/ml/models/" + version), "status");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(served_ml_tests, served_fixture)

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

#pragma once

/// A node that trains with a script, has models, and serves. Include after
/// CAF_SUITE.

#include "actors/services/services.hpp"
#include "tests/integration/tree/listed_run.hpp"
#include "tests/unit/ml/programs.hpp"
#include "tests/unit/runtime_http/client.hpp"

#include <boost/json/parse.hpp>
#include <caf/all.hpp>

#include <sys/stat.h>

namespace banksia::tree_test {

inline constexpr auto operators_token = "0123456789abcdef";

/// A node that trains with a script, and its services.
struct served_models {
  test::model_place place;
  ml_test::script_folder scripts{place.scratch.path()};
  std::filesystem::path file = place.scratch.path() / "banksia.db";
  std::filesystem::path go = place.scratch.path() / "go";
  std::optional<running_tree> tree;
  std::optional<services> served;

  served_models() {
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
    with.token = operators_token;
    with.report = tree->reporter();
    served.emplace(std::move(with));
    if (auto problem = served->start())
      throw std::runtime_error(*problem);
    served->set_ready(true);
    pass(*tree, 1);
  }

  http_test::reply post(const std::string& path, const std::string& body = "",
                        const std::string& bearer = operators_token) {
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

} // namespace banksia::tree_test

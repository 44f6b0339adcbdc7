#define CAF_SUITE served_kills
#include "actors/services/services.hpp"
#include "tests/integration/tree/live_run.hpp"
#include "tests/unit/runtime_http/client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace banksia;
using namespace banksia::tree_test;

namespace {

/// A node with its services on free ports, while the market runs.
class served_node {
public:
  served_node() {
    auto setup = simulated_node(folder_.path() / "banksia.db");
    setup.clock.speed = 3600; // an hour a second
    tree_.emplace(setup);
    service_setup with;
    with.system = &tree_->system();
    with.names = &tree_->names;
    with.probes = tree_->board();
    with.plan = setup.plan;
    with.database = setup.database;
    with.prediction_port = with.evaluation_port = 0;
    with.data_port = with.dashboard_port = 0;
    with.intensity = 1000; // we do the killing
    with.report = tree_->reporter();
    served_.emplace(std::move(with));
    if (auto problem = served_->start())
      throw std::runtime_error(*problem);
    served_->set_ready(true);
  }

  running_tree& tree() { return *tree_; }

  boost::json::object get(const std::string& target) {
    http_test::client client{served_->ports().at("dashboard")};
    return boost::json::parse(client.ask(http_test::get(target)).body)
      .as_object();
  }

  /// Asks for the health until it is HEALTHY by a round of questions that began
  /// after this call. @returns whether that came in time
  bool becomes_healthy() {
    auto begin = std::chrono::steady_clock::now();
    for (;;) {
      auto body = get("/health");
      auto passed = std::chrono::steady_clock::now() - begin;
      auto* age = body.if_contains("age_seconds");
      if (body.at("status").as_string() == "HEALTHY" && age
          && age->to_number<double>()
               < std::chrono::duration<double>(passed).count())
        return true;
      if (passed > patience) {
        CAF_MESSAGE(boost::json::serialize(body));
        return false;
      }
    }
  }

private:
  scratch_folder folder_;
  std::optional<running_tree> tree_;
  std::optional<services> served_;
};

} // namespace

CAF_TEST(after the death of any actor the node is healthy again) {
  served_node node;
  auto& tree = node.tree();
  CAF_REQUIRE(node.becomes_healthy());
  for (const auto& path : tree.workers()) {
    CAF_MESSAGE(path);
    auto ended = tree.seen.count("child_terminated " + path);
    auto begun = tree.seen.count("restarted " + path);
    tree.kill(path);
    CAF_CHECK(node.becomes_healthy());
    // One death, one report of it, one of the restart.
    CAF_CHECK_EQUAL(tree.seen.count("child_terminated " + path), ended + 1);
    CAF_CHECK_EQUAL(tree.seen.count("restarted " + path), begun + 1);
    CAF_CHECK_EQUAL(tree.seen.count("escalated " + path), 0u);
  }
  CAF_CHECK_EQUAL(tree.seen.count("gave up"), 0u);
}

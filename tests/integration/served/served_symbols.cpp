#define CAF_SUITE served_symbols
#include "actors/services/services.hpp"
#include "tests/integration/tree/listed_run.hpp"
#include "tests/unit/runtime_http/client.hpp"

#include <boost/json/parse.hpp>

using namespace banksia;
using namespace banksia::tree_test;

namespace {

constexpr auto token = "0123456789abcdef";

/// A node with its services, whose symbols may be changed over HTTP.
struct served_fixture {
  scratch_folder folder;
  std::filesystem::path file = folder.path() / "banksia.db";
  std::optional<running_tree> tree;
  std::optional<services> served;

  served_fixture() {
    auto setup = listed_node(file);
    setup.clock.speed = 3600; // an hour a second
    tree.emplace(setup);
    service_setup with;
    with.system = &tree->system();
    with.names = &tree->names;
    with.probes = tree->board();
    with.plan = setup.plan;
    with.listed = setup.listed;
    with.wall = [] { return from_micros(1); };
    with.no_prices_of = [](const std::string& symbol) {
      return symbol == "GONE.AX" ? std::optional<std::string>{"it has gone"}
                                 : std::nullopt;
    };
    with.database = setup.database;
    with.prediction_port = with.evaluation_port = 0;
    with.data_port = with.dashboard_port = 0;
    with.token = token;
    with.report = tree->reporter();
    served.emplace(std::move(with));
    if (auto problem = served->start())
      throw std::runtime_error(*problem);
    served->set_ready(true);
    pass(*tree, 1);
  }

  http_test::reply post(const std::string& body,
                        const std::string& service = "data",
                        const std::string& bearer = token) {
    http_test::client client{served->ports().at(service)};
    return client.ask("POST /data/symbols HTTP/1.1\r\nHost: localhost\r\n"
                      "Content-Type: application/json\r\nAuthorization: Bearer "
                      + bearer + "\r\nContent-Length: "
                      + std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  boost::json::object get(const std::string& target,
                          const std::string& service = "data") {
    http_test::client client{served->ports().at(service)};
    return boost::json::parse(client.ask(http_test::get(target)).body)
      .as_object();
  }

  /// "CBA.AX active, WBC.AX halted".
  std::string states(const std::string& service = "data") {
    std::string result;
    auto answer = get("/data/symbols", service);
    for (const auto& x : answer.at("symbols").as_array()) {
      const auto& row = x.as_object();
      result += (result.empty() ? "" : ", ")
                + std::string{row.at("symbol").as_string()} + " "
                + std::string{row.at("state").as_string()};
    }
    return result;
  }

  /// The status and the field that is to blame.
  std::string refusal(const std::string& body) {
    auto answer = post(body);
    auto problem = boost::json::parse(answer.body).as_object();
    auto field = problem.if_contains("field");
    return std::to_string(answer.status) + " "
           + (field ? std::string{field->as_string()} : "");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(served_symbols_tests, served_fixture)

CAF_TEST(what is followed is told with its state and index) {
  auto rows = get("/data/symbols").at("symbols").as_array();
  CAF_REQUIRE_EQUAL(rows.size(), 3u);
  const auto& row = rows[1].as_object();
  CAF_CHECK_EQUAL(row.at("symbol").as_string(), "WBC.AX");
  CAF_CHECK_EQUAL(row.at("index").to_number<int>(), 1);
  CAF_CHECK_EQUAL(row.at("state").as_string(), "active");
  CAF_CHECK(row.at("predicted").as_bool());
  CAF_CHECK(row.at("since").is_null());
}

CAF_TEST(symbols are added halted resumed renamed removed and delisted) {
  auto change = [this](const std::string& body) {
    auto answer = post(body);
    CAF_CHECK_EQUAL(answer.status, 200);
    CAF_CHECK(answer.says("effective_at"));
    pass(*tree, 2);
  };
  change(R"({"symbol":"WES.AX","event":"added","reason":"wanted"})");
  CAF_CHECK(get("/data/symbols").at("symbols").at(3).at("reason").as_string()
            == "wanted");
  change(R"({"symbol":"WBC.AX","event":"halted"})");
  change(R"({"symbol":"MQG.AX","event":"renamed","successor":"MQX.AX"})");
  change(R"({"symbol":"CBA.AX","event":"removed"})");
  CAF_CHECK_EQUAL(states(), "CBA.AX removed, WBC.AX halted, MQG.AX renamed, "
                            "WES.AX active, MQX.AX active");
  CAF_CHECK_EQUAL(states("dashboard"), states());
  auto latest = get("/predictions/latest", "prediction");
  std::set<std::string> told;
  for (const auto& x : latest.at("predictions").as_array())
    told.insert(std::string{x.at("symbol").as_string()});
  CAF_CHECK(told == (std::set<std::string>{"MQX.AX", "WBC.AX", "WES.AX"}));
  auto summary = get("/dashboard/api/summary", "dashboard");
  CAF_CHECK_EQUAL(summary.at("symbols_total").to_number<int>(), 3);
  change(R"({"symbol":"WBC.AX","event":"resumed"})");
  change(R"({"symbol":"WES.AX","event":"delisted","reason":"bought"})");
  CAF_CHECK_EQUAL(states(), "CBA.AX removed, WBC.AX active, MQG.AX renamed, "
                            "WES.AX delisted, MQX.AX active");
  // Those that have gone can still be asked about.
  CAF_CHECK(!get("/predictions?symbol=CBA.AX", "prediction")
               .at("predictions").as_array().empty());
  served->stop();
  CAF_CHECK(tree->stop());
  listed_store after{file};
  after.check_cycles();
  after.check_outcomes();
  CAF_CHECK_EQUAL(after.changes.size(), 6u);
  CAF_CHECK_EQUAL(after.changes.front().source, "operator");
  CAF_CHECK(after.changes.front().received_at == from_micros(1));
}

CAF_TEST(a body that makes no sense is a 422 with its field) {
  CAF_CHECK_EQUAL(refusal(R"([])"), "422 ");
  CAF_CHECK_EQUAL(refusal(R"({"event":"added"})"), "422 symbol");
  CAF_CHECK_EQUAL(refusal(R"({"symbol":7,"event":"added"})"), "422 symbol");
  CAF_CHECK_EQUAL(refusal(R"({"symbol":"wes.ax","event":"added"})"),
                  "422 symbol");
  CAF_CHECK_EQUAL(refusal(R"({"symbol":"WES.AX"})"), "422 event");
  CAF_CHECK_EQUAL(refusal(R"({"symbol":"WES.AX","event":"bought"})"),
                  "422 event");
  CAF_CHECK_EQUAL(refusal(R"({"symbol":"WES.AX","event":"added","when":"now"})"),
                  "422 when");
  CAF_CHECK_EQUAL(
    refusal(R"({"symbol":"WES.AX","event":"added","successor":"X.AX"})"),
    "422 successor");
  CAF_CHECK_EQUAL(refusal(R"({"symbol":"CBA.AX","event":"renamed"})"),
                  "422 successor");
  CAF_CHECK_EQUAL(
    refusal(R"({"symbol":"CBA.AX","event":"renamed","successor":"CBA.AX"})"),
    "422 successor");
  CAF_CHECK_EQUAL(refusal(R"({"symbol":"^AXJO","event":"added"})"),
                  "422 symbol");
  CAF_CHECK_EQUAL(refusal(R"({"symbol":"GONE.AX","event":"added"})"),
                  "422 symbol");
  CAF_CHECK_EQUAL(
    refusal(R"({"symbol":"CBA.AX","event":"halted","reason":")"
            + std::string(201, 'x') + R"("})"),
    "422 reason");
  CAF_CHECK_EQUAL(states(), "CBA.AX active, WBC.AX active, MQG.AX active");
}

CAF_TEST(what cannot happen to a symbol is a 409) {
  CAF_CHECK_EQUAL(refusal(R"({"symbol":"CBA.AX","event":"resumed"})"),
                  "409 event");
  CAF_CHECK_EQUAL(refusal(R"({"symbol":"CBA.AX","event":"added"})"),
                  "409 event");
  CAF_CHECK_EQUAL(refusal(R"({"symbol":"WES.AX","event":"removed"})"),
                  "409 event");
}

CAF_TEST(nobody changes anything without the token) {
  CAF_CHECK_EQUAL(post(R"({"symbol":"CBA.AX","event":"halted"})", "data",
                       "another").status, 401);
  CAF_CHECK_EQUAL(states(), "CBA.AX active, WBC.AX active, MQG.AX active");
}

CAF_TEST(a node without a keeper of its listings says so) {
  tree->names.slot("listings")->clear();
  CAF_CHECK_EQUAL(post(R"({"symbol":"CBA.AX","event":"halted"})").status, 503);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE served_data
#include "tests/integration/served/data_node.hpp"

using namespace banksia;
using namespace banksia::tree_test;

namespace {

using numbers = std::vector<double>;

} // namespace

// -- prices -----------------------------------------------------------------------

CAF_TEST(the last word on a bar is served and a withdrawn one is not) {
  data_node node;
  node.store_bars(4);
  bar_revision x;
  x.content = node.made(1);
  x.content.close = price{25};
  x.content.known_at = node.made(2).known_at;
  x.reason = "unit_block";
  node.store_one(x);
  x.content.close = price{21.5};
  x.content.known_at = node.made(3).known_at;
  node.store_one(x);
  x.content = node.made(2);
  x.content.known_at = node.made(3).known_at;
  x.withdrawn = true;
  node.store_one(x);
  CAF_CHECK(node.closes("") == numbers({20, 21.5, 23}));
  CAF_CHECK(node.closes("&limit=2") == numbers({21.5, 23}));
  auto answer = node.get("/data/prices/CBA.AX?interval=1d&limit=2");
  CAF_CHECK_EQUAL(answer.at("adjustment").as_string(), "none");
  CAF_CHECK_EQUAL(answer.at("sources").as_array().at(0).as_string(), "csv");
  CAF_CHECK(answer.at("freshness").is_object());
  const auto& revised = answer.at("prices").as_array().at(0);
  CAF_CHECK_EQUAL(revised.at("verdict").as_string(), "repaired");
  // The bar before the page.
  CAF_CHECK(node.closes("&limit=2&cursor="
                        + std::string{answer.at("next_cursor").as_string()})
            == numbers({20}));
}

CAF_TEST(prices are adjusted as asked) {
  data_node node;
  node.store_bars(5);
  corporate_action x;
  x.symbol = "CBA.AX";
  x.kind = action_kind::split;
  x.value = real{2};
  x.effective_at = x.known_at = node.made(3).opened_at;
  node.store_one(x);
  x.kind = action_kind::dividend;
  x.value = real{2.1};
  x.effective_at = x.known_at = node.made(2).opened_at;
  node.store_one(x);
  CAF_CHECK(node.closes("") == numbers({20, 21, 22, 23, 24}));
  CAF_CHECK(node.closes("&adjustment=none") == node.closes(""));
  CAF_CHECK(node.closes("&adjustment=splits")
            == numbers({10, 10.5, 11, 23, 24}));
  auto full = node.closes("&adjustment=full");
  CAF_REQUIRE_EQUAL(full.size(), 5u);
  // 2.1 of 21: a tenth.
  CAF_CHECK_LESS(std::abs(full[0] - 9.0), 1e-9);
  CAF_CHECK_LESS(std::abs(full[1] - 9.45), 1e-9);
  CAF_CHECK_EQUAL(full[2], 11.0);
  auto answer = node.get("/data/prices/CBA.AX?interval=1d&adjustment=splits");
  CAF_CHECK_EQUAL(answer.at("adjustment").as_string(), "splits");
  const auto& first = answer.at("prices").as_array().at(0);
  CAF_CHECK_EQUAL(first.at("volume").to_number<double>(), 2000.0);
  CAF_CHECK_EQUAL(first.at("high").to_number<double>(), 10.5);
  // What happened after a page adjusts it too.
  auto to = to_rfc3339(node.made(2).opened_at);
  CAF_CHECK(node.closes("&adjustment=splits&to=" + to) == numbers({10, 10.5}));
  auto reply = node.ask(
    http_test::get("/data/prices/CBA.AX?interval=1d&adjustment=some"));
  CAF_CHECK_EQUAL(reply.status, 422);
  CAF_CHECK(reply.says("adjustment"));
}

CAF_TEST(a bar that grows is shown as not final until the final one is there) {
  data_node node;
  node.store_bars(3);
  auto running = node.made(3);
  running.close = price{23.5};
  node.board->show_running("CBA.AX", bar_interval::d1, running);
  auto target = "/data/prices/CBA.AX?interval=1d";
  auto finals = [&](const std::string& query) {
    std::string result;
    auto answer = node.get(target + query);
    for (const auto& x : answer.at("prices").as_array())
      result += x.at("final").as_bool() ? '1' : '0';
    return result;
  };
  CAF_CHECK(node.closes("") == numbers({20, 21, 22, 23.5}));
  CAF_CHECK_EQUAL(finals(""), "1110");
  // It counts as a row of its page, and pages before it have none.
  CAF_CHECK(node.closes("&limit=2") == numbers({22, 23.5}));
  auto answer = node.get(std::string{target} + "&limit=2");
  CAF_CHECK(node.closes("&limit=2&cursor="
                        + std::string{answer.at("next_cursor").as_string()})
            == numbers({20, 21}));
  // What is stored says how fresh prices are.
  CAF_CHECK_EQUAL(answer.at("freshness").at("newest_known_at").as_string(),
                  to_rfc3339(node.made(2).known_at));
  CAF_CHECK_EQUAL(finals("&to=" + to_rfc3339(running.opened_at)), "111");
  CAF_CHECK_EQUAL(finals("&from=" + to_rfc3339(running.opened_at)), "0");
  CAF_CHECK_EQUAL(
    finals("&from=" + to_rfc3339(node.made(4).opened_at)), "");
  node.store_bars(4);
  CAF_CHECK(node.closes("") == numbers({20, 21, 22, 23}));
  CAF_CHECK_EQUAL(finals(""), "1111");
  node.board->show_running("CBA.AX", bar_interval::d1, node.made(4));
  CAF_CHECK_EQUAL(finals(""), "11110");
  node.board->show_running("CBA.AX", bar_interval::d1, std::nullopt);
  CAF_CHECK_EQUAL(finals(""), "1111");
}

// -- how good the data are --------------------------------------------------------

CAF_TEST(health and metrics tell the share of invalid points) {
  data_node node;
  node.board->change("yahoo", [](feed_facts& x) { x.count_points(90, 6, 4); });
  node.board->change("rss", [](feed_facts&) {});
  auto health = node.get("/data/health");
  CAF_CHECK_EQUAL(health.at("invalid_share_level").to_number<double>(), 0.05);
  const auto& sources = health.at("sources").as_array();
  CAF_REQUIRE_EQUAL(sources.size(), 1u);
  CAF_CHECK_EQUAL(sources[0].at("source").as_string(), "yahoo");
  CAF_CHECK_EQUAL(sources[0].at("invalid_share").to_number<double>(), 0.1);
  CAF_CHECK_EQUAL(sources[0].at("quarantined").to_number<int>(), 4);
  auto metrics = node.ask(http_test::get("/metrics")).body;
  auto has = [&](const std::string& x) {
    return metrics.find(x) != std::string::npos;
  };
  CAF_CHECK(has("banksia_data_invalid_share{source=\"yahoo\"} 0.1"));
  CAF_CHECK(has("banksia_data_points_total{source=\"yahoo\",verdict=\"repair\"} 6"));
  CAF_CHECK(!has("banksia_data_invalid_share{source=\"rss\"}"));
}

// -- the analyses -----------------------------------------------------------------

CAF_TEST(the analyses are served as the analyst wrote them) {
  data_node node;
  auto analyses = [&](const std::string& query = "") {
    auto answer = node.ask_dashboard("/dashboard/api/analysis" + query);
    CAF_CHECK_EQUAL(answer.status, 200);
    return json::parse(answer.body).as_object();
  };
  auto none = analyses();
  CAF_CHECK(none.at("morning").is_null());
  CAF_CHECK(none.at("evening").is_null());
  job_record job;
  job.run = "live";
  job.kind = "evening";
  job.due_at = job.ended_at = from_micros(1'751'354'200'000'000);
  job.status = "done";
  job.result = R"({"kind":"evening","session":{"date":"2025-07-01"}})";
  node.store_one(job);
  auto good = job.due_at;
  job.due_at += std::chrono::hours{24};
  job.status = "failed";
  job.reason = "no space";
  job.result.clear();
  node.store_one(job);
  auto found = analyses().at("evening").as_object();
  CAF_CHECK_EQUAL(found.at("due_at").as_string(), to_rfc3339(good));
  CAF_CHECK_EQUAL(found.at("analysis").at("session").at("date").as_string(),
                  "2025-07-01");
  CAF_CHECK_EQUAL(found.at("newer").at("reason").as_string(), "no space");
  CAF_CHECK(!analyses("?kind=evening").contains("morning"));
  CAF_CHECK(!analyses("?date=2025-07-01").at("evening").is_null());
  CAF_CHECK(analyses("?date=2025-07-02").at("evening").is_null());
  for (const std::string wrong : {"kind=noon", "date=today"}) {
    auto refused = node.ask_dashboard("/dashboard/api/analysis?" + wrong);
    CAF_CHECK_EQUAL(refused.status, 422);
    CAF_CHECK(refused.says(wrong.substr(0, 4)));
  }
  CAF_CHECK_EQUAL(node.ask_dashboard("/dashboard/api/analysis?x=1").status, 400);
}

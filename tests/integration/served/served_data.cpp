#define CAF_SUITE served_data
#include "actors/services/services.hpp"
#include "actors/store/ledger.hpp"
#include "tests/integration/tree/tree.hpp"
#include "tests/unit/runtime_http/client.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace banksia;
using namespace banksia::tree_test;

namespace {

namespace json = boost::json;

/// The services alone, over a store of their own: nobody tells the time, so all
/// that was ever said counts.
class data_node {
public:
  data_node() {
    store::open_for_writing(file_);
    config_.add_message_types<caf::id_block::banksia>();
    system_ = std::make_unique<caf::actor_system>(config_);
    service_setup with;
    with.system = system_.get();
    with.names = &names_;
    with.probes = std::make_shared<probe_board>();
    with.plan = std::make_shared<run_plan>(small_plan());
    with.database = file_;
    with.prediction_port = with.evaluation_port = 0;
    with.data_port = with.dashboard_port = 0;
    with.token = "secret";
    with.feeds = board;
    served_.emplace(std::move(with));
    if (auto problem = served_->start())
      throw std::runtime_error(*problem);
  }

  http_test::reply ask(const std::string& text) {
    return http_test::client{served_->ports().at("data")}.ask(text);
  }

  json::object get(const std::string& target) {
    return json::parse(ask(http_test::get(target)).body).as_object();
  }

  http_test::reply ask_dashboard(const std::string& target) {
    return http_test::client{served_->ports().at("dashboard")}.ask(
      http_test::get(target));
  }

  http_test::reply post(const std::string& body) {
    return ask("POST /data/validate HTTP/1.1\r\nHost: localhost\r\n"
               "Content-Type: application/json\r\nContent-Length: "
               + std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  std::string refused_field(const std::string& body) {
    auto reply = post(body);
    CAF_CHECK_EQUAL(reply.status, 422);
    auto problem = json::parse(reply.body).as_object();
    auto* field = problem.if_contains("field");
    return field ? std::string{field->as_string()} : "none";
  }

  /// Daily bars of CBA.AX at 20, 21, … from the first session of 2024 on.
  void store_bars(std::size_t count) {
    auto db = store::open_for_writing(file_);
    store::ledger ledger{db};
    for (std::size_t i = 0; i < count; ++i)
      ledger.write(made(i));
  }

  bar made(std::size_t i) const {
    bar x;
    auto s = calendar.sessions(std::chrono::year{2024})[i];
    x.symbol = "CBA.AX";
    x.opened_at = s.opens_at;
    x.known_at = s.auction_ends_at;
    auto level = 20.0 + static_cast<double>(i);
    x.open = x.close = price{level};
    x.high = price{level + 1};
    x.low = price{level - 1};
    x.volume = shares{1000};
    x.source = "csv";
    return x;
  }

  template <class T>
  void store_one(const T& x) {
    auto db = store::open_for_writing(file_);
    store::ledger{db}.write(x);
  }

  std::vector<double> closes(const std::string& query) {
    std::vector<double> result;
    auto answer = get("/data/prices/CBA.AX?interval=1d" + query);
    for (const auto& x : answer.at("prices").as_array())
      result.push_back(x.at("close").to_number<double>());
    return result;
  }

  exchange_calendar calendar;
  std::shared_ptr<feed_board> board = std::make_shared<feed_board>();

private:
  scratch_folder folder_;
  std::filesystem::path file_ = folder_.path() / "banksia.db";
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  directory names_;
  std::optional<services> served_;
};

using numbers = std::vector<double>;

std::string bar_text(const std::string& day, const std::string& prices) {
  return R"({"opened_at":")" + day + "\"," + prices + "}";
}

constexpr auto sound
  = R"("open":10,"high":12,"low":9,"close":11,"volume":1001)";

std::string body_of(const std::string& bars, const std::string& more = {}) {
  return R"({"symbol":"CBA.AX","interval":"1d","bars":[)" + bars + "]" + more
         + "}";
}

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

// -- validate ---------------------------------------------------------------------

CAF_TEST(each row shown gets a verdict and no token is asked for) {
  data_node node;
  auto reply = node.post(body_of(
    bar_text("2024-01-08", sound) + ","
    + bar_text("2024-01-09",
               R"("open":11,"high":11.5,"low":10,"close":12,"volume":1002)")
    + ","
    + bar_text("2024-01-10",
               R"("open":12,"high":14,"low":11,"close":null,"volume":1003)")
    + "," + bar_text("2024-01-13", sound)));
  CAF_REQUIRE_EQUAL(reply.status, 200);
  auto answer = json::parse(reply.body).as_object();
  CAF_CHECK_EQUAL(json::serialize(answer.at("counts")),
                  R"({"read":4,"accepted":1,"repaired":1,"quarantined":2})");
  CAF_CHECK_EQUAL(answer.at("basis").as_string(), "as-traded");
  const auto& bars = answer.at("bars").as_array();
  CAF_CHECK_EQUAL(bars.at(0).at("verdict").as_string(), "accept");
  CAF_CHECK(bars.at(0).at("reason").is_null());
  CAF_CHECK_EQUAL(bars.at(0).at("opened_at").as_string(),
                  "2024-01-07T23:00:00Z");
  CAF_CHECK_EQUAL(bars.at(0).at("known_at").as_string(),
                  "2024-01-08T05:10:00Z");
  CAF_CHECK_EQUAL(bars.at(1).at("reason").as_string(), "ohlc_order");
  CAF_CHECK_EQUAL(
    json::serialize(bars.at(1).at("derivation")),
    R"([{"field":"high","from":1.15E1,"to":1.2E1,"reason":"ohlc_order"}])");
  CAF_CHECK_EQUAL(bars.at(1).at("values").at("high").to_number<double>(), 12.0);
  CAF_CHECK_EQUAL(bars.at(2).at("reason").as_string(), "missing_value");
  CAF_CHECK(bars.at(2).at("values").is_null());
  CAF_CHECK_EQUAL(bars.at(3).at("reason").as_string(), "market_closed"); // Saturday
}

CAF_TEST(a series is judged as by an import) {
  data_node node;
  std::string bars;
  auto sessions = node.calendar.sessions(std::chrono::year{2024});
  for (std::size_t i = 0; i < 40; ++i) {
    auto level = 20.0 + static_cast<double>(i * 7 % 11) / 100.0;
    if (i == 30)
      level *= 1.5;
    auto number = [](double x) { return std::to_string(x); };
    bars += (i ? "," : "")
            + bar_text(to_rfc3339(sessions[i].opens_at),
                       "\"open\":" + number(level) + ",\"high\":"
                         + number(level + 0.3) + ",\"low\":"
                         + number(level - 0.2) + ",\"close\":"
                         + number(level + 0.1)
                         + ",\"volume\":" + number(100'003 + i * 17));
  }
  auto reply = node.post(body_of(
    bars, R"(,"basis":"split-adjusted","actions":[{"kind":"dividend",)"
          R"("effective_at":"2024-01-15","value":0.1}])"));
  CAF_REQUIRE_EQUAL(reply.status, 200);
  auto answer = json::parse(reply.body).as_object();
  const auto& spike = answer.at("bars").as_array().at(30);
  CAF_CHECK_EQUAL(spike.at("verdict").as_string(), "quarantine");
  CAF_CHECK_EQUAL(spike.at("reason").as_string(), "spike");
  // Known when the next bar is.
  CAF_CHECK_EQUAL(spike.at("known_at").as_string(),
                  to_rfc3339(sessions[31].auction_ends_at));
  CAF_CHECK_EQUAL(answer.at("counts").at("quarantined").to_number<int>(), 1);
}

CAF_TEST(what cannot be judged is refused with the field that is to blame) {
  data_node node;
  auto good = bar_text("2024-01-08", sound);
  CAF_CHECK_EQUAL(node.refused_field("[]"), "");
  CAF_CHECK_EQUAL(node.refused_field(R"({"interval":"1d","bars":[]})"),
                  "symbol");
  CAF_CHECK_EQUAL(
    node.refused_field(R"({"symbol":"?","interval":"1d","bars":[]})"),
    "symbol");
  CAF_CHECK_EQUAL(
    node.refused_field(R"({"symbol":"CBA","interval":"2d","bars":[]})"),
    "interval");
  CAF_CHECK_EQUAL(node.refused_field(R"({"symbol":"CBA","interval":"1d"})"),
                  "bars");
  CAF_CHECK_EQUAL(node.refused_field(body_of("")), "bars");
  CAF_CHECK_EQUAL(node.refused_field(body_of(good + ",7")), "bars[1]");
  CAF_CHECK_EQUAL(node.refused_field(body_of(bar_text("yesterday", sound))),
                  "bars[0].opened_at");
  CAF_CHECK_EQUAL(
    node.refused_field(body_of(bar_text(
      "2024-01-08",
      R"("open":10,"high":"12","low":9,"close":11,"volume":1001)"))),
    "bars[0].high");
  CAF_CHECK_EQUAL(
    node.refused_field(body_of(bar_text(
      "2024-01-08", R"("open":10,"high":12,"low":9,"close":11)"))),
    "bars[0].volume");
  CAF_CHECK_EQUAL(node.refused_field(body_of(
                    bar_text("2024-01-08", std::string{sound} + R"(,"x":1)"))),
                  "bars[0].x");
  CAF_CHECK_EQUAL(node.refused_field(body_of(good, R"(,"basis":"raw")")),
                  "basis");
  CAF_CHECK_EQUAL(node.refused_field(body_of(good, R"(,"colour":1)")),
                  "colour");
  CAF_CHECK_EQUAL(node.refused_field(body_of(good, R"(,"actions":3)")),
                  "actions");
  auto action = [&](const std::string& x) {
    return node.refused_field(body_of(good, R"(,"actions":[)" + x + "]"));
  };
  CAF_CHECK_EQUAL(
    action(R"({"kind":"gift","effective_at":"2024-01-08","value":1})"),
    "actions[0].kind");
  CAF_CHECK_EQUAL(
    action(R"({"kind":"split","effective_at":"2024-01-08","value":0})"),
    "actions[0].value");
  CAF_CHECK_EQUAL(
    action(R"({"kind":"split","effective_at":"soon","value":2})"),
    "actions[0].effective_at");
  CAF_CHECK_EQUAL(node.post("{").status, 400);
}

CAF_TEST(too many bars are refused) {
  data_node node;
  std::string bars = "0";
  for (int i = 0; i < 5000; ++i)
    bars += ",0";
  CAF_CHECK_EQUAL(node.refused_field(body_of(bars)), "bars");
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

#pragma once

/// The services over a store that a test fills. Include after CAF_SUITE.

#include "actors/services/services.hpp"
#include "actors/store/ledger.hpp"
#include "tests/integration/tree/tree.hpp"
#include "tests/unit/runtime_http/client.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace banksia::tree_test {

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

} // namespace banksia::tree_test

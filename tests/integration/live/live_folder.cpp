#define CAF_SUITE live_folder
#include "tests/integration/live/yahoo_market.hpp"
#include "tests/integration/tree/live_run.hpp"

#include <charconv>
#include <fstream>

using namespace banksia;
using namespace banksia::live_test;
using namespace banksia::tree_test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t sessions_before = 60;

const std::vector<session>& market_sessions() {
  static const std::vector<session> result = [] {
    exchange_calendar calendar;
    auto first = *calendar.session_index(std::chrono::year{2025} / 7 / 1);
    auto all = calendar.sessions().subspan(first - sessions_before,
                                           sessions_before + 3);
    return std::vector<session>{all.begin(), all.end()};
  }();
  return result;
}

const yahoo_market& market() {
  static const yahoo_market result{small_market(), market_sessions()};
  return result;
}

std::string number(double x) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, x).ptr};
}

/// A node whose prices come from a folder.
class folder_node {
public:
  folder_node() {
    std::filesystem::create_directory(prices);
    write(bar_interval::d1);
    auto plan = small_plan();
    node_setup setup;
    setup.clock.mode = clock_mode::accelerated;
    setup.clock.start = market_sessions()[sessions_before].opens_at;
    setup.clock.speed = 1800; // half an hour a second
    setup.clock.step = std::chrono::minutes{5};
    setup.plan = std::make_shared<run_plan>(std::move(plan));
    setup.database = file;
    setup.rebuild_from_store = true;
    setup.cycle_deadline = patience;
    setup.backoff = {};
    outside_world outside;
    outside.board = board;
    folder_setup watched;
    watched.folder = prices;
    watched.look_every = 20ms;
    watched.wall = [] { return market_sessions().back().closes_at; };
    watched.board = board;
    outside.sources = {watched};
    setup.outside = outside;
    {
      auto db = store::open_for_writing(file);
      store::ledger{db}.register_run("live", "live", "{}");
    }
    tree.emplace(setup);
  }

  /// One file a symbol, renamed into place, with all days: what is later than
  /// the node's time is not over for it.
  void write(bar_interval interval) {
    auto all = tickers;
    all.push_back("^AXJO");
    for (const auto& symbol : all) {
      auto name = symbol + "_" + std::string{to_string(interval)} + ".csv";
      std::string text = "Date,Open,High,Low,Close,Volume\n";
      for (const auto& [at, x] : market().of(symbol, interval)) {
        auto day = *exchange_calendar::trading_date_of(at);
        text += interval == bar_interval::d1 ? to_string(day) : to_rfc3339(at);
        for (auto value : {x.open.value(), x.high.value(), x.low.value(),
                           x.close.value(), x.volume.value()})
          text += "," + number(value);
        text += '\n';
      }
      put(name, text);
    }
  }

  void put(const std::string& name, const std::string& text) {
    std::ofstream{folder.path() / name, std::ios::binary} << text;
    std::filesystem::rename(folder.path() / name, prices / name);
  }

  std::int64_t count(const std::string& what) {
    auto db = store::open_for_reading(file);
    return db.scalar("SELECT count(*) FROM " + what);
  }

  component_health health() {
    component_health result;
    caf::scoped_actor self{tree->system()};
    auto source = tree->names.name<price_source_actor>("feed/prices/folder");
    self->request(source.get(), patience, wire::health_atom_v)
      .receive([&](const component_health& x) { result = x; },
               [](const caf::error&) { CAF_FAIL("the folder is silent"); });
    return result;
  }

  /// Cycles pass until it holds.
  template <class F>
  bool comes_true(F holds) {
    for (int i = 0; i < 10; ++i) {
      if (holds())
        return true;
      tree->seen.expect("cycle", tree->seen.count("cycle") + 1);
    }
    return holds();
  }

  scratch_folder folder;
  std::filesystem::path file = folder.path() / "banksia.db";
  std::filesystem::path prices = folder.path() / "prices";
  std::shared_ptr<feed_board> board = std::make_shared<feed_board>();
  std::optional<running_tree> tree;
};

} // namespace

CAF_TEST(files that appear while a node runs become bars and predictions) {
  folder_node node;
  CAF_CHECK(node.comes_true([&] {
    return node.count("bars WHERE interval = '1d' AND symbol = 'CBA.AX'")
           >= 50;
  }));
  CAF_CHECK_EQUAL(node.count("bars WHERE interval = '5m'"), 0);
  CAF_CHECK_EQUAL(node.count("predictions WHERE abstained = 0"), 0);
  node.put("broken.csv", "<html>maintenance</html>");
  node.write(bar_interval::m5);
  CAF_CHECK(node.comes_true([&] {
    return node.count("predictions WHERE abstained = 0") > 0;
  }));
  CAF_CHECK(node.count("bars WHERE interval = '5m'") > 1000);
  CAF_CHECK_EQUAL(node.count("bars WHERE source <> 'folder'"), 0);
  auto health = node.health();
  CAF_CHECK(health.state == health_state::degraded);
  CAF_CHECK(health.reason.find("broken.csv") != std::string::npos);
  auto facts = node.board->all()["folder"];
  CAF_CHECK_EQUAL(facts.failures["bad_file"], 1u);
  CAF_CHECK(facts.accepted > 1000);
  std::filesystem::remove(node.prices / "broken.csv");
  CAF_CHECK(node.comes_true([&] {
    return node.health().state == health_state::healthy;
  }));
  CAF_CHECK(node.tree->stop());
  CAF_CHECK_EQUAL(node.tree->seen.count("gave up"), 0u);
}

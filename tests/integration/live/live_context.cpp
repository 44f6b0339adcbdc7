#define CAF_SUITE live_context
#include "tests/integration/live/live_node.hpp"

#include "actors/symbol/recompute.hpp"
#include "messages/features.hpp"

using namespace banksia;
using namespace banksia::live_test;
using namespace banksia::tree_test;
using namespace std::chrono_literals;

// What other markets say comes over HTTP, from a server that a test can break.

namespace {

/// Days of the Australian dollar and of the VIX, as Yahoo's chart tells them.
class other_markets {
public:
  std::atomic<bool> broken{false};
  std::atomic<int> served{0};

  /// The clock of the outside world there.
  timestamp now() const { return from_micros(now_us_); }
  void set_now(timestamp t) { now_us_ = to_micros(t); }

  void add(const std::string& symbol, timestamp day, double close) {
    std::lock_guard guard{mutex_};
    days_[symbol][day] = close;
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port);
  }

private:
  static std::int64_t seconds(timestamp t) {
    return std::chrono::floor<std::chrono::seconds>(t)
      .time_since_epoch()
      .count();
  }

  /// Days of London begin an hour before those of UTC in July, and those of New
  /// York with the session.
  static timestamp begin_of(const std::string& symbol, timestamp day) {
    return symbol == "^VIX" ? day + 13h + 30min : day - 1h;
  }

  std::string chart(const std::string& symbol) {
    std::lock_guard guard{mutex_};
    json::array times, closes, volumes;
    for (const auto& [day, close] : days_[symbol]) {
      times.push_back(seconds(begin_of(symbol, day)));
      closes.push_back(close);
      volumes.push_back(0);
    }
    auto is_vix = symbol == "^VIX";
    json::object meta{
      {"currency", "USD"},
      {"symbol", symbol},
      {"instrumentType", is_vix ? "INDEX" : "CURRENCY"},
      {"exchangeTimezoneName", is_vix ? "America/New_York" : "Europe/London"},
      {"regularMarketTime", seconds(now())},
      {"dataGranularity", "1d"}};
    // The session of the newest day; what ended before is final.
    if (!times.empty()) {
      auto begin = times.back().as_int64();
      auto length = is_vix ? 24'300 : 86'340; // 6 h 45 min; to 23:59
      meta["currentTradingPeriod"] = json::object{
        {"regular",
         json::object{{"start", begin}, {"end", begin + length}}}};
    }
    json::object quote{{"open", closes},
                       {"high", closes},
                       {"low", closes},
                       {"close", closes},
                       {"volume", volumes}};
    json::object result{
      {"meta", meta},
      {"timestamp", times},
      {"indicators", json::object{{"quote", json::array{quote}}}}};
    return json::serialize(json::object{
      {"chart", json::object{{"result", json::array{result}},
                             {"error", nullptr}}}});
  }

  void talk(http_test::peer& client) {
    for (auto request = client.read_request(); !request.empty();
         request = client.read_request()) {
      if (broken) {
        client.send(http_test::answer("oh", {}, "500 Internal"));
        continue;
      }
      ++served;
      auto is_vix = request.find("/chart/%5EVIX?") != std::string::npos;
      if (!is_vix && request.find("/chart/AUDUSD%3DX?") == std::string::npos)
        client.send(http_test::answer("what?", {}, "404 Not Found"));
      else
        client.send(http_test::answer(chart(is_vix ? "^VIX" : "AUDUSD=X")));
    }
  }

  std::mutex mutex_;
  std::map<std::string, std::map<timestamp, double>> days_;
  std::atomic<std::int64_t> now_us_{0};
  http_test::scripted_server server_{
    [this](http_test::peer& client, int) { talk(client); }};
};

constexpr auto rate = "feed/context/aud_usd";
constexpr auto rate_feature = feature_index("aud_usd_rate");
constexpr auto vix_feature = feature_index("vix_level");

timestamp day(int of_july) {
  return timestamp{std::chrono::sys_days{std::chrono::year{2025} / 6 / 30}}
         + std::chrono::days{of_july};
}

/// The features that a prediction was stored with.
struct seen_levels {
  timestamp slot;
  std::optional<double> aud_usd;
  std::optional<double> vix;
};

struct context_node {
  other_markets markets;
  std::shared_ptr<http::client> client = std::make_shared<http::client>();
  std::optional<live_node> node;

  context_node() {
    // A Friday and a Monday; the node's first session opens when that ends.
    markets.add("AUDUSD=X", day(-3), 0.64);
    markets.add("AUDUSD=X", day(0), 0.655);
    markets.add("^VIX", day(0), 17.5);
    markets.set_now(day(1) + 10min);
    node.emplace(
      [this](node_setup& setup, outside_world& outside) {
        setup.clock.speed = 14'400; // four hours a second
        source_setup source;
        source.endpoint = yahoo_endpoint(markets.url());
        source.endpoint.name = "other";
        source.client = client;
        source.wall = [this] { return markets.now(); };
        source.board = outside.board;
        source.rules.rate = {10'000.0, 10'000.0};
        source.rules.breaker.open_for = 100ms;
        source.rules.breaker.probes = 1;
        source.rules.retry.attempts_max = 1;
        outside.context_source = source;
        for (auto series : all_context_series) {
          context_setup x;
          x.series = series;
          x.source = "other";
          x.poll_every = 30ms;
          x.retry_every = 30ms;
          x.wall = source.wall;
          x.begins_at = setup.clock.start;
          x.board = outside.board;
          outside.context.push_back(x);
        }
      },
      std::vector<context_series>{all_context_series.begin(),
                                  all_context_series.end()});
  }

  std::vector<bar> stored(const std::string& symbol) const {
    auto db = store::open_for_reading(node->file);
    return store::queries{db}.bars(symbol, bar_interval::d1, end_of_time);
  }

  /// All that was predicted, oldest first.
  std::vector<seen_levels> seen() const {
    auto db = store::open_for_reading(node->file);
    store::list_filter filter;
    filter.run = "live";
    filter.ascending = true;
    filter.limit = 10'000;
    std::vector<seen_levels> result;
    for (const auto& x : store::queries{db}.predictions(filter)) {
      const auto& of = x.content.features;
      auto level = [&of](std::size_t index) {
        return of.has(index) ? std::optional{of.values[index]} : std::nullopt;
      };
      result.push_back({x.content.slot, level(rate_feature),
                        level(vix_feature)});
    }
    return result;
  }

  bool is_seen(double aud_usd) const {
    auto all = seen();
    return !all.empty() && all.back().aud_usd == aud_usd;
  }

  component_health health() {
    component_health result;
    caf::scoped_actor self{node->tree->system()};
    self->request(node->tree->names.name<context_feed_actor>(rate).get(),
                  patience, wire::health_atom_v)
      .receive([&](const component_health& x) { result = x; },
               [](const caf::error&) { CAF_FAIL("the feed is silent"); });
    return result;
  }

  feed_facts facts() { return node->facts("context/aud_usd"); }

  template <class F>
  bool comes_true(F holds) {
    return node->comes_true(holds);
  }
};

} // namespace

CAF_TEST(other markets are known day by day through failures and restarts) {
  context_node x;
  auto& node = *x.node;
  CAF_REQUIRE(x.comes_true([&] {
    return x.stored("AUDUSD=X").size() == 2 && x.is_seen(0.655);
  }));
  auto past = x.stored("AUDUSD=X");
  CAF_CHECK(past[0].opened_at == day(-3));
  CAF_CHECK(past[0].known_at == day(-2));
  CAF_CHECK(past[1].known_at == day(1));
  CAF_CHECK_EQUAL(x.seen().back().vix.value_or(0.0), 17.5);
  CAF_CHECK(x.health().state == health_state::healthy);
  auto begun = x.seen().back().slot;

  // The source fails: it is told, and nothing else happens.
  x.markets.broken = true;
  CAF_CHECK(x.comes_true([&] {
    return x.facts().failures["unavailable"] > 0
           && x.health().state == health_state::degraded;
  }));
  CAF_CHECK(x.health().reason.starts_with("aud_usd from other: "));
  CAF_CHECK(node.health().state == health_state::healthy);
  CAF_CHECK(x.is_seen(0.655));

  // Well ahead of the market, so that no slot runs into it: the next day comes,
  // and what was told before is told otherwise.
  auto later = std::find_if(
    market_sessions().begin(), market_sessions().end(), [&](const session& s) {
      return s.opens_at > node.first.now() + std::chrono::days{1};
    });
  CAF_REQUIRE(later != market_sessions().end());
  auto today = std::chrono::floor<std::chrono::days>(later->opens_at + 2h);
  x.markets.set_now(later->opens_at + 2h);
  x.markets.add("AUDUSD=X", day(0), 0.7);
  x.markets.add("AUDUSD=X", today - std::chrono::days{1}, 0.66);
  x.markets.add("AUDUSD=X", today, 0.67); // not over
  x.markets.broken = false;
  CAF_REQUIRE(x.comes_true([&] { return x.stored("AUDUSD=X").size() == 3; }));
  CAF_REQUIRE_LESS(node.first.now(), later->opens_at);
  CAF_CHECK(x.comes_true([&] {
    return x.health().state == health_state::healthy
           && x.facts().trouble.empty();
  }));
  auto known = x.stored("AUDUSD=X").back().known_at;
  CAF_CHECK(known == x.markets.now() + news_settle);

  // Started again the feed tells nothing twice. The cycle was told of the new
  // day; the one after it reads it.
  auto before = x.stored("AUDUSD=X");
  auto served = x.markets.served.load();
  node.tree->kill(rate);
  CAF_CHECK(x.comes_true([&] { return x.markets.served > served + 4; }));
  CAF_CHECK(x.stored("AUDUSD=X") == before);
  CAF_CHECK(x.comes_true([&] { return x.is_seen(0.66); }));
  node.tree->kill("cycle");
  node.pass(3);
  CAF_CHECK(x.is_seen(0.66));
  CAF_CHECK(x.stored("AUDUSD=X") == before);
  CAF_CHECK(node.tree->stop());
  CAF_CHECK_EQUAL(node.tree->seen.count("gave up"), 0u);

  std::size_t old = 0, fresh = 0;
  for (const auto& p : x.seen()) {
    if (p.slot < begun)
      continue;
    CAF_CHECK_EQUAL(p.aud_usd.value_or(0.0), p.slot < known ? 0.655 : 0.66);
    ++(p.slot < known ? old : fresh);
  }
  CAF_CHECK_GREATER(old, 0u);
  CAF_CHECK_GREATER(fresh, 0u);
}

CAF_TEST(what predictions saw of other markets is found again) {
  context_node x;
  CAF_REQUIRE(x.comes_true([&] { return x.is_seen(0.655); }));
  auto begun = x.seen().back().slot;
  x.node->pass(3);
  CAF_CHECK(x.node->tree->stop());
  auto plan = small_plan();
  auto blind = std::make_shared<run_plan>(plan);
  plan.context = {all_context_series.begin(), all_context_series.end()};
  auto knowing = std::make_shared<run_plan>(std::move(plan));
  auto db = store::open_for_reading(x.node->file);
  store::queries ask{db};
  store::list_filter filter;
  filter.from = begun;
  filter.limit = 1000;
  std::size_t explained = 0;
  for (const auto& p : ask.predictions(filter)) {
    auto again = recompute(ask, p, knowing);
    for (const auto& d : again.fields.differences)
      CAF_MESSAGE(p.content.symbol << ' ' << to_rfc3339(p.content.slot) << ' '
                                   << d.field << ": " << d.stored << " -> "
                                   << d.recomputed);
    CAF_CHECK(again.identical());
    CAF_CHECK(again.recomputed.features.has(rate_feature));
    CAF_CHECK(again.recomputed.features.has(vix_feature));
    // Whoever does not look at them does not find them.
    CAF_CHECK(!recompute(ask, p, blind).identical());
    ++explained;
  }
  CAF_CHECK_GREATER(explained, 6u);
}

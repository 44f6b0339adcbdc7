#define CAF_SUITE config_texts
#include "config/text.hpp"

#include "config/keys.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <locale>
#include <sstream>

using namespace banksia::config;

namespace {

/// Settings that differ from the defaults in awkward ways.
settings awkward() {
  settings x;
  x.market_hours_start_utc = std::chrono::minutes{0};
  x.market_hours_end_utc = std::chrono::minutes{365};
  x.confidence_threshold = 0.1 + 0.2;
  x.clock_speed = 1.0 / 3.0;
  x.database_path = "a \"b\"\\ \xc3\xb6.db";
  x.symbols = {"^AXJO", "A2M.AX"};
  x.clock = clock_source::accelerated;
  x.price_source = price_source::simulator;
  x.simulation_seed = 9007199254740991;
  x.node_port = 65535;
  x.rules.crash_trend_below = -0.051;
  return x;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

/// A locale with a decimal comma and grouped digits.
struct german : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

class global_locale {
public:
  explicit global_locale(const std::locale& x)
    : before_(std::locale::global(x)) {}
  ~global_locale() { std::locale::global(before_); }

private:
  std::locale before_;
};

} // namespace

CAF_TEST(the full text gives back equal settings) {
  for (auto& x : {settings{}, awkward()}) {
    auto again = load_text(full_text(x), "stored");
    if (!again)
      CAF_FAIL(to_string(again.errors));
    CAF_CHECK(again.loaded->values == x);
    CAF_CHECK_EQUAL(full_text(again.loaded->values), full_text(x));
  }
}

CAF_TEST(the full text has every key once and sorted) {
  auto lines = lines_of(full_text(awkward()));
  CAF_CHECK_EQUAL(lines.size(), all_keys().size());
  CAF_CHECK(std::is_sorted(lines.begin(), lines.end()));
  auto has = [&](std::string_view line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  };
  CAF_CHECK(has("confidence_threshold = 0.30000000000000004"));
  CAF_CHECK(has("market_hours_end_utc = \"06:05\""));
  CAF_CHECK(has("simulation_seed = 9007199254740991"));
  CAF_CHECK(has("symbols = [\"^AXJO\", \"A2M.AX\"]"));
}

CAF_TEST(the text does not depend on the locale) {
  auto before = full_text(awkward());
  global_locale guard{std::locale{std::locale::classic(), new german}};
  std::ostringstream proof;
  proof << 1234.5;
  CAF_REQUIRE_EQUAL(proof.str(), "1.234,5");
  CAF_CHECK_EQUAL(full_text(awkward()), before);
  auto again = load_text(before, "stored");
  CAF_REQUIRE(again.loaded.has_value());
  CAF_CHECK(again.loaded->values == awkward());
  auto bad = load_text("\n\nprediction_interval_minutes = 5000", "x");
  CAF_CHECK_EQUAL(bad.errors.at(0).what,
                  "5000 is not a whole number from 1 to 1440");
}

CAF_TEST(where things are does not change the hash) {
  settings moved;
  moved.database_path = "elsewhere.db";
  moved.bind_address = "0.0.0.0";
  moved.prediction_port = 1;
  moved.evaluation_port = 2;
  moved.ml_port = 3;
  moved.data_port = 4;
  moved.dashboard_port = 5;
  moved.allowed_origins = {"https://page.example"};
  moved.node_port = 6;
  moved.core_port = 14;
  moved.core_address = "elsewhere:7400";
  moved.connections_per_client = 15;
  moved.log_level = "debug";
  moved.worker_threads = 7;
  moved.read_only_connections = 8;
  moved.service_sample_seconds = 13;
  moved.drain_timeout_ms = 9;
  moved.backup_retention_days = 10;
  moved.watchdog_limit_ms = 11;
  moved.price_feeds = "alphavantage";
  moved.price_folder = "elsewhere";
  moved.news_feeds = "https://news.example/rss";
  moved.news_poll_minutes = 12;
  moved.yahoo_url = moved.alphavantage_url = "http://proxy.example";
  moved.alphavantage_key_file = "key";
  moved.extra_ca_file = "ca.pem";
  CAF_CHECK_EQUAL(decision_text(moved), decision_text(settings{}));
  CAF_CHECK_EQUAL(configuration_hash(moved), configuration_hash(settings{}));
  CAF_CHECK(full_text(moved) != full_text(settings{}));
}

CAF_TEST(what can change a decision changes the hash) {
  auto before = configuration_hash(settings{});
  CAF_CHECK_EQUAL(before.size(), 64u);
  settings x;
  x.rules.weight_news = 0.31;
  CAF_CHECK(configuration_hash(x) != before);
  x = settings{};
  x.symbols.pop_back();
  CAF_CHECK(configuration_hash(x) != before);
  x = settings{};
  x.stale_after_minutes = 91;
  CAF_CHECK(configuration_hash(x) != before);
  // All but the keys of operation and the one that came later.
  CAF_CHECK_EQUAL(lines_of(decision_text(x)).size(), all_keys().size() - 64);
}

CAF_TEST(a key that came later counts where it is set) {
  settings x;
  CAF_CHECK(decision_text(x).find("context_series") == std::string::npos);
  x.context_series = "vix";
  CAF_CHECK(decision_text(x).find("context_series = \"vix\"\n")
            != std::string::npos);
  CAF_CHECK(configuration_hash(x) != configuration_hash(settings{}));
}

CAF_TEST(the effective text tells where each value came from) {
  sources from;
  from.profile = "demo";
  from.set = {"clock_speed=60"};
  auto result = load(from);
  CAF_REQUIRE(result.loaded.has_value());
  auto lines = lines_of(effective_text(*result.loaded));
  auto has = [&](std::string_view line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  };
  CAF_CHECK_EQUAL(lines.size(), all_keys().size());
  CAF_CHECK(has("prediction_interval_minutes = 30  # default"));
  CAF_CHECK(has("clock = \"accelerated\"  # profile demo"));
  CAF_CHECK(has("clock_speed = 60.0  # --set"));
  CAF_CHECK(load_text(effective_text(*result.loaded), "x").loaded->values
            == result.loaded->values);
}

#define CAF_SUITE config_conflicts
#include "config/checks.hpp"
#include "config/core_address.hpp"
#include "config/loader.hpp"

#include "models/decision/rule_parameters.hpp"
#include "tests/unit/config/scratch_file.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::config;

namespace {

std::string errors_of(std::string_view text) {
  return to_string(load_text(text, "x.toml").errors);
}

} // namespace

CAF_TEST(the defaults go together) {
  CAF_CHECK(find_conflicts(settings{}).empty());
}

CAF_TEST(market hours are set both or not at all) {
  CAF_CHECK_EQUAL(
    errors_of("market_hours_start_utc = \"00:00\""),
    "banksia: market_hours_start_utc is set without market_hours_end_utc: "
    "x.toml:1, key market_hours_start_utc: set both, or neither for the "
    "exchange calendar\n");
  CAF_CHECK_EQUAL(
    errors_of("market_hours_end_utc = \"06:00\""),
    "banksia: market_hours_end_utc is set without market_hours_start_utc: "
    "x.toml:1, key market_hours_end_utc: set both, or neither for the "
    "exchange calendar\n");
}

CAF_TEST(origins are such as browsers send) {
  CAF_CHECK_EQUAL(errors_of("allowed_origins = [\"https://a.example\", "
                            "\"http://[::1]:8080\"]"),
                  "");
  for (std::string text : {"page.example", "https://", "ftp://a.example", "*",
                           "https://a.example/", "https://A.example"})
    CAF_CHECK_EQUAL(errors_of("allowed_origins = [\"https://b.example\", \"" + text
                              + "\"]"),
                    "banksia: \"" + text
                      + "\" is no origin: x.toml:1, key allowed_origins: "
                        "write each in small letters as https://page.example, "
                        "without a path\n");
}

CAF_TEST(prices from outside have a usual length and come with the wall clock) {
  CAF_CHECK(errors_of("price_interval_minutes = 10")
              .starts_with("banksia: price_interval_minutes = 10 is no length"));
  CAF_CHECK_EQUAL(errors_of("price_interval_minutes = 30"), "");
  CAF_CHECK_EQUAL(errors_of("price_source = \"live\""), "");
  CAF_CHECK(errors_of("price_source = \"live\"\nclock = \"accelerated\"")
              .find("does not run faster")
            != std::string::npos);
}

CAF_TEST(series of other markets have known names and come from outside) {
  constexpr auto live = "price_source = \"live\"\ncontext_series = ";
  for (auto names : {"\"\"", "\"vix\"", "\"aud_usd vix\"", "\" vix  aud_usd \""})
    CAF_CHECK_EQUAL(errors_of(std::string{live} + names), "");
  CAF_CHECK_EQUAL(errors_of(std::string{live} + "\"aud_usd gold\""),
                  "banksia: no such context series: gold: x.toml:2, key "
                  "context_series: use aud_usd, vix, or both with a space "
                  "between\n");
  CAF_CHECK_EQUAL(errors_of(std::string{live} + "\"vix aud_usd vix\""),
                  "banksia: a context series given twice: vix: x.toml:2, key "
                  "context_series: use aud_usd, vix, or both with a space "
                  "between\n");
  CAF_CHECK_EQUAL(errors_of("context_series = \"vix\""),
                  "banksia: context_series = \"vix\" is asked for of the "
                  "outside world alone: x.toml:1, key context_series: use "
                  "price_source = \"live\" with it; a replay has --context\n");
}

CAF_TEST(the market ends after its start) {
  settings x;
  x.market_hours_start_utc = std::chrono::minutes{60};
  for (int end : {0, 59, 60}) {
    x.market_hours_end_utc = std::chrono::minutes{end};
    auto found = find_conflicts(x);
    CAF_REQUIRE_EQUAL(found.size(), 1u);
    CAF_CHECK(found[0].what.starts_with("the market ends at or before"));
  }
  x.market_hours_end_utc = std::chrono::minutes{61};
  CAF_CHECK(find_conflicts(x).empty());
}

CAF_TEST(ports differ unless they are zero) {
  CAF_CHECK_EQUAL(errors_of("ml_port = 8001"),
                  "banksia: ml_port = 8001 is the port of prediction_port "
                  "too: x.toml:1, key ml_port: give each service a port of "
                  "its own, or 0 for any free one\n");
  CAF_CHECK_EQUAL(errors_of("ml_port = 0\nnode_port = 0\ndata_port = 0"), "");
}

CAF_TEST(the address of a core names host and port) {
  CAF_CHECK_EQUAL(errors_of("core_address = \"10.0.0.1\""),
                  "banksia: core_address = \"10.0.0.1\" is no HOST:PORT: "
                  "x.toml:1, key core_address: write it as 10.0.0.1:7400 or "
                  "[::1]:7400, or leave it empty\n");
  for (auto wrong : {":7400", "host:", "host:0", "host:65536", "host:74x",
                     "a b:1", "::1:7400", "[]:1", "[::1:7400"})
    CAF_CHECK(!parse_core_address(wrong));
  auto plain = parse_core_address("core.example:7400");
  CAF_REQUIRE(plain);
  CAF_CHECK_EQUAL(plain->host, "core.example");
  CAF_CHECK_EQUAL(plain->port, 7400u);
  auto v6 = parse_core_address("[::1]:65535");
  CAF_REQUIRE(v6);
  CAF_CHECK_EQUAL(v6->host, "::1");
  CAF_CHECK_EQUAL(v6->port, 65535u);
  CAF_CHECK_EQUAL(errors_of("core_address = \"[::1]:7400\""), "");
}

CAF_TEST(limits go together) {
  CAF_CHECK_EQUAL(errors_of("part_breaker_minimum = 11"),
                  "banksia: part_breaker_minimum = 11 is more than "
                  "part_breaker_window = 10: x.toml:1, key "
                  "part_breaker_minimum: raise part_breaker_window or lower "
                  "part_breaker_minimum\n");
  for (auto wrong :
       {"read_deadline_ms = 30001", "change_deadline_ms = 9999",
        "queue_waiting_max = 1025", "connections_max = 511",
        "queue_target_ms = 1001", "feed_breaker_minimum = 21",
        "feed_breaker_window = 9"})
    CAF_CHECK(errors_of(wrong).find("is more than") != std::string::npos);
  for (auto equal :
       {"read_deadline_ms = 30000", "queue_waiting_max = 1024",
        "queue_target_ms = 1000", "part_breaker_minimum = 10"})
    CAF_CHECK_EQUAL(errors_of(equal), "");
  for (auto wrong : {"part_breaker_share = 0", "connections_max = 15",
                     "body_bytes_max = 33554433", "header_bytes_max = 1023",
                     "feed_breaker_probes = 0", "read_deadline_ms = 0"})
    CAF_CHECK(!errors_of(wrong).empty());
}

CAF_TEST(intervals divide a day) {
  CAF_CHECK_EQUAL(errors_of("prediction_interval_minutes = 35"),
                  "banksia: prediction_interval_minutes = 35 does not divide "
                  "a day: x.toml:1, key prediction_interval_minutes: choose "
                  "a divisor of 1440, such as 15, 30 or 60\n");
  CAF_CHECK(errors_of("evaluation_interval_minutes = 7")
              .starts_with("banksia: evaluation_interval_minutes = 7 does "));
  CAF_CHECK_EQUAL(errors_of("prediction_interval_minutes = 1440"), "");
}

CAF_TEST(simulated bars have a known length and end with each cycle) {
  CAF_CHECK(errors_of("simulation_interval_minutes = 10")
              .starts_with("banksia: simulation_interval_minutes = 10 is not "
                           "the length of a bar: x.toml:1, "));
  auto uneven = "price_source = \"simulator\"\n"
                "simulation_interval_minutes = 60\n";
  CAF_CHECK(errors_of(uneven).starts_with(
    "banksia: prediction_interval_minutes = 30 is not a multiple of "
    "simulation_interval_minutes = 60: x.toml:2, key simulation_interval"));
  // Where nothing is simulated the length is of no matter.
  CAF_CHECK_EQUAL(errors_of("simulation_interval_minutes = 60"), "");
}

CAF_TEST(the weights sum to one) {
  CAF_CHECK_EQUAL(
    errors_of("[rules]\nweight_news = 0.5"),
    "banksia: the weights of the rules sum to 1.2000000000000002, not to 1: "
    "x.toml:2, key rules.weight_news: set weights that sum to 1, such as "
    "0.4, 0.3, 0.2, 0.1\n");
  CAF_CHECK_EQUAL(
    errors_of("[rules]\nweight_news = 0.1\nweight_technical = 0.6"), "");
}

CAF_TEST(steps of the rules are in order) {
  CAF_CHECK_EQUAL(
    errors_of("[rules]\ntechnical_high_above = 60"),
    "banksia: rules.technical_medium_above = 60.0 must be less than "
    "rules.technical_high_above = 60.0: x.toml:2, key "
    "rules.technical_high_above: raise rules.technical_high_above or lower "
    "rules.technical_medium_above\n");
  for (auto line :
       {"sma_rising_ratio = 0.99", "rsi_strong_below = 60",
        "technical_low_above = 60", "momentum_rsi_below = 30",
        "news_positive_above = -0.05", "bearish_news_positive_above = -0.05",
        "volume_high_above = 1.2", "volume_low_above = 1.2",
        "risk_calm_below = 0.025", "risk_rough_below = 0.025",
        "confidence_lowest = 0.95", "bullish_above = -0.02"})
    CAF_CHECK(errors_of("[rules]\n" + std::string{line})
                .find("must be less than")
              != std::string::npos);
}

CAF_TEST(what is accepted here the rule engine accepts) {
  // Each refusal of the engine must come earlier, with file and line.
  for (auto& field : banksia::rule_parameter_fields()) {
    for (double x : {-1.0, 0.0, 0.5, 1.0, 60.0, 100.0}) {
      banksia::rule_parameters engine;
      engine.*field.value = x;
      auto loaded = load_text("rules." + std::string{field.name} + " = "
                                + std::to_string(x),
                              "x.toml");
      CAF_CHECK(!loaded || !banksia::problem_of(engine));
    }
  }
}

CAF_TEST(the key that was set last is blamed) {
  scratch_file file{"ml_port = 9000\n"};
  sources from;
  from.file = file.path();
  from.environment["BANKSIA_PREDICTION_PORT"] = "9000";
  auto errors = load(from).errors;
  CAF_REQUIRE_EQUAL(errors.size(), 1u);
  CAF_CHECK_EQUAL(errors[0].source, "environment BANKSIA_PREDICTION_PORT");
  CAF_CHECK_EQUAL(errors[0].key, "prediction_port");
}

#define CAF_SUITE config_keys
#include "config/keys.hpp"

#include "config/reference.hpp"
#include "models/decision/rule_parameters.hpp"

#include "caf/test/unit_test.hpp"

#include <set>

using namespace banksia::config;

namespace {

struct expected_default {
  std::string_view name;
  std::string_view text;
};

/// The plan's names and defaults, then ours, as TOML.
constexpr expected_default plan[] = {
  {"prediction_interval_minutes", "30"},
  {"market_hours_start_utc", "\"\""},
  {"market_hours_end_utc", "\"\""},
  {"evaluation_delay_hours", "4"},
  {"evaluation_interval_minutes", "60"},
  {"model_retrain_interval_days", "1"},
  {"training_time_utc", "\"08:00\""},
  {"morning_analysis_minutes", "60"},
  {"evening_analysis_minutes", "60"},
  {"ml", "\"on\""},
  {"without_model", "\"rules\""},
  {"models_folder", "\"models\""},
  {"model_kind", "\"ensemble\""},
  {"flat_band", "0.43"},
  {"transaction_cost", "0.001"},
  {"outlying_features_max", "3"},
  {"forecast_deadline_ms", "500"},
  {"training_days", "0"},
  {"training_memory_mb", "2048"},
  {"training_deadline_minutes", "120"},
  {"demotion_days", "5"},
  {"confidence_threshold", "0.65"},
  {"database_path", "\"data/trading_predictions.db\""},
  {"backup_retention_days", "30"},
  {"symbols", "[\"CBA.AX\", \"WBC.AX\", \"ANZ.AX\", \"NAB.AX\", \"MQG.AX\", "
              "\"QBE.AX\", \"SUN.AX\"]"},
  {"index_symbol", "\"^AXJO\""},
  {"sentiment_model", "\"lexicon\""},
  {"bind_address", "\"127.0.0.1\""},
  {"prediction_port", "8001"},
  {"evaluation_port", "8002"},
  {"ml_port", "8003"},
  {"data_port", "8004"},
  {"dashboard_port", "8080"},
  {"node_port", "7400"},
  {"core_port", "8005"},
  {"core_address", "\"\""},
  {"api_tokens", "[]"},
  {"allowed_hosts", "[]"},
  {"allowed_origins", "[]"},
  {"tls", "\"off\""},
  {"tls_certificate_file", "\"\""},
  {"tls_key_file", "\"\""},
  {"behind_proxy", "\"off\""},
  {"trusted_proxies", "[]"},
  {"reads_per_minute", "6000"},
  {"changes_per_minute", "600"},
  {"connections_per_client", "256"},
  {"price_source", "\"store\""},
  {"price_feeds", "\"yahoo\""},
  {"price_folder", "\"data/prices\""},
  {"price_interval_minutes", "5"},
  {"news_feeds", "\"\""},
  {"news_poll_minutes", "15"},
  {"context_series", "\"\""},
  {"yahoo_url", "\"https://query1.finance.yahoo.com\""},
  {"alphavantage_url", "\"https://www.alphavantage.co\""},
  {"alphavantage_key_file", "\"\""},
  {"extra_ca_file", "\"\""},
  {"clock", "\"live\""},
  {"clock_speed", "600.0"},
  {"simulation_seed", "1"},
  {"simulation_start", "\"2025-07-01\""},
  {"simulation_history_days", "60"},
  {"simulation_intraday_days", "0"},
  {"simulation_interval_minutes", "5"},
  {"catch_up_grace_minutes", "90"},
  {"stale_after_minutes", "90"},
  {"cycle_deadline_ms", "5000"},
  {"watchdog_limit_ms", "30000"},
  {"log_level", "\"info\""},
  {"worker_threads", "0"},
  {"read_only_connections", "2"},
  {"service_sample_seconds", "60"},
  {"drain_timeout_ms", "10000"},
  {"tracing_endpoint", "\"\""},
  {"tracing_sample_ratio", "0.1"},
  {"tracing_delay_ms", "5000"},
  {"tracing_sources", "\"off\""},
  {"connections_max", "1024"},
  {"header_bytes_max", "8192"},
  {"body_bytes_max", "1048576"},
  {"client_idle_ms", "30000"},
  {"read_deadline_ms", "10000"},
  {"change_deadline_ms", "30000"},
  {"queue_waiting_max", "512"},
  {"queue_target_ms", "200"},
  {"queue_interval_ms", "1000"},
  {"part_waiting_max", "64"},
  {"part_breaker_window", "10"},
  {"part_breaker_minimum", "3"},
  {"part_breaker_share", "0.5"},
  {"part_breaker_open_ms", "5000"},
  {"part_breaker_probes", "1"},
  {"feed_breaker_window", "20"},
  {"feed_breaker_minimum", "10"},
  {"feed_breaker_share", "0.5"},
  {"feed_breaker_open_ms", "30000"},
  {"feed_breaker_probes", "3"},
};

} // namespace

CAF_TEST(every default is the one of the plan) {
  for (auto& [name, text] : plan) {
    auto key = find_key(name);
    CAF_REQUIRE(key != nullptr);
    CAF_CHECK_EQUAL(to_toml(default_of(*key)), text);
  }
  CAF_CHECK_EQUAL(all_keys().size(), std::size(plan) + rule_keys().size());
}

CAF_TEST(the rules have the names and defaults of the rule engine) {
  banksia::rule_parameters engine;
  for (auto& field : banksia::rule_parameter_fields()) {
    auto key = find_key("rules." + std::string{field.name});
    CAF_REQUIRE(key != nullptr);
    auto ours = default_of(*key);
    // Not CAF_CHECK_EQUAL: it takes nearly equal doubles for equal.
    CAF_CHECK(std::get<double>(ours) == engine.*field.value);
  }
  CAF_CHECK_EQUAL(rule_keys().size(), banksia::rule_parameter_fields().size());
}

CAF_TEST(every key is described and its default allowed) {
  std::set<std::string> names;
  for (auto& key : all_keys()) {
    CAF_CHECK(names.insert(environment_name(key)).second);
    CAF_CHECK(!key.doc.empty() && key.doc.ends_with('.'));
    CAF_CHECK_EQUAL(complaint_about(key, default_of(key)).value_or(""), "");
    if (key.kind == value_kind::integer || key.kind == value_kind::number)
      CAF_CHECK(key.range.min >= -1.0 && key.range.max < 0x1p53);
  }
}

CAF_TEST(each key sets its own member and no other) {
  for (auto& key : all_keys()) {
    auto x = default_of(key);
    if (auto whole = std::get_if<std::int64_t>(&x))
      *whole += 1;
    else if (auto number = std::get_if<double>(&x))
      *number += 0.5;
    else if (auto list = std::get_if<std::vector<std::string>>(&x))
      list->push_back("another");
    else if (key.kind == value_kind::time_of_day)
      x = std::string{"01:30"};
    else if (key.kind == value_kind::date)
      x = std::string{"2024-02-29"};
    else if (!key.choices.empty())
      x = std::string{key.choices.back()};
    else
      x = std::string{"other"};
    settings changed;
    assign(changed, key, x);
    CAF_CHECK_EQUAL(to_toml(read(changed, key)), to_toml(x));
    for (auto& other : all_keys())
      if (other.name != key.name)
        CAF_CHECK(read(changed, other) == default_of(other));
  }
}

CAF_TEST(a negative zero is stored as zero) {
  settings x;
  auto key = find_key("rules.volume_else_score");
  assign(x, *key, -0.0);
  CAF_CHECK_EQUAL(to_toml(read(x, *key)), "0.0");
}

CAF_TEST(environment names are upper case with underscores) {
  CAF_CHECK_EQUAL(environment_name(*find_key("clock_speed")),
                  "BANKSIA_CLOCK_SPEED");
  CAF_CHECK_EQUAL(environment_name(*find_key("rules.weight_news")),
                  "BANKSIA_RULES_WEIGHT_NEWS");
}

CAF_TEST(the reference has a row for each key and every profile) {
  auto text = config_reference_markdown();
  for (auto& key : all_keys())
    CAF_CHECK(text.find("| `" + std::string{key.name} + "` | `"
                        + to_toml(default_of(key)) + "` | ")
              != std::string::npos);
  for (auto name : {"development", "staging", "production", "demo"})
    CAF_CHECK(text.find("### " + std::string{name} + "\n")
              != std::string::npos);
}

#pragma once

/// The typed settings. Every member's initial value is the key's default and
/// the only place where it stands; `config/keys.hpp` describes each key.

#include "messages/time.hpp"
#include "models/decision/rule_parameters.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace banksia::config {

/// Where prices come from.
enum class price_source : std::uint8_t {
  store = 0,     ///< bars that were imported into the database
  simulator = 1, ///< a seeded artificial market
  live = 2,      ///< sources of the outside world
};

/// How market time passes.
enum class clock_source : std::uint8_t {
  live = 0,        ///< market time is wall time
  accelerated = 1, ///< `clock_speed` market seconds a wall second
};

/// Whether models forecast, in a process of their own.
enum class model_service : std::uint8_t {
  off = 0, ///< the rules predict
  on = 1,  ///< a champion does, where there is one
};

/// Who decides where no model serves.
enum class without_model : std::uint8_t {
  rules = 0,
  abstain = 1, ///< nobody: `no_model`
};

/// Every key, typed. Checked values only: `load` gives no other.
struct settings {
  // -- schedule ---------------------------------------------------------------

  std::uint32_t prediction_interval_minutes = 30;
  /// UTC time of day since midnight; unset: the exchange calendar. Both or
  /// none.
  std::optional<std::chrono::minutes> market_hours_start_utc;
  std::optional<std::chrono::minutes> market_hours_end_utc;
  std::uint32_t evaluation_delay_hours = 4;
  std::uint32_t evaluation_interval_minutes = 60;
  std::uint32_t model_retrain_interval_days = 1;
  /// Unset: nothing is trained by itself.
  std::optional<std::chrono::minutes> training_time_utc{8 * 60};
  std::uint32_t morning_analysis_minutes = 60; ///< before the open
  std::uint32_t evening_analysis_minutes = 60; ///< after the close
  std::uint32_t catch_up_grace_minutes = 90;
  std::uint32_t stale_after_minutes = 90;
  std::uint32_t cycle_deadline_ms = 5000;
  std::uint32_t watchdog_limit_ms = 30'000;

  // -- decisions --------------------------------------------------------------

  double confidence_threshold = 0.65;
  std::vector<std::string> symbols{"CBA.AX", "WBC.AX", "ANZ.AX", "NAB.AX",
                                   "MQG.AX", "QBE.AX", "SUN.AX"};
  std::string index_symbol = "^AXJO";
  std::string sentiment_model = "lexicon"; ///< or a model's file
  rule_parameters rules;

  // -- models -----------------------------------------------------------------

  model_service ml = model_service::on;
  config::without_model without_model = config::without_model::rules;
  std::string models_folder = "models";
  std::string model_kind = "ensemble"; ///< of what is trained
  double flat_band = 0.43; ///< × volatility × √sessions: what counts as flat
  double transaction_cost = 0.001; ///< of a BUY or SELL and its way back
  std::uint32_t outlying_features_max = 3; ///< more: out of distribution
  std::uint32_t forecast_deadline_ms = 500;
  std::uint32_t training_days = 0; ///< of history; 0: all there is
  std::uint32_t training_memory_mb = 2048;
  std::uint32_t training_deadline_minutes = 120;
  std::uint32_t demotion_days = 5;

  // -- storage ----------------------------------------------------------------

  std::string database_path = "data/trading_predictions.db";
  std::uint32_t read_only_connections = 2;
  std::uint32_t service_sample_seconds = 60;
  std::uint32_t backup_retention_days = 30;

  // -- services; port 0: any free one -----------------------------------------

  std::string bind_address = "127.0.0.1";
  std::uint16_t prediction_port = 8001;
  std::uint16_t evaluation_port = 8002;
  std::uint16_t ml_port = 8003;
  std::uint16_t data_port = 8004;
  std::uint16_t dashboard_port = 8080;
  std::uint16_t node_port = 7400;
  std::uint16_t core_port = 8005;
  std::string core_address = {}; ///< "HOST:PORT"; empty: in `run/node.json`

  // -- who may ask them -------------------------------------------------------

  std::vector<std::string> api_tokens = {}; ///< as `parse_token_entry` reads
  std::vector<std::string> allowed_hosts = {};
  std::vector<std::string> allowed_origins = {};
  std::string tls = "off"; ///< or "on"
  std::string tls_certificate_file = {};
  std::string tls_key_file = {};
  std::string behind_proxy = "off"; ///< or "on"
  std::vector<std::string> trusted_proxies = {}; ///< addresses
  std::uint32_t reads_per_minute = 6000;  ///< 0: any number
  std::uint32_t changes_per_minute = 600; ///< 0: any number
  std::uint32_t connections_per_client = 256; ///< 0: any number

  // -- what is too much or takes too long -------------------------------------

  std::uint32_t connections_max = 1024;
  std::uint32_t header_bytes_max = 8 * 1024;
  std::uint32_t body_bytes_max = 1024 * 1024;
  std::uint32_t client_idle_ms = 30'000;
  std::uint32_t read_deadline_ms = 10'000;
  std::uint32_t change_deadline_ms = 30'000;
  std::uint32_t queue_waiting_max = 512; ///< of each service
  std::uint32_t queue_target_ms = 200;
  std::uint32_t queue_interval_ms = 1000;
  std::uint32_t part_waiting_max = 64; ///< of each part that services ask
  std::uint32_t part_breaker_window = 10;
  std::uint32_t part_breaker_minimum = 3;
  double part_breaker_share = 0.5;
  std::uint32_t part_breaker_open_ms = 5000;
  std::uint32_t part_breaker_probes = 1;
  std::uint32_t feed_breaker_window = 20;
  std::uint32_t feed_breaker_minimum = 10;
  double feed_breaker_share = 0.5;
  std::uint32_t feed_breaker_open_ms = 30'000;
  std::uint32_t feed_breaker_probes = 3;

  // -- market data and time ---------------------------------------------------

  config::price_source price_source = config::price_source::store;
  /// In the order of asking, separated by commas.
  std::string price_feeds = "yahoo";
  std::string price_folder = "data/prices"; ///< watched by the source `folder`
  std::uint32_t price_interval_minutes = 5; ///< of the bars asked for
  std::string yahoo_url = "https://query1.finance.yahoo.com";
  std::string alphavantage_url = "https://www.alphavantage.co";
  /// Addresses of RSS or Atom pages, separated by spaces; in each, `{symbol}`
  /// stands for every symbol.
  std::string news_feeds;
  std::uint32_t news_poll_minutes = 15;
  /// Series of other markets, as `parse_context_names` reads them.
  std::string context_series = {};
  /// A file with the key alone; ALPHAVANTAGE_API_KEY goes before it.
  std::string alphavantage_key_file;
  std::string extra_ca_file; ///< trusted beside the system's
  clock_source clock = clock_source::live;
  double clock_speed = 600.0; ///< market seconds a wall second, accelerated
  std::uint64_t simulation_seed = 1;
  trading_date simulation_start{std::chrono::year{2025}, std::chrono::month{7},
                                std::chrono::day{1}};
  std::uint32_t simulation_history_days = 60;
  std::uint32_t simulation_intraday_days = 0;
  std::uint32_t simulation_interval_minutes = 5;

  // -- process ----------------------------------------------------------------

  std::string log_level = "info";
  std::uint32_t worker_threads = 0; ///< 0: as many as there are cores
  std::uint32_t drain_timeout_ms = 10000;
  std::string tracing_endpoint = {}; ///< of OTLP over HTTP; empty: no traces
  double tracing_sample_ratio = 0.1; ///< of the traces that begin here
  std::uint32_t tracing_delay_ms = 5000; ///< until spans are sent
  std::string tracing_sources = "off"; ///< or "on": feeds see our traces

  friend bool operator==(const settings&, const settings&) = default;
};

} // namespace banksia::config

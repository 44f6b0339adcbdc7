#include "config/keys.hpp"

#include <map>

namespace banksia::config {

namespace {

using enum value_kind;
constexpr auto operation = key_effect::operation;

constexpr value_range day_minutes{1, 1440};
constexpr value_range port{0, 65535};
constexpr value_range milliseconds{1, 3'600'000};
/// Up to 2^53 - 1: the largest that survives a trip through JSON.
constexpr value_range simulation_seeds{0, 9'007'199'254'740'991};

std::vector<key_spec> plain_keys() {
  using s = settings;
  return {
    {"prediction_interval_minutes", integer, &s::prediction_interval_minutes,
     day_minutes, {}, "minutes",
     "Time between prediction cycles while the market is open."},
    {"market_hours_start_utc", time_of_day, &s::market_hours_start_utc, {}, {},
     "UTC", "Fixed start of the session; unset: the exchange calendar."},
    {"market_hours_end_utc", time_of_day, &s::market_hours_end_utc, {}, {},
     "UTC", "Fixed end of the session; unset: the exchange calendar."},
    {"evaluation_delay_hours", integer, &s::evaluation_delay_hours, {1, 720},
     {}, "hours", "Primary horizon: a prediction is evaluated so much later."},
    {"evaluation_interval_minutes", integer, &s::evaluation_interval_minutes,
     day_minutes, {}, "minutes",
     "Time between sweeps for outcomes that are due."},
    {"model_retrain_interval_days", integer, &s::model_retrain_interval_days,
     {1, 365}, {}, "days", "Time between trainings of the model."},
    {"training_time_utc", time_of_day, &s::training_time_utc, {}, {}, "UTC",
     "When the day's training is due; unset: nothing is trained by itself."},
    {"morning_analysis_minutes", integer, &s::morning_analysis_minutes,
     day_minutes, {}, "minutes",
     "The morning's analysis is due so long before the market opens."},
    {"evening_analysis_minutes", integer, &s::evening_analysis_minutes,
     day_minutes, {}, "minutes",
     "The evening's analysis is due so long after the market has closed."},
    {"ml", choice, &s::ml, {}, {"off", "on"}, "",
     "Whether models forecast, in the process `banksia-ml`; off: the rules do."},
    {"without_model", choice, &s::without_model, {}, {"rules", "abstain"}, "",
     "Who decides where no model serves: the rules, or nobody (`no_model`)."},
    {"models_folder", text, &s::models_folder, {}, {}, "",
     "The model registry; a relative path lies under the data directory.",
     operation},
    {"model_kind", choice, &s::model_kind, {},
     {"logistic", "mlp", "recurrent", "ensemble"}, "",
     "The network that is trained."},
    {"flat_band", number, &s::flat_band, {0, 10, true}, {},
     "of a usual move",
     "A return within flat_band × volatility × √sessions counts as flat."},
    {"transaction_cost", number, &s::transaction_cost, {0, 1}, {}, "fraction",
     "What a BUY or SELL and its way back cost; a model's gain must exceed it."},
    {"outlying_features_max", integer, &s::outlying_features_max, {0, 53}, {},
     "features",
     "With more features far outside of its training data a model abstains."},
    {"forecast_deadline_ms", integer, &s::forecast_deadline_ms, milliseconds,
     {}, "milliseconds",
     "How long a cycle waits for its forecasts; then the rules predict."},
    {"training_days", integer, &s::training_days, {0, 36500}, {}, "days",
     "History a model is trained on; 0: all there is."},
    {"training_memory_mb", integer, &s::training_memory_mb, {256, 1'048'576},
     {}, "MB", "A training that needs more memory is ended.", operation},
    {"training_deadline_minutes", integer, &s::training_deadline_minutes,
     {1, 1440}, {}, "minutes", "A training that takes longer is ended.",
     operation},
    {"demotion_days", integer, &s::demotion_days, {1, 365}, {}, "days",
     "So many bad days in a row end a champion."},
    {"confidence_threshold", number, &s::confidence_threshold, {0, 1}, {},
     "fraction", "Confidence a model's BUY or SELL needs."},
    {"database_path", text, &s::database_path, {}, {}, "",
     "The database; a relative path lies under the data directory.", operation},
    {"backup_retention_days", integer, &s::backup_retention_days, {1, 3650}, {},
     "days", "How long backups are kept.", operation},
    {"symbols", value_kind::symbols, &s::symbols, {}, {}, "",
     "The symbols to predict at first; `POST /data/symbols` changes them."},
    {"index_symbol", symbol, &s::index_symbol, {}, {}, "",
     "The index that stands for the market."},
    {"sentiment_model", text, &s::sentiment_model, {}, {}, "",
     "Rates headlines without a score: `lexicon`, or a file of `banksia "
     "sentiment train`; a relative path lies under the data directory."},
    {"bind_address", address, &s::bind_address, {}, {}, "",
     "Address the services listen on.", operation},
    {"prediction_port", integer, &s::prediction_port, port, {}, "",
     "Port of the prediction service; 0: any free one.", operation},
    {"evaluation_port", integer, &s::evaluation_port, port, {}, "",
     "Port of the evaluation service; 0: any free one.", operation},
    {"ml_port", integer, &s::ml_port, port, {}, "",
     "Port of the machine learning service; 0: any free one.", operation},
    {"data_port", integer, &s::data_port, port, {}, "",
     "Port of the data service; 0: any free one.", operation},
    {"dashboard_port", integer, &s::dashboard_port, port, {}, "",
     "Port of the dashboard; 0: any free one.", operation},
    {"node_port", integer, &s::node_port, port, {}, "",
     "Port for other nodes and the console; 0: any free one.", operation},
    {"core_port", integer, &s::core_port, port, {}, "",
     "Port of the probes and metrics of a core without a dashboard; 0: any free "
     "one.",
     operation},
    {"core_address", any_text, &s::core_address, {}, {}, "",
     "HOST:PORT where a process without the core finds it; \"\": what "
     "run/node.json of the data directory says.",
     operation},
    {"api_tokens", tokens, &s::api_tokens, {}, {}, "",
     "Who may ask the services, as lines of `banksia token create`.", operation},
    {"allowed_hosts", words, &s::allowed_hosts, {}, {}, "",
     "Names the services answer under, beside their addresses and localhost.",
     operation},
    {"allowed_origins", words, &s::allowed_origins, {}, {}, "",
     "Origins as https://page.example whose pages may read, and change with a "
     "token.", operation},
    {"tls", choice, &s::tls, {}, {"off", "on"}, "",
     "Whether the services speak HTTPS.", operation},
    {"tls_certificate_file", any_text, &s::tls_certificate_file, {}, {}, "",
     "Their certificate with its chain, in PEM; \"\": of the node's own "
     "authority.", operation},
    {"tls_key_file", any_text, &s::tls_key_file, {}, {}, "",
     "The key of that certificate, in PEM.", operation},
    {"behind_proxy", choice, &s::behind_proxy, {}, {"off", "on"}, "",
     "A proxy ends TLS and names its clients in X-Forwarded-For.", operation},
    {"trusted_proxies", addresses, &s::trusted_proxies, {}, {}, "",
     "Proxies on other machines; nobody else may then connect.", operation},
    {"reads_per_minute", integer, &s::reads_per_minute, {0, 10'000'000}, {}, "",
     "Reading requests of one client to one route; 0: any number.", operation},
    {"changes_per_minute", integer, &s::changes_per_minute, {0, 10'000'000}, {},
     "", "Changing requests of one client to one route; 0: any number.",
     operation},
    {"connections_per_client", integer, &s::connections_per_client,
     {0, 1'000'000}, {}, "",
     "Connections that one address may have open at once; 0: any number.",
     operation},
    {"price_source", choice, &s::price_source, {},
     {"store", "simulator", "live"}, "",
     "Prices from imported bars, a simulated market or the outside world."},
    {"price_feeds", text, &s::price_feeds, {}, {}, "",
     "Sources in the order of asking, with commas: yahoo, alphavantage, folder.",
     operation},
    {"price_folder", text, &s::price_folder, {}, {}, "",
     "Folder of bar files that the source `folder` watches; a relative path lies "
     "under the data directory.",
     operation},
    {"price_interval_minutes", integer, &s::price_interval_minutes,
     day_minutes, {}, "minutes", "Length of the bars that sources are asked for."},
    {"news_feeds", any_text, &s::news_feeds, {}, {}, "",
     "RSS or Atom addresses with spaces; {symbol} stands for each symbol.",
     operation},
    {"news_poll_minutes", integer, &s::news_poll_minutes, day_minutes, {},
     "minutes", "Time between two looks at a news feed.", operation},
    {"context_series", any_text, &s::context_series, {}, {}, "",
     "Other markets that Yahoo is asked about, with spaces: aud_usd, vix.",
     key_effect::decision_where_set},
    {"yahoo_url", text, &s::yahoo_url, {}, {}, "",
     "Where Yahoo's chart is asked for.", operation},
    {"alphavantage_url", text, &s::alphavantage_url, {}, {}, "",
     "Where AlphaVantage is asked.", operation},
    {"alphavantage_key_file", any_text, &s::alphavantage_key_file, {}, {}, "",
     "A file with the key; ALPHAVANTAGE_API_KEY goes before it.", operation},
    {"extra_ca_file", any_text, &s::extra_ca_file, {}, {}, "",
     "Certificates trusted beside the system's, in PEM.", operation},
    {"clock", choice, &s::clock, {}, {"live", "accelerated"}, "",
     "Market time runs with the wall clock or faster."},
    {"clock_speed", number, &s::clock_speed, {0, 1'000'000, true}, {},
     "market seconds per second", "Speed of the accelerated clock."},
    {"simulation_seed", integer, &s::simulation_seed, simulation_seeds, {}, "",
     "Seed of the simulated market; the same seed, the same prices."},
    {"simulation_start", date, &s::simulation_start, {}, {}, "",
     "First day of the accelerated clock."},
    {"simulation_history_days", integer, &s::simulation_history_days,
     {0, 3650}, {}, "days", "Simulated days before `simulation_start`."},
    {"simulation_intraday_days", integer, &s::simulation_intraday_days,
     {0, 3650}, {}, "days",
     "Of these, the last ones also have bars within the day."},
    {"simulation_interval_minutes", integer, &s::simulation_interval_minutes,
     day_minutes, {}, "minutes", "Length of a simulated bar."},
    {"catch_up_grace_minutes", integer, &s::catch_up_grace_minutes, {0, 1440},
     {}, "minutes", "An older cycle is recorded as missed, not caught up."},
    {"stale_after_minutes", integer, &s::stale_after_minutes, {1, 525'600}, {},
     "minutes", "A symbol whose prices are older abstains."},
    {"cycle_deadline_ms", integer, &s::cycle_deadline_ms, milliseconds, {},
     "milliseconds", "A symbol that has not answered by then abstains."},
    {"watchdog_limit_ms", integer, &s::watchdog_limit_ms, {0, 3'600'000}, {},
     "milliseconds",
     "An actor busy for longer ends the process with exit 75; 0: never.",
     operation},
    {"log_level", choice, &s::log_level, {},
     {"trace", "debug", "info", "warn", "error", "critical", "off"}, "",
     "The least severe messages that are logged.", operation},
    {"worker_threads", integer, &s::worker_threads, {0, 1024}, {}, "threads",
     "Threads that run actors; 0: one for each core.", operation},
    {"read_only_connections", integer, &s::read_only_connections, {1, 64}, {},
     "", "Database connections for readers.", operation},
    {"service_sample_seconds", integer, &s::service_sample_seconds, {1, 3600},
     {}, "seconds",
     "How often it is stored what the services did, for their levels.",
     operation},
    {"drain_timeout_ms", integer, &s::drain_timeout_ms, milliseconds, {},
     "milliseconds", "How long a stop waits for work under way.", operation},
    {"tracing_endpoint", any_text, &s::tracing_endpoint, {}, {}, "",
     "Address of an OpenTelemetry collector (OTLP over HTTP) that gets traces; "
     "empty: none are made.", operation},
    {"tracing_sample_ratio", number, &s::tracing_sample_ratio, {0, 1}, {},
     "fraction", "Share of the traces beginning here that are recorded.",
     operation},
    {"tracing_delay_ms", integer, &s::tracing_delay_ms, {10, 60'000}, {},
     "milliseconds", "How long spans wait until they are sent together.",
     operation},
    {"tracing_sources", choice, &s::tracing_sources, {}, {"off", "on"}, "",
     "Whether price and news sources are sent our traceparent.", operation},
  };
}

} // namespace

const std::vector<key_spec>& all_keys() {
  static const auto keys = [] {
    auto result = plain_keys();
    for (auto& key : limit_keys())
      result.push_back(key);
    for (auto& key : rule_keys())
      result.push_back(key);
    return result;
  }();
  return keys;
}

const key_spec* find_key(std::string_view name) {
  static const auto index = [] {
    std::map<std::string_view, const key_spec*> result;
    for (auto& key : all_keys())
      result.emplace(key.name, &key);
    return result;
  }();
  auto i = index.find(name);
  return i == index.end() ? nullptr : i->second;
}

const std::vector<std::string_view>& key_names() {
  static const auto names = [] {
    std::vector<std::string_view> result;
    for (auto& key : all_keys())
      result.push_back(key.name);
    return result;
  }();
  return names;
}

std::string environment_name(const key_spec& key) {
  std::string result = "BANKSIA_";
  for (char c : key.name) {
    auto lower = c >= 'a' && c <= 'z';
    result += c == '.' ? '_' : lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return result;
}

value default_of(const key_spec& key) {
  static const settings defaults;
  return read(defaults, key);
}

} // namespace banksia::config

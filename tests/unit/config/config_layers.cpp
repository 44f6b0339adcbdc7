#define CAF_SUITE config_layers
#include "config/loader.hpp"

#include "config/profiles.hpp"
#include "config/text.hpp"
#include "tests/unit/config/scratch_file.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>

using namespace banksia::config;

namespace {

configuration load_or_fail(const sources& from) {
  auto result = load(from);
  if (!result)
    CAF_FAIL(to_string(result.errors));
  return *result.loaded;
}

effective_value entry(const configuration& x, std::string_view key) {
  auto found = std::find_if(x.effective.begin(), x.effective.end(),
                            [&](auto& e) { return e.key == key; });
  CAF_REQUIRE(found != x.effective.end());
  return *found;
}

/// What a profile makes of the defaults.
settings profile_settings(const std::string& name) {
  sources from;
  from.profile = name;
  return load_or_fail(from).values;
}

} // namespace

CAF_TEST(without any source the defaults of production serve) {
  auto x = load_or_fail({});
  CAF_CHECK_EQUAL(x.profile, "production");
  CAF_CHECK(x.values == settings{});
  for (auto& e : x.effective)
    CAF_CHECK_EQUAL(e.origin, "default");
}

CAF_TEST(each layer wins over the one before) {
  scratch_file file{"# mine\nclock_speed = 10\n"};
  sources from;
  CAF_CHECK(load_or_fail(from).values.clock_speed == 600.0);
  from.profile = "demo";
  auto key = "database_path";
  CAF_CHECK(entry(load_or_fail(from), key)
            == (effective_value{key, "\"data/demo.db\"", "profile demo"}));
  scratch_file over{"\ndatabase_path = \"f.db\"\n"};
  from.file = over.path();
  CAF_CHECK(entry(load_or_fail(from), key)
            == (effective_value{key, "\"f.db\"", over.path() + ":2"}));
  from.environment["BANKSIA_DATABASE_PATH"] = "e.db";
  CAF_CHECK(entry(load_or_fail(from), key)
            == (effective_value{key, "\"e.db\"",
                                "environment BANKSIA_DATABASE_PATH"}));
  from.set = {"database_path=s.db"};
  CAF_CHECK(entry(load_or_fail(from), key)
            == (effective_value{key, "\"s.db\"", "--set"}));
  from.set.push_back("database_path=later=s.db");
  CAF_CHECK_EQUAL(load_or_fail(from).values.database_path, "later=s.db");
  // A layer that does not speak of a key leaves the one below alone.
  from.file = file.path();
  auto x = load_or_fail(from);
  CAF_CHECK(x.values.clock_speed == 10.0);
  CAF_CHECK(x.values.clock == clock_source::accelerated);
  CAF_CHECK_EQUAL(entry(x, "clock").origin, "profile demo");
  CAF_CHECK_EQUAL(entry(x, "log_level").origin, "default");
}

CAF_TEST(profiles change what the plan says and nothing else) {
  settings development;
  development.prediction_interval_minutes = 60;
  development.evaluation_delay_hours = 1;
  CAF_CHECK(profile_settings("development") == development);
  settings staging;
  staging.database_path = "data/staging_predictions.db";
  CAF_CHECK(profile_settings("staging") == staging);
  CAF_CHECK(profile_settings("production") == settings{});
  settings demo;
  demo.price_source = price_source::simulator;
  demo.clock = clock_source::accelerated;
  demo.database_path = "data/demo.db";
  demo.simulation_intraday_days = 30;
  demo.training_time_utc = std::chrono::minutes{10};
  demo.model_kind = "mlp";
  CAF_CHECK(profile_settings("demo") == demo);
  CAF_CHECK_EQUAL(profile_names().size(), 4u);
}

CAF_TEST(the environment chooses the profile and the command line wins) {
  sources from;
  from.environment["TRADING_ENV"] = "staging";
  CAF_CHECK_EQUAL(load_or_fail(from).profile, "staging");
  from.profile = "development";
  CAF_CHECK_EQUAL(load_or_fail(from).profile, "development");
  CAF_CHECK_EQUAL(load_or_fail(from).values.database_path,
                  settings{}.database_path);
}

CAF_TEST(a file sets every type of value) {
  scratch_file file{R"(
market_hours_start_utc = "00:00"
market_hours_end_utc = "06:10"
symbols = ["BHP.AX", "^AXJO"]
bind_address = "::1"
price_source = "simulator"
simulation_start = 2024-02-29
simulation_seed = 9007199254740991
[rules]
confidence_base = 0
crash_trend_below = -0.06
)"};
  sources from;
  from.file = file.path();
  auto x = load_or_fail(from).values;
  CAF_CHECK(x.market_hours_start_utc == std::chrono::minutes{0});
  CAF_CHECK(x.market_hours_end_utc == std::chrono::minutes{370});
  CAF_CHECK(x.symbols == (std::vector<std::string>{"BHP.AX", "^AXJO"}));
  CAF_CHECK_EQUAL(x.bind_address, "::1");
  CAF_CHECK(x.price_source == price_source::simulator);
  CAF_CHECK_EQUAL(banksia::to_string(x.simulation_start), "2024-02-29");
  CAF_CHECK_EQUAL(x.simulation_seed, 9007199254740991u);
  CAF_CHECK(x.rules.confidence_base == 0.0);
  CAF_CHECK(x.rules.crash_trend_below == -0.06);
}

CAF_TEST(the environment and the command line set every type of value) {
  sources from;
  from.environment = {{"BANKSIA_SYMBOLS", "BHP.AX, RIO.AX"},
                      {"BANKSIA_RULES_CONFIDENCE_BASE", "0.2"},
                      {"BANKSIA_NODE_PORT", "0"},
                      {"BANKSIA_SIMULATION_START", "2024-02-29"},
                      {"BANKSIA_DATA_DIR", "/somewhere"},
                      {"HOME", "/home/me"}};
  from.set = {"clock=accelerated", "rules.confidence_lowest=0.2",
              "market_hours_start_utc="};
  auto x = load_or_fail(from).values;
  CAF_CHECK(x.symbols == (std::vector<std::string>{"BHP.AX", "RIO.AX"}));
  CAF_CHECK(x.rules.confidence_base == 0.2);
  CAF_CHECK_EQUAL(x.node_port, 0u);
  CAF_CHECK_EQUAL(banksia::to_string(x.simulation_start), "2024-02-29");
  CAF_CHECK(x.clock == clock_source::accelerated);
  CAF_CHECK(x.rules.confidence_lowest == 0.2);
  CAF_CHECK(!x.market_hours_start_utc);
}

CAF_TEST(an empty time of day unsets what a lower layer set) {
  scratch_file file{"market_hours_start_utc = \"00:00\"\n"
                    "market_hours_end_utc = \"06:00\"\n"};
  sources from;
  from.file = file.path();
  from.environment = {{"BANKSIA_MARKET_HOURS_START_UTC", ""},
                      {"BANKSIA_MARKET_HOURS_END_UTC", ""}};
  CAF_CHECK(!load_or_fail(from).values.market_hours_start_utc);
}

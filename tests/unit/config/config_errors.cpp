#define CAF_SUITE config_errors
#include "config/loader.hpp"

#include "tests/unit/config/scratch_file.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::config;

namespace {

/// The formatted errors of `text` as the file "banksia.toml".
std::string errors_of(std::string_view text) {
  auto result = load_text(text, "banksia.toml");
  CAF_CHECK(!result.loaded == !result.errors.empty());
  return to_string(result.errors);
}

std::string errors_of_set(std::string argument) {
  sources from;
  from.set = {std::move(argument)};
  return to_string(load(from).errors);
}

std::string errors_of_variable(const std::string& name, std::string text) {
  sources from;
  from.environment[name] = std::move(text);
  return to_string(load(from).errors);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// Checks that `message` is one line with `what`.
void check_single(const std::string& message, std::string_view what) {
  CAF_CHECK(!message.empty() && message.find('\n') + 1 == message.size());
  CAF_CHECK(contains(message, what));
  if (!contains(message, what))
    CAF_MESSAGE(message);
}

} // namespace

CAF_TEST(an unknown key is told with line and nearest name) {
  CAF_CHECK_EQUAL(
    errors_of("\n\nsymbls = [\"CBA.AX\"]\n"),
    "banksia: unknown key \"symbls\": banksia.toml:3, key symbls: "
    "did you mean \"symbols\"?\n");
  check_single(errors_of("temperature = 3"),
               "`banksia check-config` lists the valid names");
}

CAF_TEST(a key in the wrong table is told where it belongs) {
  check_single(errors_of("weight_news = 0.3"),
               "write it as \"rules.weight_news\"");
  check_single(errors_of("[rules]\nclock_speed = 3"),
               "banksia.toml:2, key rules.clock_speed: write \"clock_speed\" "
               "above the line [rules]");
}

CAF_TEST(an unknown table is one error) {
  CAF_CHECK_EQUAL(errors_of("[ruls]\nweight_news = 0.3\nx = 1\n"),
                  "banksia: unknown table \"ruls\": banksia.toml:1, key ruls: "
                  "did you mean \"rules\"?\n");
  check_single(errors_of("\"rules.weight_news\" = 0.3"),
               "a dot within a quoted key: \"rules.weight_news\"");
  check_single(errors_of("[database]\npath = \"x\""),
               "the only table is [rules]");
  check_single(errors_of("rules = 3"), "\"rules\" is a table, not a value");
}

CAF_TEST(a wrong type is told with what was found) {
  CAF_CHECK_EQUAL(
    errors_of("prediction_interval_minutes = \"30\""),
    "banksia: expected a whole number from 1 to 1440, found a text: "
    "banksia.toml:1, key prediction_interval_minutes: write "
    "prediction_interval_minutes = 30\n");
  check_single(errors_of("prediction_interval_minutes = 30.0"),
               "found a number with a fraction");
  check_single(errors_of("confidence_threshold = true"), "found a truth value");
  check_single(errors_of("database_path = 3"), "found a whole number");
  check_single(errors_of("symbols = \"CBA.AX\""),
               "expected a list of symbols");
  check_single(errors_of("symbols = [\"CBA.AX\", 3]"), "found a list");
  check_single(errors_of("market_hours_start_utc = 10:00:00"),
               "found a date or time");
  check_single(errors_of("[symbols]\nx = 1"), "found a table");
}

CAF_TEST(a value out of range is told with the range) {
  CAF_CHECK_EQUAL(
    errors_of("evaluation_delay_hours = 0"),
    "banksia: 0 is not a whole number from 1 to 720: banksia.toml:1, key "
    "evaluation_delay_hours: write evaluation_delay_hours = 4\n");
  check_single(errors_of("confidence_threshold = 65"),
               "65.0 is not a number from 0 to 1");
  check_single(errors_of("prediction_port = 65536"),
               "65536 is not a whole number from 0 to 65535");
  check_single(errors_of("prediction_port = -1"), "-1 is not a whole number");
  check_single(errors_of("clock_speed = 0"),
               "0.0 is not a number above 0 and up to 1000000");
  check_single(errors_of("simulation_seed = 9007199254740992"),
               "from 0 to 9007199254740991");
}

CAF_TEST(a number that is not finite is refused everywhere) {
  for (auto text : {"nan", "inf", "-inf"}) {
    auto line = "clock_speed = " + std::string{text};
    check_single(errors_of(line), "key clock_speed");
    check_single(errors_of_variable("BANKSIA_CLOCK_SPEED", text),
                 "expected a number above 0 ");
    check_single(errors_of_set("clock_speed=" + std::string{text}),
                 "expected a number above 0 ");
  }
}

CAF_TEST(weights must be above zero) {
  for (auto text : {"0", "-0.1"})
    check_single(errors_of("[rules]\nweight_risk = " + std::string{text}),
                 "is not a number above 0 and up to 1: banksia.toml:2, "
                 "key rules.weight_risk");
}

CAF_TEST(texts must be what the key takes) {
  check_single(errors_of("clock = \"fast\""),
               "\"fast\" is not one of live, accelerated");
  check_single(errors_of("log_level = \"loud\""),
               "\"loud\" is not one of trace, debug");
  check_single(errors_of("database_path = \"\""),
               "\"\" is not a text that is not empty");
  check_single(errors_of("database_path = \"a\\nb\""), "control characters");
  check_single(errors_of("bind_address = \"localhost\""),
               "\"localhost\" is not an IPv4 or IPv6 address");
  check_single(errors_of("simulation_start = \"2025-02-29\""),
               "is not a date as \"YYYY-MM-DD\"");
  check_single(errors_of("simulation_start = \"20250701\""),
               "is not a date as \"YYYY-MM-DD\"");
  check_single(errors_of("market_hours_start_utc = \"25:00\""),
               "\"25:00\" is not a time of day as \"HH:MM\"");
}

CAF_TEST(symbols must look like symbols and be there once) {
  check_single(errors_of("symbols = []"), "the list of symbols is empty");
  for (auto symbol : {"", "CBA", "cba.ax", "CBA.US", ".AX", "^", "C A.AX",
                      "ABCDEFGHIJK.AX"})
    check_single(errors_of("symbols = [\"" + std::string{symbol} + "\"]"),
                 "is not a symbol");
  check_single(errors_of("symbols = [\"A.AX\", \"B.AX\", \"A.AX\"]"),
               "the symbol \"A.AX\" is listed twice");
  check_single(errors_of("index_symbol = \"AXJO\""),
               "\"AXJO\" is not a symbol such as");
  check_single(errors_of_variable("BANKSIA_SYMBOLS", ""),
               "the list of symbols is empty");
  std::string many = "symbols=";
  for (int i = 0; i < 501; ++i)
    many += "S" + std::to_string(i) + ".AX,";
  check_single(errors_of_set(many), "more than 500 symbols");
}

CAF_TEST(broken TOML and a key written twice are told with the line) {
  check_single(errors_of("clock = \"live\"\nsymbols = [\n"),
               "not valid TOML: ");
  auto twice = errors_of("clock_speed = 1\n\nclock_speed = 2\n");
  check_single(twice, "not valid TOML: ");
  CAF_CHECK(contains(twice, "banksia.toml:3: "));
  CAF_CHECK(contains(twice, "a key may stand only once"));
  CAF_CHECK(contains(twice, "clock_speed"));
}

CAF_TEST(all errors are told at once in the order of their lines) {
  auto result = load_text("zebra = 1\nclock = 3\napple = 1\n", "x.toml");
  CAF_REQUIRE_EQUAL(result.errors.size(), 3u);
  CAF_CHECK_EQUAL(result.errors[0].source, "x.toml:1");
  CAF_CHECK_EQUAL(result.errors[1].source, "x.toml:2");
  CAF_CHECK_EQUAL(result.errors[2].source, "x.toml:3");
}

CAF_TEST(errors of all layers are told at once) {
  scratch_file file{"a = 1\n"};
  sources from;
  from.profile = "prodction";
  from.file = file.path();
  from.environment["BANKSIA_CLOK"] = "live";
  from.set = {"clock"};
  auto result = load(from);
  CAF_CHECK(!result);
  CAF_REQUIRE_EQUAL(result.errors.size(), 4u);
  CAF_CHECK_EQUAL(result.errors[0].source, "--env");
  CAF_CHECK_EQUAL(result.errors[1].source, file.path() + ":1");
  CAF_CHECK_EQUAL(result.errors[2].source, "environment BANKSIA_CLOK");
  CAF_CHECK_EQUAL(result.errors[3].source, "--set");
}

CAF_TEST(an unknown environment lists the valid ones) {
  CAF_CHECK_EQUAL(
    errors_of_variable("TRADING_ENV", "prodction"),
    "banksia: unknown environment \"prodction\": environment TRADING_ENV: "
    "choose one of development, staging, production, demo; did you mean "
    "\"production\"?\n");
  check_single(errors_of_variable("TRADING_ENV", ""),
               "unknown environment \"\"");
}

CAF_TEST(an unknown variable is an error with the nearest name) {
  CAF_CHECK_EQUAL(
    errors_of_variable("BANKSIA_CLOCKSPEED", "1"),
    "banksia: unknown variable \"BANKSIA_CLOCKSPEED\": environment "
    "BANKSIA_CLOCKSPEED: did you mean \"BANKSIA_CLOCK_SPEED\"?\n");
  check_single(errors_of_variable("BANKSIA_clock", "live"),
               "did you mean \"BANKSIA_CLOCK\"?");
  check_single(errors_of_variable("BANKSIA_DATADIR", "x"),
               "did you mean \"BANKSIA_DATA_DIR\"?");
  check_single(errors_of_variable("BANKSIA_TEMPERATURE", "1"), "unset it");
}

CAF_TEST(a variable of the wrong type says how to set it) {
  CAF_CHECK_EQUAL(
    errors_of_variable("BANKSIA_ML_PORT", "80 03"),
    "banksia: expected a whole number from 0 to 65535, found \"80 03\": "
    "environment BANKSIA_ML_PORT, key ml_port: set BANKSIA_ML_PORT=8003, for "
    "instance, or unset it\n");
  check_single(errors_of_variable("BANKSIA_DATABASE_PATH", "a\xff"),
               "not UTF-8");
  check_single(errors_of_variable("BANKSIA_SYMBOLS", "cba"),
               "set BANKSIA_SYMBOLS=CBA.AX,WBC.AX,ANZ.AX");
  check_single(errors_of_variable("BANKSIA_CLOCK", "x"),
               "set BANKSIA_CLOCK=live, for instance");
  check_single(errors_of_variable("BANKSIA_MARKET_HOURS_END_UTC", "6"),
               "set BANKSIA_MARKET_HOURS_END_UTC=00:00");
}

CAF_TEST(a faulty argument says how to write it) {
  CAF_CHECK_EQUAL(errors_of_set("clock"),
                  "banksia: no \"=\" in \"clock\": --set: write --set "
                  "key=value\n");
  CAF_CHECK_EQUAL(errors_of_set("clok=live"),
                  "banksia: unknown key \"clok\": --set, key clok: did you "
                  "mean \"clock\"?\n");
  check_single(errors_of_set("rules.weight_news=x"),
               "found \"x\": --set, key rules.weight_news: write --set "
               "'rules.weight_news=0.3', for instance");
}

CAF_TEST(a value that a later layer replaces is checked all the same) {
  scratch_file file{"clock = \"fast\"\n"};
  sources from;
  from.file = file.path();
  from.set = {"clock=live"};
  CAF_REQUIRE_EQUAL(load(from).errors.size(), 1u);
}

CAF_TEST(a file that cannot be read is an error) {
  scratch_file file{""};
  sources from;
  from.file = file.folder() + "/missing.toml";
  CAF_CHECK_EQUAL(to_string(load(from).errors),
                  "banksia: cannot open the configuration file: "
                    + *from.file
                    + ": name a TOML file that exists and can be read\n");
  from.file = file.folder();
  check_single(to_string(load(from).errors),
               "cannot read the configuration file");
  scratch_file large{"#" + std::string(1 << 20, 'x')};
  from.file = large.path();
  check_single(to_string(load(from).errors), "larger than 1 MiB");
}

CAF_TEST(no input breaks a message into lines) {
  check_single(errors_of("\"a\\nb\" = 1"), "unknown key \"a\\u000Ab\"");
  check_single(errors_of_set("a\nb=1"), "unknown key");
  check_single(errors_of_variable("BANKSIA_A\nB", "1"), "unknown variable");
  check_single(errors_of_variable("BANKSIA_ML_PORT", "1\n2"), "1\\u000A2");
  check_single(errors_of_variable("TRADING_ENV", "a\nb"), "a\\u000Ab");
  // Cut where a character ends, or the message would not be UTF-8.
  check_single(errors_of_set("ml_port=" + std::string(59, 'x') + "\xc3\xb6"),
               "found \"" + std::string(59, 'x') + "…\": ");
  for (auto key : {"ml_port", "clock", "symbols", "index_symbol"})
    CAF_CHECK(errors_of_set(key + ("=" + std::string(100'000, '1'))).size()
              < 400);
  sources from;
  from.file = "no\nfile";
  check_single(to_string(load(from).errors), "cannot open");
}

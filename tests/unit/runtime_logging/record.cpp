#define CAF_SUITE log_record
#include "runtime/logging/record.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

#include <limits>
#include <vector>

using namespace banksia::logging;

namespace {

/// 2025-07-01T00:00:00.000250Z.
const auto noon = std::chrono::system_clock::time_point{
  std::chrono::microseconds{1'751'328'000'000'250}};

record entry(std::string_view message, std::span<const field> fields) {
  return {noon, level::warn, "symbol/CBA.AX", message, fields};
}

} // namespace

CAF_TEST(a line of JSON has its fields in order) {
  std::string text = "two";
  std::vector<field> fields{{"trace_id", "abc"}, {"a", 1},     {"b", text},
                            {"c", -2.5},         {"d", true},  {"e", 7u},
                            {"f", 0.1},          {"level", 3L}};
  CAF_CHECK_EQUAL(to_json_line(entry("stale", fields)),
                  "{\"time\":\"2025-07-01T00:00:00.000250Z\",\"level\":"
                  "\"warn\",\"component\":\"symbol/CBA.AX\",\"message\":"
                  "\"stale\",\"trace_id\":\"abc\",\"a\":1,\"b\":\"two\","
                  "\"c\":-2.5,\"d\":true,\"e\":7,\"f\":0.1,\"_level\":3}");
}

CAF_TEST(any bytes give JSON that is read back) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  std::vector<field> fields{{"k\"\n", all}};
  auto line = to_json_line(entry(all, fields));
  CAF_CHECK(line.find('\n') == std::string::npos);
  auto read = boost::json::parse(line).as_object();
  CAF_CHECK_EQUAL(std::string{read["message"].as_string()}, to_valid_utf8(all));
  CAF_CHECK_EQUAL(std::string{read["k\"\n"].as_string()}, to_valid_utf8(all));
}

CAF_TEST(numbers without a JSON form are written as text) {
  using limits = std::numeric_limits<double>;
  std::vector<field> fields{{"a", limits::quiet_NaN()},
                            {"b", limits::infinity()},
                            {"c", -limits::infinity()},
                            {"d", std::numeric_limits<std::uint64_t>::max()},
                            {"e", std::numeric_limits<std::int64_t>::min()}};
  auto read = boost::json::parse(to_json_line(entry("x", fields))).as_object();
  CAF_CHECK_EQUAL(std::string{read["a"].as_string()}, "nan");
  CAF_CHECK_EQUAL(std::string{read["b"].as_string()}, "inf");
  CAF_CHECK_EQUAL(std::string{read["c"].as_string()}, "-inf");
  CAF_CHECK_EQUAL(read["d"].as_uint64(),
                  std::numeric_limits<std::uint64_t>::max());
  CAF_CHECK_EQUAL(read["e"].as_int64(),
                  std::numeric_limits<std::int64_t>::min());
}

CAF_TEST(only well formed UTF 8 is kept) {
  const std::string bad = "\xEF\xBF\xBD";
  CAF_CHECK_EQUAL(to_valid_utf8("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z"),
                  "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z");
  CAF_CHECK_EQUAL(to_valid_utf8("\xC0\xAF"), bad + bad);          // overlong
  CAF_CHECK_EQUAL(to_valid_utf8("\xED\xA0\x80"), bad + bad + bad); // surrogate
  CAF_CHECK_EQUAL(to_valid_utf8("a\xE2\x82"), "a" + bad + bad);   // cut off
  CAF_CHECK_EQUAL(to_valid_utf8("\xF5z"), bad + "z");
}

CAF_TEST(the terminal form is readable) {
  std::vector<field> fields{{"age", 1.5}, {"why", "no news"}, {"n", "x"}};
  CAF_CHECK_EQUAL(to_terminal_line(entry("stale", fields), false),
                  "00:00:00.000 warn  symbol/CBA.AX: stale age=1.5 "
                  "why=\"no news\" n=x");
  auto coloured = to_terminal_line(entry("stale", fields), true);
  CAF_CHECK(coloured.find("\x1b[33mwarn \x1b[0m") != std::string::npos);
}

CAF_TEST(no entry can steer the terminal) {
  std::vector<field> fields{{"a\x1b", "\x1b[2J\n\xC2\x9B"}};
  auto line = to_terminal_line(entry("\x1b]0;x\x07\r\nforged", fields), false);
  for (auto c : line)
    CAF_CHECK(static_cast<unsigned char>(c) >= 0x20);
  CAF_CHECK(line.find("\xC2\x9B") == std::string::npos);
  CAF_CHECK(line.find("\\x1b]0;x\\x07\\x0d\\nforged") != std::string::npos);
}

CAF_TEST(levels are read back by name) {
  for (auto name :
       {"trace", "debug", "info", "warn", "error", "fatal", "off"}) {
    auto read = parse_level(name);
    CAF_REQUIRE(read.has_value());
    CAF_CHECK_EQUAL(std::string{to_string(*read)}, name);
  }
  CAF_CHECK(!parse_level("INFO"));
  CAF_CHECK(!parse_level(""));
}

#define CAF_SUITE config_values
#include "config/value.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::config;
using namespace std::literals;

CAF_TEST(numbers are written in their shortest exact form) {
  CAF_CHECK_EQUAL(to_toml(0.1), "0.1");
  CAF_CHECK_EQUAL(to_toml(0.1 + 0.2), "0.30000000000000004");
  CAF_CHECK_EQUAL(to_toml(600.0), "600.0");
  CAF_CHECK_EQUAL(to_toml(1e300), "1e+300");
  CAF_CHECK_EQUAL(to_toml(std::int64_t{-30}), "-30");
}

CAF_TEST(texts are quoted so that TOML reads them back) {
  CAF_CHECK_EQUAL(quote("a\"b\\c"), R"("a\"b\\c")");
  CAF_CHECK_EQUAL(quote("a\nb\x7f"), R"("a\u000Ab\u007F")");
  CAF_CHECK_EQUAL(to_toml(std::vector<std::string>{"A", "B"}),
                  R"(["A", "B"])");
  CAF_CHECK_EQUAL(to_toml(std::vector<std::string>{}), "[]");
}

CAF_TEST(control characters and broken UTF 8 are no plain text) {
  CAF_CHECK(is_plain_text("data/börse \"x\".db"));
  CAF_CHECK(is_plain_text(""));
  CAF_CHECK(!is_plain_text("a\nb"));
  CAF_CHECK(!is_plain_text("a\0b"sv));
  CAF_CHECK(!is_plain_text("a\xff"));
}

CAF_TEST(only a whole decimal number is a number) {
  CAF_CHECK(parse_integer("-42") == -42);
  for (auto text : {"", " 1", "1 ", "1.0", "0x10", "+1", "1e3", "1_000",
                    "9223372036854775808"})
    CAF_CHECK(!parse_integer(text));
  CAF_CHECK(parse_number("0.65") == 0.65);
  CAF_CHECK(parse_number("6e-1") == 0.6);
  for (auto text : {"", "0,65", "nan", "inf", "-inf", "1e999", "1.0x"})
    CAF_CHECK(!parse_number(text));
}

CAF_TEST(times of day are read in one form only) {
  CAF_CHECK(parse_time_of_day("00:00") == 0);
  CAF_CHECK(parse_time_of_day("23:59") == 1439);
  CAF_CHECK_EQUAL(time_of_day_text(65), "01:05");
  for (auto text : {"", "24:00", "10:60", "1:00", "10:00:00", "10-00", "aa:bb"})
    CAF_CHECK(!parse_time_of_day(text));
}

CAF_TEST(the nearest name is found and a far one is not) {
  std::vector<std::string_view> names{"symbols", "index_symbol", "clock"};
  CAF_CHECK(nearest("symbls", names) == "symbols"sv);
  CAF_CHECK(nearest("CLOCK", names) == "clock"sv);
  CAF_CHECK(nearest("indx_symbl", names) == "index_symbol"sv);
  CAF_CHECK(!nearest("temperature", names));
  CAF_CHECK(!nearest(std::string(1000, 'c'), names));
}

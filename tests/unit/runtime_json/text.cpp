#define CAF_SUITE json_text
#include "runtime/json/text.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>

namespace json = boost::json;
using banksia::json_text;

namespace {

constexpr auto infinity = std::numeric_limits<double>::infinity();

std::string of(double x) {
  return json_text(json::value(x));
}

} // namespace

CAF_TEST(numbers read as people write them) {
  CAF_CHECK_EQUAL(of(0.575), "0.575");
  CAF_CHECK_EQUAL(of(-0.0125), "-0.0125");
  CAF_CHECK_EQUAL(of(1732603), "1732603.0");
  CAF_CHECK_EQUAL(of(100000), "100000.0");
  CAF_CHECK_EQUAL(of(0), "0.0");
  CAF_CHECK_EQUAL(of(-0.0), "-0.0");
  CAF_CHECK_EQUAL(of(0.000001), "0.000001");
}

CAF_TEST(what would be mostly zeros keeps its exponent) {
  CAF_CHECK_EQUAL(of(2.5e-7), "2.5e-07");
  CAF_CHECK_EQUAL(of(1e15), "1e+15");
  CAF_CHECK_EQUAL(of(5e-324), "5e-324");
}

CAF_TEST(what JSON cannot express is null) {
  CAF_CHECK_EQUAL(of(std::numeric_limits<double>::quiet_NaN()), "null");
  CAF_CHECK_EQUAL(of(infinity), "null");
  CAF_CHECK_EQUAL(of(-infinity), "null");
}

CAF_TEST(every finite double reads back to its bits) {
  std::mt19937_64 random{20260104};
  for (int i = 0; i < 20000; ++i) {
    auto x = std::bit_cast<double>(random());
    if (!std::isfinite(x))
      continue;
    auto text = of(x);
    CAF_REQUIRE_EQUAL(std::bit_cast<std::uint64_t>(std::strtod(text.c_str(),
                                                               nullptr)),
                      std::bit_cast<std::uint64_t>(x));
    CAF_REQUIRE(json::parse(text).is_double());
  }
}

CAF_TEST(every character and whole number is as Boost writes it) {
  for (int c = 0; c < 256; ++c) {
    json::value text = json::string("ab" + std::string(1, static_cast<char>(c)));
    CAF_CHECK_EQUAL(json_text(text), json::serialize(text));
    json::object named{{text.get_string(), true}};
    CAF_CHECK_EQUAL(json_text(named), json::serialize(named));
  }
  for (auto x : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                 std::int64_t{0}, std::numeric_limits<std::int64_t>::max()})
    CAF_CHECK_EQUAL(json_text(json::value(x)), std::to_string(x));
  CAF_CHECK_EQUAL(json_text(json::value(~std::uint64_t{0})),
                  "18446744073709551615");
  CAF_CHECK_EQUAL(json_text(json::value(false)), "false");
}

CAF_TEST(structure and strings are as Boost writes them) {
  auto text = R"({"a":[],"b":[[],{}],"c":{"d\"":"{["},"e":[true,null,-7],)"
              R"("f":"\u0001ä"})";
  auto document = json::parse(text);
  CAF_CHECK_EQUAL(json_text(document), json::serialize(document));
  CAF_CHECK_EQUAL(json_text(json::object{}), "{}");
  CAF_CHECK_EQUAL(json_text(json::array{1, 2}), "[1,2]");
}

#define CAF_SUITE http_schema
#include "runtime/http/schema.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

#include <stdexcept>

using namespace banksia::http;

namespace {

schema_book book() {
  schema_book result;
  result.named["Bar"] = schema::exactly(
    {{"close", schema::or_null(schema::number(0, 100))},
     {"opened_at", schema::time()},
     {"note", schema::text(3), false}});
  result.formats["shouted"] = [](std::string_view x) {
    return x.find_first_of("abcdefghijklmnopqrstuvwxyz") == x.npos;
  };
  return result;
}

/// The field that is to blame, "ok" for none.
std::string broken(const char* text, const json_schema& against) {
  auto value = boost::json::parse(text);
  auto found = check_schema(value, against, book());
  return found ? found->field : "ok";
}

std::string why(const char* text, const json_schema& against) {
  auto found = check_schema(boost::json::parse(text), against, book());
  return found ? found->detail : "ok";
}

} // namespace

CAF_TEST(types are told apart) {
  CAF_CHECK_EQUAL(broken("\"a\"", schema::text()), "ok");
  CAF_CHECK_EQUAL(why("1", schema::text()), "it must be a text");
  CAF_CHECK_EQUAL(broken("1.5", schema::number()), "ok");
  CAF_CHECK_EQUAL(why("1.5", schema::whole()), "it must be a whole number");
  CAF_CHECK_EQUAL(broken("30.0", schema::whole()), "ok");
  CAF_CHECK_EQUAL(broken("18446744073709551615", schema::whole()), "ok");
  CAF_CHECK_EQUAL(why("1e300", schema::whole()), "it must be a whole number");
  CAF_CHECK_EQUAL(broken("true", schema::boolean()), "ok");
  CAF_CHECK_EQUAL(why("0", schema::boolean()), "it must be true or false");
  CAF_CHECK_EQUAL(why("{}", schema::list(schema::text())),
                  "it must be a list");
  CAF_CHECK_EQUAL(why("[]", schema::object({})), "it must be an object");
  CAF_CHECK_EQUAL(broken("[{}, null]", schema::anything()), "ok");
}

CAF_TEST(null is a value of its own) {
  CAF_CHECK_EQUAL(broken("null", schema::or_null(schema::text())), "ok");
  CAF_CHECK_EQUAL(why("1", schema::or_null(schema::text())),
                  "it must be a text or null");
  auto choice = schema::or_null(schema::one_of({"a", "b"}));
  CAF_CHECK_EQUAL(broken("null", choice), "ok");
  CAF_CHECK_EQUAL(why("\"c\"", choice), "it must be one of: a, b");
  auto named = schema::or_null(schema::ref("Bar"));
  CAF_CHECK_EQUAL(broken("null", named), "ok");
  CAF_CHECK_EQUAL(why("3", named), "it must be an object");
}

CAF_TEST(bounds include their ends) {
  auto number = schema::whole(1, 5);
  for (auto text : {"1", "5"})
    CAF_CHECK_EQUAL(broken(text, number), "ok");
  for (auto text : {"0", "6"})
    CAF_CHECK_EQUAL(why(text, number), "out of range: it goes from 1 to 5");
  auto list = schema::list(schema::text(), 1, 2);
  CAF_CHECK_EQUAL(broken(R"(["a", "b"])", list), "ok");
  CAF_CHECK_EQUAL(why("[]", list), "it is empty");
  CAF_CHECK_EQUAL(why(R"(["a", "b", "c"])", list),
                  "more than 2 elements: send them in parts");
  CAF_CHECK_EQUAL(why(R"(["a"])", schema::list(schema::text(), 2, 3)),
                  "too few elements");
  // Characters, not bytes.
  CAF_CHECK_EQUAL(broken("\"äöü\"", schema::text(3)), "ok");
  CAF_CHECK_EQUAL(why("\"abcd\"", schema::text(3)),
                  "longer than 3 characters: say it shorter");
}

CAF_TEST(the place that is to blame is named) {
  auto body = schema::exactly({{"bars", schema::list(schema::ref("Bar"))},
                               {"kind", schema::text()}});
  auto bars = [&](std::string bar) {
    auto text = R"({"kind": "", "bars": [)" + bar + "]}";
    return broken(text.c_str(), body);
  };
  std::string good = R"({"close": 1, "opened_at": "2025-07-01T00:00:00Z"})";
  CAF_CHECK_EQUAL(bars(good), "ok");
  CAF_CHECK_EQUAL(bars(good + ", 7"), "bars[1]");
  CAF_CHECK_EQUAL(bars(R"({"opened_at": "2025-07-01T00:00:00Z"})"),
                  "bars[0].close");
  CAF_CHECK_EQUAL(bars(R"({"close": 101})"), "bars[0].close");
  CAF_CHECK_EQUAL(bars(R"({"close": null, "opened_at": "now"})"),
                  "bars[0].opened_at");
  CAF_CHECK_EQUAL(bars(R"({"colour": 1})"), "bars[0].colour");
  CAF_CHECK_EQUAL(broken("{}", body), "bars");
  CAF_CHECK_EQUAL(why(R"({"other": 1})", body),
                  "no such field: use bars, kind");
  // Members beyond those that are described may be there elsewhere.
  CAF_CHECK_EQUAL(broken(R"({"other": 1})", schema::object({})), "ok");
  auto numbers = schema::map_of(schema::number());
  CAF_CHECK_EQUAL(broken(R"({"a": 1, "b": 2})", numbers), "ok");
  CAF_CHECK_EQUAL(broken(R"({"a": 1, "b": "2"})", numbers), "b");
}

CAF_TEST(formats are checked where they are known) {
  CAF_CHECK_EQUAL(broken("\"AB\"", schema::format("shouted")), "ok");
  CAF_CHECK_EQUAL(why("\"Ab\"", schema::format("shouted")),
                  "no shouted: Ab");
  CAF_CHECK_EQUAL(broken("\"Ab\"", schema::format("uuid")), "ok");
  CAF_CHECK_EQUAL(broken("\"2024-02-29\"", schema::date()), "ok");
  for (auto text : {"\"2025-02-29\"", "\"2025-2-1\"", "\"2025-13-01\"", "\"\"",
                    "\"2025-01-0x\""})
    CAF_CHECK(broken(text, schema::date()) != "ok");
}

CAF_TEST(times have a zone and exist) {
  for (auto text : {"2025-07-01T00:00:00Z", "2025-07-01t23:59:60z",
                    "2025-07-01T00:00:00.123456789+10:00",
                    "2025-07-01T00:00:00-03:30"})
    CAF_CHECK(is_rfc3339(text));
  for (auto text :
       {"", "2025-07-01", "2025-07-01T00:00:00", "2025-07-01T24:00:00Z",
        "2025-07-01T00:60:00Z", "2025-07-01T00:00:61Z", "2025-02-30T00:00:00Z",
        "2025-07-01 00:00:00Z", "2025-07-01T00:00:00.Z",
        "2025-07-01T00:00:00+1000", "2025-07-01T00:00:00+24:00",
        "2025-07-01T00:00:00Zulu", "2025-07-01T0a:00:00Z"})
    CAF_CHECK(!is_rfc3339(text));
}

CAF_TEST(a name that is not in the book is a defect) {
  try {
    check_schema(1, schema::ref("Nothing"), book());
    CAF_FAIL("it was not noticed");
  } catch (const std::out_of_range& e) {
    CAF_CHECK_EQUAL(std::string{e.what()}, "no such schema: Nothing");
  }
}

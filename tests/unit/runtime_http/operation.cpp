#define CAF_SUITE http_operation
#include "runtime/http/operation.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

using namespace banksia::http;

namespace {

operation lists() {
  operation result;
  result.summary = "lists";
  result.query = {{"limit", schema::whole(1, 10)},
                  {"from", schema::time()},
                  {"names", schema::list(schema::text(3))},
                  {"order", schema::one_of({"asc", "desc"})}};
  result.path = {{"id", schema::text(4)}};
  result.answers = {{200, "a list", schema::object({})}};
  return result;
}

operation changes(bool needs_body) {
  operation result;
  result.summary = "changes";
  result.body = request_body{schema::exactly({{"name", schema::text()}}),
                             needs_body};
  return result;
}

request asking(std::string_view target) {
  request what;
  if (!parse_target(target, what))
    CAF_FAIL("bad target in the test");
  what.params = {{"id", "abcd"}};
  return what;
}

/// "422 limit", or "200" where it may pass.
std::string outcome(request what, const operation& of) {
  auto refused = check_request(what, of, {});
  if (!refused)
    return "200";
  auto body = boost::json::parse(refused->body).as_object();
  auto field = body.if_contains("field");
  return std::to_string(refused->status)
         + (field ? " " + std::string{field->as_string()} : "");
}

std::string query_outcome(std::string_view query) {
  return outcome(asking("/a?" + std::string{query}), lists());
}

request with_body(std::string body) {
  auto what = asking("/a");
  what.body = std::move(body);
  return what;
}

} // namespace

CAF_TEST(a query is checked by name and by value) {
  CAF_CHECK_EQUAL(outcome(asking("/a"), lists()), "200");
  CAF_CHECK_EQUAL(query_outcome("limit=10&order=asc&names=a,b"), "200");
  CAF_CHECK_EQUAL(query_outcome("colour=1"), "400 colour");
  CAF_CHECK_EQUAL(query_outcome("limit=1&limit=1"), "400 limit");
  for (auto text : {"", "0", "11", "1.5", "+1", "ten",
                    "99999999999999999999"})
    CAF_CHECK_EQUAL(query_outcome("limit=" + std::string{text}),
                    "422 limit");
  CAF_CHECK_EQUAL(query_outcome("from=yesterday"), "422 from");
  CAF_CHECK_EQUAL(query_outcome("order=up"), "422 order");
  CAF_CHECK_EQUAL(query_outcome("names=a,long"), "422 names");
}

CAF_TEST(a name in the path is checked) {
  auto what = asking("/a");
  what.params = {{"id", "abcde"}};
  CAF_CHECK_EQUAL(outcome(what, lists()), "422 id");
}

CAF_TEST(what is not described is not checked) {
  CAF_CHECK_EQUAL(outcome(asking("/a?b=c"), {}), "200");
}

CAF_TEST(a body is read and checked) {
  auto what = with_body(R"({"name": "x"})");
  CAF_CHECK(!check_request(what, changes(true), {}));
  CAF_REQUIRE(what.content != nullptr);
  CAF_CHECK_EQUAL(what.content->at("name").as_string(), "x");
  CAF_CHECK_EQUAL(outcome(with_body("{"), changes(true)), "400");
  CAF_CHECK_EQUAL(outcome(with_body("[]"), changes(true)), "422 ");
  CAF_CHECK_EQUAL(outcome(with_body("{}"), changes(true)), "422 name");
  CAF_CHECK_EQUAL(outcome(with_body(R"({"name": "x", "y": 1})"),
                          changes(true)),
                  "422 y");
}

CAF_TEST(a missing body is told from one without a length) {
  CAF_CHECK_EQUAL(outcome(asking("/a"), changes(false)), "200");
  CAF_CHECK_EQUAL(outcome(asking("/a"), changes(true)), "411");
  for (auto header : {"Content-Length", "Transfer-Encoding"}) {
    auto what = asking("/a");
    what.headers = {{header, "0"}};
    CAF_CHECK_EQUAL(outcome(what, changes(true)), "400 ");
  }
}

CAF_TEST(an Accept that fits no answer is refused) {
  auto what = asking("/a");
  what.headers = {{"accept", "text/html"}};
  CAF_CHECK_EQUAL(outcome(what, lists()), "406");
  what.headers = {{"Accept", "text/html, application/*;q=0.1"}};
  CAF_CHECK_EQUAL(outcome(what, lists()), "200");
  // An answer without a body fits all.
  auto silent = lists();
  silent.answers = {{302, "elsewhere", {}, ""}};
  what.headers = {{"Accept", "text/html"}};
  CAF_CHECK_EQUAL(outcome(what, silent), "200");
}

CAF_TEST(the most specific range decides) {
  CAF_CHECK(accepts(std::nullopt, "application/json"));
  CAF_CHECK(accepts("*/*", "application/json"));
  CAF_CHECK(accepts("Application/JSON", "application/json"));
  CAF_CHECK(accepts("text/plain;version=0.0.4;q=0.5",
                    "text/plain; charset=utf-8"));
  CAF_CHECK(accepts("application/json;q=0.001, */*;q=0", "application/json"));
  CAF_CHECK(!accepts("application/json;q=0, */*", "application/json"));
  CAF_CHECK(!accepts("application/json; q=0.000", "application/json"));
  CAF_CHECK(!accepts("text/*", "application/json"));
  CAF_CHECK(!accepts("", "application/json"));
}

#define CAF_SUITE http_message
#include "runtime/http/message.hpp"
#include "runtime/http/problem_type.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

using namespace banksia::http;

namespace {

response refusal_of(const std::string& body) {
  request what;
  what.body = body;
  what.trace_id = "f00";
  auto read = parse_json_body(what);
  return read ? response{} : read.error();
}

std::string text_of(std::optional<std::string_view> found) {
  return std::string{found.value_or("nothing")};
}

} // namespace

CAF_TEST(a problem has the members of RFC 9457) {
  auto made = problem(problems::not_found, "no \"such\" thing", {{"id", 7}},
                      "abc");
  CAF_CHECK_EQUAL(made.status, 404);
  CAF_CHECK_EQUAL(made.content_type, "application/problem+json");
  auto read = boost::json::parse(made.body);
  auto expected = boost::json::parse(
    R"({"type":"/problems/not-found","title":"Not Found","status":404,)"
    R"("detail":"no \"such\" thing","trace_id":"abc","id":7})");
  CAF_CHECK(read == expected);
}

CAF_TEST(a target is split and decoded) {
  request what;
  CAF_REQUIRE(parse_target("/a%20b/c%2Fd/?x=1%262&y=a+b&z&x=2", what));
  CAF_CHECK_EQUAL(what.path, "/a%20b/c%2Fd/");
  CAF_CHECK_EQUAL(what.segments,
                  (std::vector<std::string>{"a b", "c/d", ""}));
  CAF_CHECK_EQUAL(text_of(what.query_value("x")), "1&2");
  CAF_CHECK_EQUAL(text_of(what.query_value("y")), "a b");
  CAF_CHECK_EQUAL(text_of(what.query_value("z")), "");
  CAF_CHECK(!what.query_value("none"));
  CAF_REQUIRE(parse_target("http://localhost:1/abs?q=1", what));
  CAF_CHECK_EQUAL(what.segments, std::vector<std::string>{"abs"});
  CAF_REQUIRE(parse_target("/", what));
  CAF_CHECK_EQUAL(what.segments, std::vector<std::string>{""});
}

CAF_TEST(a simple target is split as any other) {
  request what;
  for (std::string text :
       {"/livez", "/a/b/c", "/predictions/CBA.AX", "/a-b_c~d.e/.../.", "/..",
        "//a", "/a//b", "/a/", "//", "/a/b/", "/:a", "/a;b", "/a@b"}) {
    CAF_REQUIRE(parse_target(text, what));
    CAF_CHECK_EQUAL(what.path, text);
    CAF_CHECK(what.query.empty());
    // A query makes it one for the full parser.
    request full;
    CAF_REQUIRE(parse_target(text + "?x=1", full));
    CAF_CHECK_EQUAL(what.path, full.path);
    CAF_CHECK_EQUAL(what.segments, full.segments);
  }
  CAF_REQUIRE(parse_target("/a/b", what));
  CAF_CHECK_EQUAL(what.segments, (std::vector<std::string>{"a", "b"}));
}

CAF_TEST(a malformed target is refused) {
  request what;
  for (auto text : {"", "*", "a b", "/%zz", "/%1", "/a b", "/\x01", "/a\"b"})
    CAF_CHECK(!parse_target(text, what));
}

CAF_TEST(headers are found whatever their case) {
  request what;
  what.headers = {{"X-One", "1"}, {"x-one", "2"}};
  CAF_CHECK_EQUAL(text_of(what.header("x-ONE")), "1");
  CAF_CHECK(!what.header("X-On"));
}

CAF_TEST(a body is read as JSON) {
  request what;
  what.body = R"( {"symbols":["CBA.AX"]} )";
  auto read = parse_json_body(what);
  CAF_REQUIRE(read.has_value());
  CAF_CHECK_EQUAL(read->at("symbols").as_array().size(), 1u);
}

CAF_TEST(a body that is no JSON gets a 400 that says where) {
  auto refused = refusal_of("{\"a\":x}");
  CAF_CHECK_EQUAL(refused.status, 400);
  CAF_CHECK(refused.body.find("byte 5") != std::string::npos);
  CAF_CHECK(refused.body.find("\"f00\"") != std::string::npos);
  for (auto text : {"", "{", "{} {}", "{\"a\":1,}", "\"\xff\"", "nul"})
    CAF_CHECK_EQUAL(refusal_of(text).status, 400);
}

CAF_TEST(a body that nests too deep is refused) {
  auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CAF_CHECK_EQUAL(refusal_of(nested(json_depth_max)).status, 200);
  CAF_CHECK_EQUAL(refusal_of(nested(json_depth_max + 1)).status, 400);
  CAF_CHECK_EQUAL(refusal_of(std::string(500'000, '[')).status, 400);
}

CAF_TEST(a trace is taken over from traceparent) {
  auto good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  auto read = parse_traceparent(good);
  CAF_REQUIRE(read.has_value());
  CAF_CHECK_EQUAL(*read, "4bf92f3577b34da6a3ce929d0e0e4736");
  for (auto text :
       {"", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01"})
    CAF_CHECK(!parse_traceparent(text));
}

CAF_TEST(trace ids differ) {
  auto one = make_trace_id();
  CAF_CHECK_EQUAL(one.size(), 32u);
  CAF_CHECK(one != make_trace_id());
}

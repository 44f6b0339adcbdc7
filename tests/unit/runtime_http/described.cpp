#define CAF_SUITE http_described
#include "tests/unit/runtime_http/client.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::http_test;

namespace {

http::router routes() {
  http::router result;
  http::operation one;
  one.summary = "Says hello";
  one.query = {{"limit", http::schema::whole(1, 5)}};
  one.answers = {{200, "hello", http::schema::text()}};
  result.get(
    "/hello",
    [](const http::request&, const http::responder& reply) {
      reply(http::json_response("hello"));
    },
    one);
  http::operation make;
  make.summary = "Makes";
  make.body = http::request_body{
    http::schema::exactly({{"name", http::schema::text()}})};
  result.post(
    "/make",
    [](const http::request& what, const http::responder& reply) {
      reply(http::json_response(what.content->at("name")));
    },
    make);
  return result;
}

http::server_options options() {
  http::server_options result;
  result.rules.token = "secret";
  result.rules.allowed_origins = {"https://page.example"};
  return result;
}

std::string asking(std::string_view method, std::string_view target,
                   std::string_view more = {}, std::string_view body = {}) {
  return std::string{method} + " " + std::string{target}
         + " HTTP/1.1\r\nHost: localhost\r\n" + std::string{more} + "\r\n"
         + std::string{body};
}

constexpr auto token = "Authorization: Bearer secret\r\n"
                       "Content-Type: application/json\r\n";

} // namespace

CAF_TEST(the table refuses before the handler is asked) {
  fixture f{routes(), options()};
  auto got = f.ask(get("/hello?limit=6"));
  CAF_CHECK_EQUAL(got.status, 422);
  CAF_CHECK(got.says(R"("field":"limit")"));
  CAF_CHECK_EQUAL(f.ask(get("/hello?limit=5")).status, 200);
  CAF_CHECK_EQUAL(f.ask(get("/hello?colour=5")).status, 400);
  CAF_CHECK_EQUAL(f.ask(asking("GET", "/hello", "Accept: text/html\r\n"))
                    .status,
                  406);
  auto post = [&](std::string_view more, std::string_view body) {
    return f.ask(asking("POST", "/make", std::string{token} + std::string{more},
                        body)).status;
  };
  CAF_CHECK_EQUAL(post("Content-Length: 12\r\n", R"({"name":"x"})"), 200);
  CAF_CHECK_EQUAL(post("Content-Length: 10\r\n", R"({"name":7})"), 422);
  CAF_CHECK_EQUAL(post("Content-Length: 0\r\n", ""), 400);
  CAF_CHECK_EQUAL(post("", ""), 411);
}

CAF_TEST(an answer that is known comes without its body) {
  fixture f{routes(), options()};
  auto first = f.ask(get("/hello"));
  auto at = first.header.find("ETag: ");
  CAF_REQUIRE(at != std::string::npos);
  auto tag = first.header.substr(at + 6, 34);
  auto again
    = f.ask(asking("GET", "/hello", "If-None-Match: " + tag + "\r\n"), false);
  CAF_CHECK_EQUAL(again.status, 304);
  CAF_CHECK(again.has("ETag: " + tag));
  CAF_CHECK(!again.has("Content-Length"));
  CAF_CHECK(!again.has("Content-Type: "));
  auto head = f.ask(asking("HEAD", "/hello"), false);
  CAF_CHECK_EQUAL(head.status, 200);
  CAF_CHECK(head.has("ETag: " + tag));
}

CAF_TEST(OPTIONS says what a path takes) {
  fixture f{routes(), options()};
  auto got = f.ask(asking("OPTIONS", "/hello"), false);
  CAF_CHECK_EQUAL(got.status, 204);
  CAF_CHECK(got.has("Allow: GET, HEAD, OPTIONS\r\n"));
  CAF_CHECK(!got.has("Access-Control"));
  CAF_CHECK_EQUAL(f.ask(asking("OPTIONS", "/nothing")).status, 404);
  CAF_CHECK_EQUAL(f.ask("OPTIONS /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                    .status,
                  421);
}

CAF_TEST(a page of an allowed origin may read and ask first) {
  fixture f{routes(), options()};
  constexpr auto ours = "Origin: https://page.example\r\n";
  auto got = f.ask(asking("GET", "/hello", ours));
  CAF_CHECK(got.has("Access-Control-Allow-Origin: https://page.example\r\n"));
  CAF_CHECK(got.has("Vary: Origin\r\n"));
  CAF_CHECK(got.has("Cross-Origin-Resource-Policy: cross-origin\r\n"));
  auto asked = f.ask(asking("OPTIONS", "/make",
                            std::string{ours}
                              + "Access-Control-Request-Method: POST\r\n"),
                     false);
  CAF_CHECK_EQUAL(asked.status, 204);
  CAF_CHECK(asked.has("Access-Control-Allow-Methods: POST, OPTIONS\r\n"));
  CAF_CHECK(asked.has("Access-Control-Allow-Headers: Authorization, "));
  // A refusal can be read too.
  CAF_CHECK(f.ask(asking("GET", "/hello?a=b", ours))
              .has("Access-Control-Allow-Origin"));
}

CAF_TEST(a page of another origin may not) {
  fixture f{routes(), options()};
  constexpr auto foreign = "Origin: https://evil.example\r\n";
  CAF_CHECK(!f.ask(asking("GET", "/hello", foreign)).has("Access-Control"));
  auto asked = f.ask(asking("OPTIONS", "/make",
                            std::string{foreign}
                              + "Access-Control-Request-Method: POST\r\n"),
                     false);
  CAF_CHECK_EQUAL(asked.status, 204);
  CAF_CHECK(!asked.has("Access-Control"));
}

CAF_TEST(a request has the name that the client gave it) {
  fixture f{routes(), options()};
  CAF_CHECK(f.ask(asking("GET", "/hello", "X-Request-Id: order-7\r\n"))
              .has("X-Request-Id: order-7\r\n"));
  auto line_of = [](const reply& of, std::string_view name) {
    auto at = of.header.find(name);
    return at == std::string::npos ? "none"
                                   : of.header.substr(at + name.size(), 32);
  };
  for (auto given : {"", "X-Request-Id: a b\r\n", "X-Request-Id: <a>\r\n"}) {
    auto made = f.ask(asking("GET", "/hello", given));
    CAF_CHECK_EQUAL(line_of(made, "X-Request-Id: "),
                    line_of(made, "X-Trace-Id: "));
  }
  CAF_CHECK(!http::is_request_id(std::string(129, 'a')));
  CAF_CHECK(http::is_request_id(std::string(128, 'a')));
}

CAF_TEST(who is too slow is told so) {
  auto quick = options();
  quick.idle_timeout = std::chrono::milliseconds{30};
  fixture f{routes(), quick};
  client header{f.port};
  header.send("GET /hel");
  CAF_CHECK_EQUAL(header.read_reply().status, 408);
  CAF_CHECK(header.drained());
  client body{f.port};
  body.send(asking("POST", "/make",
                   std::string{token} + "Content-Length: 12\r\n", "{\"na"));
  CAF_CHECK_EQUAL(body.read_reply().status, 408);
  // Nobody waits for an answer there.
  client silent{f.port};
  CAF_CHECK(silent.at_end());
}

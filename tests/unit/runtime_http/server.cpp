#define CAF_SUITE http_server
#include "runtime/http/server.hpp"

#include "tests/unit/runtime_http/client.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

using namespace banksia;
using namespace banksia::http_test;

namespace {

http::router echo_routes() {
  http::router routes;
  routes.get("/hello", saying("hello"));
  routes.get("/p/{id}", [](const http::request& what, http::responder reply) {
    std::string text{what.param("id")};
    for (const auto& [name, value] : what.query)
      text += ";" + name + "=" + value;
    reply({200, "text/plain", text});
  });
  routes.post("/echo", [](const http::request& what, http::responder reply) {
    auto body = http::parse_json_body(what);
    reply(body ? http::json_response(*body, 201) : body.error());
  });
  return routes;
}

http::server_options with_token() {
  http::server_options result;
  result.rules.token = "secret";
  return result;
}

std::string post(std::string_view target, std::string_view body,
                 std::string_view more = "Authorization: Bearer secret\r\n") {
  return "POST " + std::string{target}
         + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
         + std::string{more} + "Content-Length: "
         + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

} // namespace

CAF_TEST(routes answer with parameters and query) {
  fixture f{echo_routes()};
  auto got = f.ask(get("/p/CBA%2EAX?from=a%20b&to="));
  CAF_CHECK_EQUAL(got.status, 200);
  CAF_CHECK_EQUAL(got.body, "CBA.AX;from=a b;to=");
  CAF_CHECK(got.has("Content-Type: text/plain\r\n"));
}

CAF_TEST(every answer has the security headers) {
  fixture f{echo_routes()};
  auto got = f.ask(get("/hello"));
  for (auto line : {"X-Content-Type-Options: nosniff\r\n",
                    "X-Frame-Options: DENY\r\n", "Cache-Control: no-store\r\n",
                    "Referrer-Policy: no-referrer\r\n",
                    "Content-Security-Policy: default-src 'none'; frame-anc",
                    "Cross-Origin-Opener-Policy: same-origin\r\n",
                    "Cross-Origin-Resource-Policy: same-origin\r\n", "Date: "})
    CAF_CHECK(got.has(line));
}

CAF_TEST(a page may load its own files alone) {
  http::router routes;
  routes.get("/", [](const http::request&, http::responder reply) {
    reply({200, "text/html; charset=utf-8", "<p>"});
  });
  fixture f{std::move(routes)};
  auto got = f.ask(get("/"));
  CAF_CHECK(got.has("Content-Security-Policy: default-src 'none'; script-src "
                    "'self'; style-src 'self'; "));
  CAF_CHECK(got.header.find("unsafe") == std::string::npos);
}

CAF_TEST(a handler may set headers but not break them) {
  http::router routes;
  routes.get("/", [](const http::request&, http::responder reply) {
    reply({200,
           "text/css",
           "x",
           {{"cache-control", "max-age=60"},
            {"Set-Cookie", "a"},
            {"Set-Cookie", "b"},
            {"X-Bad", "1\r\nX-Forged: 1"},
            {"Content-Length", "77"}}});
  });
  fixture f{std::move(routes)};
  auto got = f.ask(get("/"));
  CAF_CHECK_EQUAL(got.body, "x");
  CAF_CHECK(got.has("cache-control: max-age=60\r\n"));
  CAF_CHECK(!got.has("no-store"));
  CAF_CHECK(got.has("Set-Cookie: a\r\n"));
  CAF_CHECK(got.has("Set-Cookie: b\r\n"));
  CAF_CHECK(!got.has("X-Forged"));
  CAF_CHECK(!got.has("Content-Length: 77"));
}

CAF_TEST(an unknown path is a 404 problem with the trace of the request) {
  fixture f{echo_routes()};
  auto got = f.ask("GET /no HTTP/1.1\r\nHost: localhost\r\ntraceparent: 00-"
                   "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
                   "\r\n\r\n");
  CAF_CHECK_EQUAL(got.status, 404);
  CAF_CHECK(got.has("Content-Type: application/problem+json\r\n"));
  CAF_CHECK(got.has("X-Trace-Id: 4bf92f3577b34da6a3ce929d0e0e4736\r\n"));
  auto body = boost::json::parse(got.body).as_object();
  CAF_CHECK_EQUAL(std::string{body["trace_id"].as_string()},
                  "4bf92f3577b34da6a3ce929d0e0e4736");
}

CAF_TEST(an unknown method is a 405 that tells the known ones) {
  fixture f{echo_routes()};
  for (auto verb : {"DELETE", "BREW", "PUT"}) {
    auto got = f.ask(std::string{verb}
                     + " /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CAF_CHECK_EQUAL(got.status, 405);
    CAF_CHECK(got.has("Allow: GET, HEAD, OPTIONS\r\n"));
  }
}

CAF_TEST(HEAD is GET without the body) {
  fixture f{echo_routes()};
  client c{f.port};
  auto head = c.ask("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", false);
  CAF_CHECK_EQUAL(head.status, 200);
  CAF_CHECK(head.has("Content-Length: 5\r\n"));
  // Nothing of a body lies between this answer and the last.
  CAF_CHECK_EQUAL(c.ask(get("/hello")).body, "hello");
}

CAF_TEST(a change needs the token) {
  fixture f{echo_routes(), with_token()};
  auto refused = f.ask(post("/echo", "{}", ""));
  CAF_CHECK_EQUAL(refused.status, 401);
  CAF_CHECK(refused.has("WWW-Authenticate: Bearer"));
  CAF_CHECK_EQUAL(
    f.ask(post("/echo", "{}", "Authorization: Bearer wrong\r\n")).status, 401);
  auto taken = f.ask(post("/echo", "{\"a\":1}"));
  CAF_CHECK_EQUAL(taken.status, 201);
  CAF_CHECK_EQUAL(taken.body, "{\"a\":1}");
}

CAF_TEST(a change needs JSON and its own origin) {
  fixture f{echo_routes(), with_token()};
  CAF_CHECK_EQUAL(f.ask("POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                        "Authorization: Bearer secret\r\n"
                        "Content-Type: text/plain\r\n"
                        "Content-Length: 2\r\n\r\n{}")
                    .status,
                  415);
  CAF_CHECK_EQUAL(f.ask(post("/echo", "{}", "Origin: http://evil.example\r\n"
                                            "Authorization: Bearer secret\r\n"))
                    .status,
                  403);
  CAF_CHECK_EQUAL(f.ask(post("/echo", "{")).status, 400);
}

CAF_TEST(a foreign host is misdirected) {
  fixture f{echo_routes()};
  CAF_CHECK_EQUAL(
    f.ask("GET /hello HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 421);
  CAF_CHECK_EQUAL(f.ask("GET /hello HTTP/1.1\r\n\r\n").status, 400);
  CAF_CHECK_EQUAL(f.ask("GET /hello HTTP/1.1\r\nHost: 127.0.0.1:"
                        + std::to_string(f.port) + "\r\n\r\n")
                    .status,
                  200);
}

CAF_TEST(a connection is kept and closed on demand) {
  fixture f{echo_routes()};
  client c{f.port};
  CAF_CHECK_EQUAL(c.ask(get("/hello")).status, 200);
  CAF_CHECK_EQUAL(c.ask(get("/no")).status, 404);
  auto last = c.ask("GET /hello HTTP/1.1\r\nHost: localhost\r\n"
                    "Connection: close\r\n\r\n");
  CAF_CHECK(last.has("Connection: close\r\n"));
  CAF_CHECK(c.at_end());
  CAF_CHECK_EQUAL(f.server.counts().connections_accepted, 1u);
}

CAF_TEST(HTTP 1 0 closes after its answer) {
  fixture f{echo_routes()};
  client c{f.port};
  CAF_CHECK_EQUAL(c.ask("GET /hello HTTP/1.0\r\n\r\n").body, "hello");
  CAF_CHECK(c.at_end());
}

CAF_TEST(pipelined requests are answered in order) {
  fixture f{echo_routes(), with_token()};
  client c{f.port};
  c.send(get("/p/1") + post("/echo", "[2]") + get("/p/3"));
  CAF_CHECK_EQUAL(c.read_reply().body, "1");
  CAF_CHECK_EQUAL(c.read_reply().body, "[2]");
  CAF_CHECK_EQUAL(c.read_reply().body, "3");
}

CAF_TEST(a request may come byte by byte and in chunks) {
  fixture f{echo_routes(), with_token()};
  client c{f.port};
  for (auto byte : get("/hello"))
    c.send(std::string(1, byte));
  CAF_CHECK_EQUAL(c.read_reply().body, "hello");
  auto got = c.ask("POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                   "Content-Type: application/json\r\n"
                   "Authorization: Bearer secret\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n"
                   "2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n");
  CAF_CHECK_EQUAL(got.body, "[1]");
}

CAF_TEST(a client may wait for leave to send its body) {
  fixture f{echo_routes(), with_token()};
  client c{f.port};
  c.send("POST /echo HTTP/1.1\r\nHost: localhost\r\n"
         "Content-Type: application/json\r\nExpect: 100-continue\r\n"
         "Authorization: Bearer secret\r\nContent-Length: 2\r\n\r\n");
  CAF_CHECK_EQUAL(c.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  CAF_CHECK_EQUAL(c.ask("{}").status, 201);
}

CAF_TEST(another thread may answer later) {
  std::mutex mutex;
  std::condition_variable asked;
  std::optional<http::responder> pending;
  http::router routes;
  routes.get("/later", [&](const http::request&, http::responder reply) {
    std::lock_guard lock{mutex};
    pending = reply;
    asked.notify_one();
  });
  routes.get("/hello", saying("hello"));
  fixture f{std::move(routes)};
  client c{f.port};
  c.send(get("/later"));
  std::unique_lock lock{mutex};
  asked.wait(lock, [&] { return pending.has_value(); });
  // The server goes on while one request waits.
  CAF_CHECK_EQUAL(f.ask(get("/hello")).body, "hello");
  bool first = false;
  bool second = true;
  std::thread other{[&] {
    first = (*pending)({200, "text/plain", "late"});
    second = (*pending)({200, "text/plain", "twice"});
  }};
  other.join();
  CAF_CHECK(first);
  CAF_CHECK(!second);
  CAF_CHECK_EQUAL(c.read_reply().body, "late");
  CAF_CHECK_EQUAL(c.ask(get("/hello")).body, "hello");
}

CAF_TEST(a responder that is dropped answers 503) {
  http::router routes;
  routes.get("/drop", [](const http::request&, http::responder) {});
  fixture f{std::move(routes)};
  client c{f.port};
  auto got = c.ask(get("/drop"));
  CAF_CHECK_EQUAL(got.status, 503);
  CAF_CHECK(got.has("Content-Type: application/problem+json\r\n"));
  CAF_CHECK_EQUAL(c.ask(get("/drop")).status, 503);
}

CAF_TEST(a handler that throws answers 500 and keeps its secret) {
  std::string seen;
  http::server_options options;
  options.observer
    = [&](const http::served& what) { seen = std::string{what.error}; };
  http::router routes;
  routes.get("/throw", [](const http::request&, http::responder) {
    throw std::runtime_error("password 1234");
  });
  fixture f{std::move(routes), options};
  auto got = f.ask(get("/throw"));
  CAF_CHECK_EQUAL(got.status, 500);
  CAF_CHECK(!got.says("1234"));
  f.server.stop();
  CAF_CHECK_EQUAL(seen, "password 1234");
}

CAF_TEST(a handler that never answers is cut short) {
  std::vector<http::responder> kept;
  http::server_options options;
  options.answer_timeout = std::chrono::milliseconds{20};
  http::router routes;
  routes.get("/never", [&](const http::request&, http::responder reply) {
    kept.push_back(reply);
  });
  routes.get("/hello", saying("hello"));
  fixture f{std::move(routes), options};
  client c{f.port};
  auto cut = c.ask(get("/never"));
  CAF_CHECK_EQUAL(cut.status, 504);
  CAF_CHECK(cut.says("/problems/deadline-passed"));
  // The late answer must not become that of the next request.
  kept[0]({200, "text/plain", "late"});
  CAF_CHECK_EQUAL(c.ask(get("/hello")).body, "hello");
}

CAF_TEST(a client that gives less time is answered when that is over) {
  std::vector<http::responder> kept;
  std::chrono::milliseconds left{0};
  auto timed = [](const std::string& seconds) {
    return "GET /never HTTP/1.1\r\nHost: localhost\r\nRequest-Timeout: "
           + seconds + "\r\n\r\n";
  };
  http::router routes;
  routes.get("/never", [&](const http::request& what, http::responder reply) {
    left = std::chrono::duration_cast<std::chrono::milliseconds>(
      what.deadline - std::chrono::steady_clock::now());
    kept.push_back(reply);
  });
  fixture f{std::move(routes), {}};
  client c{f.port};
  CAF_CHECK_EQUAL(c.ask(timed("0.02")).status, 504);
  CAF_CHECK(left.count() <= 20);
  CAF_CHECK_EQUAL(c.ask(timed("soon")).status, 400);
  CAF_CHECK_EQUAL(kept.size(), 1u);
}

CAF_TEST(what only reads has less time than what changes something) {
  http::server_options options;
  CAF_CHECK(options.longest(http::route_access::read)
            < options.longest(http::route_access::operate));
  options.answer_timeout = std::chrono::milliseconds{20};
  CAF_CHECK_EQUAL(options.longest(http::route_access::read).count(), 20);
}

CAF_TEST(each answer is observed) {
  std::vector<std::string> seen;
  http::server_options options;
  options.observer = [&](const http::served& what) {
    seen.push_back(std::string{what.service} + " " + std::string{what.route}
                   + " " + std::string{http::to_string(what.method)} + " "
                   + std::to_string(what.status)
                   + (what.took.count() > 0 ? " timed" : ""));
  };
  fixture f{echo_routes(), options};
  f.ask(get("/p/7"));
  f.ask(get("/no"));
  f.ask("?\r\n\r\n");
  f.server.stop();
  CAF_REQUIRE_EQUAL(seen.size(), 3u);
  CAF_CHECK_EQUAL(seen[0], "test /p/{id} GET 200 timed");
  CAF_CHECK_EQUAL(seen[1], "test unmatched GET 404 timed");
  CAF_CHECK_EQUAL(seen[2], "test unmatched OTHER 400");
}

CAF_TEST(listeners share a server and have routes of their own) {
  http::router one;
  one.get("/", saying("one"));
  http::router two;
  two.get("/", saying("two"));
  fixture f{std::move(one)};
  auto port = f.server.start({"two"}, std::move(two));
  CAF_REQUIRE(port.has_value());
  CAF_CHECK_EQUAL(f.ask(get("/")).body, "one");
  CAF_CHECK_EQUAL(client{*port}.ask(get("/")).body, "two");
}

CAF_TEST(several threads serve many clients) {
  http::server_options options;
  options.threads = 3;
  fixture f{echo_routes(), options};
  std::vector<std::thread> threads;
  std::vector<int> right(4, 0);
  for (std::size_t t = 0; t < right.size(); ++t)
    threads.emplace_back([&, t] {
      client c{f.port};
      for (int i = 0; i < 200; ++i)
        right[t] += c.ask(get("/p/" + std::to_string(i))).body
                    == std::to_string(i);
    });
  for (auto& thread : threads)
    thread.join();
  for (auto count : right)
    CAF_CHECK_EQUAL(count, 200);
}

#define CAF_SUITE http_events
#include "runtime/http/server.hpp"

#include "tests/unit/runtime_http/client.hpp"

#include "caf/test/unit_test.hpp"

#include <future>
#include <mutex>
#include <thread>

using namespace banksia;
using namespace banksia::http_test;

namespace {

/// Hands the stream of `GET /events` to the test.
struct stream_source {
  std::promise<http::event_stream> opened;

  http::router routes() {
    http::router result;
    result.get("/events", [this](const http::request&, http::responder reply) {
      opened.set_value(reply.open_events());
    });
    result.get("/hello", saying("hello"));
    return result;
  }

  http::event_stream wait() {
    return opened.get_future().get();
  }
};

} // namespace

CAF_TEST(events reach the client in order) {
  stream_source source;
  fixture f{source.routes()};
  client c{f.port};
  c.send(get("/events"));
  auto stream = source.wait();
  auto header = c.read_until("\r\n\r\n");
  CAF_CHECK(header.starts_with("HTTP/1.1 200 OK\r\n"));
  CAF_CHECK(header.find("Content-Type: text/event-stream\r\n")
            != std::string::npos);
  CAF_CHECK(header.find("Content-Length") == std::string::npos);
  CAF_CHECK(stream.send("prediction", "{\"a\":1}", "7"));
  CAF_CHECK_EQUAL(c.read_until("\n\n"),
                  "id: 7\nevent: prediction\ndata: {\"a\":1}\n\n");
  std::thread other{[&] {
    for (int i = 0; i < 100; ++i)
      stream.send("n", std::to_string(i));
  }};
  other.join();
  for (int i = 0; i < 100; ++i)
    CAF_CHECK_EQUAL(c.read_until("\n\n"),
                    "event: n\ndata: " + std::to_string(i) + "\n\n");
}

CAF_TEST(text with line breaks stays one event) {
  stream_source source;
  fixture f{source.routes()};
  client c{f.port};
  c.send(get("/events"));
  auto stream = source.wait();
  c.read_until("\r\n\r\n");
  stream.send("a\nevent: forged", "one\r\ntwo\rthree\n", "1\n2");
  CAF_CHECK_EQUAL(c.read_until("\n\n"),
                  "id: 1\nevent: a\ndata: one\ndata: two\ndata: three\n"
                  "data: \n\n");
  stream.send("", "");
  CAF_CHECK_EQUAL(c.read_until("\n\n"), "data: \n\n");
}

CAF_TEST(closing sends what is queued and ends the connection) {
  stream_source source;
  fixture f{source.routes()};
  client c{f.port};
  c.send(get("/events"));
  auto stream = source.wait();
  stream.send("last", "1");
  stream.close();
  CAF_CHECK(!stream.is_open());
  CAF_CHECK(!stream.send("late", "2"));
  c.read_until("\r\n\r\n");
  CAF_CHECK_EQUAL(c.read_until("\n\n"), "event: last\ndata: 1\n\n");
  CAF_CHECK(c.at_end());
}

CAF_TEST(a stream that nobody holds ends) {
  http::router routes;
  routes.get("/events", [](const http::request&, http::responder reply) {
    reply.open_events();
  });
  fixture f{std::move(routes)};
  client c{f.port};
  c.send(get("/events"));
  c.read_until("\r\n\r\n");
  CAF_CHECK(c.at_end());
}

CAF_TEST(a client that leaves is noticed) {
  stream_source source;
  fixture f{source.routes()};
  std::promise<void> closed;
  http::event_stream stream;
  {
    client c{f.port};
    c.send(get("/events"));
    stream = source.wait();
    c.read_until("\r\n\r\n");
    stream.on_closed([&] { closed.set_value(); });
  }
  closed.get_future().wait();
  CAF_CHECK(!stream.is_open());
  CAF_CHECK(!stream.send("x", "1"));
  bool at_once = false;
  stream.on_closed([&] { at_once = true; });
  CAF_CHECK(at_once);
}

CAF_TEST(a slow client loses the oldest events) {
  stream_source source;
  http::server_options options;
  options.events_queue_max = 4;
  fixture f{source.routes(), options};
  client c{f.port, 4'096};
  c.send(get("/events"));
  auto stream = source.wait();
  c.read_until("\r\n\r\n");
  // More than the sockets' buffers take, so that the queue fills.
  const std::string filler(64 * 1024, 'x');
  constexpr int sent = 400;
  for (int i = 0; i < sent; ++i)
    CAF_REQUIRE(stream.send("n", std::to_string(i) + ";" + filler));
  stream.close();
  CAF_CHECK(stream.dropped() > 0u);
  int last = -1;
  std::uint64_t seen = 0;
  while (last < sent - 1) {
    auto event = c.read_until("\n\n");
    auto number = std::stoi(event.substr(event.find("data: ") + 6));
    CAF_REQUIRE(number > last);
    last = number;
    ++seen;
  }
  CAF_CHECK_EQUAL(seen + stream.dropped(), static_cast<std::uint64_t>(sent));
}

CAF_TEST(a heartbeat keeps a quiet stream alive) {
  stream_source source;
  http::server_options options;
  options.heartbeat_interval = std::chrono::milliseconds{10};
  // Quiet clients are not idle ones.
  options.idle_timeout = std::chrono::milliseconds{40};
  fixture f{source.routes(), options};
  client c{f.port};
  c.send(get("/events"));
  auto stream = source.wait();
  c.read_until("\r\n\r\n");
  for (int i = 0; i < 10; ++i)
    CAF_CHECK_EQUAL(c.read_until("\n\n"), ":\n\n");
  CAF_CHECK(stream.is_open());
}

CAF_TEST(HEAD of a stream has no stream) {
  stream_source source;
  fixture f{source.routes()};
  client c{f.port};
  auto got
    = c.ask("HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\n", false);
  CAF_CHECK(got.has("text/event-stream"));
  CAF_CHECK(c.at_end());
}

CAF_TEST(an answered request opens no stream) {
  bool is_open = true;
  http::router routes;
  routes.get("/", [&](const http::request&, http::responder reply) {
    reply({200, "text/plain", "x"});
    is_open = reply.open_events().is_open();
  });
  fixture f{std::move(routes)};
  CAF_CHECK_EQUAL(f.ask(get("/")).body, "x");
  f.server.stop();
  CAF_CHECK(!is_open);
}

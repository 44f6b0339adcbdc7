#define CAF_SUITE http_stop
#include "runtime/http/server.hpp"

#include "tests/unit/runtime_http/client.hpp"

#include "caf/test/unit_test.hpp"

#include <future>
#include <optional>
#include <thread>

using namespace banksia;
using namespace banksia::http_test;
using std::chrono::seconds;

namespace {

/// Keeps the responder of `GET /later` for the test.
struct late_source {
  std::promise<http::responder> asked;

  http::router routes() {
    http::router result;
    result.get("/later", [this](const http::request&, http::responder reply) {
      asked.set_value(reply);
    });
    result.get("/hello", saying("hello"));
    return result;
  }

  http::responder wait() {
    return asked.get_future().get();
  }
};

} // namespace

CAF_TEST(an occupied port says who must move) {
  late_source source;
  fixture f{source.routes()};
  http::server second;
  auto refused = second.start(
    {"prediction", "127.0.0.1", f.port, "prediction_port"}, {});
  CAF_REQUIRE(refused.has_error());
  CAF_CHECK_EQUAL(refused.error(),
                  "address in use: 127.0.0.1:" + std::to_string(f.port)
                    + ": stop what holds it or set prediction_port");
}

CAF_TEST(an address that cannot be listened at is an error) {
  http::server server;
  auto name = server.start({"a", "localhost", 0}, {});
  CAF_REQUIRE(name.has_error());
  CAF_CHECK_EQUAL(name.error(), "not an IP address: localhost: set "
                                "bind_address to one, say 127.0.0.1");
  auto foreign = server.start({"a", "192.0.2.1", 0}, {});
  CAF_REQUIRE(foreign.has_error());
  CAF_CHECK(foreign.error().find("192.0.2.1:0: set bind_address")
            != std::string::npos);
}

CAF_TEST(a request under way is answered before the server ends) {
  late_source source;
  fixture f{source.routes()};
  client c{f.port};
  c.send(get("/later"));
  auto reply = source.wait();
  std::thread stopping{[&] { f.server.stop(seconds{10}); }};
  while (client{f.port}.connected()) {
    // Until the port is closed, and with it the server draining.
  }
  CAF_CHECK(reply({200, "text/plain", "in time"}));
  auto got = c.read_reply();
  CAF_CHECK_EQUAL(got.body, "in time");
  CAF_CHECK(got.has("Connection: close\r\n"));
  CAF_CHECK(c.at_end());
  stopping.join();
  CAF_CHECK_EQUAL(f.server.counts().connections_open, 0u);
}

CAF_TEST(a request that takes too long is cut) {
  late_source source;
  fixture f{source.routes()};
  client c{f.port};
  c.send(get("/later"));
  auto reply = source.wait();
  f.server.stop(std::chrono::milliseconds{10});
  CAF_CHECK(c.drained());
  // Too late, but harmless.
  CAF_CHECK(reply({200, "text/plain", "late"}));
}

CAF_TEST(idle connections and streams end with the server) {
  std::promise<http::event_stream> opened;
  late_source source;
  auto routes = source.routes();
  routes.get("/events", [&](const http::request&, http::responder reply) {
    opened.set_value(reply.open_events());
  });
  fixture f{std::move(routes)};
  client idle{f.port};
  idle.ask(get("/hello"));
  client listener{f.port};
  listener.send(get("/events"));
  auto stream = opened.get_future().get();
  listener.read_until("\r\n\r\n");
  f.server.stop(seconds{10});
  CAF_CHECK(idle.at_end());
  CAF_CHECK(listener.at_end());
  CAF_CHECK(!stream.send("x", "1"));
}

CAF_TEST(handles may outlive the server) {
  std::optional<http::responder> reply;
  std::promise<http::event_stream> opened;
  http::event_stream stream;
  {
    late_source source;
    auto routes = source.routes();
    routes.get("/events", [&](const http::request&, http::responder open) {
      opened.set_value(open.open_events());
    });
    fixture f{std::move(routes)};
    client c{f.port};
    c.send(get("/later"));
    reply = source.wait();
    client listener{f.port};
    listener.send(get("/events"));
    stream = opened.get_future().get();
    f.server.stop(std::chrono::milliseconds{10});
  }
  CAF_CHECK(!stream.send("x", "1"));
  CAF_CHECK((*reply)({200, "text/plain", "late"}));
}

CAF_TEST(a server that is stopped stays so) {
  late_source source;
  fixture f{source.routes()};
  f.server.stop();
  f.server.stop();
  CAF_CHECK(!client{f.port}.connected());
  CAF_CHECK(f.server.start({"a"}, {}).has_error());
}

CAF_TEST(a port is free again at once) {
  late_source source;
  std::optional<fixture> f{std::in_place, source.routes()};
  auto port = f->port;
  client c{port};
  c.ask(get("/hello"));
  f.reset();
  http::server again;
  CAF_CHECK(again.start({"a", "127.0.0.1", port}, {}).has_value());
}

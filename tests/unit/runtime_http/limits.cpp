#define CAF_SUITE http_limits
#include "runtime/http/server.hpp"

#include "tests/unit/runtime_http/client.hpp"

#include "caf/test/unit_test.hpp"

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

using namespace banksia;
using namespace banksia::http_test;

namespace {

http::router routes() {
  http::router result;
  result.get("/hello", saying("hello"));
  result.add({http::method::post, "/size",
              [](const http::request& what, http::responder reply) {
                reply({200, "text/plain", std::to_string(what.body.size())});
              }, http::route_access::open});
  return result;
}

std::string sized_post(std::size_t size) {
  return "POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
         "application/json\r\nContent-Length: "
         + std::to_string(size) + "\r\n\r\n" + std::string(size, '1');
}

/// Requests to `/later`, which wait until the test answers them.
class held_replies {
public:
  http::router routes() {
    auto result = ::routes();
    result.get("/later", [this](const http::request&, http::responder reply) {
      std::lock_guard guard{mutex_};
      held_.push_back(std::move(reply));
      changed_.notify_all();
    });
    return result;
  }

  bool wait_for(std::size_t count) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, std::chrono::seconds{10},
                             [&] { return held_.size() == count; });
  }

  void answer() {
    std::lock_guard guard{mutex_};
    for (auto& reply : held_)
      reply({200, "text/plain", "now"});
    held_.clear();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<http::responder> held_;
};

} // namespace

CAF_TEST(a body has a limit) {
  fixture f{routes()};
  CAF_CHECK_EQUAL(f.ask(sized_post(1'048'576)).body, "1048576");
  client c{f.port};
  auto refused = c.ask(sized_post(1'048'577));
  CAF_CHECK_EQUAL(refused.status, 413);
  CAF_CHECK(refused.has("Connection: close\r\n"));
  CAF_CHECK(c.at_end());
}

CAF_TEST(a body in chunks has a limit too) {
  http::server_options options;
  options.body_bytes_max = 100;
  fixture f{routes(), options};
  client c{f.port};
  c.send("POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
         "application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 3; ++i)
    c.send("32\r\n" + std::string(50, '1') + "\r\n");
  CAF_CHECK_EQUAL(c.read_reply().status, 413);
}

CAF_TEST(headers have a limit) {
  fixture f{routes()};
  auto with = [](std::size_t size) {
    return "GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Long: "
           + std::string(size, 'a') + "\r\n\r\n";
  };
  CAF_CHECK_EQUAL(f.ask(with(8'000)).status, 200);
  CAF_CHECK_EQUAL(f.ask(with(8'200)).status, 431);
  CAF_CHECK_EQUAL(f.ask(with(100'000)).status, 431);
}

CAF_TEST(a target has a limit) {
  fixture f{routes()};
  CAF_CHECK_EQUAL(f.ask(get("/" + std::string(4'095, 'a'))).status, 404);
  CAF_CHECK_EQUAL(f.ask(get("/" + std::string(4'096, 'a'))).status, 414);
  CAF_CHECK_EQUAL(f.ask(get("/" + std::string(50'000, 'a'))).status, 414);
}

CAF_TEST(a malformed target is refused and the connection kept) {
  fixture f{routes()};
  client c{f.port};
  CAF_CHECK_EQUAL(c.ask(get("/%zz")).status, 400);
  CAF_CHECK_EQUAL(c.ask(get("/hello")).status, 200);
}

CAF_TEST(requests with two lengths are refused) {
  fixture f{routes()};
  // Request smuggling: two readers must not disagree where a body ends.
  for (auto lengths : {"Content-Length: 2\r\nContent-Length: 3\r\n",
                       "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
                       "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
                       "Content-Length: -1\r\n", "Content-Length: 2x\r\n"})
    CAF_CHECK_EQUAL(f.ask("POST /size HTTP/1.1\r\nHost: localhost\r\n"
                          + std::string{lengths} + "\r\n{}")
                      .status,
                    400);
}

CAF_TEST(another protocol is refused) {
  fixture f{routes()};
  CAF_CHECK_EQUAL(f.ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status, 505);
  CAF_CHECK_EQUAL(f.ask("\x16\x03\x01\x02\x00\x01\r\n\r\n").status, 400);
  CAF_CHECK_EQUAL(f.ask("GET /hello\r\n\r\n").status, 400);
}

CAF_TEST(garbage does no harm) {
  fixture f{routes()};
  std::mt19937 random{7};
  for (int round = 0; round < 200; ++round) {
    // Half of it begins like a request, so that it gets further.
    std::string bytes = round % 2 == 0 ? "" : "POST /size HTTP/1.1\r\n";
    for (int i = 0; i < 400; ++i)
      bytes += static_cast<char>(random() % 256);
    client c{f.port};
    c.send(bytes);
    c.finish();
    CAF_CHECK(c.drained());
  }
  CAF_CHECK_EQUAL(f.ask(get("/hello")).status, 200);
}

CAF_TEST(a mutated request does no harm) {
  fixture f{routes()};
  std::mt19937 random{11};
  for (int round = 0; round < 300; ++round) {
    auto bytes = sized_post(20);
    for (int i = 0; i < 3; ++i)
      bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    client c{f.port};
    c.send(bytes.substr(0, random() % bytes.size()));
    c.finish();
    CAF_CHECK(c.drained());
  }
  CAF_CHECK_EQUAL(f.ask(get("/hello")).status, 200);
}

CAF_TEST(a silent client is cut off) {
  http::server_options options;
  options.idle_timeout = std::chrono::milliseconds{30};
  fixture f{routes(), options};
  client silent{f.port};
  CAF_CHECK(silent.at_end());
  client slow{f.port};
  slow.send("GET /hel");
  CAF_CHECK(slow.drained());
  client half{f.port};
  half.send(sized_post(100).substr(0, 150));
  CAF_CHECK(half.drained());
}

CAF_TEST(a limit is that of what is under way) {
  http::server_options options;
  options.idle_timeout = std::chrono::seconds{1};
  fixture f{routes(), options};
  client c{f.port};
  auto began = std::chrono::steady_clock::now();
  auto last = began;
  do {
    last = std::chrono::steady_clock::now();
    CAF_REQUIRE_EQUAL(c.ask(get("/hello")).status, 200);
  } while (last - began < 3 * options.idle_timeout / 2);
  CAF_CHECK(c.at_end());
  auto idle = std::chrono::steady_clock::now() - last;
  CAF_CHECK(idle >= options.idle_timeout);
}

CAF_TEST(a client that does not take its answer is cut off) {
  std::promise<int> observed;
  http::server_options options;
  options.idle_timeout = std::chrono::milliseconds{50};
  options.observer = [&](const http::served& x) {
    observed.set_value(x.status);
  };
  // More than a socket's buffers take.
  fixture f{http::router{}.get("/long", saying(std::string(16'000'000, 'x'))),
            options};
  client c{f.port, 4'096};
  c.send(get("/long"));
  auto status = observed.get_future();
  CAF_REQUIRE(status.wait_for(std::chrono::seconds{10})
              == std::future_status::ready);
  CAF_CHECK_EQUAL(status.get(), 200);
  std::string cut;
  try {
    c.read_reply();
  } catch (const std::runtime_error& e) {
    cut = std::string{e.what()}.substr(0, 19);
  }
  CAF_CHECK_EQUAL(cut, "the body ends early");
}

CAF_TEST(the connection that was idle for longest makes room) {
  http::server_options options;
  options.connections_max = 2;
  fixture f{routes(), options};
  client one{f.port}, two{f.port};
  CAF_CHECK_EQUAL(one.ask(get("/hello")).status, 200);
  CAF_CHECK_EQUAL(two.ask(get("/hello")).status, 200);
  client three{f.port};
  CAF_CHECK_EQUAL(three.ask(get("/hello")).status, 200);
  CAF_CHECK(one.drained());
  CAF_CHECK_EQUAL(two.ask(get("/hello")).status, 200);
  CAF_CHECK_EQUAL(f.server.counts().connections_refused, 1u);
}

CAF_TEST(a client with all the connections it may have makes room itself) {
  http::server_options options;
  options.connections_per_client = 2;
  fixture f{routes(), options};
  client other{f.port, 0, "127.0.0.2"};
  CAF_CHECK_EQUAL(other.ask(get("/hello")).status, 200);
  client one{f.port}, two{f.port};
  CAF_CHECK_EQUAL(one.ask(get("/hello")).status, 200);
  CAF_CHECK_EQUAL(two.ask(get("/hello")).status, 200);
  CAF_CHECK_EQUAL(f.server.counts().connections_refused, 0u);
  client three{f.port};
  CAF_CHECK_EQUAL(three.ask(get("/hello")).status, 200);
  CAF_CHECK(one.drained());
  // Idle for longer than all of them, and of another client.
  CAF_CHECK_EQUAL(other.ask(get("/hello")).status, 200);
  CAF_CHECK_EQUAL(two.ask(get("/hello")).status, 200);
  CAF_CHECK_EQUAL(f.server.counts().connections_refused, 1u);
}

CAF_TEST(a client that is busy with all its connections is turned away) {
  http::server_options options;
  options.connections_per_client = 1;
  held_replies held;
  fixture f{held.routes(), options};
  client one{f.port};
  one.send(get("/later"));
  CAF_REQUIRE(held.wait_for(1));
  client two{f.port};
  CAF_CHECK_EQUAL(two.read_reply().status, 503);
  client other{f.port, 0, "127.0.0.2"};
  CAF_CHECK_EQUAL(other.ask(get("/hello")).status, 200);
  held.answer();
  CAF_CHECK_EQUAL(one.read_reply().body, "now");
}

CAF_TEST(a trusted proxy has the connections of all its clients) {
  http::server_options options;
  options.connections_per_client = 1;
  options.rules.behind_proxy = true;
  fixture f{routes(), options};
  auto asked = "GET /hello HTTP/1.1\r\nHost: localhost\r\n"
               "X-Forwarded-For: 192.0.2.1\r\n\r\n";
  client one{f.port}, two{f.port};
  CAF_CHECK_EQUAL(one.ask(asked).status, 200);
  CAF_CHECK_EQUAL(two.ask(asked).status, 200);
  CAF_CHECK_EQUAL(one.ask(asked).status, 200);
  CAF_CHECK_EQUAL(f.server.counts().connections_refused, 0u);
}

CAF_TEST(connections beyond the limit are turned away while all are busy) {
  http::server_options options;
  options.connections_max = 2;
  held_replies held;
  fixture f{held.routes(), options};
  client one{f.port}, two{f.port};
  one.send(get("/later"));
  two.send(get("/later"));
  CAF_REQUIRE(held.wait_for(2));
  client three{f.port};
  auto refused = three.read_reply();
  CAF_CHECK_EQUAL(refused.status, 503);
  CAF_CHECK(refused.has("Retry-After: 1\r\n"));
  CAF_CHECK_EQUAL(f.server.counts().connections_refused, 1u);
  CAF_CHECK_EQUAL(f.server.counts().connections_open, 2u);
  held.answer();
  CAF_CHECK_EQUAL(one.read_reply().body, "now");
  // Idle from now on, so it makes room.
  CAF_CHECK_EQUAL(f.ask(get("/hello")).status, 200);
  CAF_CHECK_EQUAL(two.read_reply().body, "now");
}

CAF_TEST(large bodies together have a bound and small ones pass) {
  fixture f{routes()};
  std::vector<std::unique_ptr<client>> senders;
  int refused = 0;
  for (int i = 0; i < 70; ++i) {
    auto& sender = *senders.emplace_back(std::make_unique<client>(f.port));
    sender.send("POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                "application/json\r\nContent-Length: 1048576\r\n"
                "Expect: 100-continue\r\n\r\n");
    if (sender.read_until("\r\n\r\n").find(" 503 ") != std::string::npos)
      ++refused;
  }
  CAF_CHECK_EQUAL(refused, 6); // 64 MiB are let in
  auto small = f.ask(sized_post(1000));
  CAF_CHECK_EQUAL(small.status, 200);
}

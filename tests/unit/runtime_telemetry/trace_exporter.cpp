#define CAF_SUITE trace_exporter
#include "runtime/telemetry/trace_exporter.hpp"

#include "runtime/http/server.hpp"
#include "runtime/telemetry/active_span.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

using namespace banksia;
using namespace banksia::telemetry;
using std::chrono::milliseconds;
namespace json = boost::json;

namespace {

/// A collector on a real socket that answers as the test says; after that, 200.
class collector {
public:
  explicit collector(std::deque<http::response> answers = {})
    : answers_(std::move(answers)) {
    http::router routes;
    routes.post("/v1/traces", [this](const http::request& what,
                                     const http::responder& reply) {
      std::unique_lock guard{mutex_};
      bodies_.push_back(what.body);
      types_.emplace_back(what.header("Content-Type").value_or(""));
      came_.notify_all();
      if (is_silent_) {
        kept_.push_back(reply);
        return;
      }
      http::response answer{200, "application/json", "{}"};
      if (!answers_.empty()) {
        answer = answers_.front();
        answers_.pop_front();
      }
      guard.unlock();
      reply(answer);
    });
    routes.require(http::method::post, "/v1/traces",
                   http::route_access::open);
    auto started = server_.start({"collector"}, std::move(routes));
    CAF_REQUIRE(started.has_value());
    address = "http://127.0.0.1:" + std::to_string(*started);
  }

  ~collector() {
    server_.stop(milliseconds{0});
  }

  void be_silent() {
    std::lock_guard guard{mutex_};
    is_silent_ = true;
  }

  std::vector<std::string> bodies() {
    std::lock_guard guard{mutex_};
    return bodies_;
  }

  std::vector<std::string> types() {
    std::lock_guard guard{mutex_};
    return types_;
  }

  void await(std::size_t requests) {
    std::unique_lock guard{mutex_};
    came_.wait(guard, [&] { return bodies_.size() >= requests; });
  }

  std::string address;

private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<http::response> answers_;
  std::vector<http::responder> kept_;
  std::vector<std::string> bodies_;
  std::vector<std::string> types_;
  bool is_silent_ = false;
  http::server server_;
};

/// The pauses an exporter wants; none is made.
struct pauses {
  std::mutex mutex;
  std::vector<milliseconds> asked;

  std::function<bool(milliseconds)> taker() {
    return [this](milliseconds x) {
      std::lock_guard guard{mutex};
      asked.push_back(x);
      return true;
    };
  }
};

exporter_options to(const std::string& address) {
  exporter_options with;
  with.endpoint = address;
  with.resource = {"banksia", "1", "x"};
  with.batch_delay = milliseconds{5};
  with.backoff = {};
  return with;
}

void make_spans(tracer& x, int count) {
  for (int i = 0; i < count; ++i)
    active_span here{x, x.begin(), "x", span_kind::internal};
}

http::response status(int code, http::name_values headers = {}) {
  return {code, "application/json", "{}", std::move(headers)};
}

/// Sends three spans to a collector that answers so, and ends.
exporter_counts outcome(std::deque<http::response> answers, pauses& waited) {
  collector at{std::move(answers)};
  auto from = std::make_shared<tracer>();
  make_spans(*from, 3);
  auto with = to(at.address);
  with.pause = waited.taker();
  trace_exporter x{with, from};
  x.stop(std::chrono::seconds{20});
  return x.counts();
}

std::size_t spans_in(const std::string& body) {
  return json::parse(body)
    .at("resourceSpans")
    .at(0)
    .at("scopeSpans")
    .at(0)
    .at("spans")
    .as_array()
    .size();
}

} // namespace

CAF_TEST(an endpoint without its path or with it) {
  for (auto path : {"", "/", "/v1/traces"}) {
    collector at;
    auto from = std::make_shared<tracer>();
    trace_exporter x{to(at.address + path), from};
    make_spans(*from, 1);
    at.await(1);
    auto types = at.types();
    CAF_CHECK_EQUAL(types.front(), "application/json");
    x.stop(std::chrono::seconds{20});
    CAF_CHECK_EQUAL(x.counts().exported, 1u);
  }
}

CAF_TEST(an endpoint that cannot be used) {
  CAF_CHECK(problem_of_endpoint("http://127.0.0.1:4318").empty());
  for (auto wrong : {"", "collector:4318", "grpc://a", "http://a/?b=c"})
    CAF_CHECK(!problem_of_endpoint(wrong).empty());
}

CAF_TEST(batches are bounded) {
  collector at;
  auto from = std::make_shared<tracer>();
  make_spans(*from, 5);
  auto with = to(at.address);
  with.batch_max = 2;
  trace_exporter x{with, from};
  x.stop(std::chrono::seconds{20});
  auto bodies = at.bodies();
  CAF_REQUIRE_EQUAL(bodies.size(), 3u);
  CAF_CHECK_EQUAL(spans_in(bodies[0]), 2u);
  CAF_CHECK_EQUAL(spans_in(bodies[2]), 1u);
  CAF_CHECK_EQUAL(x.counts().exported, 5u);
  CAF_CHECK_EQUAL(x.counts().dropped, 0u);
}

CAF_TEST(what OTLP lets be sent again is) {
  for (int code : {429, 502, 503, 504}) {
    pauses waited;
    auto got = outcome({status(code), status(code)}, waited);
    CAF_CHECK_EQUAL(got.requests, 3u);
    CAF_CHECK_EQUAL(got.exported, 3u);
    CAF_CHECK_EQUAL(waited.asked.size(), 2u);
  }
}

CAF_TEST(nothing else is) {
  for (int code : {301, 400, 401, 404, 408, 413, 500, 501}) {
    pauses waited;
    auto got = outcome({status(code)}, waited);
    CAF_CHECK_EQUAL(got.requests, 1u);
    CAF_CHECK_EQUAL(got.exported, 0u);
    CAF_CHECK_EQUAL(got.dropped, 3u);
    CAF_CHECK(waited.asked.empty());
  }
}

CAF_TEST(a connection that never was is tried again until the tries are spent) {
  std::string nobody;
  {
    collector gone;
    nobody = gone.address;
  }
  pauses waited;
  auto from = std::make_shared<tracer>();
  make_spans(*from, 2);
  auto with = to(nobody);
  with.pause = waited.taker();
  with.attempts_max = 4;
  trace_exporter x{with, from};
  x.stop(std::chrono::seconds{20});
  CAF_CHECK_EQUAL(x.counts().requests, 4u);
  CAF_CHECK_EQUAL(waited.asked.size(), 3u);
  CAF_CHECK_EQUAL(x.counts().dropped, 2u);
}

CAF_TEST(results without a status) {
  http::fetch_result x;
  for (auto [error, again] :
       {std::pair{http::fetch_error::connect, true},
        std::pair{http::fetch_error::resolve, true},
        std::pair{http::fetch_error::timeout, false},
        std::pair{http::fetch_error::truncated, false},
        std::pair{http::fetch_error::tls, false},
        std::pair{http::fetch_error::too_large, false}}) {
    x.error = error;
    CAF_CHECK_EQUAL(may_be_sent_again(x), again);
  }
}

CAF_TEST(a collector says when to come again) {
  pauses waited;
  outcome({status(503, {{"Retry-After", "7"}}),
           status(429, {{"Retry-After", "9999"}}),
           status(429, {{"Retry-After", "soon"}})},
          waited);
  CAF_REQUIRE_EQUAL(waited.asked.size(), 3u);
  CAF_CHECK_EQUAL(waited.asked[0].count(), 7000);
  CAF_CHECK_EQUAL(waited.asked[1].count(), 60'000); // cut
  CAF_CHECK_EQUAL(waited.asked[2].count(), 0);
}

CAF_TEST(what a collector rejects counts as dropped) {
  pauses waited;
  auto answer = status(200);
  answer.body = R"({"partialSuccess":{"rejectedSpans":"2"}})";
  auto got = outcome({answer}, waited);
  CAF_CHECK_EQUAL(got.requests, 1u);
  CAF_CHECK_EQUAL(got.exported, 1u);
  CAF_CHECK_EQUAL(got.dropped, 2u);
  // More than there were makes no negative count.
  answer.body = R"({"partialSuccess":{"rejectedSpans":"99"}})";
  got = outcome({answer}, waited);
  CAF_CHECK_EQUAL(got.exported, 0u);
  CAF_CHECK_EQUAL(got.dropped, 3u);
}

CAF_TEST(an answer that cannot be read is still a success) {
  pauses waited;
  auto answer = status(202);
  answer.body = "thank you";
  CAF_CHECK_EQUAL(outcome({answer}, waited).exported, 3u);
}

CAF_TEST(a hurried stop does not wait for a silent collector) {
  collector at;
  at.be_silent();
  auto from = std::make_shared<tracer>();
  make_spans(*from, 4);
  trace_exporter x{to(at.address), from};
  at.await(1);
  auto began = std::chrono::steady_clock::now();
  x.stop(milliseconds{50});
  CAF_CHECK(std::chrono::steady_clock::now() - began
            < std::chrono::seconds{5});
  CAF_CHECK_EQUAL(x.counts().exported, 0u);
  CAF_CHECK_EQUAL(x.counts().dropped, 4u);
}

CAF_TEST(without a grace what waits is dropped and counted) {
  collector at;
  auto from = std::make_shared<tracer>();
  auto with = to(at.address);
  with.batch_delay = std::chrono::minutes{5};
  trace_exporter x{with, from};
  make_spans(*from, 4);
  x.stop(milliseconds{0});
  CAF_CHECK_EQUAL(x.counts().exported + x.counts().dropped, 4u);
  CAF_CHECK_EQUAL(x.counts().dropped, 4u);
  CAF_CHECK(at.bodies().empty());
}

CAF_TEST(a stop ends the pause before another try) {
  collector at{{status(503, {{"Retry-After", "60"}})}};
  auto from = std::make_shared<tracer>();
  make_spans(*from, 1);
  trace_exporter x{to(at.address), from};
  at.await(1);
  auto began = std::chrono::steady_clock::now();
  x.stop(std::chrono::seconds{20});
  CAF_CHECK(std::chrono::steady_clock::now() - began
            < std::chrono::seconds{15});
  CAF_CHECK_EQUAL(x.counts().dropped, 1u);
}

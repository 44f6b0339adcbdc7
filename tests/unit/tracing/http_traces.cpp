#define CAF_SUITE http_traces
#include "tests/unit/tracing/recorded.hpp"

#include "runtime/http/client.hpp"
#include "runtime/http/server.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

#include <future>
#include <stdexcept>

using namespace banksia;
using namespace banksia::tracing_test;
using telemetry::trace_context;

namespace {

/// A server and a client of it, each with spans of its own.
struct pair_of_ends {
  std::shared_ptr<telemetry::tracer> served
    = std::make_shared<telemetry::tracer>();
  telemetry::tracer asking;
  trace_context handled_in; ///< what the last handler saw
  http::server server;
  std::string address;

  explicit pair_of_ends(bool traces = true)
    : server([&] {
        http::server_options with;
        if (traces)
          with.spans = served;
        return with;
      }()) {
    http::router routes;
    routes
      .get("/things/{id}",
           [this](const http::request&, const http::responder& reply) {
             handled_in = telemetry::current_context();
             reply({200, "text/plain", "yes"});
           })
      .get("/broken", [](const http::request&, const http::responder&) {
        throw std::runtime_error{"a secret"};
      });
    auto port = server.start({"things"}, std::move(routes));
    if (!port)
      throw std::runtime_error{port.error()};
    address = "http://127.0.0.1:" + std::to_string(*port);
  }

  /// Within a span of the asker; `parent` not sampled: in none.
  http::fetch_result ask(const std::string& path, const trace_context& parent,
                         bool tells = true, http::name_values headers = {}) {
    http::client_options with;
    with.sends_traceparent = tells;
    http::client client{with};
    std::promise<http::fetch_result> got;
    http::fetch_request what;
    what.url = address + path;
    what.headers = std::move(headers);
    {
      telemetry::trace_scope within{&asking, parent};
      client.fetch(what, {}, [&](http::fetch_result x) {
        got.set_value(std::move(x));
      });
    }
    return got.get_future().get();
  }

  /// The server records when the answer is written, which the client may see
  /// before.
  std::vector<telemetry::span> served_spans() {
    server.stop(std::chrono::seconds{5});
    return spans_of(*served);
  }
};

} // namespace

CAF_TEST(a call and its answer are one trace) {
  pair_of_ends both;
  auto parent = both.asking.begin();
  auto got = both.ask("/things/7", parent);
  CAF_REQUIRE_EQUAL(got.status, 200);
  auto asked = named(spans_of(both.asking), "GET");
  auto answered = named(both.served_spans(), "GET /things/{id}");
  CAF_CHECK(asked.kind == telemetry::span_kind::client);
  CAF_CHECK(answered.kind == telemetry::span_kind::server);
  CAF_CHECK(asked.context.is_same_trace(parent));
  CAF_CHECK(answered.context.is_same_trace(parent));
  CAF_CHECK_EQUAL(asked.parent, parent.span);
  CAF_CHECK_EQUAL(answered.parent, asked.context.span);
  CAF_CHECK(answered.remote_parent);
  CAF_CHECK(both.handled_in == answered.context);
  CAF_CHECK_EQUAL(text_of(asked, "server.address"), "127.0.0.1");
  CAF_CHECK_EQUAL(text_of(asked, "http.response.status_code"), "200");
  CAF_CHECK_EQUAL(text_of(answered, "http.request.method"), "GET");
  CAF_CHECK_EQUAL(text_of(answered, "http.route"), "/things/{id}");
  CAF_CHECK_EQUAL(text_of(answered, "url.path"), "/things/7");
  CAF_CHECK_EQUAL(text_of(answered, "http.response.status_code"), "200");
  auto told = std::string{got.header("X-Trace-Id").value_or("")};
  CAF_CHECK_EQUAL(told, telemetry::trace_id_text(parent));
}

CAF_TEST(others are not told our trace unless they are to) {
  pair_of_ends both;
  auto parent = both.asking.begin();
  both.ask("/things/7", parent, false);
  auto answered = named(both.served_spans(), "GET /things/{id}");
  CAF_CHECK(answered.context.is_valid());
  CAF_CHECK(!answered.context.is_same_trace(parent));
  CAF_CHECK_EQUAL(answered.parent, 0u);
  CAF_CHECK_EQUAL(count_of(spans_of(both.asking), "GET"), 1u);
}

CAF_TEST(what the caller does not sample is not recorded) {
  pair_of_ends both;
  auto parent = both.asking.begin();
  parent.sampled = false;
  auto got = both.ask("/things/7", parent, true,
                      {{"traceparent", telemetry::traceparent_of(parent)}});
  auto told = std::string{got.header("X-Trace-Id").value_or("")};
  CAF_CHECK_EQUAL(told, telemetry::trace_id_text(parent));
  CAF_CHECK(!both.handled_in.is_valid());
  CAF_CHECK(both.served_spans().empty());
  CAF_CHECK(spans_of(both.asking).empty());
}

CAF_TEST(without traces the id is told all the same) {
  pair_of_ends both{false};
  auto parent = both.asking.begin();
  auto got = both.ask("/things/7", parent);
  auto told = std::string{got.header("X-Trace-Id").value_or("")};
  CAF_CHECK_EQUAL(told, telemetry::trace_id_text(parent));
  CAF_CHECK(!both.handled_in.is_valid());
}

CAF_TEST(an error of the server is a failed span and a missing page is none) {
  pair_of_ends both;
  both.ask("/broken", {});
  both.ask("/nothing", {});
  auto spans = both.served_spans();
  auto broken = named(spans, "GET /broken");
  CAF_CHECK(broken.failed);
  CAF_CHECK_EQUAL(text_of(broken, "error.type"), "500");
  auto missing = named(spans, "GET");
  CAF_CHECK_EQUAL(text_of(missing, "http.response.status_code"), "404");
  CAF_CHECK(!missing.failed);
}

CAF_TEST(a call without an answer is a failed span) {
  pair_of_ends both;
  both.server.stop(std::chrono::seconds{1});
  auto got = both.ask("/things/7", both.asking.begin());
  CAF_CHECK(got.error != http::fetch_error::none);
  auto asked = named(spans_of(both.asking), "GET");
  CAF_CHECK(asked.failed);
  CAF_CHECK_EQUAL(text_of(asked, "error.type"),
                  std::string{http::to_string(got.error)});
}

CAF_TEST(secrets of an address are not recorded) {
  pair_of_ends both;
  both.ask("/things/7?apikey=hidden", both.asking.begin());
  auto asked = named(spans_of(both.asking), "GET");
  auto url = text_of(asked, "url.full");
  CAF_CHECK(url.find("/things/7") != std::string::npos);
  CAF_CHECK(url.find("hidden") == std::string::npos);
}

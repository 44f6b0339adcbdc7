#define CAF_SUITE trace_context
#include "runtime/telemetry/trace_context.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::telemetry;

namespace {

// The example of https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers
constexpr auto example
  = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

} // namespace

CAF_TEST(a header is read and written) {
  auto x = parse_traceparent(example);
  CAF_REQUIRE(x.has_value());
  CAF_CHECK_EQUAL(x->trace_high, 0x4bf92f3577b34da6u);
  CAF_CHECK_EQUAL(x->trace_low, 0xa3ce929d0e0e4736u);
  CAF_CHECK_EQUAL(x->span, 0x00f067aa0ba902b7u);
  CAF_CHECK(x->sampled);
  CAF_CHECK_EQUAL(traceparent_of(*x), example);
  CAF_CHECK_EQUAL(trace_id_text(*x), "4bf92f3577b34da6a3ce929d0e0e4736");
  CAF_CHECK_EQUAL(span_id_text(x->span), "00f067aa0ba902b7");
}

CAF_TEST(flags other than sampled are not passed on) {
  auto x = parse_traceparent(
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe");
  CAF_REQUIRE(x.has_value());
  CAF_CHECK(!x->sampled);
  CAF_CHECK(traceparent_of(*x).ends_with("-00"));
}

CAF_TEST(a later version is read as far as the first goes) {
  auto x = parse_traceparent(
    "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-follows");
  CAF_REQUIRE(x.has_value());
  CAF_CHECK(traceparent_of(*x).starts_with("00-"));
}

CAF_TEST(what is malformed starts no trace) {
  for (auto text :
       {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902bX-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"})
    CAF_CHECK(!parse_traceparent(text));
}

CAF_TEST(random bits differ) {
  CAF_CHECK_NOT_EQUAL(random_trace_bits(), random_trace_bits());
}

#define CAF_SUITE training_spans
#include "actors/ml/training_spans.hpp"
#include "tests/unit/tracing/recorded.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::tracing_test;

namespace {

training_record record(const std::string& status) {
  training_record x;
  x.training_id = "t1";
  x.cause = "schedule";
  x.status = status;
  x.reason = status == "failed" ? "no bars" : "";
  x.model_version = "m1";
  return x;
}

} // namespace

CAF_TEST(a training and its phases are in the trace of who asked) {
  telemetry::tracer spans;
  auto asked_in = spans.begin();
  training_spans training;
  training.begin(&spans, asked_in, record("running"));
  CAF_CHECK(training.context().is_same_trace(asked_in));
  training.enter("reading bars");
  training.enter("walk-forward: 1 of 2");
  training.enter("walk-forward: 2 of 2");
  training.end(record("done"));
  auto seen = spans_of(spans);
  CAF_REQUIRE_EQUAL(seen.size(), 4u);
  auto whole = named(seen, "ml/trainer training");
  CAF_CHECK_EQUAL(whole.parent, asked_in.span);
  CAF_CHECK_EQUAL(text_of(whole, "banksia.training_id"), "t1");
  CAF_CHECK_EQUAL(text_of(whole, "banksia.cause"), "schedule");
  CAF_CHECK_EQUAL(text_of(whole, "banksia.status"), "done");
  CAF_CHECK_EQUAL(text_of(whole, "banksia.model_version"), "m1");
  CAF_CHECK(!whole.failed);
  CAF_CHECK_EQUAL(count_of(seen, "training walk-forward"), 2u);
  for (const auto& x : seen)
    if (x.name != whole.name)
      CAF_CHECK_EQUAL(x.parent, whole.context.span);
  CAF_CHECK_EQUAL(text_of(named(seen, "training walk-forward"),
                          "banksia.phase"),
                  "walk-forward: 1 of 2");
  // It is over.
  training.enter("late word");
  training.end(record("done"));
  CAF_CHECK(spans_of(spans).empty());
}

CAF_TEST(a training that failed is a failed span with the reason) {
  telemetry::tracer spans;
  training_spans training;
  training.begin(&spans, spans.begin(), record("running"));
  training.end(record("failed"));
  auto whole = named(spans_of(spans), "ml/trainer training");
  CAF_CHECK(whole.failed);
  CAF_CHECK_EQUAL(whole.failure, "no bars");
}

CAF_TEST(a training that ends with its actor is a failed span) {
  telemetry::tracer spans;
  {
    training_spans training;
    training.begin(&spans, spans.begin(), record("running"));
    training.enter("reading bars");
  }
  auto seen = spans_of(spans);
  CAF_CHECK_EQUAL(count_of(seen, "training reading bars"), 1u);
  CAF_CHECK(named(seen, "ml/trainer training").failed);
}

CAF_TEST(one that nobody traces leaves no span) {
  telemetry::tracer spans;
  training_spans training;
  for (auto to : {static_cast<telemetry::tracer*>(nullptr), &spans}) {
    training.begin(to, to ? telemetry::trace_context{} : spans.begin(),
                   record("running"));
    training.enter("reading bars");
    training.end(record("done"));
  }
  CAF_CHECK(!training.context().sampled);
  CAF_CHECK_EQUAL(spans.counts().recorded, 0u);
}

CAF_TEST(a process that tells of phase after phase fills nothing) {
  telemetry::tracer spans;
  training_spans training;
  training.begin(&spans, spans.begin(), record("running"));
  for (int i = 0; i < 1000; ++i)
    training.enter("phase " + std::to_string(i));
  training.end(record("done"));
  CAF_CHECK_EQUAL(spans_of(spans).size(), training_spans::phases_max + 1);
}

#define CAF_SUITE work_traces
#include "tests/unit/store/samples.hpp"
#include "tests/unit/tracing/recorded.hpp"

#include "actors/tracing/work.hpp"
#include "messages/wire.hpp"
#include "runtime/supervision/probe.hpp"

#include "caf/test/unit_test.hpp"

#include <caf/make_message.hpp>

using namespace banksia;
using namespace banksia::tracing_test;
using telemetry::trace_context;

namespace {

template <class... Ts>
std::optional<trace_context> work_in(const telemetry::tracer& by, Ts... xs) {
  auto x = caf::make_message(std::move(xs)...);
  return work_of(x.content(), by);
}

/// What `own_trace` asks of an actor.
struct actor_with_probe {
  std::shared_ptr<probe> watched = std::make_shared<probe>("feed/x");

  const std::shared_ptr<probe>& own_probe() const { return watched; }
};

} // namespace

CAF_TEST(a cycle has the same first span for everybody) {
  telemetry::tracer all;
  telemetry::tracer none{{.sample_ratio = 0.0}};
  auto slot = store_test::make_slot(3);
  auto root = context_of(slot.id, all);
  CAF_CHECK_EQUAL(telemetry::trace_id_text(root), to_string(slot.id));
  CAF_CHECK_EQUAL(root.span, slot.id.hash);
  CAF_CHECK(root.sampled && root.is_valid());
  CAF_CHECK(!context_of(slot.id, none).sampled);
  CAF_CHECK(context_of(cycle_id{1, 0}, all).is_valid());
}

CAF_TEST(a message about a cycle belongs to its trace) {
  telemetry::tracer spans;
  auto slot = store_test::make_slot(3);
  auto root = context_of(slot.id, spans);
  cycle_due due;
  due.slot = slot;
  predict_request asked;
  asked.slot = slot;
  prediction_draft draft;
  draft.content.cycle = slot.id;
  cycle_record record;
  record.slot = slot;
  cycle_result result;
  result.slot = slot;
  CAF_CHECK(work_in(spans, due) == root);
  CAF_CHECK(work_in(spans, asked) == root);
  CAF_CHECK(work_in(spans, draft) == root);
  CAF_CHECK(work_in(spans, record) == root);
  CAF_CHECK(work_in(spans, result) == root);
  CAF_CHECK(work_in(spans, slot, std::string{"missed"}) == root);
  CAF_CHECK(work_in(spans, std::vector<cycle_slot>{slot}) == root);
  CAF_CHECK(!work_in(spans, std::vector<cycle_slot>{}));
  CAF_CHECK(!work_in(spans, clock_mark{}));
}

CAF_TEST(a message of another process says what it was sent in) {
  telemetry::tracer spans;
  auto here = spans.begin();
  trace_mark mark;
  {
    telemetry::trace_scope within{&spans, here};
    mark = mark_here();
  }
  CAF_CHECK(work_in(spans, forecast_request{}, mark) == here);
  CAF_CHECK(!work_in(spans, forecast_request{}, mark_here()));
  CAF_CHECK(!work_in(spans, forecast_request{}));
}

CAF_TEST(what shows a prediction is linked to its cycle) {
  telemetry::tracer spans;
  auto id = store_test::make_slot(3).id;
  link_to_cycle(id); // outside of a span
  {
    telemetry::active_span here{spans, spans.begin(), "x",
                                telemetry::span_kind::internal};
    link_to_cycle(id);
  }
  auto seen = spans_of(spans);
  CAF_REQUIRE_EQUAL(seen.size(), 1u);
  CAF_REQUIRE_EQUAL(seen[0].links.size(), 1u);
  CAF_CHECK(seen[0].links[0] == context_of(id, spans));
}

CAF_TEST(the scope of a cycle hides the message that is handled) {
  actor_with_probe self;
  auto id = store_test::make_slot(3).id;
  {
    cycle_scope untraced{&self, id};
    CAF_CHECK(telemetry::current_trace() == nullptr);
  }
  self.watched->spans = std::make_shared<telemetry::tracer>();
  auto& spans = *self.watched->spans;
  telemetry::trace_scope other{&spans, spans.begin()};
  cycle_scope within{&self, id};
  CAF_CHECK(telemetry::current_context() == context_of(id, spans));
}

CAF_TEST(an actor begins a trace of its own) {
  actor_with_probe self;
  {
    own_trace untraced{&self, "asks"};
    CAF_CHECK(telemetry::current_trace() == nullptr);
  }
  self.watched->spans = std::make_shared<telemetry::tracer>();
  auto& spans = *self.watched->spans;
  telemetry::trace_scope other{&spans, spans.begin()};
  {
    own_trace own{&self, "asks"};
    CAF_CHECK(
      !telemetry::current_context().is_same_trace(spans.begin()));
  }
  auto seen = spans_of(spans);
  CAF_REQUIRE_EQUAL(seen.size(), 1u);
  CAF_CHECK_EQUAL(seen[0].name, "feed/x asks");
  CAF_CHECK_EQUAL(seen[0].parent, 0u);
  self.watched->spans
    = std::make_shared<telemetry::tracer>(
      telemetry::tracer_options{.sample_ratio = 0.0});
  own_trace unsampled{&self, "asks"};
  CAF_CHECK(telemetry::current_trace() == nullptr);
}

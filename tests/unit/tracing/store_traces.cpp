#define CAF_SUITE store_traces
#include "tests/unit/store/samples.hpp"
#include "tests/unit/tracing/recorded.hpp"

#include "actors/store/writer.hpp"
#include "runtime/storage/query_timer.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using namespace banksia::tracing_test;
using namespace banksia::store_test;

CAF_TEST(a query within a span is one too) {
  telemetry::tracer spans;
  { storage::query_timer untraced{"latest"}; }
  auto parent = spans.begin();
  {
    telemetry::trace_scope within{&spans, parent};
    storage::query_timer timer{"latest"};
  }
  auto seen = spans_of(spans);
  CAF_REQUIRE_EQUAL(seen.size(), 1u);
  CAF_CHECK_EQUAL(seen[0].name, "sqlite latest");
  CAF_CHECK_EQUAL(seen[0].parent, parent.span);
  CAF_CHECK(seen[0].kind == telemetry::span_kind::client);
  CAF_CHECK_EQUAL(text_of(seen[0], "db.system.name"), "sqlite");
  CAF_CHECK_EQUAL(text_of(seen[0], "db.query.summary"), "latest");
}

CAF_TEST(a group is linked to the traces of all its records) {
  test::scratch_folder folder;
  store_writer_state writer;
  writer.open(folder.file(), {"hash", "text", "build"}, {});
  telemetry::tracer spans;
  auto one = spans.begin();
  auto two = spans.begin();
  // The first one is not traced: its trace is not there to be the parent.
  writer.accept(std::vector<cycle_slot>{make_slot(0)});
  {
    telemetry::trace_scope within{&spans, one};
    writer.accept(std::vector<cycle_slot>{make_slot(1)});
  }
  {
    telemetry::trace_scope within{&spans, two};
    writer.accept(std::vector<cycle_slot>{make_slot(2)});
  }
  writer.commit();
  auto seen = spans_of(spans);
  CAF_CHECK_EQUAL(count_of(seen, "sqlite write"), 2u);
  CAF_REQUIRE_EQUAL(count_of(seen, "sqlite commit"), 1u);
  auto commit = named(seen, "sqlite commit");
  CAF_CHECK_EQUAL(commit.parent, one.span);
  CAF_REQUIRE_EQUAL(commit.links.size(), 2u);
  CAF_CHECK(commit.links[0] == one);
  CAF_CHECK(commit.links[1] == two);
}

CAF_TEST(a group without traces makes none) {
  test::scratch_folder folder;
  store_writer_state writer;
  writer.open(folder.file(), {"hash", "text", "build"}, {});
  writer.accept(std::vector<cycle_slot>{make_slot(0)});
  writer.commit();
  CAF_CHECK(telemetry::current_trace() == nullptr);
  CAF_CHECK_EQUAL(writer.commits(), 1u);
}

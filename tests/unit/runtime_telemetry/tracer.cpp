#define CAF_SUITE tracer
#include "runtime/telemetry/tracer.hpp"

#include "runtime/telemetry/active_span.hpp"

#include "caf/test/unit_test.hpp"

#include <memory>
#include <stdexcept>
#include <thread>

using namespace banksia::telemetry;
using std::chrono::milliseconds;

namespace {

/// Times that a test moves.
struct hands {
  std::int64_t wall = 1'700'000'000'000'000'000;
  std::int64_t elapsed = 5;
};

tracer_options moved_by(hands& x, double ratio = 1.0) {
  tracer_options with;
  with.sample_ratio = ratio;
  with.wall = [&x] { return x.wall; };
  with.elapsed = [&x] { return x.elapsed; };
  return with;
}

std::vector<span> all_of(tracer& x) {
  x.hurry();
  return x.take(1000, milliseconds{0});
}

} // namespace

CAF_TEST(the ratio decides by the last seven bytes of the trace id) {
  tracer none{{.sample_ratio = 0.0}};
  tracer half{{.sample_ratio = 0.5}};
  tracer all{{.sample_ratio = 1.0}};
  constexpr std::uint64_t middle = 0x0080'0000'0000'0000;
  CAF_CHECK(!none.samples(~std::uint64_t{0}));
  CAF_CHECK(half.samples(middle));
  CAF_CHECK(!half.samples(middle - 1));
  // The first byte of the eight says nothing.
  CAF_CHECK(!half.samples(0xff00'0000'0000'0000 | (middle - 1)));
  CAF_CHECK(all.samples(0));
  CAF_CHECK(all.begin().sampled);
  CAF_CHECK(!none.begin().sampled);
}

CAF_TEST(about the share that was asked for is sampled) {
  tracer some{{.sample_ratio = 0.01}};
  int sampled = 0;
  for (int i = 0; i < 100'000; ++i)
    sampled += some.begin().sampled;
  // Mean 1,000, standard deviation 31: seven of them on each side.
  CAF_CHECK(sampled > 780 && sampled < 1220);
}

CAF_TEST(a ratio out of range is the nearest one) {
  tracer more{{.sample_ratio = 7.0}};
  tracer less{{.sample_ratio = -1.0}};
  CAF_CHECK(more.samples(0));
  CAF_CHECK(!less.samples(~std::uint64_t{0}));
}

CAF_TEST(spans nest and take elapsed time) {
  hands now;
  tracer x{moved_by(now)};
  auto root = x.begin();
  CAF_CHECK(current_trace() == nullptr);
  {
    active_span outer{x, root, "outer", span_kind::server};
    CAF_CHECK(current_context() == outer.context());
    now.elapsed += 100;
    // A clock that is set back meanwhile makes no span negative.
    now.wall -= 1'000'000;
    {
      active_span inner{x, current_context(), "inner", span_kind::client};
      now.elapsed += 20;
      note_here("rows", std::int64_t{7});
      link_here(root);
    }
    CAF_CHECK(current_context() == outer.context());
  }
  CAF_CHECK(current_trace() == nullptr);
  auto spans = all_of(x);
  CAF_REQUIRE_EQUAL(spans.size(), 2u);
  CAF_CHECK_EQUAL(spans[0].name, "inner");
  CAF_CHECK_EQUAL(spans[0].parent, spans[1].context.span);
  CAF_CHECK(spans[0].context.is_same_trace(root));
  CAF_CHECK_EQUAL(spans[0].end_ns - spans[0].start_ns, 20);
  CAF_REQUIRE_EQUAL(spans[0].attributes.size(), 1u);
  CAF_CHECK_EQUAL(spans[0].attributes[0].first, "rows");
  CAF_REQUIRE_EQUAL(spans[0].links.size(), 1u);
  CAF_CHECK(spans[0].links[0] == root);
  CAF_CHECK_EQUAL(spans[1].parent, root.span);
  CAF_CHECK_EQUAL(spans[1].end_ns - spans[1].start_ns, 120);
  CAF_CHECK_EQUAL(spans[1].start_ns, 1'700'000'000'000'000'000);
}

CAF_TEST(links and attributes of a span are bounded) {
  tracer x;
  {
    active_span here{x, x.begin(), "x", span_kind::internal};
    for (std::size_t i = 0; i < 2 * span_links_max; ++i) {
      link_here(here.context());
      note_here("i", static_cast<std::int64_t>(i));
    }
  }
  auto spans = all_of(x);
  CAF_REQUIRE_EQUAL(spans.size(), 1u);
  CAF_CHECK_EQUAL(spans[0].links.size(), span_links_max);
  CAF_CHECK_EQUAL(spans[0].attributes.size(), span_attributes_max);
}

CAF_TEST(what is not sampled hides the span around it) {
  tracer x;
  tracer none{{.sample_ratio = 0.0}};
  active_span here{x, x.begin(), "x", span_kind::internal};
  {
    trace_scope unsampled{&none, none.begin()};
    CAF_CHECK(current_trace() == nullptr);
    link_here(here.context()); // has nowhere to go
    note_here("a", true);
  }
  {
    trace_scope untraced{nullptr, x.begin()};
    CAF_CHECK(current_trace() == nullptr);
  }
  CAF_CHECK(current_trace() != nullptr);
  CAF_CHECK(here.content().links.empty());
  CAF_CHECK(here.content().attributes.empty());
}

CAF_TEST(an exception makes a span a failed one) {
  tracer x;
  try {
    active_span here{x, x.begin(), "x", span_kind::internal};
    throw std::runtime_error{"no"};
  } catch (const std::runtime_error&) {
    active_span after{x, x.begin(), "y", span_kind::internal};
  }
  auto spans = all_of(x);
  CAF_REQUIRE_EQUAL(spans.size(), 2u);
  CAF_CHECK(spans[0].failed);
  CAF_CHECK(!spans[1].failed);
}

CAF_TEST(a forgotten span is not recorded) {
  tracer x;
  {
    active_span here{x, x.begin(), "x", span_kind::internal};
    here.forget();
  }
  CAF_CHECK_EQUAL(x.counts().recorded, 0u);
}

CAF_TEST(what the queue has no room for is counted) {
  tracer x{{.queue_max = 3}};
  for (int i = 0; i < 5; ++i)
    active_span here{x, x.begin(), "x", span_kind::internal};
  CAF_CHECK_EQUAL(x.counts().recorded, 3u);
  CAF_CHECK_EQUAL(x.counts().dropped, 2u);
  CAF_CHECK_EQUAL(x.take(2, milliseconds{0}).size(), 2u);
  CAF_CHECK_EQUAL(all_of(x).size(), 1u);
}

CAF_TEST(who waits gets a whole batch at once and a part of one later) {
  tracer x;
  std::vector<span> got;
  std::thread waiting{[&] { got = x.take(3, std::chrono::minutes{5}); }};
  for (int i = 0; i < 3; ++i)
    active_span here{x, x.begin(), "x", span_kind::internal};
  waiting.join();
  CAF_CHECK_EQUAL(got.size(), 3u);
  active_span{x, x.begin(), "x", span_kind::internal};
  CAF_CHECK_EQUAL(x.take(3, milliseconds{1}).size(), 1u);
}

CAF_TEST(many threads record at once) {
  tracer x{{.queue_max = 100'000}};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n)
        active_span here{x, x.begin(), "x", span_kind::internal};
    });
  for (auto& thread : threads)
    thread.join();
  CAF_CHECK_EQUAL(all_of(x).size(), 1000u);
  CAF_CHECK_EQUAL(x.counts().recorded, 4000u);
}

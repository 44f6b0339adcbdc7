#define CAF_SUITE services_sampler
#include "actors/services/sampler.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::uint64_t second_ns = 1'000'000'000;

struct sampler_fixture {
  shared_context context = std::make_shared<service_context>();
  sampler_state state;

  sampler_fixture() {
    state.context = context;
    state.begin(5 * second_ns, {10.0, 0, 2.0});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sampler_tests, sampler_fixture)

CAF_TEST(a span has what was done in it and nothing of before) {
  context->meter.count_request("data", milliseconds{100});
  context->meter.count_request("data", milliseconds{201});
  context->meter.count_request("ml", milliseconds{1});
  context->meter.count_query(milliseconds{40});
  context->meter.count_query(milliseconds{160});
  state.look(35 * second_ns, false);
  CAF_CHECK(!state.is_over(seconds{60}, false));
  state.look(65 * second_ns, true);
  CAF_CHECK(state.is_over(seconds{60}, false));
  timestamp now{seconds{1'000'000}};
  auto all = state.end_span(now, {13.0, 4096, 2.0}).samples;
  CAF_REQUIRE_EQUAL(all.size(), 3u);
  CAF_CHECK_EQUAL(all[0].service, "node");
  CAF_CHECK(all[0].time == now);
  CAF_CHECK_EQUAL(all[0].seconds.value(), 60.0);
  CAF_CHECK_EQUAL(all[0].ready_seconds.value(), 30.0);
  CAF_CHECK_EQUAL(all[0].cpu_seconds.value(), 3.0);
  CAF_CHECK_EQUAL(all[0].cpu_capacity.value(), 120.0);
  CAF_CHECK_EQUAL(all[0].resident_bytes, 4096u);
  CAF_CHECK_EQUAL(all[0].queries, 2u);
  CAF_CHECK_EQUAL(all[0].query_seconds.value(), 0.2);
  CAF_CHECK_EQUAL(all[0].slow_queries, 1u);
  CAF_CHECK_EQUAL(all[1].service, "data");
  CAF_CHECK_EQUAL(all[1].requests, 2u);
  CAF_CHECK_EQUAL(all[1].slow_requests, 1u);
  CAF_CHECK_EQUAL(all[1].seconds.value(), 60.0);
  CAF_CHECK_EQUAL(all[2].service, "ml");
  state.look(66 * second_ns, true);
  all = state.end_span(now + seconds{1}, {13.5, 4096, 2.0}).samples;
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK_EQUAL(all[0].seconds.value(), 1.0);
  CAF_CHECK_EQUAL(all[0].cpu_seconds.value(), 0.5);
  CAF_CHECK_EQUAL(all[0].queries, 0u);
}

CAF_TEST(the last span may be short but not empty) {
  CAF_CHECK(!state.is_over(seconds{60}, true));
  state.look(6 * second_ns, false);
  CAF_CHECK(state.is_over(seconds{60}, true));
  CAF_CHECK(!state.is_over(seconds{60}, false));
}

CAF_TEST(a clock that steps back adds nothing) {
  state.look(4 * second_ns, true);
  CAF_CHECK(!state.is_over(seconds{1}, true));
}

CAF_TEST(what the store does not take is kept up to a bound) {
  timestamp first{seconds{1}};
  auto batch = [&](std::size_t i) {
    service_sample x;
    x.time = first + seconds{i};
    return service_sample_batch{1, {x}};
  };
  for (std::size_t i = 0; i < sampler_state::waiting_max; ++i)
    CAF_CHECK(state.keep(batch(i)));
  CAF_CHECK(!state.keep(batch(sampler_state::waiting_max)));
  CAF_REQUIRE_EQUAL(state.waiting.size(), sampler_state::waiting_max);
  // The oldest may be on its way, so the one after it goes.
  CAF_CHECK(state.waiting[0].samples[0].time == first);
  CAF_CHECK(state.waiting[1].samples[0].time == first + seconds{2});
}

CAF_TEST_FIXTURE_SCOPE_END()

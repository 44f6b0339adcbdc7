#define CAF_SUITE services_limits
#include "apps/banksia/limits.hpp"

#include <caf/test/unit_test.hpp>

using namespace banksia;
using namespace std::chrono_literals;

CAF_TEST(each key sets its own bound of the services) {
  config::settings x;
  x.connections_max = 101;
  x.header_bytes_max = 102;
  x.body_bytes_max = 103;
  x.client_idle_ms = 104;
  x.read_deadline_ms = 105;
  x.change_deadline_ms = 106;
  x.queue_target_ms = 107;
  x.queue_interval_ms = 108;
  x.queue_waiting_max = 109;
  x.part_waiting_max = 110;
  service_setup to;
  limit(to, x);
  CAF_CHECK_EQUAL(to.bounds.connections_max, 101u);
  CAF_CHECK_EQUAL(to.bounds.header_bytes_max, 102u);
  CAF_CHECK_EQUAL(to.bounds.body_bytes_max, 103u);
  CAF_CHECK(to.bounds.idle_timeout == 104ms);
  CAF_CHECK(to.bounds.read_timeout == 105ms);
  CAF_CHECK(to.bounds.answer_timeout == 106ms);
  CAF_CHECK(to.queues == (queue_rule{107ms, 108ms, 109}));
  CAF_CHECK_EQUAL(to.parts.waiting_max, 110u);
}

CAF_TEST(each key sets its own bound of a breaker) {
  config::settings x;
  x.part_breaker_window = 11;
  x.part_breaker_minimum = 7;
  x.part_breaker_share = 0.25;
  x.part_breaker_open_ms = 1200;
  x.part_breaker_probes = 2;
  x.feed_breaker_window = 21;
  x.feed_breaker_minimum = 17;
  x.feed_breaker_share = 0.75;
  x.feed_breaker_open_ms = 2200;
  x.feed_breaker_probes = 4;
  service_setup to;
  limit(to, x);
  CAF_CHECK(to.parts.breaker == (breaker_rule{11, 7, 0.25, 1200ms, 2}));
  CAF_CHECK(feed_breaker(x) == (breaker_rule{21, 17, 0.75, 2200ms, 4}));
}

CAF_TEST(the defaults are those of the parts themselves) {
  service_setup usual, to;
  limit(to, {});
  CAF_CHECK(to.queues == usual.queues);
  CAF_CHECK(to.parts.breaker == usual.parts.breaker);
  CAF_CHECK_EQUAL(to.parts.waiting_max, usual.parts.waiting_max);
  CAF_CHECK_EQUAL(to.bounds.connections_max, usual.bounds.connections_max);
  CAF_CHECK_EQUAL(to.bounds.header_bytes_max, usual.bounds.header_bytes_max);
  CAF_CHECK_EQUAL(to.bounds.body_bytes_max, usual.bounds.body_bytes_max);
  CAF_CHECK(to.bounds.idle_timeout == usual.bounds.idle_timeout);
  CAF_CHECK(to.bounds.read_timeout == usual.bounds.read_timeout);
  CAF_CHECK(to.bounds.answer_timeout == usual.bounds.answer_timeout);
  CAF_CHECK(feed_breaker({}) == breaker_rule{});
}

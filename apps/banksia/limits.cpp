#include "apps/banksia/limits.hpp"

namespace banksia {

void limit(service_setup& to, const config::settings& x) {
  using std::chrono::milliseconds;
  to.bounds.connections_max = x.connections_max;
  to.bounds.header_bytes_max = x.header_bytes_max;
  to.bounds.body_bytes_max = x.body_bytes_max;
  to.bounds.idle_timeout = milliseconds{x.client_idle_ms};
  to.bounds.read_timeout = milliseconds{x.read_deadline_ms};
  to.bounds.answer_timeout = milliseconds{x.change_deadline_ms};
  to.queues = {milliseconds{x.queue_target_ms},
               milliseconds{x.queue_interval_ms}, x.queue_waiting_max};
  to.parts = {x.part_waiting_max,
              {x.part_breaker_window, x.part_breaker_minimum,
               x.part_breaker_share, milliseconds{x.part_breaker_open_ms},
               x.part_breaker_probes}};
}

breaker_rule feed_breaker(const config::settings& x) {
  return {x.feed_breaker_window, x.feed_breaker_minimum, x.feed_breaker_share,
          std::chrono::milliseconds{x.feed_breaker_open_ms},
          x.feed_breaker_probes};
}

} // namespace banksia

#include "apps/banksia/model_counts.hpp"

#include <utility>

namespace banksia {

void model_counts::told(const process_counts& x) {
  std::lock_guard guard{mutex_};
  // One that has counted less is another process.
  auto add = [](std::uint64_t& sum, std::uint64_t before, std::uint64_t now) {
    sum += now >= before ? now - before : now;
  };
  add(sums_.spans_exported, last_.spans_exported, x.spans_exported);
  add(sums_.spans_lost, last_.spans_lost, x.spans_lost);
  add(sums_.late, last_.late, x.late);
  last_ = x;
}

process_counts model_counts::sums() const {
  std::lock_guard guard{mutex_};
  return sums_;
}

void add_metrics(telemetry::metrics& into,
                 std::shared_ptr<const model_counts> counts) {
  into.before_render([&into, counts = std::move(counts)] {
    auto x = counts->sums();
    auto follow = [](telemetry::counter to, std::uint64_t total) {
      to.add(static_cast<double>(total) - to.value());
    };
    follow(into.counter_of("banksia_ml_trace_spans_exported_total",
                           "Spans of banksia-ml that the collector has taken."),
           x.spans_exported);
    follow(into.counter_of("banksia_ml_trace_spans_dropped_total",
                           "Spans of banksia-ml that were lost."),
           x.spans_lost);
    follow(into.counter_of("banksia_ml_late_requests_total",
                           "Requests that banksia-ml did not begin with: "
                           "nobody waited for an answer any more."),
           x.late);
  });
}

} // namespace banksia

#define CAF_SUITE model_counts
#include "apps/banksia/model_counts.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia;

CAF_TEST(counts go on where the next process begins with zeros) {
  model_counts counts;
  counts.told({1, 10, 2, 3});
  counts.told({1, 15, 2, 4});
  CAF_CHECK((counts.sums() == process_counts{1, 15, 2, 4}));
  counts.told({1, 4, 1, 0});
  CAF_CHECK((counts.sums() == process_counts{1, 19, 3, 4}));
}

CAF_TEST(they are shown as series of the node) {
  telemetry::metrics all;
  auto counts = std::make_shared<model_counts>();
  add_metrics(all, counts);
  auto shows = [&](const char* line) {
    return all.render().find(line) != std::string::npos;
  };
  CAF_CHECK(shows("banksia_ml_trace_spans_dropped_total 0"));
  counts->told({1, 10, 2, 3});
  CAF_CHECK(shows("banksia_ml_trace_spans_exported_total 10"));
  CAF_CHECK(shows("banksia_ml_trace_spans_dropped_total 2"));
  CAF_CHECK(shows("banksia_ml_late_requests_total 3"));
}

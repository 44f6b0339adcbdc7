#define CAF_SUITE open_metrics
#include "runtime/telemetry/metrics.hpp"

#include "caf/test/unit_test.hpp"

#include <limits>

using namespace banksia::telemetry;

CAF_TEST(counters gauges histograms and summaries are written in OpenMetrics) {
  metrics all;
  all.counter_of("banksia_things_total", "Things.", {{"kind", "a\"b\\c\nd"}})
    .add(3);
  all.counter_of("banksia_odd", "Named as no counter should.").add();
  all.gauge_of("banksia_level", "A \"level\".")
    .set(std::numeric_limits<double>::quiet_NaN());
  all.histogram_of("banksia_wait_seconds", "Waits.", {}, {0.5, 1.0})
    .observe(0.75);
  all.set_summary("banksia_work_seconds", "Work.", {{"actor", "x"}}, 4, 2.5);
  CAF_CHECK_EQUAL(all.render({}, text_format::open_metrics),
                  "# TYPE banksia_level gauge\n"
                  "# HELP banksia_level A \\\"level\\\".\n"
                  "banksia_level NaN\n"
                  "# TYPE banksia_odd unknown\n"
                  "# HELP banksia_odd Named as no counter should.\n"
                  "banksia_odd 1\n"
                  "# TYPE banksia_things counter\n"
                  "# HELP banksia_things Things.\n"
                  "banksia_things_total{kind=\"a\\\"b\\\\c\\nd\"} 3\n"
                  "# TYPE banksia_wait_seconds histogram\n"
                  "# HELP banksia_wait_seconds Waits.\n"
                  "banksia_wait_seconds_bucket{le=\"0.5\"} 0\n"
                  "banksia_wait_seconds_bucket{le=\"1\"} 1\n"
                  "banksia_wait_seconds_bucket{le=\"+Inf\"} 1\n"
                  "banksia_wait_seconds_count 1\n"
                  "banksia_wait_seconds_sum 0.75\n"
                  "# TYPE banksia_work_seconds summary\n"
                  "# HELP banksia_work_seconds Work.\n"
                  "banksia_work_seconds_count{actor=\"x\"} 4\n"
                  "banksia_work_seconds_sum{actor=\"x\"} 2.5\n"
                  "# EOF\n");
}

CAF_TEST(a summary is set in the older format too) {
  metrics all;
  all.set_summary("banksia_work_seconds", "Work.", {{"actor", "x"}}, 4, 2.5);
  all.set_summary("banksia_work_seconds", "Work.", {{"actor", "x"}}, 5, 3.5);
  auto text = all.render();
  CAF_CHECK(text.find("# TYPE banksia_work_seconds summary\n")
            != std::string::npos);
  CAF_CHECK(text.find("banksia_work_seconds_count{actor=\"x\"} 5\n")
            != std::string::npos);
  CAF_CHECK(text.find("banksia_work_seconds_sum{actor=\"x\"} 3.5\n")
            != std::string::npos);
}

CAF_TEST(a summary takes no more label sets than others do) {
  metrics all;
  for (std::size_t i = 0; i < metrics::label_sets_max + 7; ++i)
    all.set_summary("banksia_s", "S.", {{"x", std::to_string(i)}}, 1, 1.0);
  CAF_CHECK_EQUAL(all.counter_of("banksia_metrics_dropped_total", "",
                                 {{"family", "banksia_s"}})
                    .value(),
                  7.0);
  // What is known is set on.
  all.set_summary("banksia_s", "S.", {{"x", "3"}}, 9, 1.0);
  CAF_CHECK(all.render().find("banksia_s_count{x=\"3\"} 9\n")
            != std::string::npos);
}

CAF_TEST(a name is of one kind) {
  metrics all;
  all.gauge_of("banksia_x", "X.");
  auto refused = false;
  try {
    all.set_summary("banksia_x", "X.", {}, 1, 1.0);
  } catch (const std::invalid_argument&) {
    refused = true;
  }
  CAF_CHECK(refused);
}

CAF_TEST(the Accept header chooses the format) {
  auto open = text_format::open_metrics;
  auto plain = text_format::prometheus;
  CAF_CHECK(format_for("") == plain);
  CAF_CHECK(format_for("*/*") == plain);
  CAF_CHECK(format_for("application/json") == plain);
  CAF_CHECK(format_for("application/openmetrics-text") == open);
  // Prometheus 2.42's own.
  CAF_CHECK(format_for("application/openmetrics-text;version=1.0.0,"
                       "application/openmetrics-text;version=0.0.1;q=0.75,"
                       "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
            == open);
  CAF_CHECK(format_for("application/openmetrics-text; q=0.3, text/plain")
            == plain);
  CAF_CHECK(format_for("application/openmetrics-text;q=0") == plain);
  CAF_CHECK(format_for("application/openmetrics-text;q=rubbish") == plain);
  CAF_CHECK(media_type_of(open).starts_with("application/openmetrics-text"));
  CAF_CHECK(media_type_of(plain).starts_with("text/plain; version=0.0.4"));
}

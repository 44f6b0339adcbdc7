#define CAF_SUITE metrics
#include "runtime/telemetry/metrics.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace banksia::telemetry;

namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

/// The message of the refusal; empty where there was none.
template <class F>
std::string refusal(F f) {
  try {
    f();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

} // namespace

CAF_TEST(each kind is rendered in the text format) {
  metrics all;
  all.counter_of("banksia_a_total", "A.", {{"symbol", "CBA.AX"}}).add(2);
  all.gauge_of("banksia_b", "B.").set(-1.5);
  all.histogram_of("banksia_c_seconds", "C.", {}, {0.1, 1.0}).observe(0.1);
  auto text = all.render();
  CAF_CHECK(has_line(text, "# HELP banksia_a_total A."));
  CAF_CHECK(has_line(text, "# TYPE banksia_a_total counter"));
  CAF_CHECK(has_line(text, "banksia_a_total{symbol=\"CBA.AX\"} 2"));
  CAF_CHECK(has_line(text, "# TYPE banksia_b gauge"));
  CAF_CHECK(has_line(text, "banksia_b -1.5"));
  CAF_CHECK(has_line(text, "# TYPE banksia_c_seconds histogram"));
  // Bounds are inclusive.
  CAF_CHECK(has_line(text, "banksia_c_seconds_bucket{le=\"0.1\"} 1"));
  CAF_CHECK(has_line(text, "banksia_c_seconds_bucket{le=\"+Inf\"} 1"));
  CAF_CHECK(has_line(text, "banksia_c_seconds_count 1"));
}

CAF_TEST(the same name and labels give the same series) {
  metrics all;
  all.counter_of("banksia_a_total", "A.", {{"x", "1"}}).add();
  auto again = all.counter_of("banksia_a_total", "A.", {{"x", "1"}});
  again.add();
  CAF_CHECK_EQUAL(again.value(), 2.0);
  CAF_CHECK_EQUAL(
    all.counter_of("banksia_a_total", "A.", {{"x", "2"}}).value(), 0.0);
}

CAF_TEST(label values are escaped) {
  metrics all;
  all.counter_of("banksia_a_total", "A.", {{"x", "a\"b\\c\nd"}}).add();
  CAF_CHECK(has_line(all.render(), R"(banksia_a_total{x="a\"b\\c\nd"} 1)"));
}

CAF_TEST(numbers that would spoil a series are ignored) {
  metrics all;
  auto total = all.counter_of("banksia_a_total", "A.");
  total.add(-1.0);
  total.add(std::numeric_limits<double>::quiet_NaN());
  total.add(std::numeric_limits<double>::infinity());
  CAF_CHECK_EQUAL(total.value(), 0.0);
  auto spread = all.histogram_of("banksia_b_seconds", "B.");
  spread.observe(std::numeric_limits<double>::quiet_NaN());
  CAF_CHECK(has_line(all.render(), "banksia_b_seconds_count 0"));
}

CAF_TEST(a name of another kind or form is refused) {
  metrics all;
  all.counter_of("banksia_a_total", "A.");
  CAF_CHECK(refusal([&] { all.gauge_of("banksia_a_total", "A."); })
              .find("banksia_a_total")
            != std::string::npos);
  CAF_CHECK(refusal([&] { all.gauge_of("no spaces", "A."); }) != "");
  CAF_CHECK(
    refusal([&] { all.gauge_of("banksia_b", "B.", {{"bad-name", "1"}}); })
    != "");
  CAF_CHECK(
    refusal([&] { all.histogram_of("banksia_c", "C.", {}, {2.0, 1.0}); })
    != "");
  // A refused name leaves nothing behind.
  CAF_CHECK(all.render().find("banksia_c") == std::string::npos);
}

CAF_TEST(label sets beyond the bound are merged and counted) {
  metrics all;
  auto beyond = metrics::label_sets_max + 25;
  for (std::size_t i = 0; i < beyond; ++i)
    all.counter_of("banksia_a_total", "A.", {{"id", std::to_string(i)}}).add();
  auto text = all.render();
  CAF_CHECK(has_line(text, "banksia_a_total{id=\"999\"} 1"));
  CAF_CHECK(!has_line(text, "banksia_a_total{id=\"1000\"} 1"));
  CAF_CHECK(has_line(text, "banksia_a_total{id=\"other\"} 25"));
  CAF_CHECK(has_line(
    text, "banksia_metrics_dropped_total{family=\"banksia_a_total\"} 25"));
}

CAF_TEST(a removed series is gone and makes room) {
  metrics all;
  all.gauge_of("banksia_a", "A.", {{"x", "1"}}).set(1);
  all.gauge_of("banksia_a", "A.", {{"x", "2"}}).set(2);
  all.remove("banksia_a", {{"x", "1"}});
  all.remove("banksia_a", {{"x", "none"}});
  all.remove("banksia_none", {});
  CAF_CHECK(!has_line(all.render(), "banksia_a{x=\"1\"} 1"));
  CAF_CHECK(has_line(all.render(), "banksia_a{x=\"2\"} 2"));
  CAF_CHECK_EQUAL(all.gauge_of("banksia_a", "A.", {{"x", "1"}}).value(), 0.0);
}

CAF_TEST(a filter chooses families and series) {
  metrics all;
  all.counter_of("banksia_a_total", "A.", {{"service", "data"}}).add();
  all.counter_of("banksia_a_total", "A.", {{"service", "ml"}}).add();
  all.counter_of("banksia_b_total", "B.").add();
  auto text = all.render([](std::string_view family, const labels& of) {
    auto service = of.find("service");
    return family != "banksia_b_total" && service != of.end()
           && service->second == "ml";
  });
  CAF_CHECK(has_line(text, "banksia_a_total{service=\"ml\"} 1"));
  CAF_CHECK(text.find("data") == std::string::npos);
  CAF_CHECK(text.find("banksia_b_total") == std::string::npos);
}

CAF_TEST(gauges can be set when looked at) {
  metrics all;
  auto age = all.gauge_of("banksia_age_seconds", "Age.");
  all.before_render([age, looks = 0]() mutable { age.set(++looks); });
  CAF_CHECK(has_line(all.render(), "banksia_age_seconds 1"));
  CAF_CHECK(has_line(all.render(), "banksia_age_seconds 2"));
}

CAF_TEST(threads lose no count) {
  metrics all;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&all] {
      for (int i = 0; i < 2'000; ++i) {
        all.counter_of("banksia_a_total", "A.", {{"x", "1"}}).add();
        if (i % 500 == 0)
          all.render();
      }
    });
  for (auto& thread : threads)
    thread.join();
  CAF_CHECK_EQUAL(
    all.counter_of("banksia_a_total", "A.", {{"x", "1"}}).value(), 8'000.0);
}

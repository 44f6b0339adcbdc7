#define CAF_SUITE process_metrics
#include "runtime/telemetry/process_metrics.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::telemetry;

namespace {

double value_of(const std::string& text, const std::string& name) {
  auto at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1.0
                                 : std::stod(text.substr(at + name.size() + 2));
}

} // namespace

CAF_TEST(the fields of proc stat are found) {
  // A program name with a space and a bracket must not shift them.
  auto text = "42 (a )b) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 3 0 1000 "
              "999999 12 18446744073709551615";
  auto reading = parse_process_stat(text, 1'000'000.0, 100.0, 4096.0);
  CAF_REQUIRE(reading.has_value());
  CAF_CHECK_EQUAL(reading->cpu_seconds, 2.0);
  CAF_CHECK_EQUAL(reading->threads, 3.0);
  CAF_CHECK_EQUAL(reading->start_time_seconds, 1'000'010.0);
  CAF_CHECK_EQUAL(reading->resident_memory_bytes, 12.0 * 4096.0);
}

CAF_TEST(another form is refused) {
  for (auto text : {"", "42 (a", "42 (a) S 1 2 3", "42 (a) S x"})
    CAF_CHECK(!parse_process_stat(text, 0.0, 100.0, 4096.0));
}

CAF_TEST(this process is measured) {
  metrics all;
  add_process_metrics(all);
  auto text = all.render();
  CAF_CHECK(value_of(text, "process_resident_memory_bytes") > 1e6);
  CAF_CHECK(value_of(text, "process_open_fds") >= 3.0);
  CAF_CHECK(value_of(text, "process_threads") >= 1.0);
  CAF_CHECK(value_of(text, "process_start_time_seconds") > 1.6e9);
  CAF_CHECK(value_of(text, "process_cpu_seconds_total") >= 0.0);
}

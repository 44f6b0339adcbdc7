#define CAF_SUITE import_progress
#include "actors/intake/import_progress.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::intake;
using namespace std::chrono_literals;

namespace {

import_progress at(const char* path, std::uint64_t bytes, std::uint64_t rows) {
  import_progress x;
  x.path = path;
  x.bytes_taken = bytes;
  x.total.read = rows;
  return x;
}

} // namespace

CAF_TEST(the line is about all files) {
  progress_meter meter{{{"in/a.csv", 1'000'000},
                        {"in/b.csv", 2'000'000},
                        {"in/c.csv", 1'000'000}}};
  CAF_CHECK_EQUAL(meter.line(at("in/a.csv", 500'000, 10'000), 2s, 200),
                  " 12 %  0.5 of 4.0 MB  10000 rows  5000 rows/s  14 s left  "
                  "a.csv");
  // The second one was left out.
  CAF_CHECK_EQUAL(meter.line(at("in/c.csv", 0, 30'000), 6s, 200),
                  " 75 %  3.0 of 4.0 MB  30000 rows  5000 rows/s  2 s left  "
                  "c.csv");
  CAF_CHECK_EQUAL(meter.line(at("in/c.csv", 1'000'000, 40'000), 8s, 200),
                  "100 %  4.0 of 4.0 MB  40000 rows  5000 rows/s  c.csv");
}

CAF_TEST(a narrow terminal gets the beginning) {
  progress_meter meter{{{"a long name that has no room.csv", 10}}};
  auto x = at("a long name that has no room.csv", 5, 1);
  CAF_CHECK_EQUAL(meter.line(x, 1s, 60).find("room"), std::string::npos);
  CAF_CHECK_EQUAL(meter.line(x, 1s, 20).size(), 20u);
}

CAF_TEST(nothing to read is all read) {
  progress_meter meter{{{"empty.csv", 0}}};
  CAF_CHECK_EQUAL(meter.line(at("empty.csv", 0, 0), 0s, 100),
                  "100 %  0.0 of 0.0 MB  0 rows  empty.csv");
}

CAF_TEST(spans are told in their largest units) {
  CAF_CHECK_EQUAL(span_text(0.4s), "0 s");
  CAF_CHECK_EQUAL(span_text(59s), "59 s");
  CAF_CHECK_EQUAL(span_text(200s), "3 min 20 s");
  CAF_CHECK_EQUAL(span_text(2h + 5min + 3s), "2 h 5 min");
}

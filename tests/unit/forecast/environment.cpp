#define CAF_SUITE forecast_environment
#include "models/forecast/numeric_environment.hpp"

#include "caf/test/unit_test.hpp"

using namespace banksia::forecast;

CAF_TEST(it says what computes) {
  auto x = current_numeric_environment();
  CAF_CHECK(x.library.starts_with("LibTorch 1.13"));
  CAF_CHECK(!x.capability.empty());
  CAF_CHECK(x.capability != "unknown");
  CAF_CHECK(x == current_numeric_environment());
}

CAF_TEST(openblas computes and its absence is told) {
  auto x = current_numeric_environment();
  CAF_CHECK(x.blas.starts_with("OpenBLAS "));
  CAF_CHECK(!problem_of(x));
  x.blas.clear();
  CAF_CHECK(problem_of(x).value_or("").find("libopenblas0-pthread")
            != std::string::npos);
}

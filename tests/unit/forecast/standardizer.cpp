#define CAF_SUITE forecast_standardizer
#include "models/forecast/standardizer.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::forecast;

namespace {

/// Rows of one feature and one channel, whose bars are all the same.
forecast_inputs rows_of(const std::vector<double>& values) {
  forecast_inputs out;
  out.bar_channels = 1;
  for (auto value : values) {
    feature_vector x;
    x.set(3, value);
    out.add(x, std::vector<float>(window_bars, static_cast<float>(value)),
            ~std::uint32_t{0}, 0);
  }
  return out;
}

} // namespace

CAF_TEST(mean and deviation are those of the values) {
  auto x = standardizer::fit(rows_of({1.0, 2.0, 3.0, 4.0}));
  CAF_CHECK_EQUAL(x.features()[3].mean, 2.5);
  CAF_CHECK(std::abs(x.features()[3].scale - std::sqrt(1.25)) < 1e-15);
  CAF_CHECK(std::abs(x.channels()[0].scale - std::sqrt(1.25)) < 1e-12);
  CAF_CHECK(std::abs(x.feature(3, 3.5) - 1.0F / std::sqrt(1.25F)) < 1e-6F);
}

CAF_TEST(missing values have no say) {
  auto rows = rows_of({1.0, 2.0, 1e9});
  rows.masks[2] = 0;
  rows.bar_masks[2] = 0;
  CAF_CHECK(standardizer::fit(rows) == standardizer::fit(rows_of({1.0, 2.0})));
}

CAF_TEST(large levels lose no digits) {
  auto x = standardizer::fit(rows_of({1e9, 1e9 + 1.0, 1e9 + 2.0}));
  CAF_CHECK(std::abs(x.features()[3].scale - std::sqrt(2.0 / 3.0)) < 1e-6);
}

CAF_TEST(a constant becomes zero where it was fitted) {
  auto x = standardizer::fit(rows_of({0.1, 0.1, 0.1}));
  CAF_CHECK_EQUAL(x.features()[3].scale, 1.0);
  CAF_CHECK(std::abs(x.feature(3, 0.1)) < 1e-6F);
}

CAF_TEST(what was never there becomes zero for ever) {
  auto x = standardizer::fit(rows_of({1.0, 2.0}));
  CAF_CHECK_EQUAL(x.feature(0, 123.0), 0.0F);
}

CAF_TEST(wild values are cut off) {
  auto x = standardizer::fit(rows_of({1.0, 2.0}));
  CAF_CHECK_EQUAL(x.feature(3, 1e300), 8.0F);
  CAF_CHECK_EQUAL(x.feature(3, -1e300), -8.0F);
  CAF_CHECK_EQUAL(x.channel(0, -1e30F), -8.0F);
}

CAF_TEST(one row and none can be fitted) {
  CAF_CHECK_EQUAL(standardizer::fit(rows_of({5.0})).feature(3, 5.0), 0.0F);
  CAF_CHECK_EQUAL(standardizer::fit({}).features().size(), feature_count);
}

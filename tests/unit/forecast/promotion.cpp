#define CAF_SUITE forecast_promotion
#include "models/forecast/promotion.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::forecast;

namespace {

const loss_difference better{-0.02, interval95{-0.03, -0.01}};
const loss_difference perhaps{-0.02, interval95{-0.05, 0.01}};
const loss_difference unknown{-0.02, std::nullopt};

std::size_t against(std::optional<loss_difference> champion,
                    loss_difference climatology, double ece,
                    bool has_champion = true) {
  return reasons_against_promotion({champion, climatology, ece}, has_champion)
    .size();
}

} // namespace

CAF_TEST(a model that beats both and is calibrated may be promoted) {
  CAF_CHECK_EQUAL(against(better, better, 0.05), 0u);
}

CAF_TEST(an interval that includes zero speaks against it) {
  CAF_CHECK_EQUAL(against(perhaps, better, 0.01), 1u);
  CAF_CHECK_EQUAL(against(better, perhaps, 0.01), 1u);
  CAF_CHECK_EQUAL(against(better, {-0.02, interval95{-0.03, 0.0}}, 0.01), 1u);
  auto said = reasons_against_promotion({perhaps, better, 0.01}, true);
  CAF_REQUIRE_EQUAL(said.size(), 1u);
  CAF_CHECK_EQUAL(said[0], "log loss is not shown to be below that of the "
                           "champion: difference -0.0200 [-0.0500, 0.0100]");
}

CAF_TEST(too few days and a comparison not made speak against it) {
  CAF_CHECK_EQUAL(against(unknown, better, 0.01), 1u);
  CAF_CHECK_EQUAL(against(std::nullopt, better, 0.01), 1u);
  CAF_CHECK_EQUAL(against(std::nullopt, better, 0.01, false), 0u);
}

CAF_TEST(bad calibration speaks against it) {
  CAF_CHECK_EQUAL(against(better, better, 0.0501), 1u);
  CAF_CHECK_EQUAL(against(better, better, -0.1), 1u);
}

CAF_TEST(no number speaks for anything) {
  auto nan = std::nan("");
  CAF_CHECK_EQUAL(against(better, better, nan), 1u);
  CAF_CHECK_EQUAL(against({{nan, interval95{-1.0, -0.5}}}, better, 0.01), 1u);
  CAF_CHECK_EQUAL(against({{-0.1, interval95{-1.0, nan}}}, better, 0.01), 1u);
}

CAF_TEST(all reasons are told) {
  CAF_CHECK_EQUAL(against(perhaps, unknown, 0.2), 3u);
}

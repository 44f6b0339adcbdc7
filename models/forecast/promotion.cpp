#include "models/forecast/promotion.hpp"

#include <cstdio>
#include <string_view>

namespace banksia::forecast {

namespace {

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4f", x);
  return text;
}

std::optional<std::string> reason_of(const loss_difference& x,
                                     std::string_view other) {
  if (!x.interval)
    return "too few days to compare it with " + std::string{other};
  if (x.mean < 0.0 && x.interval->upper < 0.0)
    return std::nullopt;
  return "log loss is not shown to be below that of " + std::string{other}
         + ": difference " + number(x.mean) + " ["
         + number(x.interval->lower) + ", " + number(x.interval->upper) + "]";
}

} // namespace

std::vector<std::string>
reasons_against_promotion(const promotion_evidence& evidence, bool has_champion,
                          const promotion_bounds& bounds) {
  std::vector<std::string> out;
  if (auto found = reason_of(evidence.against_climatology, "climatology"))
    out.push_back(*std::move(found));
  if (has_champion) {
    if (!evidence.against_champion)
      out.emplace_back("not compared with the champion");
    else if (auto found = reason_of(*evidence.against_champion, "the champion"))
      out.push_back(*std::move(found));
  }
  if (!(evidence.calibration_error >= 0.0
        && evidence.calibration_error <= bounds.calibration_error_max))
    out.push_back("calibration error " + number(evidence.calibration_error)
                  + " is above " + number(bounds.calibration_error_max));
  return out;
}

} // namespace banksia::forecast

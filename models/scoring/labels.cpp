#include "models/scoring/labels.hpp"

#include <algorithm>
#include <cmath>

namespace banksia {

namespace {

bool positive(double x) noexcept {
  return std::isfinite(x) && x > 0.0;
}

} // namespace

std::optional<fraction> recent_volatility(std::span<const known_return> returns,
                                          timestamp at, std::uint32_t days) {
  auto end = std::upper_bound(
    returns.begin(), returns.end(), at,
    [](timestamp t, const known_return& x) { return t < x.known_at; });
  auto known = static_cast<std::size_t>(end - returns.begin());
  if (days < 2 || known < days)
    return std::nullopt;
  auto last = returns.subspan(known - days, days);
  double sum = 0.0;
  for (const auto& x : last)
    sum += x.value.value();
  const auto mean = sum / days;
  double squares = 0.0;
  for (const auto& x : last)
    squares += (x.value.value() - mean) * (x.value.value() - mean);
  if (!std::isfinite(squares))
    return std::nullopt;
  return fraction{std::sqrt(squares / (days - 1.0))};
}

std::optional<fraction> flat_band(fraction session_volatility,
                                  double open_minutes, double session_minutes,
                                  double band_factor) noexcept {
  if (!positive(session_volatility.value()) || !positive(open_minutes)
      || !positive(session_minutes) || !positive(band_factor))
    return std::nullopt;
  return fraction{band_factor * session_volatility.value()
                  * std::sqrt(open_minutes / session_minutes)};
}

move_class label_of(fraction actual_return, fraction band) noexcept {
  if (actual_return >= band)
    return move_class::up;
  if (actual_return.value() <= -band.value())
    return move_class::down;
  return move_class::flat;
}

} // namespace banksia

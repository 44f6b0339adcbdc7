#include "models/scoring/move_class.hpp"

#include <cmath>

namespace banksia {

std::string_view to_string(move_class x) noexcept {
  switch (x) {
    case move_class::down:
      return "down";
    case move_class::flat:
      return "flat";
    case move_class::up:
      return "up";
  }
  return "";
}

move_class mirrored(move_class x) noexcept {
  switch (x) {
    case move_class::down:
      return move_class::up;
    case move_class::up:
      return move_class::down;
    default:
      return move_class::flat;
  }
}

trade_action action_of(move_class x) noexcept {
  switch (x) {
    case move_class::down:
      return trade_action::sell;
    case move_class::up:
      return trade_action::buy;
    default:
      return trade_action::hold;
  }
}

move_class most_likely(const class_probabilities& p) noexcept {
  auto best = move_class::flat;
  for (auto x : {move_class::up, move_class::down})
    if (p[index_of(x)] > p[index_of(best)])
      best = x;
  return best;
}

std::optional<std::string> problem_of(const class_probabilities& p) {
  double sum = 0.0;
  for (auto x : p) {
    if (!std::isfinite(x))
      return "a probability is not finite";
    if (x < 0.0 || x > 1.0)
      return "a probability lies outside 0 ... 1";
    sum += x;
  }
  if (std::abs(sum - 1.0) > 1e-6)
    return "probabilities do not sum to 1";
  return std::nullopt;
}

} // namespace banksia

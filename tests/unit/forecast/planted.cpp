#include "tests/unit/forecast/planted.hpp"

#include "models/scoring/random.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace banksia::test {

using namespace banksia::forecast;

namespace {

double unit(splitmix64& random) {
  return static_cast<double>(random.next() >> 11) * 0x1p-53;
}

double normal(splitmix64& random) {
  auto radius = std::sqrt(-2.0 * std::log(1.0 - unit(random)));
  return radius * std::cos(2.0 * std::numbers::pi * unit(random));
}

class_numbers softmax(double tilt) {
  class_numbers out{std::exp(-tilt), 1.0, std::exp(tilt)};
  auto sum = out[0] + out[1] + out[2];
  for (auto& p : out)
    p /= sum;
  return out;
}

} // namespace

planted_rows plant(signal kind, std::size_t rows, std::uint64_t seed,
                   std::int64_t first_hour) {
  using namespace std::chrono;
  splitmix64 random{seed};
  planted_rows out;
  auto& set = out.set;
  set.inputs.bar_channels = planted_channels;
  timestamp slot = sys_days{year{2020} / 1 / 1} + hours{first_hour};
  for (std::size_t row = 0; row < rows; ++row, slot += hours{1}) {
    feature_vector x;
    for (std::size_t i = 0; i < planted_features; ++i)
      x.set(i, normal(random));
    std::vector<float> window(window_bars * planted_channels);
    for (auto& value : window)
      value = static_cast<float>(normal(random));
    auto symbol = static_cast<std::uint32_t>(random.below(2));
    double tilt = 0.0;
    switch (kind) {
      case signal::features:
        tilt = 1.5 * x.values[0] - 1.0 * x.values[1];
        break;
      case signal::product:
        tilt = x.values[0] * x.values[1] > 0.0 ? 2.0 : -2.0;
        break;
      case signal::bars:
        for (std::size_t t = window_bars - 8; t < window_bars; ++t)
          tilt += static_cast<double>(window[t * planted_channels]) / 2.0;
        break;
      case signal::missing:
        x.set(0, 0.0);
        if (random.below(2) == 0) {
          x.mask &= ~std::uint64_t{1};
          tilt = 2.0;
        } else {
          tilt = -2.0;
        }
        break;
      case signal::symbol: tilt = symbol == 0 ? -2.0 : 2.0; break;
      case signal::none: break;
    }
    auto p = softmax(tilt);
    auto drawn = unit(random);
    auto label = drawn < p[0]          ? direction_class::down
                 : drawn < p[0] + p[1] ? direction_class::flat
                                       : direction_class::up;
    auto sign = static_cast<double>(label) - 1.0;
    set.inputs.add(x, window, ~std::uint32_t{0}, symbol);
    set.labels.push_back(label);
    set.returns.push_back(sign * 0.01 * (1.0 + unit(random)));
    set.slots.push_back(slot);
    set.label_ends.push_back(slot + hours{4});
    out.probabilities.push_back(p);
  }
  return out;
}

double planted_rows::best_loss() const {
  double sum = 0.0;
  for (std::size_t row = 0; row < probabilities.size(); ++row)
    sum -= std::log(
      probabilities[row][static_cast<std::size_t>(set.labels[row])]);
  return sum / static_cast<double>(probabilities.size());
}

training_options small_options(model_kind kind) {
  training_options out;
  out.shape.kind = kind;
  out.shape.symbols = {"CBA.AX", "WBC.AX"};
  out.shape.bar_channels = {"return", "range"};
  out.shape.embedding = 4;
  out.shape.hidden = 16;
  out.shape.recurrent = 8;
  out.shape.trunk = 8;
  out.epochs = 15;
  out.patience = 5;
  out.batch = 128;
  out.rate = 1e-2;
  return out;
}

double log_loss(const forecast_model& model, const training_set& set) {
  double sum = 0.0;
  auto found = model.forecast(set.inputs);
  for (std::size_t row = 0; row < found.size(); ++row)
    sum -= std::log(
      found[row].probabilities[static_cast<std::size_t>(set.labels[row])]);
  return sum / static_cast<double>(found.size());
}

double up_down_auc(const forecast_model& model, const training_set& set) {
  auto found = model.forecast(set.inputs);
  std::vector<double> ups;
  std::vector<double> downs;
  for (std::size_t row = 0; row < found.size(); ++row) {
    auto score = found[row].logits[2] - found[row].logits[0];
    if (set.labels[row] == direction_class::up)
      ups.push_back(score);
    else if (set.labels[row] == direction_class::down)
      downs.push_back(score);
  }
  std::sort(downs.begin(), downs.end());
  double below = 0.0;
  for (auto score : ups)
    below += static_cast<double>(
      std::lower_bound(downs.begin(), downs.end(), score) - downs.begin());
  return below / static_cast<double>(ups.size() * downs.size());
}

forecast_model trained(const training_options& options, const planted_rows& set,
                       const planted_rows& validation) {
  auto result = train(options, set.set, validation.set);
  if (!result.model)
    throw std::runtime_error("training failed: " + result.reason);
  return *std::move(result.model);
}

} // namespace banksia::test

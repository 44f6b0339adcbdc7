#include "tests/unit/learning/planted_rows.hpp"

#include "models/features/recent_bars.hpp"
#include "models/scoring/random.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <utility>

namespace banksia::test {

using namespace banksia::learning;

namespace {

constexpr double deviation = 0.012; ///< of a day's return
constexpr double common_share = 0.5;
constexpr double persistence = 0.9; ///< of how restless it is

class gaussian {
public:
  explicit gaussian(std::uint64_t seed) : random_{seed} {}

  double operator()() {
    auto radius = std::sqrt(-2.0 * std::log(1.0 - unit()));
    return radius * std::cos(2.0 * std::numbers::pi * unit());
  }

private:
  double unit() {
    return static_cast<double>(random_.next() >> 11) * 0x1p-53;
  }

  splitmix64 random_;
};

/// A symbol between two days.
struct planted_symbol {
  double last_return = 0.0;
};

void append(dataset& to, std::uint32_t symbol, trading_date day, timestamp slot,
            const feature_vector& x, double r, double last) {
  forecast_sample sample;
  sample.symbol = symbol;
  sample.day = day;
  sample.slot = slot;
  sample.label_end = slot + std::chrono::hours{24};
  sample.actual_return = fraction{r};
  sample.band = fraction{0.43 * deviation};
  sample.last_return = fraction{last};
  const std::vector<float> window(recent_bars_max * recent_bar_channels.size());
  to.rows.inputs.add(x, window, 0, symbol);
  to.rows.labels.push_back(
    static_cast<forecast::direction_class>(index_of(sample.label())));
  to.rows.returns.push_back(r);
  to.rows.slots.push_back(sample.slot);
  to.rows.label_ends.push_back(sample.label_end);
  to.samples.push_back(sample);
  to.rules.push_back(trade_action::hold);
}

} // namespace

dataset plant_rows(const planted_law& law) {
  using namespace std::chrono;
  gaussian normal{law.seed};
  dataset made;
  made.rows.inputs.bar_channels = recent_bar_channels.size();
  for (std::uint32_t i = 0; i < law.symbols; ++i)
    made.symbols.push_back("S" + std::to_string(i) + ".AX");
  std::vector<planted_symbol> states(law.symbols);
  auto restless = 0.0;
  sys_days day = sys_days{year{2015} / 1 / 5};
  for (std::uint32_t i = 0; i < law.days; ++i, day += days{1}) {
    restless = persistence * restless
               + std::sqrt(1.0 - persistence * persistence) * normal();
    auto scale = deviation * (law.restless ? std::exp(0.5 * restless) : 1.0);
    auto mood = normal();
    for (std::uint32_t s = 0; s < law.symbols; ++s) {
      auto known = normal();
      feature_vector x;
      x.set(feature_index("rsi"), 50.0 + 10.0 * known);
      x.set(feature_index("volatility_20d"), scale);
      x.set(feature_index("price_change_1d"), states[s].last_return);
      x.set(feature_index("current_price"), 20.0 + static_cast<double>(i));
      x.set(feature_index("daily_range"), 0.02 + 0.001 * normal());
      auto luck = std::sqrt(common_share) * mood
                  + std::sqrt(1.0 - common_share) * normal();
      auto r = scale
               * (law.strength * known
                  + std::sqrt(1.0 - law.strength * law.strength) * luck);
      r = std::max(r, -0.9);
      append(made, s, day, day + hours{6}, x, r, states[s].last_return);
      states[s].last_return = r;
    }
  }
  made.counts.slots = made.size();
  return made;
}

double best_accuracy(double strength) {
  return 0.5 + std::asin(strength) / std::numbers::pi;
}

void shift_one_bar_ahead(dataset& x) {
  auto& in = x.rows.inputs;
  auto symbols = x.symbols.size();
  for (std::size_t row = 0; row + symbols < x.size(); ++row) {
    std::copy_n(in.features.begin()
                  + static_cast<std::ptrdiff_t>((row + symbols)
                                                * feature_count),
                feature_count,
                in.features.begin()
                  + static_cast<std::ptrdiff_t>(row * feature_count));
    in.masks[row] = in.masks[row + symbols];
  }
}

void shuffle_outcomes(dataset& x, std::uint64_t seed) {
  splitmix64 random{seed};
  for (auto i = x.size(); i > 1; --i) {
    auto j = random.below(static_cast<std::uint32_t>(i));
    std::swap(x.samples[i - 1].actual_return, x.samples[j].actual_return);
    std::swap(x.rows.labels[i - 1], x.rows.labels[j]);
    std::swap(x.rows.returns[i - 1], x.rows.returns[j]);
  }
}

walk_options small_walk(const dataset& x, forecast::model_kind kind) {
  auto options = walk_options_for(x, kind, 1);
  auto& training = options.training;
  training.shape.embedding = 2;
  training.shape.hidden = 16;
  training.shape.recurrent = 8;
  training.shape.trunk = 8;
  training.epochs = 15;
  training.patience = 4;
  training.batch = 128;
  training.rate = 5e-3;
  options.folds = recent_folds(x, 4);
  return options;
}

mean_estimate sign_accuracy(const walk_result& x) {
  std::vector<trading_date> days;
  std::vector<double> hits;
  for (std::size_t i = 0; i < x.samples.size(); ++i) {
    const auto& p = x.model().probabilities[i];
    auto up = p[index_of(move_class::up)] > p[index_of(move_class::down)];
    days.push_back(x.samples[i].day);
    hits.push_back(up == (x.samples[i].actual_return.value() > 0.0) ? 1.0
                                                                    : 0.0);
  }
  return estimate_mean(days, hits);
}

} // namespace banksia::test

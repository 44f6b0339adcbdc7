/// What the networks learn from rows whose law is known.
#define CAF_SUITE forecast_learning
#include "tests/unit/forecast/planted.hpp"

#include "models/scoring/random.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace banksia;
using namespace banksia::forecast;
using namespace banksia::test;

namespace {

/// Log loss above that of the law, on rows the model has not seen.
double excess(model_kind kind, signal what, std::size_t rows = 3000) {
  auto model = trained(small_options(kind), plant(what, rows, 1),
                       plant_later(what, 600, 2));
  auto fresh = plant_later(what, 1500, 3);
  return log_loss(model, fresh.set) - fresh.best_loss();
}

/// Log loss of the classes' shares, which needs no model.
double climatology_loss(const training_set& set) {
  std::array<double, class_count> counts{};
  for (auto label : set.labels)
    ++counts[static_cast<std::size_t>(label)];
  auto rows = static_cast<double>(set.rows());
  double out = 0.0;
  for (auto count : counts)
    out -= count / rows * std::log(count / rows);
  return out;
}

} // namespace

CAF_TEST(an mlp comes close to a planted law) {
  CAF_CHECK(excess(model_kind::mlp, signal::features) < 0.03);
}

CAF_TEST(logistic regression finds a linear law) {
  CAF_CHECK(excess(model_kind::logistic, signal::features) < 0.03);
}

CAF_TEST(an mlp sees a product that logistic regression cannot) {
  auto linear = excess(model_kind::logistic, signal::product);
  CAF_CHECK(linear > 0.25);
  CAF_CHECK(excess(model_kind::mlp, signal::product) < linear / 2.0);
}

CAF_TEST(a recurrent net reads the bars) {
  CAF_CHECK(excess(model_kind::recurrent, signal::bars) < 0.08);
  CAF_CHECK(excess(model_kind::mlp, signal::bars, 1000) > 0.2);
}

CAF_TEST(symbols are told apart) {
  CAF_CHECK(excess(model_kind::mlp, signal::symbol) < 0.03);
}

CAF_TEST(an ensemble ranks ups above downs) {
  auto model = trained(small_options(model_kind::ensemble),
                       plant(signal::features, 1500, 1),
                       plant_later(signal::features, 400, 2));
  CAF_CHECK(up_down_auc(model, plant_later(signal::features, 1500, 3).set)
            > 0.9);
}

CAF_TEST(missing is not zero) {
  // Present values are all zero here, as is what lies in a missing one's place:
  // only the mask tells them apart.
  for (auto kind : {model_kind::logistic, model_kind::mlp})
    CAF_CHECK(excess(kind, signal::missing) < 0.1); // unseen, it is 0.6
}

CAF_TEST(what lies in the place of a missing value does not matter) {
  auto model = trained(small_options(model_kind::ensemble),
                       plant(signal::missing, 400, 1),
                       plant_later(signal::missing, 100, 2));
  auto rows = plant_later(signal::missing, 50, 3).set.inputs;
  rows.bar_masks.assign(rows.rows(), 0xffffff00);
  auto before = model.forecast(rows);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    for (std::size_t i = 0; i < feature_count; ++i)
      if ((rows.masks[row] >> i & 1) == 0)
        rows.features[row * feature_count + i] = std::nan("");
    for (std::size_t k = 0; k < 8 * planted_channels; ++k)
      rows.bars[row * window_bars * planted_channels + k] = std::nanf("");
  }
  CAF_CHECK(model.forecast(rows) == before);
}

CAF_TEST(shuffled labels teach nothing) {
  auto set = plant(signal::features, 3000, 1);
  auto validation = plant_later(signal::features, 600, 2);
  splitmix64 random{7};
  for (auto* rows : {&set, &validation})
    for (auto i = rows->set.rows(); i > 1; --i) {
      auto k = random.below(static_cast<std::uint32_t>(i));
      std::swap(rows->set.labels[i - 1], rows->set.labels[k]);
      std::swap(rows->set.returns[i - 1], rows->set.returns[k]);
    }
  auto model = trained(small_options(model_kind::mlp), set, validation);
  auto fresh = plant_later(signal::features, 3000, 3);
  auto auc = up_down_auc(model, fresh.set);
  CAF_CHECK(auc > 0.35 && auc < 0.65);
  // No better than what needs no model; true labels make it 0.3 better.
  CAF_CHECK(log_loss(model, fresh.set) > climatology_loss(fresh.set) - 0.005);
}

CAF_TEST(rare classes keep their true probability) {
  // Weights make the network look at them; the logits take the weights back.
  auto thin = [](planted_rows rows) {
    planted_rows out;
    out.set.inputs.bar_channels = planted_channels;
    std::size_t seen = 0;
    for (std::size_t row = 0; row < rows.set.rows(); ++row) {
      if (rows.set.labels[row] != direction_class::flat && seen++ % 10 != 0)
        continue;
      feature_vector x;
      x.mask = rows.set.inputs.masks[row];
      auto values = rows.set.inputs.feature_row(row);
      std::copy(values.begin(), values.end(), x.values.begin());
      const auto* window = rows.set.inputs.bar(row, 0).data();
      out.set.inputs.add(x, {window, window_bars * planted_channels},
                         ~std::uint32_t{0}, rows.set.inputs.symbols[row]);
      out.set.labels.push_back(rows.set.labels[row]);
      out.set.returns.push_back(rows.set.returns[row]);
      out.set.slots.push_back(rows.set.slots[row]);
      out.set.label_ends.push_back(rows.set.label_ends[row]);
    }
    return out;
  };
  auto set = thin(plant(signal::none, 6000, 1));
  auto validation = thin(plant_later(signal::none, 1500, 2));
  auto options = small_options(model_kind::mlp);
  options.class_balance = 1.0;
  auto result = train(options, set.set, validation.set);
  CAF_REQUIRE(result.model.has_value());
  CAF_CHECK(result.class_weights[0] > 3.0 * result.class_weights[1]);
  double up = 0.0;
  double share = 0.0;
  auto fresh = thin(plant_later(signal::none, 3000, 3));
  for (const auto& x : result.model->forecast(fresh.set.inputs))
    up += x.probabilities[2] / static_cast<double>(fresh.set.rows());
  for (auto label : fresh.set.labels)
    share += (label == direction_class::up ? 1.0 : 0.0)
             / static_cast<double>(fresh.set.rows());
  CAF_CHECK(std::abs(up - share) < 0.04);
}

CAF_TEST(magnitude comes near the mean move) {
  auto model = trained(small_options(model_kind::mlp),
                       plant(signal::features, 1500, 1),
                       plant_later(signal::features, 400, 2));
  auto fresh = plant_later(signal::features, 500, 3);
  double expected = 0.0;
  double found = 0.0;
  for (auto x : fresh.set.returns)
    expected += std::abs(x);
  for (const auto& x : model.forecast(fresh.set.inputs))
    found += x.magnitude;
  CAF_CHECK(std::abs(found / expected - 1.0) < 0.15);
}

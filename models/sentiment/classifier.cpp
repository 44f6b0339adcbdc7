#include "models/sentiment/classifier.hpp"

#include "models/scoring/random.hpp"
#include "models/sentiment/classifier_features.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace banksia::sentiment {

namespace {

using row = std::array<float, label_count>;
using sums = std::array<double, label_count>;

label_probabilities softmax(const sums& x) {
  auto highest = *std::max_element(x.begin(), x.end());
  label_probabilities result{};
  double total = 0.0;
  for (std::size_t i = 0; i < label_count; ++i) {
    result[i] = std::exp(x[i] - highest);
    total += result[i];
  }
  for (auto& p : result)
    p /= total;
  return result;
}

sums weigh(const std::vector<feature>& features, const std::vector<row>& weights,
           const row& bias) {
  sums result{};
  for (std::size_t k = 0; k < label_count; ++k)
    result[k] = static_cast<double>(bias[k]);
  for (const auto& x : features)
    for (std::size_t k = 0; k < label_count; ++k)
      result[k] += static_cast<double>(x.value)
                   * static_cast<double>(weights[x.index][k]);
  return result;
}

/// The weights while they are learned.
struct learner {
  const training_settings& settings;
  std::vector<row> weights;
  std::vector<row> squares; ///< Adagrad's sums of squared gradients
  row bias{};
  row bias_squares{};

  explicit learner(const training_settings& x)
    : settings(x),
      weights(std::size_t{1} << x.hash_bits),
      squares(std::size_t{1} << x.hash_bits) {}

  void step(float& weight, float& square, double gradient) {
    auto sum = static_cast<double>(square) + gradient * gradient;
    square = static_cast<float>(sum);
    weight = static_cast<float>(static_cast<double>(weight)
                                - settings.rate * gradient
                                    / (std::sqrt(sum) + 1e-6));
  }

  void learn(const std::vector<feature>& features, label is,
             double class_weight) {
    auto found = softmax(weigh(features, weights, bias));
    for (std::size_t k = 0; k < label_count; ++k) {
      auto target = k == static_cast<std::size_t>(is) ? 1.0 : 0.0;
      auto error = (found[k] - target) * class_weight;
      step(bias[k], bias_squares[k], error);
      for (const auto& x : features) {
        auto& weight = weights[x.index][k];
        step(weight, squares[x.index][k],
             error * static_cast<double>(x.value)
               + settings.l2 * static_cast<double>(weight));
      }
    }
  }
};

} // namespace

std::optional<std::string> problem_of(const training_settings& x) {
  if (x.hash_bits < 8 || x.hash_bits > 20)
    return "hash_bits: set 8 to 20";
  if (x.epochs < 1 || x.epochs > 1000)
    return "epochs: set 1 to 1000";
  if (!(x.rate > 0.0 && x.rate <= 10.0))
    return "rate: set a number above 0, at most 10";
  if (!(x.l2 >= 0.0 && x.l2 <= 1.0))
    return "l2: set a number from 0 to 1";
  if (!(x.class_balance >= 0.0 && x.class_balance <= 1.0))
    return "class_balance: set a number from 0 to 1";
  return std::nullopt;
}

classifier classifier::train(std::span<const labelled_sentence> sentences,
                             const training_settings& settings) {
  if (auto problem = problem_of(settings))
    throw model_error("unfit training settings: " + *problem);
  classifier result;
  result.hash_bits_ = settings.hash_bits;
  result.seed_ = settings.seed;
  for (const auto& x : sentences)
    ++result.samples_[static_cast<std::size_t>(x.is)];
  std::array<double, label_count> class_weights{};
  for (std::size_t k = 0; k < label_count; ++k) {
    if (result.samples_[k] == 0)
      throw model_error("no sentence is labelled "
                        + std::string{to_string(static_cast<label>(k))}
                        + ": give some of each label");
    auto mean = static_cast<double>(sentences.size()) / label_count;
    class_weights[k] = std::pow(mean / static_cast<double>(result.samples_[k]),
                                settings.class_balance);
  }
  headline_scorer scorer;
  feature_reader reader{settings.hash_bits};
  std::vector<std::vector<feature>> features;
  features.reserve(sentences.size());
  for (const auto& x : sentences)
    features.push_back(reader.read(x.sentence, scorer));
  learner learning{settings};
  std::vector<std::uint32_t> order(sentences.size());
  std::iota(order.begin(), order.end(), 0U);
  splitmix64 random{settings.seed};
  for (std::uint32_t epoch = 0; epoch < settings.epochs; ++epoch) {
    for (auto i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    for (auto i : order)
      learning.learn(features[i], sentences[i].is,
                     class_weights[static_cast<std::size_t>(sentences[i].is)]);
  }
  result.bias_ = learning.bias;
  result.weights_ = std::move(learning.weights);
  return result;
}

label_probabilities classifier::probabilities(std::string_view text,
                                              headline_scorer& scorer) const {
  feature_reader reader{hash_bits_};
  return softmax(weigh(reader.read(text, scorer), weights_, bias_));
}

std::vector<classifier::reason>
classifier::reasons(std::string_view text, headline_scorer& scorer,
                    std::size_t limit) const {
  feature_reader reader{hash_bits_};
  reader.keep_names(true);
  std::vector<reason> result;
  for (const auto& x : reader.read(text, scorer)) {
    const auto& weight = weights_[x.index];
    auto positive = static_cast<double>(weight[2]);
    auto negative = static_cast<double>(weight[0]);
    reason found;
    found.contribution
      = static_cast<double>(x.value) * (positive - negative);
    if (found.contribution == 0.0)
      continue;
    for (const auto& [index, name] : reader.names())
      if (index == x.index) {
        found.feature = name;
        break;
      }
    result.push_back(std::move(found));
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const reason& a, const reason& b) {
                     return std::abs(a.contribution) > std::abs(b.contribution);
                   });
  if (result.size() > limit)
    result.resize(limit);
  return result;
}

double score_of(const label_probabilities& x) noexcept {
  return std::clamp(x[2] - x[0], -1.0, 1.0);
}

label label_of(const label_probabilities& x) noexcept {
  if (x[1] >= x[0] && x[1] >= x[2])
    return label::neutral;
  return x[0] >= x[2] ? label::negative : label::positive;
}

} // namespace banksia::sentiment

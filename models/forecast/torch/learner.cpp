#include "models/forecast/torch/learner.hpp"

#include "models/scoring/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace banksia::forecast {

namespace {

/// Rows that are judged at once; bounds the memory this takes.
constexpr std::int64_t judged_rows = 1024;

at::Tensor to_tensor(const class_numbers& x) {
  auto out = at::empty({static_cast<std::int64_t>(class_count)}, at::kFloat);
  for (std::size_t i = 0; i < class_count; ++i)
    out.data_ptr<float>()[i] = static_cast<float>(x[i]);
  return out;
}

at::Tensor logits_of(const at::Tensor& outputs) {
  return outputs.narrow(1, 0, static_cast<std::int64_t>(class_count));
}

/// What makes a row's order in epoch after epoch, apart from first weights.
constexpr std::uint64_t order_salt = 0x5f0d7c3a91e4b826ULL;

} // namespace

labelled_tensors labelled_tensors::from(const training_set& x,
                                        const model_parts& parts) {
  auto rows = static_cast<std::int64_t>(x.rows());
  labelled_tensors out{
    input_tensors::missing(x.rows(), x.inputs.bar_channels),
    at::empty({rows}, at::kLong), at::empty({rows}, at::kFloat)};
  for (std::size_t row = 0; row < x.rows(); ++row) {
    out.inputs.fill(row, x.inputs, row, parts.scales);
    out.labels.data_ptr<std::int64_t>()[row]
      = static_cast<std::int64_t>(x.labels[row]);
    out.magnitudes.data_ptr<float>()[row] = static_cast<float>(
      std::abs(x.returns[row]) / parts.magnitude_scale);
  }
  return out;
}

// -- optimiser ----------------------------------------------------------------

adam_w::adam_w(const network& x, double rate, double decay,
               double gradient_limit)
  : weights_(x.weights()),
    gradients_(x.gradients()),
    mean_(at::zeros_like(x.weights())),
    square_(at::zeros_like(x.weights())),
    rate_(rate),
    decay_(decay),
    limit_(gradient_limit) {}

void adam_w::step() {
  constexpr double beta1 = 0.9;
  constexpr double beta2 = 0.999;
  constexpr double epsilon = 1e-8;
  at::NoGradGuard no_gradients;
  auto length = static_cast<double>(gradients_.norm().item<float>());
  if (length > limit_)
    gradients_.mul_(limit_ / length);
  mean_power_ *= beta1;
  square_power_ *= beta2;
  mean_.mul_(beta1).add_(gradients_, 1.0 - beta1);
  square_.mul_(beta2).addcmul_(gradients_, gradients_, 1.0 - beta2);
  auto spread
    = square_.sqrt().mul_(1.0 / std::sqrt(1.0 - square_power_)).add_(epsilon);
  weights_.mul_(1.0 - rate_ * decay_);
  weights_.addcdiv_(mean_, spread, -rate_ / (1.0 - mean_power_));
  gradients_.zero_();
}

// -- the loop -----------------------------------------------------------------

learner::learner(const training_options& options,
                 const class_numbers& class_weights, const model_parts& parts,
                 labelled_tensors set, labelled_tensors validation)
  : options_(options),
    set_(std::move(set)),
    validation_(std::move(validation)),
    class_weights_(to_tensor(class_weights)),
    logit_shift_(to_tensor(parts.logit_shift)),
    order_(at::empty({set_.rows()}, at::kLong)) {}

learner::problem learner::learn(network& x, std::uint64_t seed,
                                const progress_callback& progress,
                                training_result& out) {
  x.draw(seed);
  shuffle_state_ = seed ^ order_salt;
  auto* order = order_.data_ptr<std::int64_t>();
  std::iota(order, order + set_.rows(), std::int64_t{0});
  adam_w optimizer{x, options_.rate, options_.weight_decay,
                   options_.gradient_limit};
  auto best_weights = x.weights().clone();
  member_summary summary;
  summary.member = x.kind();
  summary.validation_loss = std::numeric_limits<double>::infinity();
  for (std::uint32_t epoch = 1; epoch <= options_.epochs; ++epoch) {
    epoch_losses losses{x.kind(), epoch, 0.0, 0.0};
    if (auto found = run_epoch(x, optimizer, epoch, progress, losses.training))
      return found;
    losses.validation = validation_loss(x);
    if (!std::isfinite(losses.validation))
      return std::pair{training_failure::nan_loss,
                       "the validation loss of the "
                         + std::string{to_string(x.kind())}
                         + " is not finite in epoch " + std::to_string(epoch)
                         + ": lower the rate"};
    out.curve.push_back(losses);
    if (losses.validation < summary.validation_loss) {
      summary.validation_loss = losses.validation;
      summary.best_epoch = epoch;
      best_weights.copy_(x.weights());
    } else if (epoch - summary.best_epoch >= options_.patience) {
      summary.stopped_early = epoch < options_.epochs;
      break;
    }
  }
  x.weights().copy_(best_weights);
  out.members.push_back(summary);
  return std::nullopt;
}

learner::problem learner::run_epoch(network& x, adam_w& optimizer,
                                    std::uint32_t epoch,
                                    const progress_callback& progress,
                                    double& loss) {
  splitmix64 random{shuffle_state_};
  auto* order = order_.data_ptr<std::int64_t>();
  for (auto i = set_.rows(); i > 1; --i)
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  shuffle_state_ = random.next();
  auto batch = static_cast<std::int64_t>(options_.batch);
  auto steps = (set_.rows() + batch - 1) / batch;
  double sum = 0.0;
  for (std::int64_t step = 0; step < steps; ++step) {
    auto from = step * batch;
    auto rows = order_.narrow(0, from, std::min(batch, set_.rows() - from));
    auto now = loss_of(x, rows);
    auto value = static_cast<double>(now.item<float>());
    if (!std::isfinite(value))
      return std::pair{training_failure::nan_loss,
                       "the loss of the " + std::string{to_string(x.kind())}
                         + " is not finite in epoch " + std::to_string(epoch)
                         + ", step " + std::to_string(step + 1)
                         + ": lower the rate"};
    now.backward();
    optimizer.step();
    sum += value;
    training_progress at{x.kind(), epoch, static_cast<std::uint32_t>(step + 1),
                         static_cast<std::uint32_t>(steps), value};
    if (progress && !progress(at))
      return std::pair{training_failure::cancelled,
                       "cancelled in epoch " + std::to_string(epoch)
                         + ", step " + std::to_string(step + 1) + " of "
                         + std::to_string(steps)};
  }
  loss = sum / static_cast<double>(steps);
  return std::nullopt;
}

at::Tensor learner::loss_of(const network& x, const at::Tensor& rows) const {
  auto outputs = x.forward(set_.inputs.select(rows));
  auto loss = at::cross_entropy_loss(logits_of(outputs),
                                     set_.labels.index_select(0, rows),
                                     class_weights_);
  if (options_.magnitude_weight == 0.0)
    return loss;
  auto magnitude
    = at::softplus(outputs.select(1, static_cast<std::int64_t>(class_count)));
  return loss
         + options_.magnitude_weight
             * at::huber_loss(magnitude,
                              set_.magnitudes.index_select(0, rows));
}

double learner::validation_loss(const network& x) const {
  at::NoGradGuard no_gradients;
  double sum = 0.0;
  for (std::int64_t from = 0; from < validation_.rows(); from += judged_rows) {
    auto count = std::min(judged_rows, validation_.rows() - from);
    auto logits = logits_of(x.forward(validation_.inputs.slice(from, count)));
    sum += static_cast<double>(
      at::cross_entropy_loss(logits + logit_shift_,
                             validation_.labels.narrow(0, from, count), {},
                             at::Reduction::Sum)
        .item<float>());
  }
  return sum / static_cast<double>(validation_.rows());
}

} // namespace banksia::forecast

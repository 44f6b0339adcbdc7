#pragma once

/// The loop that fits one network.

#include "models/forecast/torch/model_parts.hpp"
#include "models/forecast/train.hpp"

#include <optional>
#include <string>
#include <utility>

namespace banksia::forecast {

/// Rows with what came of them, standardised.
struct labelled_tensors {
  input_tensors inputs;
  at::Tensor labels;     ///< int64 [n]
  at::Tensor magnitudes; ///< float [n]; |return| over the mean of training

  static labelled_tensors from(const training_set& x, const model_parts& parts);

  std::int64_t rows() const { return labels.size(0); }
};

/// AdamW (Loshchilov and Hutter, "Decoupled weight decay regularization",
/// 2019) over a network's flat tensors.
class adam_w {
public:
  adam_w(const network& x, double rate, double decay, double gradient_limit);

  /// One step along the gradients that lie in the network, shortened to the
  /// limit; sets them to zero.
  void step();

private:
  at::Tensor weights_, gradients_, mean_, square_;
  double rate_, decay_, limit_;
  double mean_power_ = 1.0;   ///< beta1^steps
  double square_power_ = 1.0; ///< beta2^steps
};

class learner {
public:
  using problem = std::optional<std::pair<training_failure, std::string>>;

  learner(const training_options& options, const class_numbers& class_weights,
          const model_parts& parts, labelled_tensors set,
          labelled_tensors validation);

  /// Fits `x` from its first weights on, and leaves it with those of its best
  /// epoch. Writes curve and summary into `out`.
  problem learn(network& x, std::uint64_t seed,
                const progress_callback& progress, training_result& out);

private:
  /// One pass over the rows in a new order; the mean loss in `loss`.
  problem run_epoch(network& x, adam_w& optimizer, std::uint32_t epoch,
                    const progress_callback& progress, double& loss);

  at::Tensor loss_of(const network& x, const at::Tensor& rows) const;

  /// Log loss of the probabilities on the validation rows, nats a row.
  double validation_loss(const network& x) const;

  const training_options& options_;
  labelled_tensors set_;
  labelled_tensors validation_;
  at::Tensor class_weights_; ///< float [class_count]
  at::Tensor logit_shift_;   ///< float [class_count]
  at::Tensor order_;         ///< int64 [n]; shuffled each epoch
  std::uint64_t shuffle_state_ = 0;
};

} // namespace banksia::forecast

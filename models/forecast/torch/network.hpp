#pragma once

/// The networks. Headers in this folder include LibTorch and are for its files
/// alone.

#include "models/forecast/inputs.hpp"
#include "models/forecast/options.hpp"
#include "models/forecast/standardizer.hpp"

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

namespace banksia::forecast {

/// Inputs as a network sees them.
struct input_tensors {
  at::Tensor features; ///< float [n][2 × feature_count]: values, then presence
  at::Tensor bars;     ///< float [n][window_bars][channels + 1]: and presence
  at::Tensor symbols;  ///< int64 [n]; 0 unknown, else index + 1

  /// `rows` rows in which everything is missing.
  static input_tensors missing(std::size_t rows, std::size_t channels);

  /// Writes row `row` of `x` into `slot`.
  void fill(std::size_t slot, const forecast_inputs& x, std::size_t row,
            const standardizer& scales);

  /// Makes `slot` a row in which everything is missing.
  void clear(std::size_t slot);

  input_tensors select(const at::Tensor& rows) const;
  input_tensors slice(std::int64_t from, std::int64_t count) const;
};

/// Outputs of a network for a row: three logits, then the magnitude before
/// softplus and its scale.
inline constexpr std::int64_t output_count = 4;

/// A network of one kind (never `ensemble`). Its parameters are views of one
/// flat tensor, and so are their gradients: an optimiser's step is a few
/// operations, whatever the number of layers.
class network {
public:
  struct parameter {
    std::string name;
    at::Tensor values; ///< a leaf
  };

  /// All weights are zero.
  network(model_kind kind, const model_shape& shape);

  /// Draws first weights: uniform within 1 / √(inputs of the layer).
  void draw(std::uint64_t seed);

  /// The symbols' embeddings, [n][embedding]; undefined where it has none.
  at::Tensor embed(const at::Tensor& symbols) const;

  /// [n][output_count].
  at::Tensor forward(const at::Tensor& features, const at::Tensor& bars,
                     const at::Tensor& embedded) const;

  at::Tensor forward(const input_tensors& x) const {
    return forward(x.features, x.bars, embed(x.symbols));
  }

  model_kind kind() const noexcept { return kind_; }
  const std::vector<parameter>& parameters() const noexcept {
    return parameters_;
  }
  const at::Tensor& weights() const noexcept { return weights_; }
  const at::Tensor& gradients() const noexcept { return gradients_; }

private:
  struct layout {
    std::string name;
    std::vector<std::int64_t> shape;
    double bound; ///< of first weights
  };

  static std::vector<layout> layouts(model_kind kind, const model_shape& shape);

  /// x W^T + b, with the parameters at `index` and the next.
  at::Tensor linear(const at::Tensor& x, std::size_t index) const;

  /// An LSTM's last state over the window (Hochreiter and Schmidhuber, "Long
  /// short-term memory", 1997), [n][recurrent].
  at::Tensor read_bars(const at::Tensor& bars) const;

  model_kind kind_;
  std::vector<layout> layouts_;
  std::vector<parameter> parameters_;
  at::Tensor weights_;   ///< all of them, one after the other
  at::Tensor gradients_; ///< likewise
};

/// The networks a model of this kind consists of.
std::vector<model_kind> members_of(model_kind kind);

} // namespace banksia::forecast

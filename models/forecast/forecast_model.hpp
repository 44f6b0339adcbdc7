#pragma once

/// A trained model: calibrated probabilities of down, flat and up, and how far
/// the price will go.
///
/// The same build on the same processor capability gives the same bits for the
/// same row **in the same slot of a batch of the same size**; LibTorch's bits
/// change with the batch. So batches have a fixed size, the last one is padded,
/// and each forecast says where it lay.

#include "models/forecast/inputs.hpp"
#include "models/forecast/options.hpp"
#include "models/forecast/standardizer.hpp"
#include "models/forecast/tensor.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace banksia::forecast {

/// By direction_class: down, flat, up.
using class_numbers = std::array<double, class_count>;

inline constexpr std::uint32_t default_batch_rows = 256;
inline constexpr std::uint32_t batch_rows_max = 65'536;

struct row_forecast {
  class_numbers probabilities{}; ///< softmax of logits / temperature; sum 1
  class_numbers logits{};        ///< before the temperature
  double magnitude = 0.0;        ///< expected |return|, a fraction >= 0
  std::uint32_t batch_rows = 0;  ///< the batch it was computed in
  std::uint32_t slot = 0;        ///< and where in it

  friend bool operator==(const row_forecast&, const row_forecast&) = default;
};

/// What speaks for up against down: `score` is logit(up) - logit(down), and the
/// parts add up to it. A part is input × gradient (Shrikumar et al., "Not just
/// a black box", 2016), exact where the model is linear; what the products
/// leave unexplained is `rest`.
struct attribution {
  double score = 0.0;
  std::array<double, feature_count> features{}; ///< its value and its mask
  double bars = 0.0;   ///< the whole window
  double symbol = 0.0; ///< the embedding
  double rest = 0.0;
};

/// Weights, scales and temperature. Not changed by use, so threads may share
/// it; computes on the calling thread alone.
class forecast_model {
public:
  /// Reads what `tensors` gave. Refuses a tensor that is missing, superfluous,
  /// of another shape or width, or not finite.
  /// @throws forecast_error
  static forecast_model from_tensors(const model_shape& shape,
                                     std::span<const named_tensor> tensors);

  /// All that makes the model, in a fixed order: the same training gives the
  /// same bytes.
  std::vector<named_tensor> tensors() const;

  const model_shape& shape() const noexcept;
  const standardizer& scales() const noexcept;

  /// Divides logits before they become probabilities; 1 after training, then
  /// what calibration on held-back rows says.
  double temperature() const noexcept;

  /// @throws forecast_error unless finite and > 0
  void set_temperature(double x);

  /// The symbol's index in inputs; unknown_symbol when it was not trained on.
  std::uint32_t symbol_index(std::string_view symbol) const noexcept;

  /// One forecast a row, in fixed batches: row i lies in slot i % batch_rows.
  /// @throws forecast_error for inputs with a problem, or an impossible batch
  std::vector<row_forecast>
  forecast(const forecast_inputs& x,
           std::uint32_t batch_rows = default_batch_rows) const;

  /// Computes one row of `x` again, where it once lay: bit for bit what
  /// `forecast` gave, whatever its neighbours were.
  /// @throws forecast_error
  row_forecast forecast_at(const forecast_inputs& x, std::size_t row,
                           std::uint32_t batch_rows, std::uint32_t slot) const;

  /// Why one row of `x` is forecast as it is.
  /// @throws forecast_error
  attribution attribute(const forecast_inputs& x, std::size_t row) const;

  forecast_model(forecast_model&&) noexcept;
  forecast_model& operator=(forecast_model&&) noexcept;
  ~forecast_model();

private:
  friend struct model_parts;
  explicit forecast_model(std::unique_ptr<struct model_parts> parts);

  std::unique_ptr<struct model_parts> parts_;
};

} // namespace banksia::forecast

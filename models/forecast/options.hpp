#pragma once

/// Which networks there are, how large they are and how they are trained.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::forecast {

enum class model_kind : std::uint8_t {
  logistic,  ///< baseline: one linear layer over the features
  mlp,       ///< features
  recurrent, ///< LSTM over the last bars
  ensemble,  ///< mlp and recurrent, their logits averaged
};

std::string_view to_string(model_kind x) noexcept;
std::optional<model_kind> parse_model_kind(std::string_view text) noexcept;

/// What makes two models' weights fit each other.
struct model_shape {
  model_kind kind = model_kind::ensemble;
  std::vector<std::string> symbols;      ///< in the order of their embeddings
  std::vector<std::string> bar_channels; ///< names of the values of a bar
  std::uint32_t embedding = 8;  ///< numbers that tell a symbol, 1 to 64
  std::uint32_t hidden = 64;    ///< width of the mlp's first layer, 1 to 1024
  std::uint32_t recurrent = 32; ///< width of the LSTM's state, 1 to 256
  std::uint32_t trunk = 32;     ///< width of what the heads share, 1 to 256

  friend bool operator==(const model_shape&, const model_shape&) = default;
};

/// Says what is wrong with a shape, and what to set; nothing when fit.
std::optional<std::string> problem_of(const model_shape& x);

struct training_options {
  model_shape shape;
  std::uint64_t seed = 1;      ///< of first weights and of the rows' order
  std::uint32_t epochs = 60;   ///< at most, 1 to 10,000
  std::uint32_t patience = 6;  ///< epochs without improvement before the end
  std::uint32_t batch = 256;   ///< rows a step, 1 to 65,536
  double rate = 2e-3;          ///< AdamW's step, > 0
  double weight_decay = 1e-2;  ///< shrinks weights: rate × this a step, 0 to 1
  double gradient_limit = 1.0; ///< longer gradients are shortened to this, > 0
  /// A class's weight is (mean count / its count) to this power: 0 counts each
  /// row alike, 1 each class. Taken back from the logits afterwards.
  double class_balance = 0.5;
  double magnitude_weight = 0.1; ///< of the magnitude's part of the loss, >= 0
  std::size_t rows_min = 200;    ///< fewer training rows are too little data
  std::size_t validation_rows_min = 50;

  friend bool operator==(const training_options&,
                         const training_options&) = default;
};

std::optional<std::string> problem_of(const training_options& x);

} // namespace banksia::forecast

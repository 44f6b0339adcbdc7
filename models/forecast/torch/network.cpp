#include "models/forecast/torch/network.hpp"

#include "models/scoring/random.hpp"

#include <algorithm>
#include <cmath>

namespace banksia::forecast {

namespace {

constexpr auto feature_inputs = static_cast<std::int64_t>(2 * feature_count);

at::Tensor floats(std::vector<std::int64_t> shape) {
  return at::zeros(shape, at::kFloat);
}

/// Uniform in [-1, 1). LibTorch's generators are global; this one is not.
double draw_sign_unit(splitmix64& random) {
  return static_cast<double>(random.next() >> 11) * 0x1p-52 - 1.0;
}

} // namespace

// -- inputs -------------------------------------------------------------------

input_tensors input_tensors::missing(std::size_t rows, std::size_t channels) {
  auto n = static_cast<std::int64_t>(rows);
  return {floats({n, feature_inputs}),
          floats({n, static_cast<std::int64_t>(window_bars),
                  static_cast<std::int64_t>(channels + 1)}),
          at::zeros({n}, at::kLong)};
}

void input_tensors::fill(std::size_t slot, const forecast_inputs& x,
                         std::size_t row, const standardizer& scales) {
  clear(slot);
  auto* to = features.data_ptr<float>() + slot * 2 * feature_count;
  auto values = x.feature_row(row);
  for (std::size_t i = 0; i < feature_count; ++i)
    // What training never saw has no say, nor has its presence: the weight of
    // either is what it was before the first step.
    if ((x.masks[row] >> i & 1) != 0 && scales.knows(i)) {
      to[i] = scales.feature(i, values[i]);
      to[feature_count + i] = 1.0F;
    }
  auto width = x.bar_channels + 1;
  auto* window = bars.data_ptr<float>() + slot * window_bars * width;
  for (std::size_t t = 0; t < window_bars; ++t)
    if ((x.bar_masks[row] >> t & 1) != 0) {
      auto bar = x.bar(row, t);
      for (std::size_t c = 0; c < x.bar_channels; ++c)
        window[t * width + c] = scales.channel(c, bar[c]);
      window[t * width + x.bar_channels] = 1.0F;
    }
  if (x.symbols[row] != unknown_symbol)
    symbols.data_ptr<std::int64_t>()[slot]
      = static_cast<std::int64_t>(x.symbols[row]) + 1;
}

void input_tensors::clear(std::size_t slot) {
  auto* to = features.data_ptr<float>() + slot * 2 * feature_count;
  std::fill_n(to, 2 * feature_count, 0.0F);
  auto width = static_cast<std::size_t>(bars.size(1) * bars.size(2));
  std::fill_n(bars.data_ptr<float>() + slot * width, width, 0.0F);
  symbols.data_ptr<std::int64_t>()[slot] = 0;
}

input_tensors input_tensors::select(const at::Tensor& rows) const {
  return {features.index_select(0, rows), bars.index_select(0, rows),
          symbols.index_select(0, rows)};
}

input_tensors input_tensors::slice(std::int64_t from,
                                   std::int64_t count) const {
  return {features.narrow(0, from, count), bars.narrow(0, from, count),
          symbols.narrow(0, from, count)};
}

// -- networks -----------------------------------------------------------------

std::vector<model_kind> members_of(model_kind kind) {
  if (kind == model_kind::ensemble)
    return {model_kind::mlp, model_kind::recurrent};
  return {kind};
}

std::vector<network::layout> network::layouts(model_kind kind,
                                              const model_shape& shape) {
  auto symbols = static_cast<std::int64_t>(shape.symbols.size()) + 1;
  auto channels = static_cast<std::int64_t>(shape.bar_channels.size()) + 1;
  std::int64_t embedding = shape.embedding;
  std::int64_t hidden = shape.hidden;
  std::int64_t state = shape.recurrent;
  std::int64_t trunk = shape.trunk;
  auto within = [](std::int64_t inputs) {
    return 1.0 / std::sqrt(static_cast<double>(inputs));
  };
  std::vector<layout> out;
  auto add_linear = [&](const std::string& name, std::int64_t to,
                        std::int64_t from) {
    out.push_back({name + ".weight", {to, from}, within(from)});
    out.push_back({name + ".bias", {to}, within(from)});
  };
  if (kind == model_kind::logistic) {
    add_linear("heads", output_count, feature_inputs);
    return out;
  }
  out.push_back({"embedding.weight", {symbols, embedding}, 0.1});
  if (kind == model_kind::mlp) {
    add_linear("features", hidden, feature_inputs + embedding);
    add_linear("trunk", trunk, hidden);
  } else {
    // Rows by gate: input, forget, output, candidate.
    out.push_back(
      {"bars.weight", {4 * state, channels + state}, within(state)});
    out.push_back({"bars.bias", {4 * state, 1}, within(state)});
    add_linear("trunk", trunk, state + embedding);
  }
  add_linear("heads", output_count, trunk);
  return out;
}

network::network(model_kind kind, const model_shape& shape)
  : kind_(kind), layouts_(layouts(kind, shape)) {
  std::int64_t total = 0;
  auto size_of = [](const layout& x) {
    std::int64_t size = 1;
    for (auto n : x.shape)
      size *= n;
    return size;
  };
  for (const auto& x : layouts_)
    total += size_of(x);
  weights_ = floats({total});
  gradients_ = floats({total});
  std::int64_t at = 0;
  for (const auto& x : layouts_) {
    auto size = size_of(x);
    auto leaf = weights_.narrow(0, at, size).view(x.shape).detach();
    leaf.set_requires_grad(true);
    leaf.mutable_grad() = gradients_.narrow(0, at, size).view(x.shape);
    parameters_.push_back({x.name, leaf});
    at += size;
  }
}

void network::draw(std::uint64_t seed) {
  splitmix64 random{seed};
  auto* to = weights_.data_ptr<float>();
  for (std::size_t i = 0; i < layouts_.size(); ++i) {
    auto count = parameters_[i].values.numel();
    for (std::int64_t k = 0; k < count; ++k)
      *to++ = static_cast<float>(draw_sign_unit(random) * layouts_[i].bound);
  }
  // A symbol that nobody knows speaks for nothing.
  if (kind_ != model_kind::logistic)
    std::fill_n(weights_.data_ptr<float>(), layouts_[0].shape[1], 0.0F);
}

at::Tensor network::linear(const at::Tensor& x, std::size_t index) const {
  return at::addmm(parameters_[index + 1].values, x,
                   parameters_[index].values.t());
}

at::Tensor network::embed(const at::Tensor& symbols) const {
  if (kind_ == model_kind::logistic)
    return {};
  return at::embedding(parameters_[0].values, symbols, /*padding_idx=*/0);
}

at::Tensor network::forward(const at::Tensor& features, const at::Tensor& bars,
                            const at::Tensor& embedded) const {
  if (kind_ == model_kind::logistic)
    return linear(features, 0);
  if (kind_ == model_kind::mlp) {
    auto x = at::relu(linear(at::cat({features, embedded}, 1), 1));
    return linear(at::relu(linear(x, 3)), 5);
  }
  return linear(
    at::relu(linear(at::cat({read_bars(bars), embedded}, 1), 3)), 5);
}

at::Tensor network::read_bars(const at::Tensor& bars) const {
  const auto& weight = parameters_[1].values;
  const auto& bias = parameters_[2].values;
  auto state = bias.size(0) / 4;
  // Rows of the batch lie side by side, so that each gate is one block of
  // memory; at::lstm, whose gates are strips, takes a third longer to forecast.
  auto steps = bars.permute({1, 2, 0}).contiguous();
  auto hidden = at::zeros({state, bars.size(0)}, at::kFloat);
  auto cell = hidden;
  for (std::int64_t t = 0; t < steps.size(0); ++t) {
    auto sums = at::addmm(bias, weight, at::cat({steps.select(0, t), hidden}));
    // Split, not narrowed: the way back joins the parts once.
    auto parts = sums.split_with_sizes({3 * state, state});
    auto gates = parts[0].sigmoid().view({3, state, bars.size(0)}).unbind();
    cell = at::addcmul(gates[1] * cell, gates[0], parts[1].tanh());
    hidden = gates[2] * cell.tanh();
  }
  return hidden.t();
}

} // namespace banksia::forecast

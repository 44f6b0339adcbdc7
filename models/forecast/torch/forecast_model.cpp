#include "models/forecast/forecast_model.hpp"

#include "models/forecast/torch/model_parts.hpp"
#include "models/forecast/torch/numeric.hpp"

#include <algorithm>
#include <cmath>

namespace banksia::forecast {

double softplus(double x) noexcept {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

class_numbers probabilities_of(const class_numbers& logits,
                               double temperature) noexcept {
  auto highest = *std::max_element(logits.begin(), logits.end());
  class_numbers out{};
  double total = 0.0;
  for (std::size_t i = 0; i < class_count; ++i) {
    out[i] = std::exp((logits[i] - highest) / temperature);
    total += out[i];
  }
  for (auto& p : out)
    p /= total;
  return out;
}

row_forecast to_forecast(const model_parts& parts,
                         const std::array<double, output_count>& output) {
  row_forecast out;
  for (std::size_t i = 0; i < class_count; ++i)
    out.logits[i] = output[i] + parts.logit_shift[i];
  out.probabilities = probabilities_of(out.logits, parts.temperature);
  out.magnitude = output[class_count] * parts.magnitude_scale;
  return out;
}

namespace {

/// Runs whole batches of a fixed size through the networks.
class batch_runner {
public:
  batch_runner(const model_parts& parts, std::uint32_t batch_rows)
    : parts_(parts),
      batch_rows_(batch_rows),
      inputs_(input_tensors::missing(batch_rows,
                                     parts.shape.bar_channels.size())),
      outputs_(batch_rows) {}

  input_tensors& inputs() noexcept { return inputs_; }

  void run() {
    at::NoGradGuard no_gradients;
    for (auto& row : outputs_)
      row.fill(0.0);
    auto share = 1.0 / static_cast<double>(parts_.networks.size());
    for (const auto& network : parts_.networks) {
      auto found = network.forward(inputs_).contiguous();
      const auto* value = found.data_ptr<float>();
      for (auto& row : outputs_) {
        for (std::size_t i = 0; i < class_count; ++i)
          row[i] += share * static_cast<double>(*value++);
        row[class_count] += share * softplus(static_cast<double>(*value++));
      }
    }
  }

  row_forecast result(std::uint32_t slot) const {
    auto out = to_forecast(parts_, outputs_[slot]);
    out.batch_rows = batch_rows_;
    out.slot = slot;
    return out;
  }

private:
  const model_parts& parts_;
  std::uint32_t batch_rows_;
  input_tensors inputs_;
  std::vector<std::array<double, output_count>> outputs_;
};

void check_inputs(const model_parts& parts, const forecast_inputs& x) {
  if (x.bar_channels != parts.shape.bar_channels.size())
    throw forecast_error("bars of " + std::to_string(x.bar_channels)
                         + " values: this model's have "
                         + std::to_string(parts.shape.bar_channels.size())
                         + ": build the window that it was trained on");
  if (auto problem = problem_of(x, parts.shape.symbols.size()))
    throw forecast_error(*problem);
}

void check_batch(std::uint32_t batch_rows) {
  if (batch_rows < 1 || batch_rows > batch_rows_max)
    throw forecast_error("a batch of " + std::to_string(batch_rows)
                         + " rows: use 1 to "
                         + std::to_string(batch_rows_max));
}

void check_row(const forecast_inputs& x, std::size_t row) {
  if (row >= x.rows())
    throw forecast_error("no such row: " + std::to_string(row) + " of "
                         + std::to_string(x.rows()));
}

/// Values × their gradients; zero where the score does not depend on them.
at::Tensor products(const at::Tensor& values) {
  if (!values.grad().defined())
    return at::zeros_like(values);
  return values.detach() * values.grad();
}

} // namespace

// -- construction -------------------------------------------------------------

forecast_model::forecast_model(std::unique_ptr<model_parts> parts)
  : parts_(std::move(parts)) {}

forecast_model::forecast_model(forecast_model&&) noexcept = default;
forecast_model& forecast_model::operator=(forecast_model&&) noexcept = default;
forecast_model::~forecast_model() = default;

// -- properties ---------------------------------------------------------------

const model_shape& forecast_model::shape() const noexcept {
  return parts_->shape;
}

const standardizer& forecast_model::scales() const noexcept {
  return parts_->scales;
}

double forecast_model::temperature() const noexcept {
  return parts_->temperature;
}

void forecast_model::set_temperature(double x) {
  if (!(std::isfinite(x) && x > 0.0))
    throw forecast_error("not a temperature: give a number above 0");
  parts_->temperature = x;
}

std::uint32_t
forecast_model::symbol_index(std::string_view symbol) const noexcept {
  const auto& symbols = parts_->shape.symbols;
  auto at = std::find(symbols.begin(), symbols.end(), symbol);
  return at == symbols.end()
           ? unknown_symbol
           : static_cast<std::uint32_t>(at - symbols.begin());
}

// -- forecasts ----------------------------------------------------------------

std::vector<row_forecast>
forecast_model::forecast(const forecast_inputs& x,
                         std::uint32_t batch_rows) const {
  check_batch(batch_rows);
  check_inputs(*parts_, x);
  use_one_thread();
  std::vector<row_forecast> out;
  out.reserve(x.rows());
  batch_runner runner{*parts_, batch_rows};
  for (std::size_t from = 0; from < x.rows(); from += batch_rows) {
    auto filled = std::min<std::size_t>(batch_rows, x.rows() - from);
    for (std::size_t slot = 0; slot < batch_rows; ++slot)
      if (slot < filled)
        runner.inputs().fill(slot, x, from + slot, parts_->scales);
      else
        runner.inputs().clear(slot);
    runner.run();
    for (std::size_t slot = 0; slot < filled; ++slot)
      out.push_back(runner.result(static_cast<std::uint32_t>(slot)));
  }
  return out;
}

row_forecast forecast_model::forecast_at(const forecast_inputs& x,
                                         std::size_t row,
                                         std::uint32_t batch_rows,
                                         std::uint32_t slot) const {
  check_batch(batch_rows);
  check_inputs(*parts_, x);
  check_row(x, row);
  if (slot >= batch_rows)
    throw forecast_error("no slot " + std::to_string(slot) + " in a batch of "
                         + std::to_string(batch_rows));
  use_one_thread();
  batch_runner runner{*parts_, batch_rows};
  runner.inputs().fill(slot, x, row, parts_->scales);
  runner.run();
  return runner.result(slot);
}

attribution forecast_model::attribute(const forecast_inputs& x,
                                      std::size_t row) const {
  check_inputs(*parts_, x);
  check_row(x, row);
  use_one_thread();
  at::AutoGradMode with_gradients{true};
  auto inputs = input_tensors::missing(1, x.bar_channels);
  inputs.fill(0, x, row, parts_->scales);
  attribution out;
  auto share = 1.0 / static_cast<double>(parts_->networks.size());
  for (const auto& network : parts_->networks) {
    // Leaves of their own; the network's parameters gain no gradient, since it
    // is shared between threads.
    auto features = inputs.features.clone().set_requires_grad(true);
    auto bars = inputs.bars.clone().set_requires_grad(true);
    auto embedded = network.embed(inputs.symbols);
    std::vector<at::Tensor> leaves{features, bars};
    if (embedded.defined()) {
      embedded = embedded.detach().set_requires_grad(true);
      leaves.push_back(embedded);
    }
    auto found = network.forward(features, bars, embedded);
    auto score = found.select(1, 2).sum() - found.select(1, 0).sum();
    score.backward({}, false, false, at::TensorList{leaves});
    out.score += share * static_cast<double>(score.item<float>());
    auto by_feature = products(features).contiguous();
    const auto* part = by_feature.data_ptr<float>();
    for (std::size_t i = 0; i < feature_count; ++i)
      out.features[i] += share
                         * (static_cast<double>(part[i])
                            + static_cast<double>(part[feature_count + i]));
    out.bars += share * static_cast<double>(products(bars).sum().item<float>());
    if (embedded.defined())
      out.symbol
        += share * static_cast<double>(products(embedded).sum().item<float>());
  }
  out.score += parts_->logit_shift[2] - parts_->logit_shift[0];
  out.rest = out.score - out.bars - out.symbol;
  for (auto part : out.features)
    out.rest -= part;
  return out;
}

} // namespace banksia::forecast

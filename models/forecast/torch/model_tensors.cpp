/// A model as named tensors, and back.

#include "models/forecast/torch/model_parts.hpp"
#include "models/forecast/torch/numeric.hpp"

#include <cmath>
#include <map>

namespace banksia::forecast {

namespace {

std::string name_of(const network& from, const network::parameter& x) {
  return std::string{to_string(from.kind())} + '.' + x.name;
}

named_tensor scales_tensor(std::string name,
                           const std::vector<column_scale>& columns) {
  named_tensor out{std::move(name),
                   number_width::whole,
                   {static_cast<std::uint32_t>(columns.size()), 2},
                   {}};
  for (const auto& column : columns) {
    out.values.push_back(column.mean);
    out.values.push_back(column.scale);
  }
  return out;
}

std::string shape_text(const std::vector<std::uint32_t>& shape) {
  std::string out;
  for (auto n : shape)
    out += (out.empty() ? "" : "×") + std::to_string(n);
  return out;
}

/// Takes tensors by name and checks them against what the model needs.
class tensor_shelf {
public:
  explicit tensor_shelf(std::span<const named_tensor> tensors) {
    for (const auto& x : tensors)
      if (!by_name_.emplace(x.name, &x).second)
        refuse("twice in the model: " + x.name);
  }

  const named_tensor& take(const std::string& name, number_width width,
                           const std::vector<std::uint32_t>& shape) {
    auto at = by_name_.find(name);
    if (at == by_name_.end())
      refuse("missing in the model: " + name);
    const auto& x = *at->second;
    std::size_t size = 1;
    for (auto n : shape)
      size *= n;
    if (x.shape != shape || x.width != width || x.values.size() != size)
      refuse(name + " is " + shape_text(x.shape) + " where the network has "
             + shape_text(shape));
    for (auto value : x.values)
      if (!std::isfinite(value))
        refuse("not finite: " + name);
    by_name_.erase(at);
    return x;
  }

  void must_be_empty() const {
    if (!by_name_.empty())
      refuse("no part of such a network: " + by_name_.begin()->first);
  }

  [[noreturn]] static void refuse(const std::string& what) {
    throw forecast_error(what + ": restore the file, or train again");
  }

private:
  std::map<std::string, const named_tensor*> by_name_;
};

std::vector<column_scale> take_scales(tensor_shelf& shelf,
                                      const std::string& name,
                                      std::size_t columns) {
  const auto& x = shelf.take(name, number_width::whole,
                             {static_cast<std::uint32_t>(columns), 2});
  std::vector<column_scale> out(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    out[i] = {x.values[2 * i], x.values[2 * i + 1]};
    if (out[i].scale < 0.0)
      tensor_shelf::refuse("a scale below zero: " + name);
  }
  return out;
}

std::vector<std::uint32_t> shape_of(const at::Tensor& x) {
  std::vector<std::uint32_t> out;
  for (auto n : x.sizes())
    out.push_back(static_cast<std::uint32_t>(n));
  return out;
}

void take_parameters(tensor_shelf& shelf, const network& to) {
  at::NoGradGuard no_gradients;
  for (const auto& parameter : to.parameters()) {
    const auto& x = shelf.take(name_of(to, parameter), number_width::single,
                               shape_of(parameter.values));
    auto* value = parameter.values.data_ptr<float>();
    for (auto number : x.values)
      *value++ = static_cast<float>(number);
  }
}

} // namespace

std::vector<named_tensor> forecast_model::tensors() const {
  std::vector<named_tensor> out;
  out.push_back(scales_tensor("scales.features", parts_->scales.features()));
  out.push_back(scales_tensor("scales.bars", parts_->scales.channels()));
  const auto& shift = parts_->logit_shift;
  out.push_back({"temperature", number_width::whole, {1},
                 {parts_->temperature}});
  out.push_back({"magnitude_scale", number_width::whole, {1},
                 {parts_->magnitude_scale}});
  out.push_back({"logit_shift", number_width::whole,
                 {static_cast<std::uint32_t>(class_count)},
                 {shift.begin(), shift.end()}});
  for (const auto& network : parts_->networks)
    for (const auto& parameter : network.parameters()) {
      const auto* value = parameter.values.data_ptr<float>();
      out.push_back({name_of(network, parameter), number_width::single,
                     shape_of(parameter.values),
                     {value, value + parameter.values.numel()}});
    }
  return out;
}

forecast_model
forecast_model::from_tensors(const model_shape& shape,
                             std::span<const named_tensor> tensors) {
  if (auto problem = problem_of(shape))
    throw forecast_error(*problem);
  use_one_thread();
  tensor_shelf shelf{tensors};
  auto parts = std::make_unique<model_parts>();
  parts->shape = shape;
  auto features = take_scales(shelf, "scales.features", feature_count);
  auto channels = take_scales(shelf, "scales.bars", shape.bar_channels.size());
  parts->scales = standardizer{std::move(features), std::move(channels)};
  parts->temperature
    = shelf.take("temperature", number_width::whole, {1}).values[0];
  parts->magnitude_scale
    = shelf.take("magnitude_scale", number_width::whole, {1}).values[0];
  if (!(parts->temperature > 0.0 && parts->magnitude_scale > 0.0))
    tensor_shelf::refuse("a temperature or magnitude scale that is not above 0");
  const auto& shift
    = shelf.take("logit_shift", number_width::whole,
                 {static_cast<std::uint32_t>(class_count)});
  std::copy_n(shift.values.begin(), class_count, parts->logit_shift.begin());
  for (auto kind : members_of(shape.kind)) {
    parts->networks.emplace_back(kind, shape);
    take_parameters(shelf, parts->networks.back());
  }
  shelf.must_be_empty();
  return forecast_model{std::move(parts)};
}

} // namespace banksia::forecast

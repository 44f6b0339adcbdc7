#include "actors/ml/model_inputs.hpp"

#include "models/features/recent_bars.hpp"

#include <cmath>

namespace banksia {

static_assert(recent_bars_max == forecast::window_bars);

forecast::forecast_inputs inputs_of(const forecast::forecast_model& model,
                                    std::span<const forecast_row> rows) {
  forecast::forecast_inputs x;
  x.bar_channels = model.shape().bar_channels.size();
  x.features.reserve(rows.size() * feature_count);
  x.bars.reserve(rows.size() * forecast::window_bars * x.bar_channels);
  for (const auto& row : rows) {
    if (!is_whole(row.window))
      throw forecast::forecast_error(
        "a window of " + std::to_string(row.window.values.size())
        + " bytes: " + row.symbol
        + ": node and banksia-ml must be of one build");
    auto window = values_of(row.window);
    x.add(row.features, window, row.window.mask, model.symbol_index(row.symbol));
  }
  return x;
}

std::uint32_t count_outlying(const forecast::standardizer& scales,
                             const feature_vector& x) noexcept {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < feature_count; ++i) {
    const auto& column = scales.features()[i];
    count += x.has(i) && column.scale > 0.0
             && std::abs(x.values[i] - column.mean)
                  > forecast::standardizer::limit * column.scale;
  }
  return count;
}

} // namespace banksia

#include "models/forecast/inputs.hpp"

#include "messages/ids.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace banksia::forecast {

namespace {

std::string at_row(std::size_t row) {
  return ": row " + std::to_string(row);
}

std::optional<std::string> column_problem(std::string_view name,
                                          std::size_t found,
                                          std::size_t expected) {
  if (found == expected)
    return std::nullopt;
  return std::string{name} + ": " + std::to_string(found)
         + " values where the rows need " + std::to_string(expected)
         + ": fill each column";
}

std::optional<std::string> row_problem(const forecast_inputs& x,
                                       std::size_t row,
                                       std::size_t symbol_count) {
  auto features = x.feature_row(row);
  for (std::size_t i = 0; i < feature_count; ++i)
    if ((x.masks[row] >> i & 1) != 0 && !std::isfinite(features[i]))
      return "not finite: " + std::string{feature_names[i]} + at_row(row)
             + ": clear its bit in the mask where it cannot be computed";
  for (std::size_t t = 0; t < window_bars; ++t)
    if ((x.bar_masks[row] >> t & 1) != 0)
      for (auto value : x.bar(row, t))
        if (!std::isfinite(value))
          return "not finite: bar " + std::to_string(t) + at_row(row)
                 + ": clear the bit of a bar that is not there";
  if (x.symbols[row] != unknown_symbol && x.symbols[row] >= symbol_count)
    return "no such symbol: index " + std::to_string(x.symbols[row])
           + at_row(row) + ": use the model's table, or unknown_symbol";
  return std::nullopt;
}

template <class Number>
void append_bytes(std::string& to, Number x) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    to += static_cast<char>(x >> (8 * i) & 0xff);
}

void append_row(std::string& to, const training_set& x, std::size_t row) {
  const auto& inputs = x.inputs;
  auto features = inputs.feature_row(row);
  append_bytes(to, inputs.masks[row]);
  for (std::size_t i = 0; i < feature_count; ++i)
    if ((inputs.masks[row] >> i & 1) != 0)
      append_bytes(to, std::bit_cast<std::uint64_t>(features[i]));
  append_bytes(to, inputs.bar_masks[row]);
  for (std::size_t t = 0; t < window_bars; ++t)
    if ((inputs.bar_masks[row] >> t & 1) != 0)
      for (auto value : inputs.bar(row, t))
        append_bytes(to, std::bit_cast<std::uint32_t>(value));
  append_bytes(to, inputs.symbols[row]);
  append_bytes(to, static_cast<std::uint8_t>(x.labels[row]));
  append_bytes(to, std::bit_cast<std::uint64_t>(x.returns[row]));
  append_bytes(to, static_cast<std::uint64_t>(to_micros(x.slots[row])));
  append_bytes(to, static_cast<std::uint64_t>(to_micros(x.label_ends[row])));
}

/// Rows that are hashed at once; bounds the memory this takes.
constexpr std::size_t hashed_rows = 4096;

} // namespace

std::string data_hash(const training_set& x) {
  auto out = sha256_hex(std::to_string(x.inputs.bar_channels));
  for (std::size_t row = 0; row < x.rows();) {
    std::string chunk = out;
    for (auto end = std::min(x.rows(), row + hashed_rows); row < end; ++row)
      append_row(chunk, x, row);
    out = sha256_hex(chunk);
  }
  return out;
}

std::string_view to_string(direction_class x) noexcept {
  switch (x) {
    case direction_class::down: return "down";
    case direction_class::flat: return "flat";
    case direction_class::up: return "up";
  }
  return "?";
}

void forecast_inputs::add(const feature_vector& x,
                          std::span<const float> window,
                          std::uint32_t bar_mask, std::uint32_t symbol) {
  if (window.size() != window_bars * bar_channels)
    throw forecast_error("a window of " + std::to_string(window.size())
                         + " values: give "
                         + std::to_string(window_bars * bar_channels));
  features.insert(features.end(), x.values.begin(), x.values.end());
  masks.push_back(x.mask);
  bars.insert(bars.end(), window.begin(), window.end());
  bar_masks.push_back(bar_mask);
  symbols.push_back(symbol);
}

std::optional<std::string> problem_of(const forecast_inputs& x,
                                      std::size_t symbol_count) {
  auto rows = x.rows();
  if (x.bar_channels > bar_channels_max)
    return "bar_channels: set at most " + std::to_string(bar_channels_max);
  if (auto problem = column_problem("features", x.features.size(),
                                    rows * feature_count))
    return problem;
  if (auto problem = column_problem("bars", x.bars.size(),
                                    rows * window_bars * x.bar_channels))
    return problem;
  if (auto problem = column_problem("bar_masks", x.bar_masks.size(), rows))
    return problem;
  if (auto problem = column_problem("symbols", x.symbols.size(), rows))
    return problem;
  for (std::size_t row = 0; row < rows; ++row)
    if (auto problem = row_problem(x, row, symbol_count))
      return problem;
  return std::nullopt;
}

std::optional<std::string> problem_of(const training_set& x,
                                      std::size_t symbol_count) {
  if (auto problem = problem_of(x.inputs, symbol_count))
    return problem;
  auto rows = x.rows();
  if (auto problem = column_problem("labels", x.labels.size(), rows))
    return problem;
  if (auto problem = column_problem("returns", x.returns.size(), rows))
    return problem;
  if (auto problem = column_problem("slots", x.slots.size(), rows))
    return problem;
  if (auto problem = column_problem("label_ends", x.label_ends.size(), rows))
    return problem;
  for (std::size_t row = 0; row < rows; ++row) {
    if (static_cast<std::size_t>(x.labels[row]) >= class_count)
      return "no such label" + at_row(row) + ": use down, flat or up";
    if (!(std::isfinite(x.returns[row]) && x.returns[row] > -1.0))
      return "not a return" + at_row(row)
             + ": leave out rows whose outcome is void";
    if (x.label_ends[row] < x.slots[row])
      return "the outcome is older than its forecast" + at_row(row)
             + ": set label_end to when the outcome was known";
  }
  return std::nullopt;
}

} // namespace banksia::forecast

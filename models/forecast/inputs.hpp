#pragma once

/// What a forecast is made from, and what a model is trained on, by columns.

#include "messages/features.hpp"
#include "messages/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::forecast {

/// Where the price goes over the horizon. `flat` is a return within the band.
enum class direction_class : std::uint8_t { down, flat, up };

inline constexpr std::size_t class_count = 3;

std::string_view to_string(direction_class x) noexcept;

/// Bars that the recurrent net looks back.
inline constexpr std::size_t window_bars = 32;

/// A symbol that the model has never seen; it gets no embedding.
inline constexpr std::uint32_t unknown_symbol = 0xffffffff;

/// At most so many values a bar.
inline constexpr std::size_t bar_channels_max = 64;

/// Inputs that cannot be used, or a model that does not fit. The text says what
/// is wrong, where, and what to do.
class forecast_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Rows of inputs. What is missing is told by a mask; the value in its place is
/// never looked at.
struct forecast_inputs {
  std::size_t bar_channels = 0; ///< values a bar, as the model's names say

  std::vector<double> features;         ///< [rows][feature_count]
  std::vector<std::uint64_t> masks;     ///< [rows]; bit i: feature i is present
  std::vector<float> bars;              ///< [rows][window_bars][bar_channels]
  std::vector<std::uint32_t> bar_masks; ///< [rows]; bit t: bar t, 31 the newest
  std::vector<std::uint32_t> symbols;   ///< [rows]; index into the model's table

  std::size_t rows() const noexcept { return masks.size(); }

  std::span<const double> feature_row(std::size_t row) const {
    return {features.data() + row * feature_count, feature_count};
  }

  /// The values of bar `t` (0 the oldest) of a row.
  std::span<const float> bar(std::size_t row, std::size_t t) const {
    return {bars.data() + (row * window_bars + t) * bar_channels, bar_channels};
  }

  /// Appends a row. `window` has window_bars × bar_channels values.
  /// @throws forecast_error when it has not
  void add(const feature_vector& x, std::span<const float> window,
           std::uint32_t bar_mask, std::uint32_t symbol);
};

/// Says which row of `x` cannot be used and why: a column of another length, a
/// value that is present but not finite, a symbol outside the table. Nothing
/// when all is well.
std::optional<std::string> problem_of(const forecast_inputs& x,
                                      std::size_t symbol_count);

/// Inputs with what came of them.
struct training_set {
  forecast_inputs inputs;
  std::vector<direction_class> labels; ///< [rows]
  std::vector<double> returns;         ///< [rows]; price return, a fraction
  std::vector<timestamp> slots;        ///< [rows]; when the forecast was due
  std::vector<timestamp> label_ends;   ///< [rows]; when its outcome was known

  std::size_t rows() const noexcept { return inputs.rows(); }
};

/// As above, for the outcomes too: a return must be finite and above -1, a
/// label must not end before its slot.
std::optional<std::string> problem_of(const training_set& x,
                                      std::size_t symbol_count);

/// SHA-256 over all that training sees of these rows, hex: values in the place
/// of missing ones do not count.
std::string data_hash(const training_set& x);

} // namespace banksia::forecast

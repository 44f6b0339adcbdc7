#include "models/features/recent_bars.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace banksia {

namespace {

constexpr auto channels = recent_bar_channels.size();
constexpr auto window_bytes = recent_bars_max * channels * sizeof(float);

static_assert(std::endian::native == std::endian::little,
              "windows lie in the store and on the wire as in memory");

} // namespace

void recent_bars::add(bar_interval interval, const day_bar& x) {
  if (interval == bar_interval::d1 && within_day_)
    return;
  if (interval != bar_interval::d1 && !within_day_) {
    within_day_ = true;
    count_ = 0;
  }
  bars_[next_] = x;
  next_ = (next_ + 1) % kept_max;
  count_ = std::min(count_ + 1, kept_max);
}

void recent_bars::rescale(const basis_change& change) noexcept {
  for (std::size_t age = 0; age < count_; ++age) {
    auto& x = bars_[(next_ + kept_max - 1 - age) % kept_max];
    x = on_new_basis(x, change);
  }
}

bar_window recent_bars::window() const {
  bar_window result;
  if (count_ < 2)
    return result;
  double mean_volume = 0.0;
  for (std::size_t age = 0; age < count_; ++age)
    mean_volume += std::log1p(kept(age).volume);
  mean_volume /= static_cast<double>(count_);
  std::array<float, recent_bars_max * channels> values{};
  for (std::size_t age = 0; age + 1 < count_; ++age) {
    const auto& x = kept(age);
    auto before = kept(age + 1).close;
    auto at = recent_bars_max - 1 - age;
    auto span = x.high - x.low;
    const double said[channels]
      = {std::log(x.close / before), std::log(x.open / before),
         std::log(x.high / x.low),
         span > 0.0 ? (2.0 * x.close - x.high - x.low) / span : 0.0,
         std::log1p(x.volume) - mean_volume};
    for (std::size_t i = 0; i < channels; ++i)
      values[at * channels + i] = static_cast<float>(said[i]);
    result.mask |= std::uint32_t{1} << at;
  }
  result.values.resize(window_bytes);
  std::memcpy(result.values.data(), values.data(), window_bytes);
  return result;
}

std::array<float, recent_bars_max * channels>
values_of(const bar_window& x) noexcept {
  std::array<float, recent_bars_max * channels> values{};
  if (!x.values.empty())
    std::memcpy(values.data(), x.values.data(), window_bytes);
  return values;
}

bool is_whole(const bar_window& x) noexcept {
  return x.values.size() == window_bytes || (x.values.empty() && x.mask == 0);
}

} // namespace banksia

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
    unsaid_ = 0;
  }
  bars_[next_] = x;
  next_ = next_ + 1 == kept_max ? 0 : next_ + 1;
  count_ += count_ < kept_max;
  unsaid_ += unsaid_ < kept_max;
}

void recent_bars::rescale(const basis_change& change) noexcept {
  for (std::size_t age = 0; age < count_; ++age) {
    auto& x = bars_[slot_of(age)];
    x = on_new_basis(x, change);
  }
  unsaid_ = count_;
}

/// The oldest one has no close before it: of its prices nothing is said.
void recent_bars::work_out(std::size_t age) const noexcept {
  const auto& x = bars_[slot_of(age)];
  auto& to = said_[slot_of(age)];
  to.log_volume = std::log1p(x.volume);
  if (age + 1 == count_)
    return;
  auto before = bars_[slot_of(age + 1)].close;
  auto span = x.high - x.low;
  to.of_prices
    = {static_cast<float>(std::log(x.close / before)),
       static_cast<float>(std::log(x.open / before)),
       static_cast<float>(std::log(x.high / x.low)),
       static_cast<float>(
         span > 0.0 ? (2.0 * x.close - x.high - x.low) / span : 0.0)};
}

bar_window recent_bars::window() const {
  bar_window result;
  if (count_ < 2)
    return result;
  said_.resize(kept_max);
  for (std::size_t age = 0; age < unsaid_; ++age)
    work_out(age);
  unsaid_ = 0;
  double mean_volume = 0.0;
  for (std::size_t age = 0; age < count_; ++age)
    mean_volume += said_[slot_of(age)].log_volume;
  mean_volume /= static_cast<double>(count_);
  std::array<float, recent_bars_max * channels> values{};
  for (std::size_t age = 0; age + 1 < count_; ++age) {
    const auto& x = said_[slot_of(age)];
    auto at = recent_bars_max - 1 - age;
    std::copy(x.of_prices.begin(), x.of_prices.end(),
              values.begin() + static_cast<std::ptrdiff_t>(at * channels));
    values[at * channels + channels - 1]
      = static_cast<float>(x.log_volume - mean_volume);
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

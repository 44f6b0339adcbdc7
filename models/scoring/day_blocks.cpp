#include "models/scoring/day_blocks.hpp"

#include <utility>

namespace banksia {

day_index::day_index(std::vector<trading_date> days) : days_(std::move(days)) {
  // Samples mostly come in order; then there is nothing to sort.
  if (!std::is_sorted(days_.begin(), days_.end()))
    std::sort(days_.begin(), days_.end());
  days_.erase(std::unique(days_.begin(), days_.end()), days_.end());
}

std::uint32_t day_index::row_of(trading_date day) const noexcept {
  return static_cast<std::uint32_t>(
    std::lower_bound(days_.begin(), days_.end(), day) - days_.begin());
}

std::vector<double> day_sums::totals() const {
  std::vector<double> result(columns_);
  for (std::size_t i = 0; i < cells_.size(); ++i)
    result[i % columns_] += cells_[i];
  return result;
}

} // namespace banksia

#pragma once

/// A day as indicators see it.

#include "messages/domain.hpp"
#include "models/market/adjustment.hpp"

namespace banksia {

/// A day's prices and volume, without what is not needed for indicators.
struct day_bar {
  double open = 0.0;
  double high = 0.0;
  double low = 0.0;
  double close = 0.0;
  double volume = 0.0;

  friend bool operator==(const day_bar&, const day_bar&) = default;
};

inline day_bar to_day_bar(const bar& x) noexcept {
  return {x.open.value(), x.high.value(), x.low.value(), x.close.value(),
          x.volume.value()};
}

/// The same day in the shares and money of after a split or dividend.
inline day_bar on_new_basis(const day_bar& x,
                            const basis_change& change) noexcept {
  return {x.open * change.prices, x.high * change.prices,
          x.low * change.prices, x.close * change.prices,
          x.volume * change.volumes};
}

} // namespace banksia

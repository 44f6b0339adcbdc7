#include "models/features/daily_features.hpp"

#include "models/features/window_formulas.hpp"

namespace banksia {

void daily_features::add_close(const day_bar& x) noexcept {
  auto first = count() == 0;
  auto before = last().close;
  auto change = recent_.add(x);
  if (!first)
    volume_lines_.add(
      {signed_volume(x.close, before, x.volume), x.volume * change});
  closes50_.add(x.close);
  closes200_.add(x.close);
}

void daily_features::rescale(const basis_change& change) noexcept {
  recent_.rescale(change);
  closes50_.rescale(change.prices);
  closes200_.rescale(change.prices);
  volume_lines_.rescale(change.volumes);
}

daily_indicators daily_features::indicators() const noexcept {
  daily_indicators x;
  write(x);
  return x;
}

/// One more value in the long windows needs no copy of them.
void daily_features::write_with(const day_bar& x,
                                daily_indicators& to) const noexcept {
  auto recent = recent_;
  auto change = recent.add(x);
  recent.write(to);
  if (closes50_.ready_with_one_more())
    to.sma50 = closes50_.mean_with(x.close);
  if (closes200_.ready_with_one_more())
    to.sma200 = closes200_.mean_with(x.close);
  if (count() > 0 && volume_lines_.ready_with_one_more()) {
    auto lines = volume_lines_.value_with(
      {signed_volume(x.close, last().close, x.volume), x.volume * change});
    to.on_balance_volume = lines.first;
    to.volume_price_trend = lines.second;
  }
}

} // namespace banksia

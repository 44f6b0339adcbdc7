#include "models/features/market_board.hpp"

#include <algorithm>
#include <cmath>

namespace banksia {

// -- sector -----------------------------------------------------------------------

void sector_sum::add(const std::optional<double>& change) noexcept {
  if (!change)
    return;
  sum_ += *change;
  ++count_;
  rose_ += *change > 0.0;
  fell_ += *change < 0.0;
}

void sector_sum::set(market_values& to) const noexcept {
  if (count_ < fewest)
    return;
  auto count = static_cast<double>(count_);
  to.has_sector = true;
  to.sector_change = fraction{sum_ / count};
  to.breadth = fraction{
    (static_cast<double>(rose_) - static_cast<double>(fell_)) / count};
}

// -- levels -----------------------------------------------------------------------

void level_series::add(const bar& x) {
  auto close = x.close.value();
  if (!std::isfinite(close) || !(close > 0.0))
    return;
  level made{x.known_at, x.opened_at, close};
  if (levels_.empty() || levels_.back() < made) {
    levels_.push_back(made);
    return;
  }
  auto at = std::lower_bound(levels_.begin(), levels_.end(), made);
  if (at == levels_.end() || *at != made)
    levels_.insert(at, made);
}

std::optional<double> level_series::at(timestamp t) const {
  auto after = std::partition_point(
    levels_.begin(), levels_.end(),
    [t](const level& x) { return x.known_at <= t; });
  if (after == levels_.begin())
    return std::nullopt;
  const auto& last = *std::prev(after);
  if (t - last.known_at > age_max)
    return std::nullopt;
  return last.close;
}

void set_level(market_values& to, context_series series,
               const std::optional<double>& level) noexcept {
  if (!level)
    return;
  switch (series) {
    case context_series::aud_usd:
      to.has_aud_usd = true;
      to.aud_usd = real{*level};
      break;
    case context_series::vix:
      to.has_vix = true;
      to.vix = real{*level};
      break;
  }
}

// -- the board --------------------------------------------------------------------

void market_board::begin(std::string index) {
  index_ = std::move(index);
  index_closes_ = {};
  symbols_.clear();
  found_.clear();
  levels_ = {};
}

void market_board::follow(const std::string& symbol) {
  auto& closes = symbols_[symbol];
  found_.emplace(symbol, &closes); // nodes of a map never move
}

session_closes* market_board::find(const std::string& symbol) {
  if (!index_.empty() && symbol == index_)
    return &index_closes_;
  auto found = found_.find(symbol);
  return found == found_.end() ? nullptr : found->second;
}

const session_closes* market_board::find(const std::string& symbol) const {
  if (!index_.empty() && symbol == index_)
    return &index_closes_;
  auto found = found_.find(symbol);
  return found == found_.end() ? nullptr : found->second;
}

std::optional<double>
market_board::change_of(const session_closes& x,
                        const market_moment& when) const {
  if (when.ordinal < 0)
    return std::nullopt;
  return x.change_at(when.slot, when.ordinal, when.daily);
}

market_values market_board::at(const market_moment& when,
                               const std::vector<std::string>* among) const {
  market_values x;
  if (auto change = change_of(index_closes_, when)) {
    x.has_index_change = true;
    x.index_change = fraction{*change};
  }
  sector_sum sector;
  if (!among) {
    for (const auto& [name, closes] : symbols_)
      sector.add(change_of(closes, when));
  } else {
    auto names = *among;
    std::sort(names.begin(), names.end());
    for (const auto& name : names)
      if (auto closes = symbols_.find(name); closes != symbols_.end())
        sector.add(change_of(closes->second, when));
  }
  sector.set(x);
  for (auto series : all_context_series)
    set_level(x, series,
              levels_[static_cast<std::size_t>(series)].at(when.slot));
  return x;
}

void market_board::forget_before(int ordinal) {
  index_closes_.forget_before(ordinal);
  for (auto& [name, closes] : symbols_)
    closes.forget_before(ordinal);
}

} // namespace banksia

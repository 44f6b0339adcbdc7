#include "models/features/recent_closes.hpp"

#include <algorithm>

namespace banksia {

void recent_closes::clear() noexcept {
  entries_.clear();
  first_ = 0;
}

/// Each daily bar without a way to it does so: the one place is written over.
void recent_closes::restart(std::int64_t open_minutes, double close) {
  first_ = 0;
  if (open_minutes < 0) {
    entries_.clear();
    return;
  }
  if (entries_.size() != 1)
    entries_.resize(1);
  entries_.front() = {open_minutes, close};
}

void recent_closes::add(std::int64_t open_minutes, double close) {
  if (open_minutes < 0 || (size() > 0 && open_minutes < entries_.back().minute))
    clear();
  if (open_minutes < 0)
    return;
  if (size() > 0 && entries_.back().minute == open_minutes) {
    entries_.back().close = close;
    return;
  }
  entries_.push_back({open_minutes, close});
  trim();
}

/// The newest close that is old enough stays: it was the price until the next.
void recent_closes::trim() {
  auto oldest = entries_.back().minute - span_minutes;
  while (size() >= 2 && entries_[first_ + 1].minute <= oldest)
    ++first_;
  // Moving as many as are kept, after as many were added, costs O(1) each.
  if (first_ > size()) {
    entries_.erase(entries_.begin(),
                   entries_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

std::optional<double>
recent_closes::at(std::int64_t open_minutes) const noexcept {
  auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first_);
  auto after = std::upper_bound(
    begin, entries_.end(), open_minutes,
    [](std::int64_t minute, const entry& x) { return minute < x.minute; });
  if (after == begin)
    return std::nullopt;
  return (after - 1)->close;
}

void recent_closes::rescale(double factor) noexcept {
  for (auto& x : entries_)
    x.close *= factor;
}

} // namespace banksia

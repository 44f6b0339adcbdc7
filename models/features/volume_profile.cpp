#include "models/features/volume_profile.hpp"

#include <algorithm>

namespace banksia {

namespace {

/// `at.minute` held within the session.
int minute_within(const session_time& at) noexcept {
  return std::clamp(at.minute, 0, std::max(at.session_minutes, 0));
}

} // namespace

void running_volume::add(const session_time& end, int minutes,
                         double volume) noexcept {
  constexpr auto n = static_cast<int>(buckets);
  auto length = end.session_minutes;
  auto scaled = minute_within(end) * n;
  // A bar belongs to the bucket in which it ends; an end on the edge belongs
  // to the bucket before the edge.
  auto ended = (scaled + length - 1) / length;
  volumes_[static_cast<std::size_t>(std::max(ended, 1) - 1)] += volume;
  if ((end.minute - minutes) * 8 <= length)
    from_open_ = true;
  if (end.minute * 8 >= length * 7)
    to_close_ = true;
}

void running_volume::rescale(double factor) noexcept {
  for (auto& x : volumes_)
    x *= factor;
}

double running_volume::total() const noexcept {
  double sum = 0.0;
  for (auto v : volumes_)
    sum += v;
  return sum;
}

std::optional<std::array<float, running_volume::buckets>>
running_volume::shares() const noexcept {
  auto all = total();
  if (!(all > 0.0) || !from_open_ || !to_close_)
    return std::nullopt;
  std::array<float, buckets> result;
  double sum = 0.0;
  for (std::size_t i = 0; i < buckets; ++i) {
    sum += volumes_[i];
    result[i] = static_cast<float>(sum / all);
  }
  return result;
}

void volume_profile::add_day(const running_volume& day) {
  auto shares = day.shares();
  if (!shares)
    return;
  if (days_.size() == days_max)
    days_.erase(days_.begin());
  days_.push_back(*shares);
}

double volume_profile::share_after(std::size_t ended) const noexcept {
  if (ended == 0)
    return 0.0;
  double sum = 0.0;
  for (const auto& day : days_)
    sum += static_cast<double>(day[ended - 1]);
  return sum / static_cast<double>(days_.size());
}

std::optional<double>
volume_profile::usual_share(const session_time& at) const noexcept {
  if (at.session_minutes <= 0)
    return std::nullopt;
  auto minute = minute_within(at);
  auto length = at.session_minutes;
  double share = 0.0;
  if (minute == length) {
    share = 1.0;
  } else if (days_.empty()) {
    share = static_cast<double>(minute) / length;
  } else {
    auto scaled = minute * static_cast<int>(running_volume::buckets);
    auto ended = static_cast<std::size_t>(scaled / length);
    auto part = static_cast<double>(scaled % length) / length;
    auto before = share_after(ended);
    share = before + part * (share_after(ended + 1) - before);
  }
  if (!(share > 0.0))
    return std::nullopt;
  return share;
}

} // namespace banksia

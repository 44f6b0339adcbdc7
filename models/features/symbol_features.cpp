#include "models/features/symbol_features.hpp"

#include <algorithm>
#include <chrono>

namespace banksia {

namespace {

timestamp end_of(const bar& x) noexcept {
  return x.opened_at + std::chrono::minutes{minutes_of(x.interval)};
}

/// Leaves it missing where the mean is of no use.
void set_volume_ratio(bar_view& x) noexcept {
  auto mean = *x.indicators.volume_sma20;
  if (mean > 0.0)
    x.volume_ratio = x.indicators.last.volume / mean;
}

} // namespace

bool symbol_features::closed(trading_date date) const noexcept {
  return last_date_ && date <= *last_date_;
}

inline bar_use
symbol_features::use_of(const bar& x, const session_time& end) const noexcept {
  auto daily = x.interval == bar_interval::d1;
  if (!usable(x) || (!daily && end.session_minutes <= 0))
    return bar_use::unusable;
  if (closed(end.date) || (running_ && end.date < running_->date))
    return bar_use::out_of_order;
  if (!daily && running_ && x.opened_at < running_->until)
    return bar_use::out_of_order;
  return bar_use::consumed;
}

/// Done just before a bar on the new basis is consumed, so that the last close
/// is as traded at all other times.
void symbol_features::rebase(std::span<const corporate_action> actions) {
  auto change = change_of_basis(actions, last_price().value_or(price{}).value());
  daily_.rescale(change);
  if (running_) {
    running_->prices = on_new_basis(running_->prices, change);
    running_->volume.rescale(change.volumes);
  }
  closes_.rescale(change.prices);
  recent_.rescale(change);
  for (const auto& action : actions)
    lineage_.add(action);
}

bar_use symbol_features::add(const bar& x, const session_time& end,
                             std::span<const corporate_action> before) {
  auto use = use_of(x, end);
  if (use != bar_use::consumed)
    return use;
  if (!before.empty())
    rebase(before);
  auto day = to_day_bar(x);
  if (x.interval == bar_interval::d1)
    add_daily(day, end);
  else
    add_intraday(x, end);
  recent_.add(x.interval, day);
  lineage_.add(x);
  return bar_use::consumed;
}

void symbol_features::add_daily(const day_bar& x, const session_time& end) {
  if (running_ && running_->date == end.date) {
    // The exchange's own daily bar knows auctions that intraday bars miss; the
    // course of the day's volume is still learnt from these.
    profile_.add_day(running_->volume);
    running_.reset();
    closes_.add(end.open_minutes, x.close);
  } else {
    // Intraday bars of that day never came: the way to it is not known.
    closes_.restart(end.open_minutes, x.close);
  }
  commit_running();
  daily_.add_close(x);
  last_date_ = end.date;
}

void symbol_features::add_intraday(const bar& x, const session_time& end) {
  if (running_ && running_->date < end.date)
    commit_running();
  auto day = to_day_bar(x);
  if (!running_) {
    running_ = running_day{}; // clang 14 takes no `emplace()` here
    running_->date = end.date;
    running_->prices = day;
  } else {
    auto& prices = running_->prices;
    prices.high = std::max(prices.high, day.high);
    prices.low = std::min(prices.low, day.low);
    prices.close = day.close;
    prices.volume += day.volume;
  }
  running_->until = end_of(x);
  running_->volume.add(end, static_cast<int>(minutes_of(x.interval)),
                       day.volume);
  closes_.add(end.open_minutes, day.close);
}

void symbol_features::commit_running() {
  if (!running_)
    return;
  daily_.add_close(running_->prices);
  profile_.add_day(running_->volume);
  last_date_ = running_->date;
  running_.reset();
}

std::optional<price> symbol_features::last_price() const noexcept {
  if (running_)
    return price{running_->prices.close};
  if (daily_.count() > 0)
    return price{daily_.last().close};
  return std::nullopt;
}

bar_view symbol_features::view_at(const session_time& as_of) const noexcept {
  bar_view x;
  if (running_)
    view_running(as_of, x);
  else
    view_daily(x);
  return x;
}

[[gnu::always_inline]] inline void
symbol_features::view_daily(bar_view& x) const noexcept {
  daily_.write(x.indicators);
  x.volume_so_far = daily_.last().volume;
  set_volume_ratio(x);
}

/// The running day as last bar, its volume projected to its close.
void symbol_features::view_running(const session_time& as_of,
                                   bar_view& x) const noexcept {
  auto share = running_->date < as_of.date ? std::optional<double>{1.0}
                                           : profile_.usual_share(as_of);
  auto day = running_->prices;
  x.volume_so_far = day.volume;
  if (share)
    day.volume /= *share;
  daily_.write_with(day, x.indicators);
  x.close_1h_ago = closes_.at(as_of.open_minutes - 60);
  x.close_4h_ago = closes_.at(as_of.open_minutes - 240);
  if (share)
    set_volume_ratio(x);
}

std::optional<rule_inputs>
symbol_features::inputs(const session_time& as_of,
                        const std::optional<news_signal>& news) const {
  if (!enough())
    return std::nullopt;
  auto seen = view_at(as_of);
  const auto& now = seen.indicators;
  rule_inputs x;
  x.sma5 = real{*now.sma5};
  x.sma20 = real{*now.sma20};
  x.rsi14 = real{*now.rsi14};
  x.volatility = real{*now.volatility};
  if (now.count >= minimum_macd_bars) {
    x.has_macd = true;
    x.macd_histogram = real{*now.macd_histogram};
  }
  if (seen.volume_ratio) {
    x.has_volume = true;
    x.volume_ratio = real{*seen.volume_ratio};
    x.volume_trend = real{*now.volume_sma5 / *now.volume_sma20 - 1.0};
  }
  if (news) {
    x.has_news = true;
    x.sentiment = news->sentiment;
    x.news_confidence = news->confidence;
  }
  return x;
}

feature_vector
symbol_features::features(const session_time& as_of,
                          const std::optional<news_signal>& news,
                          const feature_surroundings& around) const {
  feature_vector result{feature_vector::unset{}};
  auto& values = result.values;
  std::fill(values.begin(), values.begin() + bar_features_begin, 0.0);
  std::fill(values.begin() + bar_features_end, values.end(), 0.0);
  if (running_) {
    bar_view bars;
    view_running(as_of, bars);
    result.mask = set_bars(values, bars);
  } else if (daily_.count() > 0) {
    // A view of its own, of which no function is told where it lies: then it is
    // never stored.
    bar_view bars;
    view_daily(bars);
    result.mask = set_bars(values, bars);
  } else {
    forget(values, 0, bar_features_begin, bar_features_end);
  }
  complete(result, news, around);
  return result;
}

} // namespace banksia

#include "models/features/symbol_features.hpp"

#include <algorithm>
#include <chrono>

namespace banksia {

namespace {

timestamp end_of(const bar& x) noexcept {
  return x.opened_at + std::chrono::minutes{minutes_of(x.interval)};
}

void set_if(feature_vector& to, std::size_t index,
            const std::optional<double>& value) noexcept {
  if (value)
    to.set(index, *value);
}

} // namespace

bool symbol_features::closed(trading_date date) const noexcept {
  return last_date_ && date <= *last_date_;
}

bar_use symbol_features::use_of(const bar& x,
                                const session_time& end) const noexcept {
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
  if (x.interval == bar_interval::d1)
    add_daily(x, end.date);
  else
    add_intraday(x, end);
  lineage_.add(x);
  return bar_use::consumed;
}

void symbol_features::add_daily(const bar& x, trading_date date) {
  if (running_ && running_->date == date) {
    // The exchange's own daily bar knows auctions that intraday bars miss; the
    // course of the day's volume is still learnt from these.
    profile_.add_day(running_->volume);
    running_.reset();
  }
  commit_running();
  daily_.add_close(x);
  last_date_ = date;
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
    return price{daily_.indicators().last.close};
  return std::nullopt;
}

symbol_features::view
symbol_features::view_at(const session_time& as_of) const noexcept {
  view result;
  auto known = true;
  if (!running_) {
    result.indicators = daily_.indicators();
    result.volume_so_far = result.indicators.last.volume;
  } else {
    auto share = running_->date < as_of.date ? std::optional<double>{1.0}
                                             : profile_.usual_share(as_of);
    auto day = running_->prices;
    result.volume_so_far = day.volume;
    known = share.has_value();
    if (share)
      day.volume /= *share;
    auto with_day = daily_;
    with_day.add_close(day);
    result.indicators = with_day.indicators();
  }
  const auto& mean = result.indicators.volume_sma20;
  if (known && mean && *mean > 0.0)
    result.volume_ratio = result.indicators.last.volume / *mean;
  return result;
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
  if (now.macd_histogram) {
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
                          const std::optional<news_signal>& news) const {
  feature_vector x;
  if (news) {
    x.set(feature_index("sentiment_score"), news->sentiment.value());
    x.set(feature_index("confidence"), news->confidence.value());
    x.set(feature_index("news_count"), news->count);
  }
  if (bar_count() == 0)
    return x;
  auto seen = view_at(as_of);
  const auto& now = seen.indicators;
  set_if(x, feature_index("rsi"), now.rsi14);
  set_if(x, feature_index("macd_line"), now.macd_line);
  set_if(x, feature_index("macd_signal"), now.macd_signal);
  set_if(x, feature_index("macd_histogram"), now.macd_histogram);
  set_if(x, feature_index("sma_20"), now.sma20);
  set_if(x, feature_index("ema_12"), now.ema12);
  set_if(x, feature_index("ema_26"), now.ema26);
  x.set(feature_index("current_price"), now.last.close);
  set_if(x, feature_index("price_change_1d"), now.change_1d);
  set_if(x, feature_index("price_change_5d"), now.change_5d);
  set_if(x, feature_index("price_change_20d"), now.change_20d);
  if (now.sma20)
    x.set(feature_index("price_vs_sma20"), now.last.close / *now.sma20 - 1.0);
  x.set(feature_index("daily_range"), now.daily_range);
  set_if(x, feature_index("volatility_20d"), now.volatility);
  if (seen.volume_ratio) {
    // Without a usable mean a zero would stand for "the source has none".
    x.set(feature_index("volume"), seen.volume_so_far);
    x.set(feature_index("volume_sma20"), *now.volume_sma20);
    x.set(feature_index("volume_ratio"), *seen.volume_ratio);
  }
  return x;
}

} // namespace banksia

#include "models/features/feature_assembly.hpp"

#include <cmath>

namespace banksia {

namespace {

using feature_values = std::array<double, feature_count>;

/// Sets some of the values and keeps the mask of what it set: in the vector each
/// bit would wait until the one before has gone through memory.
class values_writer {
public:
  explicit values_writer(feature_values& to) noexcept : to_(to) {}

  /// A number that is not finite (prices far outside of any market) is as good
  /// as unknown; what is missing is not finite either.
  void set(std::size_t index, optional_number value) noexcept {
    if (!std::isfinite(*value))
      return;
    to_[index] = *value;
    mask_ |= std::uint64_t{1} << index;
  }

  std::uint64_t mask() const noexcept { return mask_; }

private:
  feature_values& to_;
  std::uint64_t mask_ = 0;
};

/// `x / base - 1`; missing where the base is.
optional_number ratio(double x, optional_number base) noexcept {
  return x / *base - 1.0;
}

std::uint64_t set_news(feature_values& to, const news_signal& news) {
  values_writer x{to};
  x.set(feature_index("sentiment_score"), news.sentiment.value());
  x.set(feature_index("confidence"), news.confidence.value());
  x.set(feature_index("news_count"), static_cast<double>(news.count));
  if (news.event_sentiment)
    x.set(feature_index("event_score"), news.event_sentiment->value());
  return x.mask();
}

std::uint64_t set_technical(feature_values& to, const daily_indicators& now) {
  values_writer x{to};
  x.set(feature_index("rsi"), now.rsi14);
  x.set(feature_index("macd_line"), now.macd_line);
  x.set(feature_index("macd_signal"), now.macd_signal);
  x.set(feature_index("macd_histogram"), now.macd_histogram);
  x.set(feature_index("sma_20"), now.sma20);
  x.set(feature_index("sma_50"), now.sma50);
  x.set(feature_index("sma_200"), now.sma200);
  x.set(feature_index("ema_12"), now.ema12);
  x.set(feature_index("ema_26"), now.ema26);
  x.set(feature_index("bollinger_upper"), now.bollinger_upper);
  x.set(feature_index("bollinger_lower"), now.bollinger_lower);
  if (now.sma20)
    x.set(feature_index("bollinger_width"),
          (*now.bollinger_upper - *now.bollinger_lower) / *now.sma20);
  return x.mask();
}

std::uint64_t set_prices(feature_values& to, const bar_view& bars) {
  values_writer x{to};
  const auto& now = bars.indicators;
  auto close = now.last.close;
  x.set(feature_index("current_price"), close);
  x.set(feature_index("price_change_1h"), ratio(close, bars.close_1h_ago));
  x.set(feature_index("price_change_4h"), ratio(close, bars.close_4h_ago));
  x.set(feature_index("price_change_1d"), now.change_1d);
  x.set(feature_index("price_change_5d"), now.change_5d);
  x.set(feature_index("price_change_20d"), now.change_20d);
  x.set(feature_index("price_vs_sma20"), ratio(close, now.sma20));
  x.set(feature_index("price_vs_sma50"), ratio(close, now.sma50));
  x.set(feature_index("price_vs_sma200"), ratio(close, now.sma200));
  x.set(feature_index("daily_range"), now.daily_range);
  x.set(feature_index("atr_14"), now.atr14);
  x.set(feature_index("volatility_20d"), now.volatility);
  return x.mask();
}

std::uint64_t set_volumes(feature_values& to, const bar_view& bars) {
  values_writer x{to};
  // Without a usable mean a zero would stand for "the source has none".
  if (!bars.volume_ratio)
    return x.mask();
  const auto& now = bars.indicators;
  x.set(feature_index("volume"), bars.volume_so_far);
  x.set(feature_index("volume_sma20"), now.volume_sma20);
  x.set(feature_index("volume_ratio"), bars.volume_ratio);
  x.set(feature_index("on_balance_volume"), now.on_balance_volume);
  x.set(feature_index("volume_price_trend"), now.volume_price_trend);
  return x.mask();
}

/// Each from other features, missing where one of them is.
/// @param mask of those that are there
std::uint64_t set_interactions(feature_values& to, std::uint64_t mask) {
  values_writer x{to};
  auto made = [&](std::size_t index, auto formula, auto... from) {
    auto needed = ((std::uint64_t{1} << from) | ...);
    if ((mask & needed) == needed)
      x.set(index, formula(to[from]...));
  };
  auto product = [](double a, double b) { return a * b; };
  constexpr auto sentiment = feature_index("sentiment_score");
  constexpr auto volume_ratio = feature_index("volume_ratio");
  constexpr auto rsi = feature_index("rsi");
  made(feature_index("sentiment_momentum"), product, sentiment,
       feature_index("price_change_5d"));
  made(
    feature_index("sentiment_rsi"),
    [](double s, double r) { return s * (r - 50.0) / 50.0; }, sentiment, rsi);
  made(feature_index("volume_sentiment"), product, volume_ratio, sentiment);
  made(
    feature_index("confidence_volatility"),
    [](double c, double v) { return c / (v + 0.01); },
    feature_index("confidence"), feature_index("volatility_20d"));
  made(feature_index("news_volume_impact"), product,
       feature_index("news_count"), volume_ratio);
  made(
    feature_index("technical_sentiment_divergence"),
    [](double s, double r) { return std::fabs((r - 50.0) / 50.0 - s); },
    sentiment, rsi);
  return x.mask();
}

std::uint64_t set_times(feature_values& to, const calendar_phase& phase) {
  values_writer x{to};
  auto flag = [&x](std::size_t index, bool on) { x.set(index, on ? 1.0 : 0.0); };
  flag(feature_index("asx_market_hours"), phase.market_hours);
  flag(feature_index("asx_opening_hour"), phase.opening_hour);
  flag(feature_index("asx_closing_hour"), phase.closing_hour);
  flag(feature_index("monday_effect"), phase.monday);
  flag(feature_index("friday_effect"), phase.friday);
  flag(feature_index("month_end"), phase.month_end);
  flag(feature_index("quarter_end"), phase.quarter_end);
  return x.mask();
}

std::uint64_t set_market(feature_values& to, const market_values& market) {
  values_writer x{to};
  if (market.has_index_change)
    x.set(feature_index("asx200_change"), market.index_change.value());
  if (market.has_sector) {
    x.set(feature_index("sector_performance"), market.sector_change.value());
    x.set(feature_index("market_breadth"), market.breadth.value());
  }
  if (market.has_aud_usd)
    x.set(feature_index("aud_usd_rate"), market.aud_usd.value());
  if (market.has_vix)
    x.set(feature_index("vix_level"), market.vix.value());
  return x.mask();
}

std::uint64_t set_context(feature_values& to,
                          const feature_surroundings& around) {
  values_writer x{to};
  x.set(feature_index("market_momentum"), around.index_trend);
  return x.mask() | set_market(to, around.market);
}

} // namespace

void set_market(feature_vector& x, const market_values& market) {
  x.mask |= set_market(x.values, market);
}

feature_vector assemble(const bar_view* bars,
                        const std::optional<news_signal>& news,
                        const feature_surroundings& around) {
  feature_vector x;
  auto& to = x.values;
  std::uint64_t mask = 0;
  if (news)
    mask |= set_news(to, *news);
  if (bars) {
    mask |= set_technical(to, bars->indicators);
    mask |= set_prices(to, *bars);
    mask |= set_volumes(to, *bars);
  }
  mask |= set_context(to, around);
  mask |= set_interactions(to, mask);
  if (around.phase)
    mask |= set_times(to, *around.phase);
  x.mask = mask;
  return x;
}

} // namespace banksia

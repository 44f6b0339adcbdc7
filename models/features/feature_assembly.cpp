#include "models/features/feature_assembly.hpp"

#include <cmath>

namespace banksia {

namespace {

/// A number that is not finite (prices far outside of any market) is as good as
/// unknown.
void set(feature_vector& to, std::size_t index, double value) noexcept {
  if (std::isfinite(value))
    to.set(index, value);
}

void set(feature_vector& to, std::size_t index,
         const std::optional<double>& value) noexcept {
  if (value)
    set(to, index, *value);
}

/// `x / base - 1`, where there is a base.
std::optional<double> ratio(double x, const std::optional<double>& base) {
  if (!base)
    return std::nullopt;
  return x / *base - 1.0;
}

void set_news(feature_vector& x, const news_signal& news) {
  set(x, feature_index("sentiment_score"), news.sentiment.value());
  set(x, feature_index("confidence"), news.confidence.value());
  set(x, feature_index("news_count"), static_cast<double>(news.count));
  if (news.event_sentiment)
    set(x, feature_index("event_score"), news.event_sentiment->value());
}

void set_technical(feature_vector& x, const daily_indicators& now) {
  set(x, feature_index("rsi"), now.rsi14);
  set(x, feature_index("macd_line"), now.macd_line);
  set(x, feature_index("macd_signal"), now.macd_signal);
  set(x, feature_index("macd_histogram"), now.macd_histogram);
  set(x, feature_index("sma_20"), now.sma20);
  set(x, feature_index("sma_50"), now.sma50);
  set(x, feature_index("sma_200"), now.sma200);
  set(x, feature_index("ema_12"), now.ema12);
  set(x, feature_index("ema_26"), now.ema26);
  set(x, feature_index("bollinger_upper"), now.bollinger_upper);
  set(x, feature_index("bollinger_lower"), now.bollinger_lower);
  if (now.sma20)
    set(x, feature_index("bollinger_width"),
        (*now.bollinger_upper - *now.bollinger_lower) / *now.sma20);
}

void set_prices(feature_vector& x, const bar_view& bars) {
  const auto& now = bars.indicators;
  auto close = now.last.close;
  set(x, feature_index("current_price"), close);
  set(x, feature_index("price_change_1h"), ratio(close, bars.close_1h_ago));
  set(x, feature_index("price_change_4h"), ratio(close, bars.close_4h_ago));
  set(x, feature_index("price_change_1d"), now.change_1d);
  set(x, feature_index("price_change_5d"), now.change_5d);
  set(x, feature_index("price_change_20d"), now.change_20d);
  set(x, feature_index("price_vs_sma20"), ratio(close, now.sma20));
  set(x, feature_index("price_vs_sma50"), ratio(close, now.sma50));
  set(x, feature_index("price_vs_sma200"), ratio(close, now.sma200));
  set(x, feature_index("daily_range"), now.daily_range);
  set(x, feature_index("atr_14"), now.atr14);
  set(x, feature_index("volatility_20d"), now.volatility);
}

void set_volumes(feature_vector& x, const bar_view& bars) {
  // Without a usable mean a zero would stand for "the source has none".
  if (!bars.volume_ratio)
    return;
  const auto& now = bars.indicators;
  set(x, feature_index("volume"), bars.volume_so_far);
  set(x, feature_index("volume_sma20"), now.volume_sma20);
  set(x, feature_index("volume_ratio"), bars.volume_ratio);
  set(x, feature_index("on_balance_volume"), now.on_balance_volume);
  set(x, feature_index("volume_price_trend"), now.volume_price_trend);
}

/// Each from other features, missing where one of them is.
void set_interactions(feature_vector& x) {
  auto made = [&x](std::size_t index, auto formula, auto... from) {
    if ((x.has(from) && ...))
      set(x, index, formula(x.values[from]...));
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
}

void set_times(feature_vector& x, const calendar_phase& phase) {
  auto flag = [&x](std::size_t index, bool on) { x.set(index, on ? 1.0 : 0.0); };
  flag(feature_index("asx_market_hours"), phase.market_hours);
  flag(feature_index("asx_opening_hour"), phase.opening_hour);
  flag(feature_index("asx_closing_hour"), phase.closing_hour);
  flag(feature_index("monday_effect"), phase.monday);
  flag(feature_index("friday_effect"), phase.friday);
  flag(feature_index("month_end"), phase.month_end);
  flag(feature_index("quarter_end"), phase.quarter_end);
}

} // namespace

void set_market(feature_vector& x, const market_values& market) {
  if (market.has_index_change)
    set(x, feature_index("asx200_change"), market.index_change.value());
  if (market.has_sector) {
    set(x, feature_index("sector_performance"), market.sector_change.value());
    set(x, feature_index("market_breadth"), market.breadth.value());
  }
  if (market.has_aud_usd)
    set(x, feature_index("aud_usd_rate"), market.aud_usd.value());
  if (market.has_vix)
    set(x, feature_index("vix_level"), market.vix.value());
}

feature_vector assemble(const bar_view* bars,
                        const std::optional<news_signal>& news,
                        const feature_surroundings& around) {
  feature_vector x;
  if (news)
    set_news(x, *news);
  if (bars) {
    set_technical(x, bars->indicators);
    set_prices(x, *bars);
    set_volumes(x, *bars);
  }
  set(x, feature_index("market_momentum"), around.index_trend);
  set_market(x, around.market);
  set_interactions(x);
  if (around.phase)
    set_times(x, *around.phase);
  return x;
}

} // namespace banksia

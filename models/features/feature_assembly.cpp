#include "models/features/feature_assembly.hpp"

#include "models/features/values_writer.hpp"

#include <cmath>

namespace banksia {

namespace {

std::uint64_t set_news(feature_values& to, const news_signal& news) {
  values_writer x{to};
  x.set(feature_index("sentiment_score"), news.sentiment.value());
  x.set(feature_index("confidence"), news.confidence.value());
  x.set(feature_index("news_count"), static_cast<double>(news.count));
  if (news.event_sentiment)
    x.set(feature_index("event_score"), news.event_sentiment->value());
  return x.mask();
}

/// Each from a feature of the news and others, missing where one of them is.
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

inline std::uint64_t set_market(feature_values& to,
                                const market_values& market) {
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

void complete(feature_vector& x, const std::optional<news_signal>& news,
              const feature_surroundings& around) {
  auto& to = x.values;
  auto mask = x.mask | set_context(to, around);
  if (news) {
    mask |= set_news(to, *news);
    mask |= set_interactions(to, mask);
  }
  if (around.phase)
    mask |= set_times(to, *around.phase);
  x.mask = mask;
}

} // namespace banksia

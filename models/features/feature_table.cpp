#include "models/features/feature_table.hpp"

namespace banksia {

namespace {

using enum feature_group;

// Formulas: Wilder, New Concepts in Technical Trading Systems (1978); Appel, The
// Moving Average Convergence-Divergence Trading Method (1979); Bollinger,
// Bollinger on Bollinger Bands (2001); Granville, Granville's New Key to Stock
// Market Profits (1963). "Legacy" is the system that this one takes over from.
constexpr std::array<feature_definition, feature_count> table{{
  {"sentiment_score", news, 1,
   "decayed mean of the headlines' scores: Σ w s / Σ w, w = reliability "
   "of the source × 2^(−age / 6 h)", "−1 … 1", "headlines of the last 72 h",
   "no headline", "ours"},
  {"confidence", news, 1,
   "1 − 2^(−Σ w / 2): two fresh reliable headlines give 0.5", "0 … 1",
   "headlines of the last 72 h", "no headline", "ours"},
  {"news_count", news, 1,
   "headlines behind sentiment_score", "headlines",
   "headlines of the last 72 h", "no headline", "count"},
  {"reddit_sentiment", news, 0,
   "sentiment of social media", "−1 … 1", "a social source",
   "always: there is no social source", "legacy"},
  {"event_score", news, 2,
   "sentiment_score over the headlines about an event alone: dividend, "
   "earnings, regulation, merger, leadership, capital raising, outlook",
   "−1 … 1", "headlines of the last 72 h", "no headline about an event",
   "ours"},
  {"rsi", technical, 1,
   "100 − 100 / (1 + mean gain / mean loss), Wilder's means of 14 "
   "changes; 100 without losses, 50 without any change", "0 … 100", "closes",
   "under 15 days", "Wilder (1978)"},
  {"macd_line", technical, 1,
   "ema_12 − ema_26", "price", "closes", "under 35 days", "Appel (1979)"},
  {"macd_signal", technical, 1,
   "exponential mean of macd_line over 9 days", "price", "closes",
   "under 35 days", "Appel (1979)"},
  {"macd_histogram", technical, 1,
   "macd_line − macd_signal", "price", "closes", "under 35 days",
   "Appel (1979)"},
  {"sma_20", technical, 1,
   "mean of the last 20 closes", "price", "closes", "under 20 days", "mean"},
  {"sma_50", technical, 2,
   "mean of the last 50 closes", "price", "closes", "under 50 days", "mean"},
  {"sma_200", technical, 2,
   "mean of the last 200 closes", "price", "closes", "under 200 days", "mean"},
  {"ema_12", technical, 1,
   "exponential mean, weight 2 / 13, begun with the mean of the first 12 "
   "closes", "price", "closes", "under 12 days", "Appel (1979)"},
  {"ema_26", technical, 1,
   "exponential mean, weight 2 / 27, begun with the mean of the first 26 "
   "closes", "price", "closes", "under 26 days", "Appel (1979)"},
  {"bollinger_upper", technical, 2,
   "sma_20 + 2 σ, σ the standard deviation of the 20 closes as of a "
   "population", "price", "closes", "under 20 days", "Bollinger (2001)"},
  {"bollinger_lower", technical, 2,
   "sma_20 − 2 σ", "price", "closes", "under 20 days", "Bollinger (2001)"},
  {"bollinger_width", technical, 2,
   "(bollinger_upper − bollinger_lower) / sma_20", "fraction", "closes",
   "under 20 days", "Bollinger (2001)"},
  {"current_price", price, 1,
   "p, the last close", "price", "bars", "no bar", "as traded"},
  {"price_change_1h", price, 2,
   "p over the close 60 open minutes before, − 1; the exchange's clock "
   "stands while it is closed, so at 10:30 that is the close of 15:30",
   "fraction", "intraday bars",
   "the last bar is a daily one, or the bars do not reach back so far",
   "return"},
  {"price_change_4h", price, 2,
   "p over the close 240 open minutes before, − 1", "fraction",
   "intraday bars", "as price_change_1h", "return"},
  {"price_change_1d", price, 1,
   "p over the close 1 day before, − 1", "fraction", "closes", "under 2 days",
   "return"},
  {"price_change_5d", price, 1,
   "p over the close 5 days before, − 1", "fraction", "closes", "under 6 days",
   "return"},
  {"price_change_20d", price, 1,
   "p over the close 20 days before, − 1", "fraction", "closes",
   "under 21 days", "return"},
  {"price_vs_sma20", price, 1,
   "p / sma_20 − 1", "fraction", "closes", "under 20 days", "ratio"},
  {"price_vs_sma50", price, 2,
   "p / sma_50 − 1", "fraction", "closes", "under 50 days", "ratio"},
  {"price_vs_sma200", price, 2,
   "p / sma_200 − 1", "fraction", "closes", "under 200 days", "ratio"},
  {"daily_range", price, 1,
   "(high − low) / close of the last day", "fraction", "daily bars", "no bar",
   "ratio"},
  {"atr_14", price, 2,
   "Wilder's mean of 14 true ranges: max(high − low, |high − c|, |low − "
   "c|), c the close before", "price", "daily bars", "under 15 days",
   "Wilder (1978)"},
  {"volatility_20d", price, 1,
   "standard deviation of the last 20 daily returns, as of a sample",
   "fraction", "closes", "under 21 days", "statistics"},
  {"volume", volume, 1,
   "volume of the last day, so far", "shares", "bars",
   "no mean volume above 0, or usually nothing has traded by then",
   "as traded"},
  {"volume_sma20", volume, 1,
   "mean volume of the last 20 days, the running one projected to its "
   "close by its usual share", "shares", "bars",
   "as volume, and under 20 days", "mean"},
  {"volume_ratio", volume, 1,
   "volume of the last day, projected likewise, over volume_sma20", "ratio",
   "bars", "as volume_sma20", "ratio"},
  {"on_balance_volume", volume, 2,
   "over the last 20 changes of close: volume of the days that rose less "
   "volume of those that fell. The usual level counts from the first bar "
   "there is, and so says how long a history is; its change over 20 days "
   "does not", "shares", "bars", "as volume_sma20, and under 21 days",
   "Granville (1963)"},
  {"volume_price_trend", volume, 2,
   "over the last 20 changes of close: Σ volume × daily return; begun 20 "
   "days before for the same reason", "shares", "bars", "as on_balance_volume",
   "Σ volume × return"},
  {"asx200_change", market, 3,
   "the index's last close over the close of the session before it, − 1",
   "fraction", "the index",
   "the last close is not of the slot's session (within a day: nor of the "
   "one before), or the close before it is more than 5 sessions older",
   "return"},
  {"sector_performance", market, 3,
   "mean of the same return of all symbols that are followed as of the slot, "
   "this one included, each by its own code's bars", "fraction",
   "all symbols", "fewer than 3 have one", "equal weights"},
  {"aud_usd_rate", market, 3,
   "US dollars for an Australian one: the last close of the context series "
   "`aud_usd` known by the slot, as first told", "US dollars",
   "`context_series = \"aud_usd\"`, `replay --context aud_usd=…`",
   "without the series, or nothing new known of it for 5 days", "as quoted"},
  {"vix_level", market, 3,
   "the volatility index of the S&P 500: the last close of the context "
   "series `vix` known by the slot, as first told", "points",
   "`context_series = \"vix\"`, `replay --context vix=…`", "as aud_usd_rate",
   "as quoted"},
  {"market_breadth", market, 3,
   "share of the symbols behind sector_performance that rose less share of "
   "those that fell", "−1 … 1", "all symbols", "as sector_performance",
   "share"},
  {"market_momentum", market, 2,
   "the index's close over its close 5 sessions before, − 1: what the "
   "market context is made of", "fraction", "the index",
   "no usable index (the context is flagged)", "return"},
  {"sentiment_momentum", interaction, 2,
   "sentiment_score × price_change_5d", "fraction", "features",
   "one of them is", "legacy"},
  {"sentiment_rsi", interaction, 2,
   "sentiment_score × (rsi − 50) / 50", "−1 … 1", "features", "one of them is",
   "legacy"},
  {"volume_sentiment", interaction, 2,
   "volume_ratio × sentiment_score", "ratio", "features", "one of them is",
   "legacy"},
  {"confidence_volatility", interaction, 2,
   "confidence / (volatility_20d + 0.01)", "ratio", "features",
   "one of them is", "legacy"},
  {"news_volume_impact", interaction, 2,
   "news_count × volume_ratio", "headlines", "features", "one of them is",
   "legacy"},
  {"technical_sentiment_divergence", interaction, 2,
   "|(rsi − 50) / 50 − sentiment_score|", "0 … 2", "features",
   "one of them is", "legacy, its technical signal being (rsi − 50) / 50"},
  {"asx_market_hours", time, 2,
   "1 from the session's open to its close, else 0", "0 or 1", "calendar",
   "outside 1997–2030", "legacy"},
  {"asx_opening_hour", time, 2,
   "1 in the first 60 minutes of these, else 0", "0 or 1", "calendar",
   "outside 1997–2030", "legacy"},
  {"asx_closing_hour", time, 2,
   "1 in the last 60 minutes of these, else 0", "0 or 1", "calendar",
   "outside 1997–2030", "legacy"},
  {"monday_effect", time, 2,
   "1 where the session's date in Sydney is a Monday, else 0", "0 or 1",
   "calendar", "outside 1997–2030", "legacy"},
  {"friday_effect", time, 2,
   "1 where it is a Friday, else 0", "0 or 1", "calendar", "outside 1997–2030",
   "legacy"},
  {"month_end", time, 2,
   "1 in the last 5 sessions of a month, else 0", "0 or 1", "calendar",
   "outside 1997–2030", "legacy, which took the days from the 25th on"},
  {"quarter_end", time, 2,
   "1 in the last 5 sessions of March, June, September and December, else "
   "0", "0 or 1", "calendar", "outside 1997–2030", "legacy, likewise"},
}};

/// A row in the wrong place would describe another feature.
consteval bool is_in_order() {
  for (std::size_t i = 0; i < feature_count; ++i)
    if (table[i].name != feature_names[i] || table[i].definition.empty()
        || table[i].unit.empty() || table[i].input.empty()
        || table[i].missing.empty() || table[i].source.empty()
        || table[i].since > feature_set_version
        || (i > 0 && table[i].group < table[i - 1].group))
      return false;
  return true;
}

static_assert(is_in_order());

} // namespace

constexpr std::array<feature_definition, feature_count> feature_table = table;

} // namespace banksia

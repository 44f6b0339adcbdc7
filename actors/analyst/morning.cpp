#include "actors/analyst/analysis.hpp"

#include "messages/json.hpp"

#include <boost/json/array.hpp>

#include <cmath>
#include <cstdio>

namespace banksia::analysis {

namespace {

namespace json = boost::json;

json::value number_or_null(const std::optional<double>& x) {
  return x ? json_number(*x) : json::value(nullptr);
}

json::value time_or_null(const std::optional<timestamp>& x) {
  return x ? json_time(*x) : json::value(nullptr);
}

template <class... Ts>
std::string format(const char* how, Ts... values) {
  char text[160];
  std::snprintf(text, sizeof(text), how, values...);
  return text;
}

/// The last move in daily standard deviations.
std::optional<double> move_size(const symbol_morning& x) {
  if (!x.last_move || !x.volatility || *x.volatility <= 0)
    return std::nullopt;
  return *x.last_move / *x.volatility;
}

bool is_stale(const symbol_morning& x, const morning_inputs& all) {
  return !x.last_known_at || *x.last_known_at < all.last_open;
}

json::object news_json(const symbol_morning& x) {
  json::array told;
  double sum = 0;
  std::uint64_t scored = 0;
  for (const auto& h : x.news) {
    if (h.scored) {
      sum += h.score.value();
      ++scored;
    }
    if (told.size() < headlines_told)
      told.push_back({{"title", h.title},
                      {"source", h.source},
                      {"published_at", json_time(h.published_at)},
                      {"score", h.scored ? json_number(h.score.value())
                                         : json::value(nullptr)}});
  }
  return {{"count", x.news.size()},
          {"mean_score", scored > 0
                           ? json_number(sum / static_cast<double>(scored))
                           : json::value(nullptr)},
          {"headlines", std::move(told)}};
}

json::object symbol_json(const symbol_morning& x, const morning_inputs& all) {
  json::array ex;
  for (const auto& action : x.ex_today)
    ex.push_back({{"kind", to_string(action.kind)},
                  {"value", json_number(action.value.value())}});
  return {{"symbol", x.symbol},
          {"state", x.halted ? "halted" : "active"},
          {"stale", is_stale(x, all)},
          {"last_price", number_or_null(x.last_price)},
          {"last_known_at", time_or_null(x.last_known_at)},
          {"last_move", number_or_null(x.last_move)},
          {"volatility", number_or_null(x.volatility)},
          {"move_size", number_or_null(move_size(x))},
          {"sentiment", number_or_null(x.sentiment)},
          {"news", news_json(x)},
          {"ex_today", std::move(ex)}};
}

/// The symbols that stand out among all, by position; none where nobody does.
struct extremes {
  std::optional<std::size_t> most_news, strongest, largest;
};

extremes extremes_of(const morning_inputs& x) {
  extremes result;
  std::size_t news = 0;
  double sentiment = strong_sentiment, move = large_move;
  for (std::size_t i = 0; i < x.symbols.size(); ++i) {
    const auto& s = x.symbols[i];
    if (s.news.size() > news) {
      news = s.news.size();
      result.most_news = i;
    }
    if (s.sentiment && std::abs(*s.sentiment) >= sentiment) {
      // Of equals the first: the order of the symbols decides nothing else.
      if (!result.strongest || std::abs(*s.sentiment) > sentiment)
        result.strongest = i;
      sentiment = std::abs(*s.sentiment);
    }
    if (auto size = move_size(s); size && std::abs(*size) >= move) {
      if (!result.largest || std::abs(*size) > move)
        result.largest = i;
      move = std::abs(*size);
    }
  }
  return result;
}

json::object reason(std::string_view code, std::string text) {
  return {{"code", code}, {"text", std::move(text)}};
}

json::array reasons_of(std::size_t i, const morning_inputs& all,
                       const extremes& most) {
  const auto& x = all.symbols[i];
  json::array result;
  if (x.halted)
    result.push_back(reason("halted", "trading is suspended"));
  for (const auto& action : x.ex_today)
    result.push_back(reason(
      "ex_date", format(action.kind == action_kind::dividend
                          ? "trades without its dividend of %g from today on"
                          : "is split today, %g for each share",
                        action.value.value())));
  if (is_stale(x, all) && !x.halted)
    result.push_back(reason("stale_prices", "no trade in the last session"));
  if (most.most_news == i)
    result.push_back(
      reason("most_news", format("%zu headlines since the close, more than "
                                 "any other",
                                 x.news.size())));
  if (most.strongest == i)
    result.push_back(reason(
      "strongest_sentiment", format("the strongest sentiment, %+.2f",
                                    *x.sentiment)));
  if (most.largest == i)
    result.push_back(reason(
      "largest_move", format("moved %+.1f %%, %.1f times its usual day",
                             *x.last_move * 100, std::abs(*move_size(x)))));
  return result;
}

} // namespace

json::object session_json(const session& x) {
  return {{"date", to_string(x.date)},
          {"opens_at", json_time(x.opens_at)},
          {"closes_at", json_time(x.closes_at)},
          {"half_day", x.half_day}};
}

json::object morning(const morning_inputs& x) {
  json::array symbols, watch;
  auto most = extremes_of(x);
  for (std::size_t i = 0; i < x.symbols.size(); ++i) {
    symbols.push_back(symbol_json(x.symbols[i], x));
    auto reasons = reasons_of(i, x, most);
    if (!reasons.empty())
      watch.push_back({{"symbol", x.symbols[i].symbol},
                       {"reasons", std::move(reasons)}});
  }
  return {{"kind", "morning"},
          {"as_of", json_time(x.as_of)},
          {"session", session_json(x.day)},
          {"market", to_json(x.context)},
          {"model", x.champion.empty() ? json::value(nullptr)
                                       : json::value(x.champion)},
          {"news_since", json_time(x.last_close)},
          {"watch", std::move(watch)},
          {"symbols", std::move(symbols)}};
}

} // namespace banksia::analysis

#include "actors/analyst/analysis_reader.hpp"

#include "actors/store/queries.hpp"
#include "actors/symbol/recompute.hpp"
#include "models/market/listings.hpp"

#include <algorithm>
#include <tuple>

namespace banksia::analysis {

namespace {

/// More headlines than a night brings of one symbol.
constexpr std::int64_t headlines_max = 1000;

std::optional<double> feature(const feature_vector& x, std::size_t index) {
  if (!x.has(index))
    return std::nullopt;
  return x.values[index];
}

/// News since the last close under every code that the symbol had, newest
/// first.
std::vector<headline> news_of(const prediction_inputs& from, timestamp since) {
  std::vector<headline> result;
  for (const auto& x : from.headlines)
    if (x.known_at > since)
      result.push_back(x);
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
    return std::tie(b.known_at, a.headline_id)
           < std::tie(a.known_at, b.headline_id);
  });
  return result;
}

symbol_morning read_symbol(store::queries& ask, const shared_plan& plan,
                           const std::string& symbol,
                           const morning_inputs& of) {
  symbol_morning result;
  result.symbol = symbol;
  auto inputs = read_inputs(ask, *plan, symbol, of.as_of);
  // The same code as a cycle's: it abstains before the open, but it has all
  // that can be said.
  auto said = predict_from(plan, symbol, inputs, of.as_of).content;
  if (!inputs.bars.empty()) {
    result.last_known_at = inputs.bars.back().known_at;
    result.last_price = said.entry_price.value();
  }
  result.last_move = feature(said.features, feature_index("price_change_1d"));
  result.volatility = feature(said.features, feature_index("volatility_20d"));
  result.sentiment = feature(said.features, feature_index("sentiment_score"));
  result.news = news_of(inputs, of.last_close);
  for (const auto& x : inputs.actions)
    if (x.effective_at >= of.day.opens_at
        && x.effective_at <= of.day.auction_ends_at)
      result.ex_today.push_back(x);
  return result;
}

std::string champion_of(store::queries& ask) {
  for (const auto& x : ask.models())
    if (x.status == "champion")
      return x.model_version;
  return {};
}

} // namespace

const session& last_session_before(const exchange_calendar& calendar,
                                   timestamp t) {
  if (auto found = calendar.previous_session_before(t))
    return *found;
  throw no_session("the calendar knows no session before " + to_rfc3339(t));
}

morning_inputs read_morning(storage::database& db, const shared_plan& plan,
                            timestamp as_of) {
  const auto& calendar = plan->calendar;
  auto next = calendar.next_session_after(as_of);
  if (!next)
    throw no_session("the calendar knows no session after "
                     + to_rfc3339(as_of));
  const auto& before = last_session_before(calendar, next->opens_at);
  store::queries ask{db};
  morning_inputs result;
  result.as_of = as_of;
  result.day = *next;
  result.last_close = before.auction_ends_at;
  result.last_open = before.opens_at;
  result.champion = champion_of(ask);
  auto market = read_inputs(ask, *plan, plan->index_symbol, as_of);
  result.context = context_from(*plan, market.index_bars,
                                market.index_revisions, next->opens_at);
  auto listed = listings_of(plan->symbols, ask.listings(as_of));
  // The index has been read.
  auto alone = std::make_shared<run_plan>(*plan);
  alone->index_symbol.clear();
  for (auto index : listed.predicted_at(as_of)) {
    auto symbol = read_symbol(ask, alone, listed.symbols()[index], result);
    symbol.halted = listed.is_halted(index, as_of);
    result.symbols.push_back(std::move(symbol));
  }
  return result;
}

} // namespace banksia::analysis

#include "actors/learning/market_walk.hpp"

#include <cmath>
#include <limits>
#include <set>

namespace banksia::learning {

namespace {

constexpr auto none = std::numeric_limits<double>::quiet_NaN();

std::optional<double> known(double x) {
  return std::isnan(x) ? std::nullopt : std::optional{x};
}

} // namespace

market_walk::market_walk(const run_plan& plan, const listings& listed,
                         std::span<const timestamp> slots)
  : plan_(plan), listed_(listed), slots_(slots) {}

/// Closes are forgotten as the slots pass, so that it costs the same each day.
std::vector<double> market_walk::changes_of(const std::string& symbol,
                                            std::span<const bar> bars,
                                            session_closes closes) const {
  std::vector<double> result;
  result.reserve(slots_.size());
  std::size_t next = 0;
  for (auto slot : slots_) {
    for (; next < bars.size() && bars[next].known_at <= slot; ++next) {
      const auto& x = bars[next];
      // Of a symbol that was renamed, bars under the code before are not its
      // own.
      if (x.symbol != symbol)
        continue;
      if (auto ordinal = session_ordinal(plan_, x.opened_at); ordinal >= 0)
        closes.add(x, ordinal);
    }
    auto when = moment_of(plan_, slot);
    auto change = when.ordinal < 0 ? std::nullopt
                                   : closes.change_at(slot, when.ordinal,
                                                      when.daily);
    result.push_back(change.value_or(none));
    if (when.ordinal >= 0)
      closes.forget_before(when.ordinal);
  }
  return result;
}

void market_walk::add_index(const prediction_inputs& inputs) {
  session_closes closes;
  for (const auto& x : inputs.index_revisions)
    closes.add(x);
  index_ = changes_of(plan_.index_symbol, inputs.index_bars,
                      std::move(closes));
}

void market_walk::add(const std::string& symbol,
                      const prediction_inputs& inputs) {
  session_closes closes;
  for (const auto& x : inputs.revisions)
    if (x.content.symbol == symbol)
      closes.add(x);
  for (const auto& x : inputs.actions)
    if (x.symbol == symbol)
      closes.add(x);
  symbols_[symbol] = changes_of(symbol, inputs.bars, std::move(closes));
}

void market_walk::add(context_series series, const std::vector<bar>& bars) {
  for (const auto& x : bars)
    levels_[series].add(x);
}

std::vector<market_values> market_walk::values() const {
  std::vector<market_values> result(slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    auto& x = result[i];
    if (auto change = known(index_.empty() ? none : index_[i])) {
      x.has_index_change = true;
      x.index_change = fraction{*change};
    }
    std::set<std::string_view> followed;
    if (!listed_.is_plain())
      for (auto index : listed_.predicted_at(slots_[i]))
        followed.insert(listed_.symbols()[index]);
    sector_sum sector;
    for (const auto& [symbol, changes] : symbols_)
      if (listed_.is_plain() || followed.contains(symbol))
        sector.add(known(changes[i]));
    sector.set(x);
    for (const auto& [series, levels] : levels_)
      set_level(x, series, levels.at(slots_[i]));
  }
  return result;
}

} // namespace banksia::learning

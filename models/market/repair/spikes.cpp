/// Prices that stand alone: against the bars on both sides, the rest of their
/// own bar, another source's bar, another security.

#include "models/market/repair/workbench.hpp"

#include <algorithm>

namespace banksia::repair {

namespace {

/// The log of the median of up to five closes before live position `k`.
double log_before(const workbench& bench, std::size_t k) {
  std::array<double, 5> closes{};
  std::size_t count = 0;
  for (auto j = k; j > 0 && count < 5; --j)
    closes[count++] = bench.row(bench.live()[j - 1]).values.close;
  return std::log(median_of(std::span{closes}.first(count)));
}

const peer_close* find_at(std::span<const peer_close> closes, timestamp at) {
  auto x = std::lower_bound(
    closes.begin(), closes.end(), at,
    [](const auto& a, timestamp b) { return a.at < b; });
  return x != closes.end() && x->at == at ? &*x : nullptr;
}

// -- within a bar -------------------------------------------------------------

struct field_spike {
  series_field field;
  double to; ///< NaN: not known
};

/// The close where the adjusted one tells it, if that lies within the bar.
double close_from_adjusted(const workbench& bench, std::size_t k) {
  const auto& row = bench.row(bench.live()[k]);
  const auto& before = bench.row(bench.live()[k - 1]);
  auto close = row.adj_close * before.values.close / before.adj_close;
  auto inside = close >= row.values.low * 0.99
                && close <= row.values.high * 1.01;
  return inside ? close : std::numeric_limits<double>::quiet_NaN();
}

std::optional<field_spike> find_field_spike(const workbench& bench,
                                            std::size_t k, double scale) {
  const auto& x = bench.row(bench.live()[k]).values;
  const auto& before = bench.row(bench.live()[k - 1]).values;
  auto outside = std::exp(std::max(0.12, 8.0 * scale));
  auto far = std::exp(std::max(0.3, 10.0 * scale));
  auto is_outside = [&](double price) {
    return price > x.high * outside || price < x.low / outside;
  };
  // Of two prices that contradict, the one nearer to the last close is right.
  auto is_wrong = [&](double price) {
    auto middle = std::sqrt(x.high * x.low);
    return price > 0.0 && x.low > 0.0 && x.high >= x.low && is_outside(price)
           && std::abs(std::log(middle / before.close))
                < 0.5 * std::abs(std::log(price / before.close));
  };
  if (is_wrong(x.close))
    return field_spike{series_field::close, close_from_adjusted(bench, k)};
  if (is_wrong(x.open))
    return field_spike{series_field::open,
                       std::clamp(before.close, x.low, x.high)};
  // On a day that moves the close as well, a wide range is no error.
  if (2.0 * std::abs(std::log(x.close / before.close)) > std::log(far))
    return std::nullopt;
  auto top = std::max({x.open, x.close, before.close});
  auto bottom = std::min({x.open, x.close, before.close});
  if (x.high > top * far && x.high > before.high * far)
    return field_spike{series_field::high, std::max(x.open, x.close)};
  if (x.low > 0.0 && x.low < bottom / far && x.low < before.low / far)
    return field_spike{series_field::low, std::min(x.open, x.close)};
  return std::nullopt;
}

bool looks_torn(const bar_values& x, const bar_values& before) {
  return x.close > 1.12 * x.high || x.open > 1.12 * x.high
         || x.close < 0.88 * x.low || x.open < 0.88 * x.low
         || x.high > 1.3 * std::max(x.close, before.high)
         || x.low < std::min(x.close, before.low) / 1.3;
}

void judge_field_spike(workbench& bench, std::size_t k) {
  auto i = bench.live()[k];
  auto price = std::min(bench.row(i).values.close,
                        bench.row(bench.live()[k - 1]).values.close);
  auto scale = std::max(usual_step_before(bench, k, 20), tick_near(bench, k) / price);
  auto found = find_field_spike(bench, k, scale);
  if (!found)
    return;
  const auto& before = bench.row(bench.live()[k - 1]);
  auto value = field_of(bench.row(i), found->field);
  if (std::isnan(found->to)) {
    bench.refuse(i, series_rule::field_spike, bench.known_at(i),
                 before.values.close, value, scale);
    return;
  }
  finding x;
  x.rule = series_rule::field_spike;
  x.action = quality_action::repair;
  x.first_row = i;
  x.known_at = bench.known_at(i);
  x.factor = found->to / value;
  x.expected = before.values.close;
  x.measured = value;
  x.scale = scale;
  bench.change(bench.add(x), i, found->field, found->to);
}

// -- between bars -------------------------------------------------------------

/// Two closes before and the one after agree, this one is far from all.
void judge_spike(workbench& bench, std::size_t k) {
  const auto& live = bench.live();
  std::array<double, 3> around{};
  std::size_t count = 0;
  for (auto j = k > 1 ? k - 2 : k - 1; j <= k + 1; ++j)
    if (j != k)
      around[count++] = log_level(bench.row(live[j]).values);
  if (count < 3)
    return;
  auto [low, high] = std::minmax_element(around.begin(), around.end());
  auto spread = *high - *low;
  auto middle = median_of(around);
  auto level = log_level(bench.row(live[k]).values);
  auto off = std::abs(level - middle);
  auto scale = std::max(usual_step_before(bench, k, 20),
                        tick_near(bench, k) / std::exp(std::min(level, middle)));
  if (off > std::max({0.25, 8.0 * scale, 3.0 * spread}))
    bench.refuse(live[k], series_rule::spike, bench.known_at(live[k + 1]),
                 std::exp(middle), std::exp(level), scale);
}

} // namespace

void judge_spikes(workbench& bench) {
  bench.collect_live();
  const auto& live = bench.live();
  for (std::size_t k = 1; k < live.size(); ++k) {
    const auto& before = bench.row(live[k - 1]).values;
    const auto& x = bench.row(live[k]).values;
    if (looks_torn(x, before))
      judge_field_spike(bench, k);
    if (k + 1 >= live.size() || !bench.is_live(live[k]))
      continue;
    const auto& after = bench.row(live[k + 1]).values;
    auto up = x.close > 1.15 * before.close && x.close > 1.15 * after.close;
    auto down = x.close * 1.15 < before.close && x.close * 1.15 < after.close;
    if (up || down)
      judge_spike(bench, k);
  }
}

void judge_other_source(workbench& bench) {
  auto other = bench.context().other_source;
  if (other.empty())
    return;
  auto scale = usual_step(bench);
  std::array<double, 9> offsets{}; // of the last bars that both have
  std::size_t seen = 0;
  auto y = other.begin();
  for (std::size_t k = 0; k < bench.live().size(); ++k) {
    auto i = bench.live()[k];
    const auto& row = bench.row(i);
    while (y != other.end() && y->at < row.at)
      ++y;
    if (y == other.end())
      return;
    if (y->at != row.at || !(y->values.close > 0.0))
      continue;
    auto ours = std::log(row.values.close);
    auto theirs = std::log(y->values.close);
    auto recent = offsets;
    auto usual = seen < 3 ? 0.0
                          : median_of(std::span{recent}.first(
                              std::min(seen, recent.size())));
    auto differ = std::abs(ours - theirs - usual);
    if (!(differ > std::max(0.02, 4.0 * scale)) || k < 3) {
      offsets[seen++ % offsets.size()] = ours - theirs;
      continue;
    }
    auto base = log_before(bench, k);
    auto our_miss = std::abs(ours - base);
    auto their_miss = std::abs(theirs + usual - base);
    if (their_miss > 2.0 * our_miss)
      continue; // it is the other source that is off
    auto ours_is_off = our_miss > 2.0 * their_miss;
    finding x;
    x.rule = series_rule::sources_differ;
    x.action = ours_is_off ? quality_action::repair : quality_action::accept;
    x.first_row = i;
    x.known_at = std::max(row.known_at, y->known_at);
    x.expected = std::exp(theirs + usual);
    x.measured = row.values.close;
    x.factor = ours_is_off ? x.expected / x.measured : 1.0;
    x.scale = scale;
    auto f = bench.add(x);
    if (ours_is_off) {
      auto by = std::exp(usual);
      bench.change(f, i, series_field::open, y->values.open * by);
      bench.change(f, i, series_field::high, y->values.high * by);
      bench.change(f, i, series_field::low, y->values.low * by);
      bench.change(f, i, series_field::close, y->values.close * by);
    }
  }
}

void judge_other_symbols(workbench& bench) {
  auto peers = bench.context().other_symbols;
  if (peers.empty())
    return;
  auto scale = usual_step(bench);
  auto least = std::max(0.15, 8.0 * scale);
  std::array<double, 5> recent{}; // log closes of the last bars not refused
  std::size_t count = 0;
  for (auto i : bench.live()) {
    const auto& row = bench.row(i);
    auto close = std::log(row.values.close);
    auto sorted = recent;
    auto base = median_of(std::span{sorted}.first(
      std::min(count, sorted.size())));
    auto fits = std::find_if(peers.begin(), peers.end(), [&](const auto& x) {
      const auto* peer = find_at(x.closes, row.at);
      return peer && std::abs(std::log(peer->close) - close) < 0.01;
    });
    if (count >= 3 && std::abs(close - base) > least && fits != peers.end()) {
      bench.refuse(i, series_rule::wrong_symbol, row.known_at, std::exp(base),
                   row.values.close, scale);
      continue;
    }
    recent[count++ % recent.size()] = close;
  }
}

} // namespace banksia::repair

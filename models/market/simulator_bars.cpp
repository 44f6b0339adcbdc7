#include "models/market/simulator_path.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace banksia::simulation {

namespace {

/// Open, high, low and close as logarithms, and a volume: what bars are folded
/// from.
struct log_bar {
  double open = 0.0;
  double high = 0.0;
  double low = 0.0;
  double close = 0.0;
  double volume = 0.0;
};

void fold(log_bar& into, const log_bar& x) {
  into.high = std::max(into.high, x.high);
  into.low = std::min(into.low, x.low);
  into.close = x.close;
  into.volume += x.volume;
}

/// Ruins a bar in one of four ways that feeds are known for.
void ruin(bar& b, std::uint64_t way) {
  auto cents = [](price& x) { x = price{x.value() * 100.0}; };
  switch (way % 4) {
    case 0:
      cents(b.open);
      cents(b.high);
      cents(b.low);
      cents(b.close);
      break;
    case 1:
      // Also wrong where the two were equal.
      std::swap(b.high, b.low);
      b.low = price{b.low.value() * 1.01};
      break;
    case 2:
      b.close = price{0.0};
      break;
    default:
      b.volume = shares{-1.0 - b.volume.value()};
      break;
  }
}

} // namespace

/// The bars of one security at the configured interval, in time order.
std::vector<bar> market_simulator::bars_of(const security& x,
                                           const session_plan& plan,
                                           const session_path& path) const {
  keyed_stream draws{settings_.seed, x.subject, plan.day, purpose::extremes};
  // The extremes of a Brownian motion between two known points, by the
  // reflection principle (Glasserman, Monte Carlo Methods in Financial
  // Engineering, 2003, section 6.4).
  auto minute = [&](std::size_t step) {
    auto from = path.log_prices[step];
    auto to = path.log_prices[step + 1];
    auto move = to - from;
    auto scale
      = 2.0 * path.deviation * path.deviation * plan.variance_share[step];
    auto reach = [&](std::uint64_t counter) {
      return std::sqrt(move * move
                       - scale * std::log(draws.uniform(counter)));
    };
    auto busy = 0.8 + 0.25 * std::min(std::abs(path.normals[step][0]), 3.0);
    auto volume = x.profile.daily_volume.value() * plan.volume_share[step]
                  * busy
                  * std::exp(path.log_activity
                             + 0.5 * path.normals[step][1] - 0.125);
    // Something always trades, but never an index.
    auto floor = x.profile.daily_volume.value() > 0.0 ? 1.0 : 0.0;
    return log_bar{from, from + 0.5 * (move + reach(2 * step)),
                   from + 0.5 * (move - reach(2 * step + 1)), to,
                   std::max(floor, std::round(volume))};
  };
  auto rounded = [&](double log_price) {
    return rounded_to_tick(price{std::exp(log_price)}, x.profile.tick);
  };
  auto length = std::size_t{minutes_of(settings_.interval)};
  std::vector<bar> result;
  for (std::size_t begin = 0; begin < plan.minutes; begin += length) {
    auto end = std::min(begin + length, plan.minutes);
    auto folded = minute(begin + 1);
    for (auto i = begin + 1; i < end; ++i)
      fold(folded, minute(i + 1));
    if (end == plan.minutes)
      fold(folded, minute(end + 1));
    bar b;
    b.symbol = x.profile.symbol;
    b.interval = settings_.interval;
    b.opened_at = plan.session.opens_at + std::chrono::minutes{begin};
    b.known_at = end == plan.minutes
                   ? plan.session.auction_ends_at
                   : plan.session.opens_at + std::chrono::minutes{end};
    b.received_at = b.known_at;
    // Rounding is monotonic, so the order of the four survives it.
    b.open = rounded(folded.open);
    b.high = rounded(folded.high);
    b.low = rounded(folded.low);
    b.close = rounded(folded.close);
    b.volume = shares{folded.volume};
    b.source = "simulator";
    result.push_back(std::move(b));
  }
  return result;
}

void market_simulator::spoil(simulated_session& result,
                             const session_plan& plan) const {
  auto chance = settings_.bad_bar_probability.value();
  if (chance <= 0.0)
    return;
  // `bars` holds every security once per interval, in order.
  for (std::size_t i = 0; i < result.bars.size(); ++i) {
    const auto& x = securities_[i % securities_.size()];
    auto number = i / securities_.size();
    keyed_stream draws{settings_.seed, x.subject, plan.day, purpose::dirt};
    if (draws.uniform(2 * number) < chance) {
      ruin(result.bars[i], draws.bits(2 * number + 1));
      result.spoiled.push_back(i);
    }
  }
}

} // namespace banksia::simulation

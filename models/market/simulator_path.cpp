#include "models/market/simulator_path.hpp"

#include <chrono>
#include <cmath>

namespace banksia::simulation {

namespace {

// Parts of a full session's variance and volume.
constexpr double gap_variance = 0.35;
constexpr double auction_variance = 0.02;
constexpr double auction_volume = 0.20; // ASX: a fifth to a quarter

constexpr double full_minutes = 360.0; // 10:00 … 16:00
constexpr double sessions_a_year = 252.0;

/// The sector factor's volatility beside the market's.
constexpr double sector_ratio = 0.7;

/// A random day's multiple of a volatility with mean square 1; it is what
/// gives daily returns fat tails.
double day_multiple(double normal) {
  constexpr double spread = 0.3;
  return std::exp(spread * normal - spread * spread);
}

/// High at both ends, like a trading day. `u` in (0, 1).
double volatility_shape(double u) {
  return 1.0 + 1.6 * std::exp(-u / 0.06) + 0.5 * std::exp((u - 1.0) / 0.08);
}

double volume_shape(double u) {
  return 1.0 + 1.5 * std::exp(-u / 0.08) + 1.2 * std::exp((u - 1.0) / 0.10);
}

/// A shape per minute, scaled to add up to `total`.
template <class Shape>
std::vector<double> spread_over(std::size_t minutes, double total,
                                Shape shape) {
  std::vector<double> result(minutes);
  double sum = 0.0;
  for (std::size_t i = 0; i < minutes; ++i) {
    result[i]
      = shape((static_cast<double>(i) + 0.5) / static_cast<double>(minutes));
    sum += result[i];
  }
  for (auto& x : result)
    x *= total / sum;
  return result;
}

std::uint64_t day_number(trading_date date) {
  return static_cast<std::uint64_t>(
    std::chrono::sys_days{date}.time_since_epoch().count());
}

} // namespace

market_simulator::session_plan
market_simulator::plan_for(const sim_session& session) const {
  session_plan plan;
  plan.session = session;
  plan.day = day_number(session.date);
  plan.minutes = static_cast<std::size_t>(
    (session.closes_at - session.opens_at) / std::chrono::minutes{1});
  auto part = static_cast<double>(plan.minutes) / full_minutes;
  plan.variance_share = spread_over(
    plan.minutes, (1.0 - gap_variance - auction_variance) * part,
    [](double u) { return std::pow(volatility_shape(u), 2); });
  plan.variance_share.insert(plan.variance_share.begin(), gap_variance);
  plan.variance_share.push_back(auction_variance);
  plan.volume_share
    = spread_over(plan.minutes, (1.0 - auction_volume) * part, volume_shape);
  plan.volume_share.insert(plan.volume_share.begin(), 0.0);
  plan.volume_share.push_back(auction_volume);
  // The factors all securities see.
  auto market = content_hash("factor/market");
  keyed_stream chain{settings_.seed, market, plan.day, purpose::regime};
  plan.mood = regime_ ? next_regime(*regime_, chain.uniform(0))
                      : first_regime(chain.uniform(0));
  auto traits = traits_of(plan.mood);
  keyed_stream day{settings_.seed, market, plan.day, purpose::day};
  auto daily = settings_.annual_volatility.value()
               / std::sqrt(sessions_a_year) * traits.volatility.value()
               * day_multiple(day.normal(0));
  plan.market_deviation = daily;
  plan.sector_deviation = sector_ratio * daily;
  auto drift = settings_.regime_drift.value() * traits.annual_drift.value()
               / sessions_a_year;
  auto factor = [&](std::uint64_t subject, double deviation, double mean) {
    keyed_stream steps{settings_.seed, subject, plan.day, purpose::steps};
    std::vector<double> result(plan.steps());
    for (std::size_t i = 0; i < result.size(); ++i)
      result[i] = mean * plan.variance_share[i]
                  + deviation * std::sqrt(plan.variance_share[i])
                      * steps.normal(i);
    return result;
  };
  plan.market = factor(market, plan.market_deviation, drift);
  for (const auto& x : securities_)
    if (!plan.sectors.contains(x.sector))
      plan.sectors[x.sector] = factor(x.sector, plan.sector_deviation, 0.0);
  return plan;
}

market_simulator::session_path
market_simulator::path_of(const security& x, const session_plan& plan) const {
  session_path path;
  keyed_stream day{settings_.seed, x.subject, plan.day, purpose::day};
  keyed_stream steps{settings_.seed, x.subject, plan.day, purpose::steps};
  auto [day_normal, activity_normal] = day.normals(0);
  auto own_deviation = settings_.annual_volatility.value()
                       / std::sqrt(sessions_a_year)
                       * x.profile.own_volatility.value()
                       * day_multiple(day_normal);
  auto beta = x.profile.beta.value();
  auto load = x.profile.sector_load.value();
  path.deviation = std::sqrt(
    std::pow(beta * plan.market_deviation, 2)
    + std::pow(load * plan.sector_deviation, 2) + std::pow(own_deviation, 2));
  auto strength = settings_.signal_strength.value();
  auto planted = std::sqrt(strength) * x.tone;
  auto unplanned = std::sqrt(1.0 - strength);
  const auto& sector = plan.sectors.at(x.sector);
  path.log_prices.reserve(plan.steps() + 1);
  path.log_prices.push_back(x.log_price);
  path.normals.reserve(plan.steps());
  for (std::size_t i = 0; i < plan.steps(); ++i) {
    auto share = plan.variance_share[i];
    auto normals = steps.normals(i);
    auto own = planted * share + unplanned * std::sqrt(share) * normals[0];
    path.own += own;
    path.normals.push_back(normals);
    path.log_prices.push_back(path.log_prices.back() + beta * plan.market[i]
                              + load * sector[i] + own_deviation * own
                              - 0.5 * path.deviation * path.deviation * share);
  }
  path.tone = day.normal(1);
  path.last_own = x.last_own;
  // Busy days follow busy days, and a surprise at the open makes one.
  auto surprise = std::abs(path.normals.front()[0]) - 0.8;
  path.log_activity
    = 0.8 * x.log_activity + 0.15 * activity_normal + 0.1 * surprise;
  return path;
}

} // namespace banksia::simulation

#include "models/market/simulator.hpp"

#include "models/market/simulator_path.hpp"
#include "models/market/simulator_random.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace banksia::simulation {

namespace {

/// The daily bar of a session's intraday bars of one symbol.
bar folded_day(const std::vector<bar>& parts) {
  auto day = parts.front();
  day.interval = bar_interval::d1;
  for (auto it = std::next(parts.begin()); it != parts.end(); ++it) {
    day.high = std::max(day.high, it->high);
    day.low = std::min(day.low, it->low);
    day.close = it->close;
    day.volume = shares{day.volume.value() + it->volume.value()};
    day.known_at = it->known_at;
  }
  day.received_at = day.known_at;
  return day;
}

} // namespace

market_simulator::market_simulator(simulator_settings settings)
  : settings_(std::move(settings)) {
  if (auto problem = problem_of(settings_))
    throw std::invalid_argument(*problem);
  auto add = [this](symbol_profile profile, bool is_index) {
    security x;
    x.subject = content_hash("symbol/" + profile.symbol);
    x.sector = content_hash("sector/" + profile.sector);
    x.is_index = is_index;
    x.log_price = std::log(profile.first_price.value());
    x.profile = std::move(profile);
    securities_.push_back(std::move(x));
  };
  auto chosen = [this](const std::string& symbol, symbol_profile usual) {
    for (const auto& profile : settings_.profiles)
      if (profile.symbol == symbol)
        return profile;
    return usual;
  };
  for (const auto& symbol : settings_.symbols)
    add(chosen(symbol, profile_of(symbol)), false);
  if (const auto& index = settings_.index_symbol; !index.empty())
    add(chosen(index, index_profile(index)), true);
}

void market_simulator::expect_later(const sim_session& session) const {
  if (auto problem = problem_of(session))
    throw std::invalid_argument(*problem);
  if (last_
      && (std::chrono::sys_days{session.date}
            <= std::chrono::sys_days{last_->date}
          || session.opens_at < last_->auction_ends_at))
    throw std::invalid_argument(
      "simulator: session " + banksia::to_string(session.date)
      + ": is not after "
      + banksia::to_string(last_->date)
      + ", the last simulated: pass sessions in order, each once");
}

/// The paths of all securities; moves to after the session.
std::vector<market_simulator::session_path>
market_simulator::advance(const session_plan& plan) {
  std::vector<session_path> paths;
  paths.reserve(securities_.size());
  for (auto& x : securities_) {
    paths.push_back(path_of(x, plan));
    const auto& path = paths.back();
    x.log_price = path.log_prices.back();
    x.log_activity = path.log_activity;
    x.tone = path.tone;
    x.last_own = path.own;
  }
  regime_ = plan.mood;
  last_ = plan.session;
  return paths;
}

simulated_session market_simulator::next(const sim_session& session) {
  expect_later(session);
  auto plan = plan_for(session);
  auto paths = advance(plan);
  simulated_session result;
  result.mood = plan.mood;
  std::vector<std::vector<bar>> columns;
  for (std::size_t i = 0; i < securities_.size(); ++i) {
    columns.push_back(bars_of(securities_[i], plan, paths[i]));
    result.daily.push_back(folded_day(columns.back()));
  }
  // All columns are equally long: from per symbol to per time.
  for (std::size_t row = 0; row < columns.front().size(); ++row)
    for (auto& column : columns)
      result.bars.push_back(std::move(column[row]));
  write_headlines(result, plan, paths);
  spoil(result, plan);
  return result;
}

void market_simulator::write_headlines(
  simulated_session& result, const session_plan& plan,
  const std::vector<session_path>& paths) const {
  const auto& session = plan.session;
  for (std::size_t i = 0; i < securities_.size(); ++i) {
    const auto& x = securities_[i];
    if (x.is_index)
      continue;
    keyed_stream stream{settings_.seed, x.subject, plan.day,
                        purpose::headlines};
    auto gap = paths[i].normals.front()[0];
    auto written = written_headlines(
      x.profile, {session.date, session.opens_at, session.closes_at},
      {paths[i].tone, paths[i].last_own, gap}, stream);
    std::move(written.begin(), written.end(),
              std::back_inserter(result.headlines));
  }
  std::stable_sort(result.headlines.begin(), result.headlines.end(),
                   [](const headline& a, const headline& b) {
                     return a.known_at < b.known_at;
                   });
}

void market_simulator::skip(std::span<const sim_session> sessions) {
  for (const auto& session : sessions) {
    expect_later(session);
    advance(plan_for(session));
  }
}

std::vector<bar>
market_simulator::daily_history(std::span<const sim_session> sessions) {
  std::vector<bar> result;
  for (const auto& session : sessions) {
    auto day = next(session).daily;
    std::move(day.begin(), day.end(), std::back_inserter(result));
  }
  return result;
}

std::vector<symbol_profile> market_simulator::profiles() const {
  std::vector<symbol_profile> result;
  for (const auto& x : securities_)
    result.push_back(x.profile);
  return result;
}

} // namespace banksia::simulation

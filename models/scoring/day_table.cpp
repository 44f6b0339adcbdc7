#include "models/scoring/day_table.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace banksia {

namespace {

double ratio(std::uint64_t part, std::uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

void append(group_replicates& xs, const tally& x) {
  // The best constant comes from this resample: the one that did best on the
  // real days was partly lucky, and keeping it would hide that luck.
  auto best = x.constant_successes[x.best_constant()];
  auto success = ratio(x.successes, x.samples);
  auto constant = ratio(best, x.samples);
  xs.success_rate.push_back(success);
  xs.always_hold_rate.push_back(ratio(x.constant_successes[0], x.samples));
  xs.best_constant_rate.push_back(constant);
  xs.difference.push_back(success - constant);
}

} // namespace

std::size_t tally::best_constant() const noexcept {
  return static_cast<std::size_t>(
    std::max_element(constant_successes.begin(), constant_successes.end())
    - constant_successes.begin());
}

day_table::day_table(std::vector<trading_date> days, std::size_t groups)
  : days_(std::move(days)), groups_(groups) {
  counters_.resize(days_.size() * groups_ * width_);
}

void day_table::add(trading_date day, std::size_t group, trade_action action,
                    fraction actual_return) {
  auto row = days_.row_of(day);
  assert(row < days_.size() && days_.day(row) == day);
  add_at(row, group, action, actual_return);
}

void day_table::add_at(std::uint32_t row, std::size_t group,
                       trade_action action, fraction actual_return) noexcept {
  assert(row < days_.size() && group < groups_);
  auto* cell = &counters_[(row * groups_ + group) * width_];
  ++cell[0];
  cell[1] += plan_success(action, actual_return);
  for (std::size_t i = 0; i < constant_actions.size(); ++i)
    cell[2 + i] += plan_success(constant_actions[i], actual_return);
}

std::uint32_t day_table::days_with(std::size_t group) const noexcept {
  std::uint32_t result = 0;
  for (std::size_t row = 0; row < days_.size(); ++row)
    result += counters_[(row * groups_ + group) * width_] > 0;
  return result;
}

template <class Number>
tally day_table::tally_at(const Number* counters) noexcept {
  tally result;
  result.samples = counters[0];
  result.successes = counters[1];
  std::copy_n(counters + 2, constant_actions.size(),
              result.constant_successes.begin());
  return result;
}

tally day_table::total(std::size_t group) const noexcept {
  std::array<std::uint64_t, width_> sums{};
  for (std::size_t row = 0; row < days_.size(); ++row)
    for (std::size_t i = 0; i < width_; ++i)
      sums[i] += counters_[(row * groups_ + group) * width_ + i];
  return tally_at(sums.data());
}

template <class Sum>
std::vector<group_replicates>
day_table::bootstrap_by(const bootstrap_options& options) const {
  std::vector<group_replicates> result(groups_);
  resample_rows<Sum>(counters_, groups_ * width_, options,
                     [&](const std::vector<Sum>& sums) {
                       for (std::size_t group = 0; group < groups_; ++group) {
                         auto drawn = tally_at(&sums[group * width_]);
                         if (drawn.samples > 0)
                           append(result[group], drawn);
                       }
                     });
  return result;
}

std::vector<group_replicates>
day_table::bootstrap(const bootstrap_options& options) const {
  // Half as wide is twice as fast, where the busiest day drawn each time fits.
  auto busiest = std::max_element(counters_.begin(), counters_.end());
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  if (busiest == counters_.end() || *busiest <= most / days())
    return bootstrap_by<std::uint32_t>(options);
  return bootstrap_by<std::uint64_t>(options);
}

} // namespace banksia

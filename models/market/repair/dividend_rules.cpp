/// Which of declared amount, adjusted close and price is wrong.
///
/// A single ex-date says little: the price moves by itself as much as by the
/// dividend. What the rules rest on is agreement between two of the three, and
/// between the dividends of one series, as a source's error is rarely made
/// once.

#include "models/market/repair/dividends.hpp"

#include <algorithm>

namespace banksia::repair {

namespace {

constexpr auto repair_it = quality_action::repair;

bool is_open(const dividend_event& x) noexcept {
  return x.finding == dividend_event::npos;
}

bool is_near(double x, double y, double share) noexcept {
  return std::abs(x - y) < share * std::abs(y);
}

/// Whether the adjusted close steps by the dividend and the gain together.
bool counts_gain(const dividend_event& x) noexcept {
  return x.gain > 0.0 && !x.adjusted_is(x.declared)
         && is_near(x.adjusted, x.declared + x.gain, 0.05);
}

/// How strange a yield is by itself, in units of log-likelihood: single
/// dividends are mostly between 0.2 and 10 % of the price.
double strangeness(double yield) noexcept {
  if (yield > 0.1)
    return 2.0 * std::log(yield / 0.1);
  return yield < 0.002 ? std::log(0.002 / std::max(yield, 1e-6)) : 0.0;
}

/// How badly a yield explains the day's fall. Returns have fat tails, hence
/// the absolute value (Laplace).
double misfit(const dividend_event& x, double yield) noexcept {
  return std::abs(x.fall_early - yield) / x.scale + strangeness(yield);
}

} // namespace

void find_phantoms(workbench& bench, std::span<dividend_event> events) {
  constexpr auto apart = std::chrono::days{7};
  for (std::size_t n = 1; n < events.size(); ++n) {
    auto& a = events[n - 1];
    auto& b = events[n];
    if (!is_open(a) || !is_open(b)
        || bench.row(b.row).at - bench.row(a.row).at > apart
        || !is_near(bench.row(a.row).dividend, bench.row(b.row).dividend,
                    0.01))
      continue;
    // What the source did not adjust for it hardly believes in.
    auto a_counted = a.adjusted_is(a.declared);
    auto b_counted = b.adjusted_is(b.declared);
    auto first_is_phantom = a_counted == b_counted ? a.fall_early < b.fall_early
                                                   : !a_counted;
    auto& phantom = first_is_phantom ? a : b;
    phantom.is_phantom = true;
    note(bench, phantom, series_rule::dividend_phantom, repair_it, 0.0,
         phantom.declared, b.live);
  }
}

void find_split_dividends(workbench& bench,
                          std::span<dividend_event> events) {
  const auto& live = bench.live();
  for (auto& x : events) {
    if (!is_open(x) || std::isnan(x.adjusted) || x.adjusted_is(x.declared))
      continue;
    auto first = x.row > 3 ? x.row - 3 : 0;
    auto last = std::min(x.row + 3, bench.size() - 1);
    for (auto i = first; i <= last; ++i) {
      auto ratio = split_of(bench.row(i));
      if (std::abs(std::log(ratio)) < 0.1
          || !x.adjusted_is(x.declared / ratio))
        continue;
      x.yield = x.declared / ratio;
      auto f = note(bench, x, series_rule::dividend_split, repair_it,
                    x.adjusted, x.declared, x.live);
      bench.at(f).factor = 1.0 / ratio;
      bench.at(f).known_at = std::max(
        bench.at(f).known_at, bench.known_at(std::max(i, live[x.live])));
      break;
    }
  }
}

/// A fund's gains may be part of its dividends or beside them; whether adjusted
/// closes rightly count both is told by the price, over all such distributions
/// of the series.
void find_twice_counted_gains(workbench& bench,
                              std::span<dividend_event> events) {
  std::vector<dividend_event*> group;
  auto evidence = 0.0;
  for (auto& x : events)
    if (is_open(x) && counts_gain(x)) {
      group.push_back(&x);
      evidence += misfit(x, x.adjusted) - misfit(x, x.declared);
    }
  if (evidence > 0.0)
    for (auto* x : group)
      note(bench, *x, series_rule::capital_gain_twice, repair_it, x->declared,
           x->adjusted, group.back()->live);
}

/// How far off a yield is from what the company pays otherwise: the log of the
/// ratio to the median of the amounts that nothing contradicts. 0 without any.
double unfamiliarity(const workbench& bench,
                     std::span<const dividend_event> events,
                     const dividend_event& x, double yield) {
  std::vector<double> amounts;
  for (const auto& y : events)
    if (is_open(y) && y.adjusted_is(y.declared))
      amounts.push_back(bench.row(y.row).dividend);
  if (amounts.empty())
    return 0.0;
  auto usual = median_of(amounts);
  return std::min(4.0, std::abs(std::log(yield * x.close_before / usual)));
}

/// Declared and adjusted differ by 100 times. One source, one error: all such
/// dividends of a series are decided together.
void settle_contradictions(workbench& bench,
                           std::span<dividend_event> events) {
  for (auto ratio : {0.01, 100.0}) {
    std::vector<dividend_event*> group;
    auto evidence = 0.0;
    for (auto& x : events)
      if (is_open(x) && is_near(x.adjusted, x.declared * ratio, 0.1)) {
        group.push_back(&x);
        evidence += misfit(x, x.declared) - misfit(x, x.adjusted)
                    + unfamiliarity(bench, events, x, x.declared)
                    - unfamiliarity(bench, events, x, x.adjusted);
      }
    if (group.empty())
      continue;
    auto last = group.back()->live;
    for (auto* x : group) {
      if (std::abs(evidence) < 1.0) {
        auto declared = x->declared;
        note(bench, *x, series_rule::dividend_unclear, quality_action::accept,
             declared, x->adjusted, last);
        // Both stay as they came.
        x->finding = dividend_event::npos;
      } else if (evidence > 0.0) {
        x->yield = x->declared * ratio;
        auto f = note(bench, *x, series_rule::dividend_unit, repair_it,
                      x->adjusted, x->declared, last);
        bench.at(f).factor = ratio;
      } else {
        note(bench, *x, series_rule::adjustment_wrong, repair_it, x->declared,
             x->adjusted, last);
      }
    }
  }
}

namespace {

/// The live position within a week where the price fell by `yield` and by far
/// more than usual; the event's own when there is none.
std::size_t day_of_fall(const workbench& bench, const dividend_event& x) {
  constexpr std::size_t reach = 7;
  const auto& live = bench.live();
  auto first = x.live > reach ? x.live - reach : 1;
  auto last = std::min(x.live + reach, live.size() - 1);
  auto amount = x.yield * x.close_before;
  for (auto k = first; k <= last; ++k) {
    const auto& row = bench.row(live[k]);
    if (k == x.live || row.dividend > 0.0)
      continue;
    auto close = bench.row(live[k - 1]).values.close;
    auto fall = 1.0 - row.values.low / close;
    auto fits = fall > 0.8 * amount / close && fall < 1.35 * amount / close;
    if (fits && fall > 4.0 * x.scale
        && 1.0 - row.values.close / close > 0.4 * amount / close)
      return k;
  }
  return x.live;
}

} // namespace

void find_misplaced_and_oversized(workbench& bench,
                                  std::span<dividend_event> events) {
  for (auto& x : events) {
    if (!is_open(x) || !price_rejects(x, x.declared))
      continue;
    if (!std::isnan(x.adjusted) && !x.adjusted_is(x.declared))
      continue;
    auto paid = day_of_fall(bench, x);
    if (paid != x.live) {
      x.paid = paid;
      note(bench, x, series_rule::dividend_date, repair_it, x.declared, x.fall,
           std::max(paid, x.live));
      continue;
    }
    // Smaller dividends fail to show for many reasons.
    if (x.declared < 0.1
        || misfit(x, x.declared / 100.0) > misfit(x, x.declared))
      continue;
    x.yield = x.declared / 100.0;
    auto f = note(bench, x, series_rule::dividend_unit, repair_it, x.yield,
                  x.declared, x.live + 7);
    bench.at(f).factor = 0.01;
  }
}

namespace {

constexpr double tiny_yield = 0.0008;

bool is_tiny(const dividend_event& x) noexcept {
  return x.declared < tiny_yield && (std::isnan(x.adjusted)
                                     || x.adjusted_is(x.declared));
}

/// Whether 100 times the dividend is what the company pays around that time.
bool fits_neighbours(const workbench& bench,
                     std::span<const dividend_event> events, std::size_t n,
                     std::size_t& evidence) {
  auto amount = bench.row(events[n].row).dividend * 100.0;
  double nearest = std::numeric_limits<double>::infinity();
  for (auto j : {n - 1, n + 1}) {
    if (j >= events.size() || is_tiny(events[j]) || events[j].is_phantom)
      continue;
    auto other = events[j].yield * events[j].close_before;
    auto off = std::abs(std::log(other / amount));
    if (off < nearest) {
      nearest = off;
      evidence = std::max(events[n].live, events[j].live);
    }
  }
  // The same amount, or a similar one and a fall that fits.
  const auto& x = events[n];
  auto gain = std::abs(x.fall_early - x.declared)
              - std::abs(x.fall_early - 100.0 * x.declared);
  return nearest < 0.1 || (nearest < 0.8 && gain > 2.0 * x.scale);
}

} // namespace

void find_undersized(workbench& bench, std::span<dividend_event> events) {
  // A series whose dividends are nearly all tiny: together the price tells.
  // Some firms do pay that little, so how strange that is does not count.
  constexpr double enough = 1.5; // a likelihood ratio of 4.5
  std::vector<dividend_event*> tiny;
  auto evidence = 0.0;
  for (auto& x : events)
    if (is_open(x) && is_tiny(x)) {
      tiny.push_back(&x);
      auto larger = 100.0 * x.declared;
      evidence += (std::abs(x.fall - x.declared) - std::abs(x.fall - larger))
                  / x.scale;
    }
  auto together = tiny.size() >= 3 && 10 * tiny.size() >= 7 * events.size()
                  && evidence > enough;
  for (std::size_t n = 0; n < events.size(); ++n) {
    auto& x = events[n];
    if (!is_open(x) || !is_tiny(x))
      continue;
    auto last = together ? tiny.back()->live : x.live;
    if (!together
        && (!fits_neighbours(bench, events, n, last)
            || price_rejects(x, x.declared * 100.0)))
      continue;
    x.yield = x.declared * 100.0;
    auto f = note(bench, x, series_rule::dividend_unit, repair_it, x.yield,
                  x.declared, last);
    bench.at(f).factor = 100.0;
  }
}

void find_unadjusted(workbench& bench, std::span<dividend_event> events) {
  for (auto& x : events) {
    if (!is_open(x) || std::isnan(x.adjusted) || x.adjusted_is(x.declared)
        || x.declared < 1e-4 || counts_gain(x))
      continue;
    // The price decides; where it cannot, a dividend that is not there is
    // likelier than an amount made up.
    auto missing = std::abs(x.adjusted) < 0.05 * x.declared;
    auto worse = std::abs(x.fall - x.declared)
                 > std::abs(x.fall - x.adjusted) + 2.0 * x.scale;
    if (missing ? price_rejects(x, x.declared) : worse) {
      auto keep = x.finding;
      note(bench, x, series_rule::dividend_unclear, quality_action::accept,
           x.declared, x.adjusted, x.live);
      x.finding = keep;
      continue;
    }
    note(bench, x,
         missing ? series_rule::dividend_unadjusted
                 : series_rule::adjustment_wrong,
         repair_it, x.declared, x.adjusted, x.live);
  }
}

} // namespace banksia::repair

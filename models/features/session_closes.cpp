#include "models/features/session_closes.hpp"

#include "models/market/adjustment.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace banksia {

namespace {

bool is_usable(double close) noexcept {
  return std::isfinite(close) && close > 0.0;
}

} // namespace

bool session_closes::before(const entry& a, const entry& b) noexcept {
  if (a.ordinal != b.ordinal)
    return a.ordinal < b.ordinal;
  auto a_daily = a.interval == bar_interval::d1;
  auto b_daily = b.interval == bar_interval::d1;
  if (a_daily != b_daily)
    return b_daily;
  return a.opened_at != b.opened_at ? a.opened_at < b.opened_at
                                    : a.interval < b.interval;
}

void session_closes::add(const bar& x, int ordinal) {
  auto close = x.close.value();
  if (!is_usable(close))
    return;
  entry made{ordinal, x.interval, x.opened_at, x.known_at, close};
  // Bars nearly always come in order: look from the end.
  auto at = closes_.end();
  while (at != closes_.begin() && before(made, *std::prev(at)))
    --at;
  if (at != closes_.begin() && !before(*std::prev(at), made))
    return; // the same bar once more
  closes_.insert(at, made);
  auto newest = closes_.back().ordinal;
  if (closes_.front().ordinal < newest - kept_sessions)
    drop_before(newest - kept_sessions);
}

void session_closes::add(const bar_revision& x) {
  const auto& of = x.content;
  auto& words = words_[{of.opened_at, of.interval}];
  auto at = std::find_if(words.begin(), words.end(), [&](const word& y) {
    return y.known_at >= of.known_at;
  });
  if (at == words.end() || at->known_at != of.known_at)
    words.insert(at, {of.known_at, of.close.value(), x.withdrawn});
}

void session_closes::add(const corporate_action& x) {
  if (!problem_of(x).empty())
    return;
  auto at = std::upper_bound(actions_.begin(), actions_.end(), x,
                             effective_before);
  auto known = std::find_if(actions_.begin(), at, [&](const auto& y) {
    return y.effective_at == x.effective_at && y.kind == x.kind
           && y.value == x.value;
  });
  if (known == at)
    actions_.insert(at, x);
}

std::optional<double> session_closes::close_at(const entry& x,
                                               timestamp t) const {
  if (x.known_at > t)
    return std::nullopt;
  auto close = x.close;
  if (!words_.empty())
    if (auto found = words_.find({x.opened_at, x.interval});
        found != words_.end())
      for (const auto& y : found->second) {
        if (y.known_at > t)
          break;
        // A withdrawn bar is as good as none.
        close = y.withdrawn ? 0.0 : y.close;
      }
  return is_usable(close) ? std::optional{close} : std::nullopt;
}

std::optional<std::pair<session_closes::place, double>>
session_closes::last_of(place begin, place end, timestamp t) const {
  while (end != begin)
    if (auto close = close_at(*--end, t))
      return std::pair{end, *close};
  return std::nullopt;
}

double session_closes::on_basis_of(double close, timestamp from, timestamp to,
                                   timestamp t) const {
  std::vector<corporate_action> between;
  for (const auto& x : actions_)
    if (x.known_at <= t && x.effective_at > from && x.effective_at <= to)
      between.push_back(x);
  return between.empty() ? close
                         : close * change_of_basis(between, close).prices;
}

std::optional<double> session_closes::change_at(timestamp t, int ordinal,
                                                bool daily) const {
  auto until = [&](int session) {
    return std::partition_point(
      closes_.begin(), closes_.end(),
      [session](const entry& x) { return x.ordinal <= session; });
  };
  auto last = last_of(closes_.begin(), until(ordinal), t);
  if (!last)
    return std::nullopt;
  const auto& now = *last->first;
  if (ordinal - now.ordinal > (daily ? 0 : 1))
    return std::nullopt;
  auto base = last_of(closes_.begin(), until(now.ordinal - 1), t);
  if (!base || now.ordinal - base->first->ordinal > apart_max)
    return std::nullopt;
  auto from = on_basis_of(base->second, base->first->opened_at, now.opened_at,
                          t);
  auto change = last->second / from - 1.0;
  return std::isfinite(change) ? std::optional{change} : std::nullopt;
}

void session_closes::forget_before(int ordinal) {
  drop_before(ordinal - needed_sessions);
}

void session_closes::drop_before(int ordinal) {
  if (closes_.empty() || closes_.front().ordinal >= ordinal)
    return;
  while (!closes_.empty() && closes_.front().ordinal < ordinal)
    closes_.pop_front();
  complete_from_ = std::max(complete_from_, ordinal);
  if (closes_.empty())
    return;
  // What was said of them goes with them.
  auto oldest = closes_.front().opened_at;
  words_.erase(words_.begin(), words_.lower_bound({oldest, bar_interval{}}));
  while (!actions_.empty() && actions_.front().effective_at <= oldest)
    actions_.pop_front();
}

} // namespace banksia

#include "actors/feeds/context_book.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace banksia {

namespace {

using std::chrono::days;

/// What a series can be at all, and by how much it may move from one day to
/// another within a week. Both are wider than history: the Australian dollar
/// has floated between 0.47 and 1.11 and moved by less than 10 %, the VIX has
/// been between 8 and 90 and a bit more than doubled.
struct believable {
  double lowest;
  double highest;
  double ratio_max; ///< to the newest day, or its inverse
};

constexpr believable believable_of(context_series x) noexcept {
  return x == context_series::aud_usd ? believable{0.2, 2.0, 1.25}
                                      : believable{3.0, 250.0, 4.0};
}

/// Behind it the newest day says nothing of the next one; else one wrong day
/// could refuse all that come after it.
constexpr days compared_max{7};

/// How much of what is known is asked for again: a source without a newer row
/// has an answer then, too.
constexpr days asked_again{5};

/// A source that keeps saying new nonsense does not fill the memory.
constexpr std::size_t refused_max = 1000;

timestamp end_of(const bar& x) {
  return x.opened_at + days{1};
}

std::string text_of(const bar& x) {
  return to_rfc3339(x.opened_at) + " open " + std::to_string(x.open.value())
         + " high " + std::to_string(x.high.value()) + " low "
         + std::to_string(x.low.value()) + " close "
         + std::to_string(x.close.value());
}

} // namespace

void context_book::recall(const std::vector<bar>& stored) {
  for (const auto& x : stored)
    if (!newest_ || x.opened_at > newest_->opened_at)
      newest_ = x;
}

price_request context_book::request(timestamp now) const {
  price_request x;
  x.symbol = symbol_of(series_);
  x.interval = bar_interval::d1;
  x.from = std::chrono::floor<days>(now - history);
  if (newest_)
    x.from = std::max(x.from, newest_->opened_at - asked_again);
  x.until = now;
  return x;
}

std::string context_book::problem_of(const bar& x) const {
  std::array values{x.open.value(), x.high.value(), x.low.value(),
                    x.close.value()};
  auto each = [&](auto holds) {
    return std::all_of(values.begin(), values.end(), holds);
  };
  if (!each([](double v) { return std::isfinite(v); }))
    return "not_finite";
  if (!each([](double v) { return v > 0.0; }))
    return "not_positive";
  auto limits = believable_of(series_);
  if (!each([&](double v) {
        return v >= limits.lowest && v <= limits.highest;
      }))
    return "out_of_range";
  if (!newest_ || x.opened_at - newest_->opened_at > compared_max)
    return {};
  auto ratio = x.close.value() / newest_->close.value();
  return ratio > limits.ratio_max || ratio * limits.ratio_max < 1.0
           ? "level_jump"
           : "";
}

context_rows context_book::take(const price_answer& answer, timestamp now) {
  context_rows result;
  auto refuse = [&](quarantined_row row) {
    if (refused_.size() >= refused_max)
      refused_.clear();
    if (refused_.insert(row.reason + "\n" + row.payload).second)
      result.refused.push_back(std::move(row));
  };
  for (const auto& row : answer.unreadable)
    refuse(row);
  // A row is compared with the ones before it in the same answer, too.
  auto so_far = *this;
  for (auto x : answer.bars) {
    if (x.interval != bar_interval::d1 || x.symbol != symbol_of(series_)
        || end_of(x) > now)
      continue;
    if (const auto* newest = so_far.newest();
        newest && x.opened_at <= newest->opened_at)
      continue;
    if (auto why = so_far.problem_of(x); !why.empty()) {
      refuse({1, x.symbol, x.source, std::move(why), text_of(x), now});
      continue;
    }
    so_far.newest_ = x;
    result.days.push_back(std::move(x));
  }
  return result;
}

void context_book::stamp(std::vector<bar>& fresh,
                         const context_moment& when) const {
  auto is_history = !newest_ && !fresh.empty()
                    && when.decided_until < end_of(fresh.front());
  // A later day never counts before an earlier one, whatever the clocks did.
  auto earliest = newest_ ? newest_->known_at : timestamp::min();
  for (auto& x : fresh) {
    x.received_at = when.now;
    x.known_at = is_history ? end_of(x)
                            : std::max({end_of(x), when.now + when.settle,
                                        earliest});
  }
}

} // namespace banksia

#include "actors/evaluator/outcome_book.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

outcome_book::outcome_book(shared_plan plan) : plan_(std::move(plan)) {}

void outcome_book::know(std::shared_ptr<const listings> listed) {
  listed_ = std::move(listed);
}

void outcome_book::owe(const obligation& x) {
  if (!known_.emplace(x.prediction, x.horizon_minutes).second)
    return;
  auto& book = symbols_[x.symbol];
  owed entry{x, std::nullopt};
  // Bars may have come before the obligation did.
  for (const auto& t : book.recent)
    if (feed(entry, t))
      return;
  keep(std::move(entry));
}

void outcome_book::owe(const obligation& x, std::span<const bar> bars) {
  if (!known_.emplace(x.prediction, x.horizon_minutes).second)
    return;
  owed entry{x, std::nullopt};
  for (const auto& b : bars)
    if (feed(entry, {b.known_at, b.close}))
      return;
  keep(std::move(entry));
}

void outcome_book::keep(owed entry) {
  const auto& x = entry.duty;
  if (stop(entry, watermark_))
    return;
  if (entry.exit && x.interval != bar_interval::d1 && x.due_at <= watermark_) {
    make(entry, *entry.exit);
    return;
  }
  symbols_[x.symbol].open.push_back(std::move(entry));
  ++open_;
}

void outcome_book::add(const bar& x) {
  trade t{x.known_at, x.close};
  if (!listed_ || listed_->is_plain()) {
    add(x.symbol, t);
    return;
  }
  // What was owed under an earlier code trades on under this one. A bar of a
  // code that was given up is another company's.
  for (const auto& code : listed_->codes_before(x.symbol))
    if (listed_->code_at(code.symbol, x.known_at) == x.symbol)
      add(code.symbol, t);
}

void outcome_book::add(const std::string& symbol, const trade& t) {
  auto& book = symbols_[symbol];
  if (t.known_at <= book.newest)
    return; // delivered again, after a restart of its feed
  book.newest = t.known_at;
  book.recent.push_back(t);
  auto made = std::erase_if(book.open,
                            [&](owed& entry) { return feed(entry, t); });
  open_ -= made;
}

bool outcome_book::feed(owed& x, const trade& t) {
  if (t.known_at <= x.duty.slot)
    return false;
  // Daily: the next accepted bar, whenever it comes.
  if (x.duty.interval == bar_interval::d1) {
    if (!stop(x, t.known_at))
      make(x, t);
    return true;
  }
  if (t.known_at <= x.duty.due_at) {
    x.exit = t;
    return false;
  }
  if (stop(x, t.known_at))
    return true;
  // The horizon has passed: the last trade until then, or, where nothing
  // traded in between, this first one after it.
  make(x, x.exit.value_or(t));
  return true;
}

bool outcome_book::stop(const owed& x, timestamp now) {
  if (!listed_ || listed_->is_plain())
    return false;
  const auto& duty = x.duty;
  auto why = listed_->stop_of(duty.symbol, duty.slot, duty.due_at, now,
                              x.exit.has_value());
  if (!why)
    return false;
  auto made = begin_outcome(x);
  made.evaluation_timestamp = why->at;
  made.is_void = true;
  made.void_reason = to_string(why->why);
  made_.push_back(std::move(made));
  return true;
}

void outcome_book::advance(timestamp watermark) {
  watermark_ = std::max(watermark_, watermark);
  for (auto& [symbol, book] : symbols_) {
    auto made = std::erase_if(book.open, [&](owed& entry) {
      if (stop(entry, watermark_))
        return true;
      // A daily one waits for its bar, whenever it comes.
      if (plan_->interval == bar_interval::d1)
        return false;
      if (entry.duty.due_at > watermark_ || !entry.exit)
        return false;
      make(entry, *entry.exit);
      return true;
    });
    open_ -= made;
  }
}

void outcome_book::settle(timestamp committed_slot) {
  if (committed_slot <= settled_)
    return;
  settled_ = committed_slot;
  for (auto& [symbol, book] : symbols_)
    while (!book.recent.empty() && book.recent.front().known_at <= settled_)
      book.recent.pop_front();
}

outcome outcome_book::begin_outcome(const owed& x) const {
  const auto& duty = x.duty;
  outcome made;
  made.id = make_outcome_id(duty.prediction, duty.horizon_minutes);
  made.prediction = duty.prediction;
  made.symbol = duty.symbol;
  made.horizon_minutes = duty.horizon_minutes;
  made.due_at = duty.due_at;
  made.entry_price = duty.entry_price;
  return made;
}

void outcome_book::make(const owed& x, const trade& exit) {
  const auto& duty = x.duty;
  auto made = begin_outcome(x);
  made.evaluation_timestamp = std::max(duty.due_at, exit.known_at);
  made.exit_price = exit.close;
  made.actual_return = return_between(duty.entry_price, exit.close);
  made.total_return = made.actual_return;
  auto r = made.actual_return.value();
  made.actual_direction = static_cast<std::int8_t>((r > 0) - (r < 0));
  made.success = plan_success(duty.action, made.actual_return);
  const auto& calendar = plan_->calendar;
  auto from = exchange_calendar::trading_date_of(duty.slot);
  auto to = exchange_calendar::trading_date_of(exit.known_at);
  if (from && to) {
    auto first = calendar.session_index(*from);
    auto last = calendar.session_index(*to);
    if (first && last)
      made.sessions_elapsed = static_cast<std::uint32_t>(*last - *first);
  }
  if (auto open = calendar.open_minutes_between(duty.slot, exit.known_at))
    made.open_minutes = static_cast<std::uint32_t>(open->count());
  // It may be told once more, by the store or a late commit, while its bars
  // are still at hand; afterwards nothing can make it twice.
  made_.push_back(std::move(made));
}

std::vector<outcome> outcome_book::take() {
  // Symbols lie in a hash table: give the outcomes an order of their own.
  std::sort(made_.begin(), made_.end(), [](const outcome& a, const outcome& b) {
    return std::tie(a.prediction, a.horizon_minutes)
           < std::tie(b.prediction, b.horizon_minutes);
  });
  return std::exchange(made_, {});
}

std::optional<timestamp> outcome_book::oldest_due() const {
  std::optional<timestamp> oldest;
  for (const auto& [symbol, book] : symbols_)
    for (const auto& x : book.open)
      if (x.duty.due_at <= watermark_ && (!oldest || x.duty.due_at < *oldest))
        oldest = x.duty.due_at;
  return oldest;
}

} // namespace banksia

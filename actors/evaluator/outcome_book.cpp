#include "actors/evaluator/outcome_book.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

/// Nothing trades for longer than this within a session and on.
constexpr std::chrono::hours session_gap{4};
/// A horizon reaches into the next session; a halt has no closes in it.
constexpr std::size_t closes_kept = 8;

} // namespace

void outcome_book::session_closes::add(const trade& t) {
  if (last_ && t.opened_at - last_->opened_at >= session_gap) {
    closes_.push_back(
      {last_->opened_at, last_->known_at, last_->close.value()});
    if (closes_.size() > closes_kept)
      closes_.pop_front();
  }
  last_ = t;
}

outcome_book::outcome_book(shared_plan plan) : plan_(std::move(plan)) {}

void outcome_book::owe(const obligation& x) {
  if (!known_.emplace(x.prediction, x.horizon_minutes).second)
    return;
  auto& book = symbols_[x.symbol];
  owed entry{x, std::nullopt};
  // Bars may have come before the obligation did.
  for (const auto& t : book.recent)
    if (feed(entry, t, book.closes))
      return;
  keep(std::move(entry));
}

void outcome_book::owe(const obligation& x, std::span<const bar> bars) {
  if (!known_.emplace(x.prediction, x.horizon_minutes).second)
    return;
  owed entry{x, std::nullopt};
  session_closes closes;
  for (const auto& b : bars) {
    closes.add(trade_of(b));
    if (feed(entry, trade_of(b), closes))
      return;
  }
  keep(std::move(entry));
}

void outcome_book::keep(owed entry) {
  const auto& x = entry.duty;
  if (entry.exit && x.interval != bar_interval::d1 && x.due_at <= watermark_) {
    make(entry, *entry.exit, symbols_[x.symbol].closes);
    return;
  }
  symbols_[x.symbol].open.push_back(std::move(entry));
  ++open_;
}

void outcome_book::add(const bar& x) {
  auto& book = symbols_[x.symbol];
  auto t = trade_of(x);
  if (t.known_at <= book.newest)
    return; // delivered again, after a restart of its feed
  book.newest = t.known_at;
  book.recent.push_back(t);
  book.closes.add(t);
  auto made = std::erase_if(book.open, [&](owed& entry) {
    return feed(entry, t, book.closes);
  });
  open_ -= made;
}

void outcome_book::add(const corporate_action& x) {
  auto& actions = symbols_[x.symbol].actions;
  auto same = [&](const corporate_action& y) {
    return y.effective_at == x.effective_at && y.kind == x.kind
           && y.value == x.value;
  };
  if (problem_of(x).empty()
      && std::none_of(actions.begin(), actions.end(), same))
    actions.push_back(x);
}

bool outcome_book::feed(owed& x, const trade& t,
                        const session_closes& closes) {
  if (t.known_at <= x.duty.slot)
    return false;
  // Daily: the next accepted bar, whenever it comes.
  if (x.duty.interval == bar_interval::d1) {
    make(x, t, closes);
    return true;
  }
  if (t.known_at <= x.duty.due_at) {
    x.exit = t;
    return false;
  }
  // The horizon has passed: the last trade until then, or, where nothing
  // traded in between, this first one after it.
  make(x, x.exit.value_or(t), closes);
  return true;
}

void outcome_book::advance(timestamp watermark) {
  watermark_ = std::max(watermark_, watermark);
  if (plan_->interval == bar_interval::d1)
    return;
  for (auto& [symbol, book] : symbols_) {
    auto made = std::erase_if(book.open, [&](owed& entry) {
      if (entry.duty.due_at > watermark_ || !entry.exit)
        return false;
      make(entry, *entry.exit, book.closes);
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

void outcome_book::apply_actions(outcome& made, timestamp slot,
                                 const trade& exit,
                                 const session_closes& closes) const {
  auto book = symbols_.find(made.symbol);
  if (book == symbols_.end())
    return;
  const auto& actions = book->second.actions;
  auto counts = [&](const corporate_action& x) {
    return x.effective_at > slot && x.effective_at <= exit.opened_at
           && x.known_at <= made.evaluation_timestamp;
  };
  if (std::none_of(actions.begin(), actions.end(), counts))
    return;
  auto as_of = made.evaluation_timestamp;
  auto entry = made.entry_price.value();
  // The entry price is the close before whatever came before the next one.
  std::vector<traded_close> before{{slot, slot, entry}};
  for (const auto& x : closes.all())
    if (x.known_at > slot)
      before.push_back(x);
  auto worth = [&](double factor) {
    return return_between(made.entry_price,
                          price{made.exit_price.value() * factor});
  };
  made.actual_return
    = worth(split_factor(actions, slot, exit.opened_at, as_of));
  made.total_return = worth(
    total_return_factor(actions, before, slot, exit.opened_at, as_of));
}

void outcome_book::make(const owed& x, const trade& exit,
                        const session_closes& closes) {
  const auto& duty = x.duty;
  outcome made;
  made.id = make_outcome_id(duty.prediction, duty.horizon_minutes);
  made.prediction = duty.prediction;
  made.symbol = duty.symbol;
  made.horizon_minutes = duty.horizon_minutes;
  made.due_at = duty.due_at;
  made.evaluation_timestamp = std::max(duty.due_at, exit.known_at);
  made.entry_price = duty.entry_price;
  made.exit_price = exit.close;
  made.actual_return = return_between(duty.entry_price, exit.close);
  made.total_return = made.actual_return;
  apply_actions(made, duty.slot, exit, closes);
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

#include "actors/evaluator/outcome_book.hpp"

#include <algorithm>
#include <utility>

namespace banksia {

namespace {

/// Nothing trades for longer than this within a session and on.
constexpr std::chrono::hours session_gap{4};
/// How long closes are kept behind what is settled: longer than a halt lasts
/// between a slot and its exit.
constexpr std::chrono::days closes_kept{60};

} // namespace

void outcome_book::session_closes::add(const trade& t) {
  if (last_ && t.opened_at - last_->opened_at >= session_gap)
    closes_.push_back(
      {last_->opened_at, last_->known_at, last_->close.value()});
  last_ = t;
}

void outcome_book::session_closes::forget(timestamp until) {
  while (!closes_.empty() && closes_.front().known_at <= until)
    closes_.pop_front();
}

outcome_book::outcome_book(shared_plan plan) : plan_(std::move(plan)) {}

void outcome_book::know(std::shared_ptr<const listings> listed) {
  listed_ = std::move(listed);
}

outcome_book::trade outcome_book::trade_of(const bar& x) const {
  auto ended_at = x.known_at;
  const auto* on = plan_->calendar.session_at(x.opened_at);
  if (x.interval != bar_interval::d1)
    ended_at = x.opened_at + std::chrono::minutes{minutes_of(x.interval)};
  // The close of a session's last bar, as that of its day, is the auction's.
  if (on != nullptr
      && (x.interval == bar_interval::d1 || ended_at >= on->closes_at))
    ended_at = on->auction_ends_at;
  return {x.known_at, x.opened_at, std::min(ended_at, x.known_at), x.close};
}

void outcome_book::lag(const std::vector<series_lag>& lags) {
  auto before = std::exchange(lags_, {});
  for (const auto& x : lags) {
    auto found = before.find(x.symbol);
    lags_.emplace(x.symbol, lag_state{x.known_until, found == before.end()
                                                       ? timestamp{}
                                                       : found->second.since});
  }
}

const outcome_book::lag_state*
outcome_book::lag_of(const std::string& symbol) const {
  if (lags_.empty())
    return nullptr;
  // What was owed under a code that was given up is known as its successor is.
  auto found = lags_.find(
    listed_ && !listed_->is_plain() ? listed_->code_at(symbol, watermark_)
                                    : symbol);
  return found == lags_.end() ? nullptr : &found->second;
}

timestamp outcome_book::known_until(const std::string& symbol) const {
  auto lag = lag_of(symbol);
  return lag ? std::min(watermark_, lag->known_until) : watermark_;
}

void outcome_book::owe(const obligation& x) {
  if (!known_.emplace(x.prediction, x.horizon_minutes).second)
    return;
  auto& book = symbols_[x.symbol];
  owed entry{x, std::nullopt, std::nullopt};
  // Bars may have come before the obligation did.
  if (book.before && book.before->known_at <= x.slot)
    entry.entry_opened_at = book.before->opened_at;
  for (const auto& t : book.recent)
    if (feed(entry, t, book.closes))
      return;
  keep(std::move(entry));
}

void outcome_book::owe(const obligation& x, std::span<const bar> bars) {
  if (!known_.emplace(x.prediction, x.horizon_minutes).second)
    return;
  owed entry{x, std::nullopt, std::nullopt};
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
  auto known = known_until(x.symbol);
  if (stop(entry, known) || give_up(entry))
    return;
  if (entry.exit && x.interval != bar_interval::d1 && x.due_at <= known) {
    make(entry, *entry.exit, symbols_[x.symbol].closes);
    return;
  }
  symbols_[x.symbol].open.push_back(std::move(entry));
  ++open_;
}

void outcome_book::add(const bar& x) {
  // Live, daily bars come with the others; after a restart they are not read.
  if (x.interval != plan_->data_interval)
    return;
  auto t = trade_of(x);
  if (!listed_ || listed_->is_plain()) {
    add(x.symbol, t);
    return;
  }
  // What was owed under an earlier code trades on under this one. A bar of a
  // code that was given up is another company's.
  for (const auto& code : listed_->codes_before(x.symbol))
    if (listed_->code_at(code.symbol, t.ended_at) == x.symbol)
      add(code.symbol, t);
}

void outcome_book::add(const std::string& symbol, const trade& t) {
  auto& book = symbols_[symbol];
  if (t.opened_at <= book.newest)
    return; // delivered again, after a restart of its feed
  book.newest = t.opened_at;
  book.recent.push_back(t);
  book.closes.add(t);
  auto made = std::erase_if(book.open, [&](owed& entry) {
    return feed(entry, t, book.closes);
  });
  open_ -= made;
}

void outcome_book::add(const corporate_action& x) {
  if (!listed_ || listed_->is_plain()) {
    add(x.symbol, x);
    return;
  }
  for (const auto& code : listed_->codes_before(x.symbol))
    if (listed_->code_at(code.symbol, x.effective_at) == x.symbol)
      add(code.symbol, x);
}

void outcome_book::add(const std::string& symbol, const corporate_action& x) {
  auto& actions = symbols_[symbol].actions;
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
  if (t.known_at <= x.duty.slot) {
    x.entry_opened_at = t.opened_at;
    return false;
  }
  // Traded before the prediction, which could not know of it.
  if (t.ended_at <= x.duty.slot)
    return false;
  // Daily: the next accepted bar, whenever it comes.
  if (x.duty.interval == bar_interval::d1) {
    if (!stop(x, t.known_at))
      make(x, t, closes);
    return true;
  }
  if (t.ended_at <= x.duty.due_at) {
    x.exit = t;
    return false;
  }
  if (stop(x, t.known_at))
    return true;
  // The horizon has passed: the last trade until then, or, where nothing
  // traded in between, this first one after it.
  make(x, x.exit.value_or(t), closes);
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
  make_void(x, why->at, std::string{to_string(why->why)});
  return true;
}

bool outcome_book::give_up(const owed& x) {
  auto lag = lag_of(x.duty.symbol);
  if (!lag || lag->since == timestamp{})
    return false;
  auto all = plan_->calendar.sessions();
  auto next = std::upper_bound(all.begin(), all.end(), x.duty.due_at,
                               [](timestamp t, const session& s) {
                                 return t < s.auction_ends_at;
                               });
  if (all.end() - next < static_cast<std::ptrdiff_t>(sessions_waited))
    return false;
  auto last = std::max((next + (sessions_waited - 1))->auction_ends_at,
                       lag->since + lag_least);
  if (watermark_ < last)
    return false;
  make_void(x, last, "no_price");
  return true;
}

void outcome_book::make_void(const owed& x, timestamp when, std::string why) {
  auto made = begin_outcome(x);
  made.evaluation_timestamp = when;
  made.is_void = true;
  made.void_reason = std::move(why);
  made_.push_back(std::move(made));
}

void outcome_book::advance(timestamp watermark) {
  watermark_ = std::max(watermark_, watermark);
  for (auto& [symbol, lag] : lags_)
    if (lag.since == timestamp{})
      lag.since = watermark_;
  for (auto& [symbol, book] : symbols_) {
    auto known = known_until(symbol);
    auto made = std::erase_if(book.open, [&](owed& entry) {
      if (stop(entry, known) || give_up(entry))
        return true;
      // A daily one waits for its bar, whenever it comes.
      if (plan_->interval == bar_interval::d1)
        return false;
      if (entry.duty.due_at > known || !entry.exit)
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
  for (auto& [symbol, book] : symbols_) {
    while (!book.recent.empty() && book.recent.front().known_at <= settled_) {
      book.before = book.recent.front();
      book.recent.pop_front();
    }
    book.closes.forget(settled_ - closes_kept);
  }
}

void outcome_book::apply_actions(outcome& made, const owed& x,
                                 const trade& exit,
                                 const session_closes& closes) const {
  auto book = symbols_.find(made.symbol);
  if (book == symbols_.end())
    return;
  const auto& actions = book->second.actions;
  auto slot = x.duty.slot;
  auto begun = x.entry_opened_at.value_or(slot);
  auto counts = [&](const corporate_action& y) {
    return y.effective_at > begun && y.effective_at <= exit.opened_at
           && y.known_at <= made.evaluation_timestamp;
  };
  if (std::none_of(actions.begin(), actions.end(), counts))
    return;
  auto as_of = made.evaluation_timestamp;
  auto entry = made.entry_price.value();
  // The entry price is the close before whatever came before the next one.
  std::vector<traded_close> before{{begun, slot, entry}};
  for (const auto& y : closes.all())
    if (y.known_at > slot)
      before.push_back(y);
  auto worth = [&](double factor) {
    return return_between(made.entry_price,
                          price{made.exit_price.value() * factor});
  };
  made.actual_return
    = worth(split_factor(actions, begun, exit.opened_at, as_of));
  made.total_return = worth(
    total_return_factor(actions, before, begun, exit.opened_at, as_of));
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

void outcome_book::make(const owed& x, const trade& exit,
                        const session_closes& closes) {
  const auto& duty = x.duty;
  auto made = begin_outcome(x);
  made.evaluation_timestamp = std::max(duty.due_at, exit.known_at);
  made.exit_price = exit.close;
  made.actual_return = return_between(duty.entry_price, exit.close);
  made.total_return = made.actual_return;
  apply_actions(made, x, exit, closes);
  auto r = made.actual_return.value();
  made.actual_direction = static_cast<std::int8_t>((r > 0) - (r < 0));
  made.success = plan_success(duty.action, made.actual_return);
  const auto& calendar = plan_->calendar;
  auto from = exchange_calendar::trading_date_of(duty.slot);
  auto to = exchange_calendar::trading_date_of(exit.ended_at);
  if (from && to) {
    auto first = calendar.session_index(*from);
    auto last = calendar.session_index(*to);
    if (first && last)
      made.sessions_elapsed = static_cast<std::uint32_t>(*last - *first);
  }
  if (auto open = calendar.open_minutes_between(duty.slot, exit.ended_at))
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

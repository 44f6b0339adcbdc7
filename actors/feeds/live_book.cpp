#include "actors/feeds/live_book.hpp"

#include <algorithm>

namespace banksia {

namespace {

/// How often a series is asked for while nothing is traded.
constexpr std::chrono::minutes quiet_pause{60};
/// After a round without an answer.
constexpr std::chrono::minutes trouble_pause{1};
/// How long after the closing auction its trades still come in.
constexpr std::chrono::minutes afterwards{45};

} // namespace

live_book::live_book(shared_plan plan, live_history history)
  : plan_(std::move(plan)),
    history_(history),
    sessions_(asx_sessions(plan_->calendar)) {
  // The index first: its bar must be there when the same instant's cycle is.
  if (!plan_->index_symbol.empty())
    follow(plan_->index_symbol);
  for (const auto& symbol : plan_->symbols)
    follow(symbol);
}

void live_book::follow(const std::string& symbol) {
  auto known = false;
  for (auto& x : series_)
    if (x.symbol == symbol)
      known = x.followed = true;
  if (known)
    return;
  for (auto interval : {bar_interval::d1, plan_->data_interval}) {
    live_series x;
    x.symbol = symbol;
    x.interval = interval;
    if (series_.empty() || series_.back().symbol != symbol
        || series_.back().interval != interval)
      series_.push_back(std::move(x));
  }
}

void live_book::leave(const std::string& symbol) {
  for (auto& x : series_)
    if (x.symbol == symbol)
      x.followed = false;
}

std::optional<row_times> live_book::times(const live_series& x,
                                          const bar& of) const {
  raw_row row;
  if (x.interval == bar_interval::d1)
    row.day = trading_date{std::chrono::floor<std::chrono::days>(of.opened_at)};
  else
    row.at = of.opened_at;
  return times_of(row, x.interval, sessions_);
}

void live_book::recall(live_series& x, const std::vector<bar>& stored,
                       const std::vector<bar_revision>& revisions) {
  x.window.recall(stored, revisions);
  if (stored.empty())
    return;
  filled_at_[x.symbol] = {};
  const auto& last = stored.back();
  x.newest = last.opened_at;
  x.seen.last = values_of(last);
  x.seen.accepted_close = last.close.value();
  // A daily row is ordered by its day, not by the session's open.
  x.seen.last_at = last.opened_at;
  if (x.interval == bar_interval::d1)
    if (auto day = exchange_calendar::trading_date_of(last.opened_at))
      x.seen.last_at = timestamp{std::chrono::sys_days{*day}};
}

void live_book::recall(const std::string& symbol,
                       const std::vector<corporate_action>& stored) {
  for (auto x : stored) {
    x.symbol = symbol; // it may have been another code then
    if (is_untold(x))
      told_[symbol].push_back(std::move(x));
  }
}

bool live_book::is_untold(const corporate_action& x) {
  auto& told = told_[x.symbol];
  return std::none_of(told.begin(), told.end(), [&](const auto& y) {
    return y.kind == x.kind && y.effective_at == x.effective_at;
  });
}

/// The open of the ex-date's session, whatever time of that day a source says;
/// of the next one where the day has none.
std::optional<timestamp>
live_book::effect_of(const corporate_action& x) const {
  auto date = exchange_calendar::trading_date_of(x.effective_at);
  auto on = date ? plan_->calendar.session_on(*date) : nullptr;
  if (!on)
    on = plan_->calendar.next_session_after(x.effective_at);
  return on ? std::optional{on->opens_at} : std::nullopt;
}

void live_book::judge_actions(judged_answer& to, const live_series& x,
                              const price_answer& answer, timestamp now) {
  // A later series of the symbol finds predictions made without it.
  auto history = x.is_new()
                 && filled_at_.try_emplace(x.symbol, now).first->second == now;
  for (auto made : answer.actions) {
    auto at = effect_of(made);
    if (!at)
      continue;
    made.effective_at = *at;
    made.known_at = history ? std::min(*at, now) : now;
    if (!is_untold(made))
      continue;
    told_[x.symbol].push_back(made);
    to.actions.push_back(std::move(made));
  }
}

bool live_book::is_due(const live_series& x, timestamp now) const {
  if (x.asked || !x.followed)
    return false;
  if (x.asked_at == timestamp{})
    return true;
  auto passed = now - x.asked_at;
  if (!x.trouble.empty())
    return passed >= trouble_pause;
  auto trading = plan_->calendar.session_at(now)
                 || plan_->calendar.session_at(now - afterwards);
  auto pause = x.interval == bar_interval::d1 || !trading
                 ? quiet_pause
                 : std::chrono::minutes{minutes_of(x.interval)};
  return passed >= pause;
}

price_request live_book::request_for(const live_series& x,
                                     timestamp now) const {
  price_request asked;
  asked.symbol = x.symbol;
  asked.interval = x.interval;
  asked.until = now;
  if (!x.is_new())
    asked.from = x.newest - std::chrono::days{1};
  else if (x.interval == bar_interval::d1)
    asked.from = now - history_.daily;
  else
    asked.from = now - history_.intraday;
  return asked;
}

judged_answer live_book::judge(live_series& x, const price_answer& answer,
                               timestamp now) {
  judged_answer result;
  judge_actions(result, x, answer, now);
  std::vector<quarantined_row> refused = answer.unreadable;
  std::vector<fresh_bar> fresh;
  auto is_first = x.is_new();
  for (auto made : answer.bars) {
    auto at = times(x, made);
    if (!at || (x.seen.last_at && at->order <= *x.seen.last_at)
        || at->known_at > now)
      continue; // there already, or not over yet
    auto values = values_of(made);
    auto verdict = judge_row(values, at->order, at->market_open, x.seen);
    remember(x.seen, values, at->order, verdict);
    if (verdict.action == quality_action::quarantine) {
      refused.push_back({1, x.symbol, answer.source,
                         std::string{reason_of(verdict)},
                         quarantined_text(made.opened_at, values),
                         made.received_at});
      continue;
    }
    put(made, verdict.values);
    made.opened_at = at->opened_at;
    made.known_at = is_first ? at->known_at : std::max(at->known_at, now);
    x.newest = made.opened_at;
    fresh.push_back({std::move(made), values, reason_of(verdict)});
  }
  static_cast<window_verdict&>(result)
    = x.window.judge(std::move(fresh), told_[x.symbol], plan_->calendar, now);
  result.quarantined += refused.size();
  result.refused.insert(result.refused.begin(), refused.begin(),
                        refused.end());
  result.running = place_running(x, answer, now);
  x.source = answer.source;
  x.trouble.clear();
  return result;
}

/// One that is older than what is final, or that no rule could make good, is not
/// shown. It is remembered by none of the rules.
std::optional<bar> live_book::place_running(const live_series& x,
                                            const price_answer& answer,
                                            timestamp now) const {
  if (answer.running.empty())
    return std::nullopt;
  auto made = answer.running.back();
  auto at = times(x, made);
  if (!at || (x.seen.last_at && at->order <= *x.seen.last_at))
    return std::nullopt;
  auto verdict
    = judge_row(values_of(made), at->order, at->market_open, x.seen);
  if (verdict.action == quality_action::quarantine)
    return std::nullopt;
  put(made, verdict.values);
  made.opened_at = at->opened_at;
  made.known_at = now;
  return made;
}

bool live_book::is_fresh(const live_series& x, timestamp now) const {
  return now - x.covered_until < plan_->stale_after;
}

timestamp live_book::watermark(timestamp now) const {
  auto result = now;
  for (const auto& x : series_)
    if (x.followed && x.interval == plan_->data_interval && is_fresh(x, now))
      result = std::min(result, x.covered_until);
  return result;
}

std::vector<series_lag> live_book::lags(timestamp now) const {
  std::vector<series_lag> result;
  for (const auto& x : series_)
    if (x.followed && x.interval == plan_->data_interval && !is_fresh(x, now)
        && x.symbol != plan_->index_symbol)
      result.push_back({x.symbol, x.covered_until});
  return result;
}

} // namespace banksia

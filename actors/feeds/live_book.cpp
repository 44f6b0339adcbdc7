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

bar_values values_of(const bar& x) {
  return {x.open.value(), x.high.value(), x.low.value(), x.close.value(),
          x.volume.value()};
}

std::string text_of(const bar& x) {
  return to_rfc3339(x.opened_at) + " " + std::to_string(x.open.value()) + " "
         + std::to_string(x.high.value()) + " "
         + std::to_string(x.low.value()) + " "
         + std::to_string(x.close.value()) + " "
         + std::to_string(x.volume.value());
}

void put(bar& x, const bar_values& v) {
  x.open = price{v.open};
  x.high = price{v.high};
  x.low = price{v.low};
  x.close = price{v.close};
  x.volume = shares{v.volume};
}

} // namespace

live_book::live_book(shared_plan plan, live_history history)
  : plan_(std::move(plan)),
    history_(history),
    sessions_(asx_sessions(plan_->calendar)) {
  auto add = [this](const std::string& symbol) {
    for (auto interval : {bar_interval::d1, plan_->data_interval}) {
      live_series x;
      x.symbol = symbol;
      x.interval = interval;
      if (series_.empty() || series_.back().symbol != symbol
          || series_.back().interval != interval)
        series_.push_back(std::move(x));
    }
  };
  // The index first: its bar must be there when the same instant's cycle is.
  if (!plan_->index_symbol.empty())
    add(plan_->index_symbol);
  for (const auto& symbol : plan_->symbols)
    add(symbol);
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

void live_book::recall(live_series& x, const std::vector<bar>& stored) {
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

void live_book::recall(const std::vector<corporate_action>& stored) {
  for (const auto& x : stored)
    told_[x.symbol].emplace(x.kind, x.effective_at);
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

void live_book::judge_actions(judged_bars& to, const live_series& x,
                              const price_answer& answer, timestamp now) {
  // A later series of the symbol finds predictions made without it.
  auto history = x.is_new()
                 && filled_at_.try_emplace(x.symbol, now).first->second == now;
  for (auto made : answer.actions) {
    auto at = effect_of(made);
    if (!at || !told_[x.symbol].emplace(made.kind, *at).second)
      continue;
    made.effective_at = *at;
    made.known_at = history ? std::min(*at, now) : now;
    to.actions.push_back(std::move(made));
  }
}

bool live_book::is_due(const live_series& x, timestamp now) const {
  if (x.asked)
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

judged_bars live_book::judge(live_series& x, const price_answer& answer,
                             timestamp now) {
  judged_bars result;
  result.refused = answer.unreadable;
  judge_actions(result, x, answer, now);
  auto fresh = x.is_new();
  for (auto made : answer.bars) {
    auto at = times(x, made);
    if (!at || (x.seen.last_at && at->order <= *x.seen.last_at)
        || at->known_at > now)
      continue; // there already, or not over yet
    auto values = values_of(made);
    auto verdict = judge_row(values, at->order, at->market_open, x.seen);
    remember(x.seen, values, at->order, verdict);
    if (verdict.action == quality_action::quarantine) {
      result.refused.push_back({1, x.symbol, answer.source,
                                std::string{reason_of(verdict)}, text_of(made),
                                made.received_at});
      continue;
    }
    if (verdict.action == quality_action::repair) {
      put(made, verdict.values);
      made.verdict = bar_verdict::repaired;
      ++result.repaired;
    }
    made.opened_at = at->opened_at;
    made.known_at = fresh ? at->known_at : std::max(at->known_at, now);
    x.newest = made.opened_at;
    result.bars.push_back(std::move(made));
  }
  x.covered_until = std::max(x.covered_until, answer.covered_until);
  x.source = answer.source;
  x.trouble.clear();
  return result;
}

timestamp live_book::watermark(timestamp now) const {
  auto result = now;
  for (const auto& x : series_)
    if (x.interval == plan_->data_interval
        && now - x.covered_until < plan_->stale_after)
      result = std::min(result, x.covered_until);
  return result;
}

} // namespace banksia

#include "actors/symbol/predictor.hpp"

#include "models/decision/decide.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace banksia {

namespace {

/// Puts `x` behind all that became known no later: things nearly always come in
/// order, so it looks from the end.
template <class T, class KnownAt>
void insert_known(std::deque<T>& into, const T& x, KnownAt known_at) {
  auto at = into.end();
  while (at != into.begin() && known_at(*std::prev(at)) > known_at(x))
    --at;
  into.insert(at, x);
}

} // namespace

predictor::predictor(shared_plan plan, std::string symbol, timestamp settled)
  : plan_(std::move(plan)), symbol_(std::move(symbol)), settled_(settled) {}

void predictor::add(bar x) {
  // A series that is filled with its past, or a feed that begins again.
  if (x.known_at <= asked_until_)
    overtaken_ = true;
  if (x.known_at <= settled_ && waiting_.empty()) {
    learn(settled_);
    apply(x, settled_);
    return;
  }
  // Bars nearly always come in order: look from the end.
  auto at = waiting_.end();
  while (at != waiting_.begin() && applied_before(x, *std::prev(at)))
    --at;
  waiting_.insert(at, std::move(x));
}

void predictor::add(const headline& x) {
  insert_known(waiting_news_, x, [](const headline& y) { return y.known_at; });
}

void predictor::add(const corporate_action& x) {
  if (problem_of(x).empty()
      && actions_told_.emplace(x.effective_at, x.kind, x.value.value()).second)
    insert_known(waiting_actions_, x,
                 [](const corporate_action& y) { return y.known_at; });
}

void predictor::add(const bar_revision& x) {
  const auto& of = x.content;
  if (revisions_told_.emplace(of.interval, of.opened_at, of.known_at).second)
    insert_known(waiting_revisions_, x,
                 [](const bar_revision& y) { return y.content.known_at; });
}

bool predictor::is_late(const corporate_action& x) const noexcept {
  return newest_opened_at_ && x.effective_at <= *newest_opened_at_;
}

bool predictor::is_late(const bar_revision& x) const noexcept {
  return newest_opened_at_ && x.content.opened_at <= *newest_opened_at_;
}

bool predictor::fits(timestamp slot) const {
  if (overtaken_ || slot < std::max(asked_until_, settled_))
    return false;
  for (const auto& x : waiting_actions_) {
    if (x.known_at > slot)
      break;
    if (is_late(x))
      return false;
  }
  for (const auto& x : waiting_revisions_) {
    if (x.content.known_at > slot)
      break;
    if (is_late(x))
      return false;
  }
  return true;
}

void predictor::learn(timestamp known_by) {
  while (!waiting_actions_.empty()
         && waiting_actions_.front().known_at <= known_by) {
    const auto& x = waiting_actions_.front();
    if (is_late(x))
      overtaken_ = true;
    else
      pending_.insert(std::upper_bound(pending_.begin(), pending_.end(), x,
                                       effective_before),
                      x);
    waiting_actions_.pop_front();
  }
  while (!waiting_revisions_.empty()
         && waiting_revisions_.front().content.known_at <= known_by) {
    const auto& x = waiting_revisions_.front();
    overtaken_ = overtaken_ || is_late(x);
    revisions_.add(x);
    waiting_revisions_.pop_front();
  }
}

void predictor::advance(timestamp known_by) {
  asked_until_ = std::max(asked_until_, known_by);
  while (!waiting_news_.empty() && waiting_news_.front().known_at <= known_by) {
    const auto& x = waiting_news_.front();
    news_.add(x, plan_->sources.of(x.source));
    waiting_news_.pop_front();
  }
  learn(known_by);
  while (!waiting_.empty() && waiting_.front().known_at <= known_by) {
    apply(waiting_.front(), known_by);
    waiting_.pop_front();
  }
}

void predictor::apply(const bar& x, timestamp as_of) {
  // Refused and withdrawn ones too: a revision may change that.
  if (!newest_opened_at_ || x.opened_at > *newest_opened_at_)
    newest_opened_at_ = x.opened_at;
  auto use = bar_use::consumed;
  if (revisions_.empty())
    use = consume(x);
  else if (auto revised = revisions_.as_of(x, as_of))
    use = consume(*revised);
  if (use != bar_use::consumed)
    ++refused_;
}

bar_use predictor::consume(const bar& x) {
  auto due = std::find_if(pending_.begin(), pending_.end(),
                          [&](const corporate_action& y) {
                            return y.effective_at > x.opened_at;
                          });
  auto use = features_.add(x, place_of(x), std::span{pending_.begin(), due});
  if (use != bar_use::consumed)
    return use;
  pending_.erase(pending_.begin(), due);
  newest_known_at_ = x.known_at;
  return use;
}

const session* predictor::session_of(timestamp t) {
  if (cached_session_ && t >= cached_session_->opens_at
      && t <= cached_session_->auction_ends_at)
    return cached_session_;
  cached_session_ = plan_->calendar.session_at(t);
  if (!cached_session_)
    cached_session_ = plan_->calendar.previous_session_before(t);
  if (cached_session_)
    cached_open_minutes_
      = plan_->calendar.open_minutes_before(cached_session_->date)->count();
  return cached_session_;
}

session_time predictor::place_in_session(timestamp t) {
  using std::chrono::duration_cast;
  using std::chrono::minutes;
  session_time place;
  auto current = session_of(t);
  if (!current)
    return place;
  place.date = current->date;
  auto length = current->closes_at - current->opens_at;
  place.session_minutes
    = static_cast<int>(duration_cast<minutes>(length).count());
  auto since = std::min<micros>(t - current->opens_at, length);
  place.minute = static_cast<int>(duration_cast<minutes>(since).count());
  place.open_minutes = cached_open_minutes_ + place.minute;
  return place;
}

/// The place of the bar's own end, however late it came; of a daily one that of
/// its session.
session_time predictor::place_of(const bar& x) {
  if (x.interval == bar_interval::d1)
    return place_in_session(x.opened_at);
  auto end = x.opened_at + std::chrono::minutes{minutes_of(x.interval)};
  return place_in_session(std::min(x.known_at, end));
}

feature_surroundings
predictor::surroundings(const cycle_slot& slot, const market_context& context,
                        const market_values& market) const {
  feature_surroundings x;
  x.market = market;
  x.phase = phase_at(plan_->calendar, slot.slot);
  if (!context.flagged)
    x.index_trend = context.trend_return.value();
  return x;
}

abstain_reason predictor::obstacle(timestamp slot) const {
  if (!features_.enough())
    return abstain_reason::insufficient_history;
  if (slot - newest_known_at_ > plan_->stale_after)
    return abstain_reason::stale_prices;
  return abstain_reason::none;
}

prediction predictor::predict(const cycle_slot& slot,
                              const market_context& context,
                              const market_values& market) {
  advance(slot.slot);
  prediction p;
  p.id = make_prediction_id(slot.run, symbol_, to_string(slot.interval),
                            slot.slot);
  p.cycle = slot.id;
  p.symbol = symbol_;
  p.interval = slot.interval;
  p.slot = slot.slot;
  p.horizon_minutes = plan_->primary_horizon_minutes;
  p.model_version = plan_->model_version;
  p.context = context;
  p.input_lineage = features_.lineage();
  p.input_count = features_.lineage_count();
  p.entry_price = features_.last_price().value_or(price{});
  auto place = place_in_session(slot.slot);
  auto news = news_.at(slot.slot);
  p.features = features_.features(place, news, surroundings(slot, context, market));
  p.reason = obstacle(slot.slot);
  auto inputs = features_.inputs(place, news);
  if (p.reason == abstain_reason::none && !inputs)
    p.reason = abstain_reason::insufficient_history;
  if (p.reason != abstain_reason::none) {
    p.abstained = true;
    return p;
  }
  auto sessions = horizon_sessions(*plan_, slot.slot,
                                   plan_->primary_horizon_minutes);
  auto made = decide(*inputs, context, sessions, plan_->rules);
  p.action = made.action;
  p.optimal_action = made.optimal_action;
  p.confidence = made.confidence;
  p.predicted_direction = made.direction;
  p.predicted_magnitude = made.magnitude;
  p.trace = made.trace;
  return p;
}

} // namespace banksia

#include "actors/symbol/predictor.hpp"

#include "models/decision/decide.hpp"

#include <algorithm>

namespace banksia {

predictor::predictor(shared_plan plan, std::string symbol, timestamp settled)
  : plan_(std::move(plan)), symbol_(std::move(symbol)), settled_(settled) {}

void predictor::add(bar x) {
  if (x.known_at <= settled_ && waiting_.empty()) {
    apply(x);
    return;
  }
  // Bars nearly always come in order: look from the end.
  auto at = waiting_.end();
  while (at != waiting_.begin() && applied_before(x, *std::prev(at)))
    --at;
  waiting_.insert(at, std::move(x));
}

void predictor::add(const headline& x) {
  auto at = waiting_news_.end();
  while (at != waiting_news_.begin() && std::prev(at)->known_at > x.known_at)
    --at;
  waiting_news_.insert(at, x);
}

void predictor::advance(timestamp known_by) {
  asked_until_ = std::max(asked_until_, known_by);
  while (!waiting_news_.empty() && waiting_news_.front().known_at <= known_by) {
    const auto& x = waiting_news_.front();
    news_.add(x, plan_->sources.of(x.source));
    waiting_news_.pop_front();
  }
  while (!waiting_.empty() && waiting_.front().known_at <= known_by) {
    apply(waiting_.front());
    waiting_.pop_front();
  }
}

void predictor::apply(const bar& x) {
  auto end = place_in_session(x.known_at);
  if (features_.add(x, end) != bar_use::consumed) {
    ++refused_;
    return;
  }
  newest_known_at_ = x.known_at;
}

const session* predictor::session_of(timestamp t) {
  if (cached_session_ && t >= cached_session_->opens_at
      && t <= cached_session_->auction_ends_at)
    return cached_session_;
  cached_session_ = plan_->calendar.session_at(t);
  if (!cached_session_)
    cached_session_ = plan_->calendar.previous_session_before(t);
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
  return place;
}

abstain_reason predictor::obstacle(timestamp slot) const {
  if (!features_.enough())
    return abstain_reason::insufficient_history;
  if (slot - newest_known_at_ > plan_->stale_after)
    return abstain_reason::stale_prices;
  return abstain_reason::none;
}

prediction predictor::predict(const cycle_slot& slot,
                              const market_context& context) {
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
  p.features = features_.features(place, news);
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

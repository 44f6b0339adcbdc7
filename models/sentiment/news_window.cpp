#include "models/sentiment/news_window.hpp"

#include "models/sentiment/headline_event.hpp"

#include <algorithm>
#include <cmath>

namespace banksia {

std::optional<std::string> problem_of(const news_window_parameters& x) {
  if (x.half_life <= micros::zero())
    return "news half_life: not positive: set a duration above zero";
  if (x.window <= micros::zero())
    return "news window: not positive: set a duration above zero";
  if (x.capacity == 0)
    return "news capacity: zero: set at least 1 headline";
  if (!std::isfinite(x.half_confidence_headlines)
      || x.half_confidence_headlines <= 0.0)
    return "news half_confidence_headlines: not positive: set a number above "
           "zero";
  return std::nullopt;
}

std::string_view to_string(headline_use x) noexcept {
  switch (x) {
    case headline_use::kept:
      return "kept";
    case headline_use::duplicate:
      return "duplicate";
    case headline_use::unscored:
      return "unscored";
    case headline_use::out_of_range:
      return "out_of_range";
    case headline_use::too_old:
      return "too_old";
  }
  return "";
}

news_window::news_window(news_window_parameters parameters)
  : parameters_(parameters) {}

headline_use news_window::add(const headline& x, double reliability) {
  if (!x.scored)
    return headline_use::unscored;
  auto score = x.score.value();
  // Written so that a NaN fails.
  if (!(score >= -1.0 && score <= 1.0)
      || !(reliability > 0.0 && reliability <= 1.0))
    return headline_use::out_of_range;
  auto key = content_hash(x.headline_id);
  auto same = [key](const entry& e) { return e.key == key; };
  if (std::any_of(entries_.begin(), entries_.end(), same))
    return headline_use::duplicate;
  auto kind = sentiment::event_of(x.title);
  entry added{x.published_at, key,         x.known_at,
              score,          reliability, kind != sentiment::headline_event::other};
  auto newer = [](const entry& a, const entry& b) {
    if (a.published_at != b.published_at)
      return a.published_at > b.published_at;
    return a.key > b.key;
  };
  auto place = std::upper_bound(entries_.begin(), entries_.end(), added, newer);
  if (entries_.size() >= parameters_.capacity) {
    if (place == entries_.end())
      return headline_use::too_old;
    // `place` stays valid: it lies before the element that goes.
    entries_.pop_back();
  }
  entries_.insert(place, added);
  return headline_use::kept;
}

namespace {

/// A weighted mean while it is added up.
struct weighted_sum {
  double weights = 0.0;
  double values = 0.0;

  void add(double weight, double value) noexcept {
    weights += weight;
    values += weight * value;
  }

  /// Weights can vanish where the window is thousands of half-lives long.
  bool exists() const noexcept { return weights > 0.0; }

  /// Rounding must not carry a mean of scores out of the scores' range.
  real mean() const noexcept {
    return real{std::clamp(values / weights, -1.0, 1.0)};
  }
};

} // namespace

std::optional<news_signal> news_window::at(timestamp as_of) const {
  auto half_life = static_cast<double>(parameters_.half_life.count());
  weighted_sum all, events;
  std::uint32_t count = 0;
  for (const auto& x : entries_) {
    if (x.known_at > as_of)
      continue;
    // A source may date a headline ahead of when we knew it; it is then new.
    auto age = std::max(micros::zero(), as_of - x.published_at);
    if (age > parameters_.window)
      break; // sorted: all that follow are older
    auto weight = x.reliability
                  * std::exp2(-static_cast<double>(age.count()) / half_life);
    all.add(weight, x.score);
    if (x.is_event)
      events.add(weight, x.score);
    ++count;
  }
  if (count == 0 || !all.exists())
    return std::nullopt;
  auto confidence
    = 1.0 - std::exp2(-all.weights / parameters_.half_confidence_headlines);
  news_signal result{all.mean(), real{confidence}, count};
  if (events.exists())
    result.event_sentiment = events.mean();
  return result;
}

} // namespace banksia

#pragma once

/// Scored headlines of one symbol, and their time-decayed mean.

#include "messages/domain.hpp"
#include "models/sentiment/news_signal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace banksia {

/// How headlines are weighed. Durations are market time.
struct news_window_parameters {
  micros half_life = std::chrono::hours{6};  ///< weight halves in this time
  micros window = std::chrono::hours{72};    ///< older headlines do not count
  std::size_t capacity = 64; ///< headlines kept; the oldest go first
  /// Decayed headlines at which confidence reaches one half.
  double half_confidence_headlines = 2.0;

  friend bool operator==(const news_window_parameters&,
                         const news_window_parameters&) = default;
};

/// Says what is wrong with parameters, and what to set; nothing when fit.
std::optional<std::string> problem_of(const news_window_parameters& x);

/// What `news_window::add` did with a headline.
enum class headline_use : std::uint8_t {
  kept = 0,
  duplicate = 1,    ///< its `headline_id` is in the window already
  unscored = 2,     ///< `scored` is false
  out_of_range = 3, ///< score outside [-1, 1], reliability outside (0, 1]
  too_old = 4,      ///< the window is full of newer ones
};

/// "kept", "duplicate", "unscored", "out_of_range", "too_old".
std::string_view to_string(headline_use x) noexcept;

/// A bounded set of one symbol's scored headlines. It never reads a clock: the
/// time is passed in. The order of adding does not matter, because headlines
/// are kept sorted by time of publication and id. Not thread-safe.
class news_window {
public:
  /// `parameters` must be fit (`problem_of`).
  explicit news_window(news_window_parameters parameters = {});

  /// Takes `x` in with its `score`, weighed by its source's `reliability`.
  headline_use add(const headline& x, double reliability = 1.0);

  /// The reading as of `as_of`: of the headlines known by then (`known_at`) and
  /// not older than the window,
  ///   weight w = reliability × 2^(-age / half life)
  ///   sentiment = Σ w × score / Σ w
  ///   confidence = 1 - 2^(-Σ w / half_confidence_headlines)
  /// so two fresh reliable headlines give 0.5 and four 0.75, and confidence
  /// fades as they age. `event_sentiment` is the same mean over the headlines
  /// whose title is about an event (`headline_event` other than `other`), missing
  /// without any. Nothing when no headline counts.
  std::optional<news_signal> at(timestamp as_of) const;

  std::size_t size() const noexcept { return entries_.size(); }

  friend bool operator==(const news_window&, const news_window&) = default;

private:
  struct entry {
    timestamp published_at;
    std::uint64_t key = 0; ///< hash of the headline's id
    timestamp known_at;
    double score = 0.0;
    double reliability = 1.0;
    bool is_event = false; ///< its title is about an event

    friend bool operator==(const entry&, const entry&) = default;
  };

  news_window_parameters parameters_;
  std::vector<entry> entries_; ///< newest first
};

} // namespace banksia

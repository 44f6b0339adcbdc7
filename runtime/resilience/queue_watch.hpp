#pragma once

/// Sheds load by the time that jobs wait, not by their number: a burst that is
/// worked off is welcome, a queue that only stands makes everybody late. Pure:
/// times of one monotonic clock are passed in. After CoDel (RFC 8289).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

struct queue_rule {
  std::chrono::milliseconds target{200};    ///< a wait that nobody minds
  std::chrono::milliseconds interval{1000}; ///< so long may it be above that
  /// Beyond, none is taken, however short the wait. Half of the connections that
  /// a server has, so that one service cannot take all.
  std::size_t waiting_max = 512;

  friend bool operator==(const queue_rule&, const queue_rule&) = default;
};

/// What is wrong with a rule, and what to set; nothing when fit.
std::optional<std::string> problem_of(const queue_rule& x);

enum class queue_refusal : std::uint8_t {
  none = 0,
  full = 1,     ///< `waiting_max` wait already
  standing = 2, ///< all that came up for an interval had waited too long
};

/// "", "full", "standing".
std::string_view to_string(queue_refusal x) noexcept;

/// A queue in which whoever came first comes up first. Once it stands, new jobs
/// are taken only while very few wait, until all are quick again: so there is enough to
/// do, and who waits is answered in time. Not thread-safe.
class queue_watch {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using place = std::uint64_t;

  /// `rule` must be fit (`problem_of`).
  explicit queue_watch(queue_rule rule = {});

  /// A job wants in. On `none` it waits from now on at `into`.
  queue_refusal enter(time_point now, place& into);

  /// It comes up. @returns how long it waited
  std::chrono::nanoseconds begin(place of, time_point now);

  /// It went without coming up, say with the actor that had it.
  void abandon(place of);

  std::size_t waiting() const noexcept { return waiting_.size(); }

  /// How long the oldest has been waiting; zero without any.
  std::chrono::nanoseconds oldest(time_point now) const;

  /// Whether new jobs are refused for their time.
  bool is_standing(time_point now) const;

private:
  queue_rule rule_;
  place next_ = 0;
  std::map<place, time_point> waiting_; ///< when each came
  /// Since when each that came up had waited too long.
  std::optional<time_point> slow_since_;
};

} // namespace banksia

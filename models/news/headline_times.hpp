#pragma once

/// From the dates of a row to when a headline was published and known.

#include "messages/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace banksia {

/// When a headline was published, and from when on it may be used.
struct headline_times {
  timestamp published_at;
  timestamp known_at;
  /// Why there are no times: "no_date", "bad_date", "no_zone", "future_date".
  /// Empty where there are.
  std::string_view problem;
  /// What was made good: "no_date", "future_date". Empty where nothing was.
  std::string_view repair;
};

/// What a naive date means: the zone of a name ("Australia/Sydney", "UTC").
/// Nothing for a name that the machine does not know.
std::optional<std::string> known_zone(const std::string& name);

/// Reads `published` and `fetched` as a headline's file has them: RFC 3339,
/// RFC 822, Unix seconds or milliseconds; with a zone also those without one,
/// and a day alone.
///
/// History is known when it was published; of a day alone when that day ends;
/// where the file says that somebody saw it later, then. Without a date it was
/// published when it was seen first, and it cannot have been seen before it was
/// published: both are repairs. A date that is there and cannot be read is a
/// problem, as is one more than ten minutes after `received_at`.
///
/// @param zone of dates that tell none; empty: those are a problem
headline_times times_of_headline(std::string_view published,
                                 std::string_view fetched,
                                 const std::string& zone,
                                 timestamp received_at);

} // namespace banksia

#pragma once

/// What the news says of one symbol at one time. Data only: `models/features`
/// reads it without knowing how it was made.

#include "messages/units.hpp"

#include <cstdint>
#include <optional>

namespace banksia {

/// A reading of the news. Where there is none, there is no `news_signal`
/// (`std::optional`), never one of zeros: missing news is not neutral news.
struct news_signal {
  real sentiment;          ///< in [-1, 1]
  real confidence;         ///< in [0, 1], grows with the headlines behind it
  std::uint32_t count = 0; ///< headlines behind it, at least 1
  /// The sentiment of the headlines about an event alone, in [-1, 1].
  std::optional<real> event_sentiment = std::nullopt;

  friend bool operator==(const news_signal&, const news_signal&) = default;
};

} // namespace banksia

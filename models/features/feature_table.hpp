#pragma once

/// What each of the 53 features is: the table behind `docs/features.md`.

#include "messages/features.hpp"

#include <array>
#include <string>
#include <string_view>

namespace banksia {

/// The kinds of features, in the order in which they stand.
enum class feature_group : std::uint8_t {
  news = 0,
  technical = 1,
  price = 2,
  volume = 3,
  market = 4,
  interaction = 5,
  time = 6,
};

/// "News", "Technical indicators", …
std::string_view to_string(feature_group x) noexcept;

/// One feature. All are as of the cycle's slot. `p` is the last close, a *day*
/// is a daily bar, the running day counting as the last one.
struct feature_definition {
  std::string_view name;
  feature_group group = feature_group::news;
  /// The version of the feature set since which it is computed; 0: not yet, it
  /// is always missing.
  std::uint16_t since = 0;
  std::string_view definition;
  std::string_view unit;
  std::string_view input;
  std::string_view missing; ///< when it is
  std::string_view source;  ///< of the formula
};

/// The features, in the order of `feature_names`.
extern const std::array<feature_definition, feature_count> feature_table;

/// `x` as a build would have made it that knew the feature set `version`: what
/// it did not compute is missing. No definition has changed since version 1, so
/// that a stored vector can be compared with one made now. Versions that this
/// build does not know leave `x` as it is.
feature_vector as_version(feature_vector x, std::uint16_t version) noexcept;

/// `docs/features.md`.
std::string feature_reference();

} // namespace banksia

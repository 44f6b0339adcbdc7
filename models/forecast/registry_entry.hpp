#pragma once

/// A model in the registry: its file, its status, and how it came to it.

#include "messages/time.hpp"
#include "models/forecast/metrics.hpp"
#include "models/forecast/options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace banksia::forecast {

enum class model_status : std::uint8_t {
  candidate,  ///< trained, not looked at yet
  shadow,     ///< forecasts beside the champion, unseen by decisions
  champion,   ///< its forecasts count; at most one
  deprecated, ///< was champion; can be rolled back to
  archived,   ///< kept for explanations until retention deletes it
};

std::string_view to_string(model_status x) noexcept;
std::optional<model_status> parse_model_status(std::string_view text) noexcept;

/// Why a status changed.
enum class change_kind : std::uint8_t {
  added,       ///< to candidate
  shadowed,    ///< candidate to shadow
  promoted,    ///< shadow to champion
  superseded,  ///< champion to deprecated, another one took over
  rolled_back, ///< champion to deprecated, the one before took over again
  restored,    ///< deprecated to champion, by a rollback
  demoted,     ///< champion to deprecated: its forecasts were not good enough
  archived,    ///< candidate, shadow or deprecated to archived
};

std::string_view to_string(change_kind x) noexcept;
std::optional<change_kind> parse_change_kind(std::string_view text) noexcept;

/// The status that a change leads from; nothing for `added`, and for `archived`,
/// which leads from several.
std::optional<model_status> status_before(change_kind x) noexcept;
model_status status_after(change_kind x) noexcept;

/// Whether a model may go from one status to another.
bool may_follow(model_status from, model_status to) noexcept;

struct status_change {
  timestamp at{};
  change_kind kind = change_kind::added;
  std::string by;     ///< who or what: "ml/trainer", "operator"
  std::string reason; ///< never empty

  friend bool operator==(const status_change&, const status_change&) = default;
};

struct registry_entry {
  std::string version;     ///< unique
  std::string sha256;      ///< of the model's file, 64 hex digits
  std::uint64_t bytes = 0; ///< of the file
  model_kind kind = model_kind::ensemble;
  std::uint32_t trials = 0; ///< variants tried so far, this one included
  metric_table metrics;
  std::vector<status_change> history; ///< oldest first; never empty

  /// Follows from the last change.
  model_status status() const noexcept {
    return status_after(history.back().kind);
  }

  /// When it got its status.
  timestamp since() const noexcept { return history.back().at; }

  friend bool operator==(const registry_entry&, const registry_entry&) = default;
};

/// Says what is wrong with an entry that was read; nothing when it is sound: a
/// file name, a hash, a history in which each change may follow the one before.
std::optional<std::string> problem_of(const registry_entry& x);

} // namespace banksia::forecast

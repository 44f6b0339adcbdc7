#ifndef BANKSIA_MESSAGES_IDS_HPP
#define BANKSIA_MESSAGES_IDS_HPP

/// Ids derived from content: the slot's time (8 bytes, big-endian) and a hash
/// of what names the thing. They sort by time, and the same slot always gives
/// the same id, so doing something twice changes nothing.

#include "messages/time.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banksia {

/// The first 8 bytes of SHA-256 over `text`, read as big-endian.
std::uint64_t content_hash(std::string_view text);

/// SHA-256 over `text` as 64 lowercase hex digits.
std::string sha256_hex(std::string_view text);

/// 16 bytes that sort by time. `Tag` keeps kinds of ids apart.
template <class Tag>
struct content_id {
  std::uint64_t time_us = 0; ///< the slot, microseconds since 1970 UTC
  std::uint64_t hash = 0;    ///< what it names

  friend constexpr auto operator<=>(const content_id&,
                                    const content_id&) noexcept = default;

  timestamp slot() const noexcept {
    return from_micros(static_cast<std::int64_t>(time_us));
  }
};

using cycle_id = content_id<struct cycle_tag>;
using prediction_id = content_id<struct prediction_tag>;
using outcome_id = content_id<struct outcome_tag>;

/// The 32 lowercase hex digits of an id, without an allocation.
class id_text {
public:
  template <class Tag>
  explicit id_text(const content_id<Tag>& id) : id_text(id.time_us, id.hash) {}

  operator std::string_view() const noexcept {
    return {digits_.data(), digits_.size()};
  }

private:
  id_text(std::uint64_t high, std::uint64_t low) noexcept;

  std::array<char, 32> digits_;
};

/// 32 lowercase hex digits.
std::string to_hex(std::uint64_t high, std::uint64_t low);

/// The inverse of `to_hex`; nothing unless exactly 32 hex digits.
std::optional<std::array<std::uint64_t, 2>> parse_hex128(std::string_view text);

template <class Tag>
std::string to_string(const content_id<Tag>& id) {
  return to_hex(id.time_us, id.hash);
}

template <class Id>
std::optional<Id> parse_id(std::string_view text) {
  if (auto parts = parse_hex128(text))
    return Id{(*parts)[0], (*parts)[1]};
  return std::nullopt;
}

/// The id of the cycle of `run` at `slot`. `interval` is its text form ("1d").
cycle_id make_cycle_id(std::string_view run, std::string_view interval,
                       timestamp slot);

/// The id of the prediction for `symbol` in that cycle.
prediction_id make_prediction_id(std::string_view run, std::string_view symbol,
                                 std::string_view interval, timestamp slot);

/// The id of a prediction's outcome at one of its horizons.
outcome_id make_outcome_id(const prediction_id& prediction,
                           std::uint32_t horizon_minutes);

} // namespace banksia

#endif // BANKSIA_MESSAGES_IDS_HPP

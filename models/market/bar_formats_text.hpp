#pragma once

/// The small pieces that all bar formats are made of: fields, numbers, times.

#include "messages/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace banksia::bar_text {

/// Without spaces and tabs at either end.
std::string_view trimmed(std::string_view text) noexcept;

/// ASCII lower case of the trimmed text.
std::string lower(std::string_view text);

/// Without a UTF-8 byte order mark at its beginning.
std::string_view without_bom(std::string_view text) noexcept;

/// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no
/// overlong forms).
bool is_utf8(std::string_view text) noexcept;

/// Up to `limit` bytes of `text` fit to be shown or stored: bytes that are not
/// printable UTF-8 come as `\xNN`, and `…` marks a cut.
std::string printable(std::string_view text, std::size_t limit);

/// What became of reading a field.
enum class field_state : std::uint8_t { ok, missing, bad, no_zone };

/// Reads a decimal number (`.105`, `1e5`, surrounding spaces are fine).
/// Missing: empty, `null`, `nan`, `none`, `n/a`. Infinity is a number here: the
/// quality rules refuse it.
field_state parse_number(std::string_view text, double& out) noexcept;

/// A day as the source writes it, and the instant when it tells one.
struct day_and_time {
  trading_date day{};
  std::optional<timestamp> at; ///< set when the text has time and offset
  bool midnight = true;        ///< no time, or 00:00:00 of the source's zone
};

/// Reads `YYYY-MM-DD`, `YYYYMMDD`, either of RFC 3339's forms, and a naive
/// midnight, which can only mean the day. Any other naive time is `no_zone`.
field_state parse_when(std::string_view text, day_and_time& out) noexcept;

/// The fields of one line. Views into the line, or into a buffer of this
/// object where quotes had to be taken off; valid until the next split.
class field_list {
public:
  static constexpr std::size_t max_fields = 64;

  /// Splits at commas; fields in double quotes may contain commas and doubled
  /// quotes. False when a quote is not closed or text follows a closing one.
  bool split(std::string_view line);

  /// How many there are; `max_fields` + 1 stands for any more.
  std::size_t size() const noexcept { return size_; }

  std::string_view operator[](std::size_t i) const noexcept {
    return fields_[i];
  }

private:
  void add(std::string_view field) noexcept;
  bool split_quoted(std::string_view line);

  std::array<std::string_view, max_fields> fields_;
  std::size_t size_ = 0;
  std::string buffer_;
};

} // namespace banksia::bar_text

#pragma once

/// A value of the configuration outside the typed struct, and its text form.
/// All text is TOML and independent of the locale.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace banksia::config {

/// Whole number; number; text (also choices, dates and times of day, where ""
/// means unset); list of texts.
using value = std::variant<std::int64_t, double, std::string,
                           std::vector<std::string>>;

/// `x` as TOML. A double in the shortest form that reads back to the same
/// bits, always with a point or exponent.
std::string to_toml(const value& x);

/// A TOML basic string: quoted, with escapes.
std::string quote(std::string_view text);

/// For messages: escaped like `quote` but without the quotes, and cut after
/// `length_max` bytes at the end of a character, so that it stays one line.
std::string bare(std::string_view text, std::size_t length_max = 60);

/// `bare` in quotes.
std::string shown(std::string_view text);

/// Whether `text` can stand in the configuration: UTF-8 without control
/// characters.
bool is_plain_text(std::string_view text);

/// The whole of `text` as a decimal number; nothing where anything is left
/// over, it does not fit, or (for a double) it is not finite.
std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_number(std::string_view text);

/// `HH:MM` from 00:00 to 23:59, in minutes since midnight.
std::optional<int> parse_time_of_day(std::string_view text);
std::string time_of_day_text(int minutes_since_midnight);

/// The candidate with the least edit distance to `word`; nothing when even
/// that one is too far away to be what was meant.
std::optional<std::string_view>
nearest(std::string_view word, const std::vector<std::string_view>& candidates);

} // namespace banksia::config

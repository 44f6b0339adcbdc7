#pragma once

/// Which names mean which part of a headline, in tables and in JSON.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace banksia {

enum class headline_column : std::uint8_t {
  title,
  published,
  fetched,
  source,
  link,
  symbol,
};

inline constexpr std::size_t headline_column_count = 6;

/// Lower case letters and digits of a name: "Published At" → "publishedat".
std::string plain_name(std::string_view name);

/// The names of a column, the most telling one first. A name may be one of
/// several columns': a `timestamp` is a date where there is no other.
const std::array<std::string_view, 14>&
names_of(headline_column x) noexcept;

/// How telling a name is for a column: 0 is the most; `npos` is not at all.
std::size_t rank_of(headline_column x, std::string_view plain) noexcept;

inline constexpr auto no_rank = static_cast<std::size_t>(-1);

} // namespace banksia

#pragma once

/// The series beside the exchange's that features look at: levels of other
/// markets, known by a name of ours and kept under the symbol of theirs.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace banksia {

enum class context_series : std::uint8_t {
  aud_usd = 0, ///< US dollars for an Australian one
  vix = 1,     ///< the volatility index of the S&P 500
};

inline constexpr std::array all_context_series{context_series::aud_usd,
                                               context_series::vix};

/// "aud_usd", "vix".
constexpr std::string_view to_string(context_series x) noexcept {
  return x == context_series::aud_usd ? "aud_usd" : "vix";
}

/// Under which symbol its bars are stored, whatever a file calls them.
constexpr std::string_view symbol_of(context_series x) noexcept {
  return x == context_series::aud_usd ? "AUDUSD=X" : "^VIX";
}

constexpr std::optional<context_series>
parse_context_series(std::string_view name) noexcept {
  for (auto x : all_context_series)
    if (name == to_string(x))
      return x;
  return std::nullopt;
}

/// The one whose bars have that symbol.
constexpr std::optional<context_series>
context_series_of(std::string_view symbol) noexcept {
  for (auto x : all_context_series)
    if (symbol == symbol_of(x))
      return x;
  return std::nullopt;
}

} // namespace banksia

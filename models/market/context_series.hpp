#pragma once

/// The series beside the exchange's that features look at: levels of other
/// markets, known by a name of ours and kept under the symbol of theirs.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// Names as a person writes them.
struct context_names {
  std::vector<context_series> series; ///< each once, in the order written
  std::string problem; ///< what is wrong with one of them; else empty
};

/// Reads names separated by blanks: "aud_usd vix".
inline context_names parse_context_names(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  context_names result;
  for (auto begin = text.find_first_not_of(blanks);
       begin != std::string_view::npos && result.problem.empty();
       begin = text.find_first_not_of(blanks)) {
    text.remove_prefix(begin);
    auto name = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(name.size());
    auto series = parse_context_series(name);
    if (!series)
      result.problem = "no such context series: " + std::string{name};
    else if (std::find(result.series.begin(), result.series.end(), *series)
             != result.series.end())
      result.problem = "a context series given twice: " + std::string{name};
    else
      result.series.push_back(*series);
  }
  return result;
}

} // namespace banksia

#include "models/market/feed_answer.hpp"

#include <array>
#include <utility>

namespace banksia {

std::string_view to_string(feed_status x) noexcept {
  constexpr std::array<std::string_view, 9> names{
    "ok",          "no_data",    "not_found",  "rate_limited", "unauthorized",
    "bad_request", "unavailable", "unexpected", "malformed"};
  return names[static_cast<std::size_t>(x)];
}

std::string_view currency_of_symbol(std::string_view symbol) noexcept {
  using entry = std::pair<std::string_view, std::string_view>;
  constexpr std::array<entry, 6> suffixes{
    entry{".AX", "AUD"}, entry{".NZ", "NZD"}, entry{".L", "GBP"},
    entry{".JO", "ZAR"}, entry{".TA", "ILS"}, entry{".T", "JPY"}};
  if (symbol == "^AXJO" || symbol == "^AORD")
    return "AUD";
  for (const auto& [suffix, currency] : suffixes)
    if (symbol.ends_with(suffix))
      return currency;
  return {};
}

currency_unit unit_of_currency(std::string_view code) {
  if (code == "GBp" || code == "GBX")
    return {"GBP", 100.0};
  if (code == "ZAc" || code == "ZAX")
    return {"ZAR", 100.0};
  if (code == "ILA")
    return {"ILS", 100.0};
  return {std::string{code}, 1.0};
}

} // namespace banksia

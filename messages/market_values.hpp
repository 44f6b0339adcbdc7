#ifndef BANKSIA_MESSAGES_MARKET_VALUES_HPP
#define BANKSIA_MESSAGES_MARKET_VALUES_HPP

/// What the market as a whole says as of a cycle's slot: the same for all of
/// its symbols, and no symbol's own.

#include "messages/units.hpp"

#include <cstdint>

namespace banksia {

/// Each is said only where its flag is set; else it is zero. What they are:
/// `models/features/feature_table.cpp`.
struct market_values {
  std::uint8_t version = 1;
  fraction index_change;
  fraction sector_change;
  fraction breadth; ///< −1 … 1
  real aud_usd;     ///< US dollars for an Australian one
  real vix;         ///< points
  bool has_index_change = false;
  bool has_sector = false; ///< `sector_change` and `breadth`
  bool has_aud_usd = false;
  bool has_vix = false;

  friend bool operator==(const market_values&, const market_values&) = default;
};

} // namespace banksia

#endif // BANKSIA_MESSAGES_MARKET_VALUES_HPP

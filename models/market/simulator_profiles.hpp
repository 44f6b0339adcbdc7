#pragma once

/// The traits of simulated securities, and the price steps they trade in.

#include "messages/units.hpp"

#include <string>
#include <string_view>

namespace banksia::simulation {

/// How a security moves. Volatilities are multiples of the market's.
struct symbol_profile {
  std::string symbol; ///< "CBA.AX"
  std::string name;   ///< as headlines call it
  std::string sector; ///< those with the same word share a factor
  price first_price{20.0}; ///< close before the first session
  real beta{1.0};          ///< exposure to the market factor
  real sector_load{1.0};   ///< exposure to the sector factor
  real own_volatility{0.85}; ///< of what the security shares with nobody
  shares daily_volume{1e6};  ///< median of a full session; 0: an index
  price tick; ///< fixed price step; 0: the exchange's, by price
};

/// The step the ASX trades in at a price: 0.001 under 0.10, 0.005 under 2.00,
/// 0.01 from there.
price asx_tick(price x) noexcept;

/// The nearest price on `tick` (0: the exchange's), at least one step. Values
/// are the doubles nearest to the decimal, so 12.34 equals the literal 12.34.
price rounded_to_tick(price x, price tick = price{}) noexcept;

/// The profile of a symbol. The banks and insurers the system knows by
/// default have prices and volumes near those of mid 2025 (rounded, from no
/// data set); any other symbol gets traits that its name decides.
symbol_profile profile_of(std::string_view symbol);

/// The profile of an index over the market: mostly the market factor.
symbol_profile index_profile(std::string_view symbol);

} // namespace banksia::simulation

#include "models/market/simulator_profiles.hpp"

#include "messages/ids.hpp"
#include "models/market/simulator_random.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace banksia::simulation {

namespace {

struct known_row {
  std::string_view symbol;
  std::string_view name;
  std::string_view sector;
  double first_price;
  double beta;
  double sector_load;
  double own_volatility;
  double daily_volume;
};

constexpr std::array<known_row, 7> known = {{
  {"CBA.AX", "Commonwealth Bank", "banks", 180.0, 1.00, 1.0, 0.75, 1.9e6},
  {"WBC.AX", "Westpac", "banks", 33.5, 1.00, 1.1, 0.80, 5.5e6},
  {"ANZ.AX", "ANZ", "banks", 29.5, 1.05, 1.1, 0.80, 5.0e6},
  {"NAB.AX", "NAB", "banks", 39.0, 1.00, 1.1, 0.80, 4.2e6},
  {"MQG.AX", "Macquarie", "banks", 220.0, 1.25, 0.6, 1.00, 0.7e6},
  {"QBE.AX", "QBE Insurance", "insurers", 23.0, 0.85, 0.9, 0.95, 3.6e6},
  {"SUN.AX", "Suncorp", "insurers", 21.5, 0.80, 0.9, 0.90, 2.8e6},
}};

constexpr std::array<std::string_view, 4> other_sectors = {
  "miners", "industrials", "retailers", "health"};

/// Steps in thousandths, so that rounding happens on whole numbers.
constexpr double thousandths_of_tick(double x) {
  if (x < 0.1)
    return 1.0;
  return x < 2.0 ? 5.0 : 10.0;
}

/// "XYZ.AX" is called "XYZ" in a headline.
std::string_view code_of(std::string_view symbol) {
  return symbol.substr(0, symbol.find('.'));
}

} // namespace

price asx_tick(price x) noexcept {
  return price{thousandths_of_tick(x.value()) / 1000.0};
}

price rounded_to_tick(price x, price tick) noexcept {
  auto step = tick.value() > 0.0 ? std::round(tick.value() * 1000.0)
                                 : thousandths_of_tick(x.value());
  auto steps = std::max(1.0, std::round(x.value() * 1000.0 / step));
  return price{steps * step / 1000.0};
}

symbol_profile profile_of(std::string_view symbol) {
  symbol_profile result;
  result.symbol = symbol;
  for (const auto& row : known) {
    if (row.symbol == symbol) {
      result.name = row.name;
      result.sector = row.sector;
      result.first_price = price{row.first_price};
      result.beta = real{row.beta};
      result.sector_load = real{row.sector_load};
      result.own_volatility = real{row.own_volatility};
      result.daily_volume = shares{row.daily_volume};
      return result;
    }
  }
  keyed_stream traits{0, content_hash(symbol), 0, purpose::profile};
  result.name = code_of(symbol);
  result.sector = other_sectors[traits.bits(0) % other_sectors.size()];
  // Prices 1.5 … 60 and volumes 0.3 … 8 million, even on a logarithmic scale.
  result.first_price
    = rounded_to_tick(price{1.5 * std::pow(40.0, traits.uniform(1))});
  result.beta = real{0.7 + 0.6 * traits.uniform(2)};
  result.sector_load = real{0.6 + 0.6 * traits.uniform(3)};
  result.own_volatility = real{0.8 + 0.5 * traits.uniform(4)};
  result.daily_volume = shares{3e5 * std::pow(27.0, traits.uniform(5))};
  return result;
}

symbol_profile index_profile(std::string_view symbol) {
  symbol_profile result;
  result.symbol = symbol;
  result.name = "the market";
  // Banks are about a quarter of the Australian index.
  result.sector = "banks";
  result.first_price = price{8500.0};
  result.beta = real{1.0};
  result.sector_load = real{0.3};
  result.own_volatility = real{0.1};
  result.daily_volume = shares{0.0};
  result.tick = price{0.1};
  return result;
}

} // namespace banksia::simulation

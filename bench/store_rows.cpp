#include "bench/store_rows.hpp"

namespace banksia::bench {

namespace {

constexpr std::uint32_t horizons[] = {60, 240, 1440};
static_assert(std::size(horizons) == horizons_of_a_prediction);

constexpr std::string_view run = "live";

prediction make_prediction(const cycle_slot& slot, const std::string& symbol,
                           std::size_t number) {
  prediction x;
  x.id = make_prediction_id(run, symbol, "30m", slot.slot);
  x.cycle = slot.id;
  x.symbol = symbol;
  x.interval = bar_interval::m30;
  x.slot = slot.slot;
  x.action = number % 3 == 0 ? trade_action::buy : trade_action::hold;
  x.optimal_action = x.action;
  x.confidence = fraction{0.5 + static_cast<double>(number % 50) / 100};
  x.predicted_direction = number % 3 == 0 ? 1 : 0;
  x.predicted_magnitude = fraction{0.001 * static_cast<double>(number % 20)};
  x.entry_price = price{100.0 + static_cast<double>(number % 997) / 100};
  x.horizon_minutes = 240;
  x.model_version = "rules-1";
  for (std::size_t i = 0; i < feature_count; ++i)
    x.features.set(i, static_cast<double>(number % 1009) / (1.0 + i));
  x.input_lineage = content_hash(symbol) + number;
  x.input_count = 200;
  return x;
}

} // namespace

std::vector<cycle_record> make_cycles(std::size_t count) {
  constexpr timestamp first{std::chrono::sys_days{std::chrono::year{2025} / 7
                                                  / 1}};
  const std::string symbols[]
    = {"CBA.AX", "WBC.AX", "ANZ.AX", "NAB.AX", "MQG.AX", "QBE.AX", "SUN.AX"};
  static_assert(std::size(symbols) == symbols_of_a_cycle);
  std::vector<cycle_record> result(count);
  std::size_t number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    auto& x = result[i];
    x.slot.slot = first + std::chrono::minutes{30} * i;
    x.slot.id = make_cycle_id(run, "30m", x.slot.slot);
    x.slot.run = run;
    x.slot.interval = bar_interval::m30;
    x.slot.issued_at = x.slot.slot;
    x.slot.sequence = i;
    x.completed_at = x.slot.slot;
    for (const auto& symbol : symbols) {
      x.predictions.push_back(make_prediction(x.slot, symbol, number++));
      const auto& made = x.predictions.back();
      for (auto minutes : horizons)
        x.obligations.push_back({1, made.id, symbol, made.interval, made.slot,
                                 made.slot + std::chrono::minutes{minutes},
                                 minutes, made.action, made.entry_price});
    }
  }
  return result;
}

store::provenance made_with() {
  return {sha256_hex("bench"), "bench", "bench"};
}

} // namespace banksia::bench

#pragma once

/// A small database with a replay over daily bars, made without actors.

#include "actors/store/ledger.hpp"
#include "actors/store/queries.hpp"
#include "actors/store/schema.hpp"
#include "actors/symbol/recompute.hpp"
#include "config/text.hpp"
#include "models/features/feature_table.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace banksia::test {

inline constexpr std::string_view run_name = "replay-test";
inline constexpr std::string_view index_name = "^AXJO";

struct stored_run {
  std::filesystem::path file;
  std::vector<std::string> predictions; ///< ids, oldest first
};

inline shared_plan daily_bars_plan() {
  run_plan plan;
  plan.run = run_name;
  plan.interval = plan.data_interval = bar_interval::d1;
  plan.symbols = {"CBA.AX", "NAB.AX"};
  plan.index_symbol = index_name;
  plan.primary_horizon_minutes = 1440;
  plan.horizons_minutes = {1440};
  return std::make_shared<const run_plan>(plan);
}

/// A daily bar that wanders with its number and symbol.
inline bar daily_bar(const std::string& symbol, const session& s, int number) {
  auto base = 40.0 + static_cast<double>(symbol[0] % 7);
  auto close = base + 0.07 * number + 0.9 * ((number * 37 % 11) / 11.0);
  bar x;
  x.symbol = symbol;
  x.interval = bar_interval::d1;
  x.opened_at = s.opens_at;
  x.known_at = x.received_at = s.auction_ends_at;
  x.open = price{close - 0.11};
  x.high = price{close + 0.23};
  x.low = price{close - 0.31};
  x.close = price{close};
  x.volume = shares{100'000.0 + 1'000.0 * (number * 53 % 17)};
  x.source = "test";
  return x;
}

inline outcome made_outcome(const prediction& p, double change) {
  outcome x;
  x.id = make_outcome_id(p.id, p.horizon_minutes);
  x.prediction = p.id;
  x.symbol = p.symbol;
  x.horizon_minutes = p.horizon_minutes;
  x.due_at = x.evaluation_timestamp = p.slot + std::chrono::hours{24};
  x.entry_price = p.entry_price;
  x.exit_price = price{p.entry_price.value() * (1.0 + change)};
  x.actual_return = x.total_return = fraction{change};
  x.actual_direction = change > 0 ? 1 : -1;
  x.success = plan_success(p.action, x.actual_return);
  x.sessions_elapsed = 1;
  x.open_minutes = 360;
  return x;
}

/// 50 sessions from 2024-03-01 of two symbols and an index; a cycle on each of
/// the last 20, the outcomes of all but the last.
/// @param build the text of the build that is said to have made them
/// @param feature_set the version of the features it computed
/// @param models add their forecasts to a prediction
inline stored_run make_run(const std::filesystem::path& file,
                           const std::string& build,
                           const config::settings& settings = {},
                           std::uint16_t feature_set = feature_set_version,
                           const std::function<void(prediction&)>& models = {}) {
  stored_run result{file, {}};
  auto db = store::open_for_writing(file);
  store::ledger ledger{db};
  storage::transaction all{db};
  ledger.set_provenance({config::configuration_hash(settings),
                         config::full_text(settings), build});
  ledger.register_run(run_name, "replay",
                      R"({"index_symbol":"^AXJO","interval":"1d"})");
  auto plan = daily_bars_plan();
  auto first = *parse_date("2024-03-01");
  auto sessions = plan->calendar.sessions_between(
    first, exchange_calendar::last_date)->first(50);
  store::queries ask{db};
  int number = 0;
  for (const auto& s : sessions) {
    for (const auto& symbol : {"CBA.AX", "NAB.AX", "^AXJO"})
      ledger.write(daily_bar(symbol, s, number));
    if (++number <= 30)
      continue;
    cycle_record cycle;
    cycle.slot = {1, make_cycle_id(plan->run, "1d", s.auction_ends_at),
                  plan->run, bar_interval::d1, s.auction_ends_at,
                  s.auction_ends_at, 0};
    cycle.completed_at = s.auction_ends_at;
    outcome_batch outcomes;
    for (const auto& symbol : plan->symbols) {
      auto inputs = read_inputs(ask, *plan, symbol, s.auction_ends_at);
      inputs.market = read_market(ask, *plan, s.auction_ends_at,
                                  plan->symbols);
      auto p = predict_from(plan, symbol, inputs, s.auction_ends_at).content;
      p.features = as_version(p.features, feature_set);
      if (models)
        models(p);
      cycle.context = p.context;
      result.predictions.push_back(to_string(p.id));
      if (number < 50)
        outcomes.outcomes.push_back(
          made_outcome(p, number % 3 == 0 ? 0.02 : -0.001));
      cycle.predictions.push_back(std::move(p));
    }
    ledger.write(cycle);
    ledger.write(outcomes);
  }
  all.commit();
  return result;
}

} // namespace banksia::test

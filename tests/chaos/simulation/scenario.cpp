#include "tests/chaos/simulation/scenario.hpp"

#include <array>
#include <utility>

namespace banksia::chaos {

using namespace std::chrono_literals;

std::optional<planted> parse_planted(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, planted>, 8> known{{
    {"lost-ack", planted::lost_ack},
    {"forget-obligations", planted::forget_obligations},
    {"double-outcome", planted::double_outcome},
    {"restart-loses-cycle", planted::restart_loses_cycle},
    {"skip-slot", planted::skip_slot},
    {"lost-training", planted::lost_training},
    {"unearned-champion", planted::unearned_champion},
    {"torn-model", planted::torn_model},
  }};
  for (const auto& [text, bug] : known)
    if (text == name)
      return bug;
  return std::nullopt;
}

namespace {

/// Made once: a calendar of 33 years takes longer than a simulation.
shared_plan small_plan() {
  static const shared_plan plan = [] {
    run_plan x;
    x.symbols = {"CBA.AX", "WBC.AX", "MQG.AX"};
    x.index_symbol = "^AXJO";
    x.horizons_minutes = {60, 240, 1440};
    x.daily = {8h, 1, 60min, 60min};
    return std::make_shared<run_plan>(std::move(x));
  }();
  return plan;
}

bad_luck luck_of(dice& seed) {
  bad_luck x;
  // The root may restart five children in 30 s; most of the bad luck keeps
  // below that, some of it does not.
  x.pause_min = std::chrono::milliseconds{seed.between(1'000, 10'000)};
  x.pause_max = x.pause_min * seed.between(2, 8);
  auto some = [&](double at_most) {
    return seed.chance(0.5)
             ? at_most * static_cast<double>(seed.below(1000)) / 1000
             : 0;
  };
  x.crash = some(0.001);
  x.start = some(0.1);
  x.drop = some(0.01);
  x.duplicate = some(0.05);
  x.delay = some(0.02);
  x.commit = some(0.05);
  x.process = some(0.1);
  x.registry = some(0.1);
  return x;
}

} // namespace

simulation_start scenario::market() const {
  simulation_start start;
  start.settings.seed = seed;
  start.settings.symbols = plan->symbols;
  start.settings.index_symbol = plan->index_symbol;
  start.settings.interval = plan->data_interval;
  start.history_sessions = static_cast<std::uint32_t>(history);
  start.first_session
    = plan->calendar.sessions()[first_session - history].date;
  return start;
}

scenario scenario_of(std::uint64_t number, planted bug) {
  dice seed{number * 0x2545f4914f6cdd1dULL + 1};
  scenario x;
  x.seed = number;
  x.bug = bug;
  x.plan = small_plan();
  auto sessions = x.plan->calendar.sessions();
  // Any day of these years, holidays and half-days with the rest.
  auto first = *x.plan->calendar.session_index(
    x.plan->calendar.next_session_after(from_micros(0) + 24h * 365 * 50)->date);
  x.first_session = first + seed.below(1000);
  x.history = 25;
  if (seed.chance(0.3)) {
    x.mode = clock_mode::live;
    x.speed = static_cast<double>(seed.between(100, 600));
  } else {
    static constexpr std::array speeds{60.0, 300.0, 1500.0};
    x.speed = seed.pick(speeds);
  }
  static constexpr std::array orders{order::random, order::random,
                                     order::first, order::last,
                                     order::unfair};
  x.choice = seed.pick(orders);
  x.luck = luck_of(seed);
  auto bad = static_cast<std::size_t>(seed.between(1, 2));
  x.calm_from = sessions[x.first_session + bad].opens_at;
  // A whole session and the next one's begin: the longest horizon of the last
  // bad cycle is over.
  x.end = sessions[x.first_session + bad + 1].opens_at + 2h;
  return x;
}

} // namespace banksia::chaos

#define CAF_SUITE judge
#include "actors/ml/judge.hpp"
#include "models/scoring/random.hpp"

#include "caf/test/unit_test.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

#include <cmath>
#include <functional>
#include <limits>

using namespace banksia;

namespace {

/// Made once: it takes longer than most tests here.
const exchange_calendar& sydney() {
  static const exchange_calendar calendar;
  return calendar;
}

const session& day_number(std::size_t n) {
  auto first = sydney().session_index(std::chrono::year{2025} / 7 / 1);
  return sydney().sessions()[*first + n];
}

double uniform(splitmix64& random) {
  return static_cast<double>(random.next() >> 11) * 0x1p-53;
}

/// What a test's forecaster says, and what then happens.
using forecaster
  = std::function<live_forecast(splitmix64&)>;

/// Knows how likely each class is.
live_forecast calibrated(splitmix64& random) {
  live_forecast x;
  auto down = 0.1 + 0.4 * uniform(random);
  auto flat = 0.1 + 0.4 * uniform(random);
  x.said = {down, flat, 1.0 - down - flat};
  auto u = uniform(random);
  x.label = u < down          ? move_class::down
            : u < down + flat ? move_class::flat
                              : move_class::up;
  x.actual_return = x.label == move_class::down ? -0.01
                    : x.label == move_class::up ? 0.01
                                                : 0.0;
  return x;
}

/// Sure of what does not come.
live_forecast broken(splitmix64&) {
  live_forecast x;
  x.said = {0.05, 0.05, 0.9};
  x.label = move_class::down;
  x.actual_return = -0.01;
  return x;
}

/// Right each time.
live_forecast clairvoyant(splitmix64& random) {
  auto x = calibrated(random);
  x.said = {0.1, 0.1, 0.8};
  x.label = move_class::up;
  x.actual_return = 0.01;
  return x;
}

/// Twelve slots of seven symbols on each day.
void add_day(std::vector<live_forecast>& to, std::size_t day,
             const std::string& model, splitmix64& random,
             const forecaster& how) {
  for (int slot = 0; slot < 12; ++slot)
    for (int symbol = 0; symbol < 7; ++symbol) {
      auto x = how(random);
      x.model = model;
      x.day = day_number(day).date;
      x.slot = day_number(day).opens_at + std::chrono::minutes{30} * slot;
      x.prediction = make_prediction_id("live", std::to_string(symbol), "30m",
                                        x.slot);
      to.push_back(std::move(x));
    }
}

std::vector<live_forecast> days_of(std::size_t first, std::size_t count,
                                   const forecaster& how,
                                   std::uint64_t seed = 1,
                                   const std::string& model = "champion") {
  splitmix64 random{seed};
  std::vector<live_forecast> result;
  for (auto day = first; day < first + count; ++day)
    add_day(result, day, model, random, how);
  return result;
}

void append(std::vector<live_forecast>& to, std::vector<live_forecast> x) {
  to.insert(to.end(), x.begin(), x.end());
}

judged_roles champion_since(std::size_t day) {
  return {"champion", day_number(day).opens_at, {}};
}

live_judgement judged(const std::vector<live_forecast>& rows,
                      const judged_roles& roles, judge_options options = {}) {
  return judge_live(rows, roles, options);
}

store::judged_forecast stored_row() {
  store::judged_forecast x;
  x.symbol = "CBA.AX";
  x.slot = day_number(0).opens_at + std::chrono::minutes{30};
  x.said.model_version = "m";
  x.said.down = fraction{0.2};
  x.said.flat = fraction{0.3};
  x.said.up = fraction{0.5};
  x.volatility = 0.0125;
  x.actual_return = 0.004;
  x.horizon_minutes = 90;
  return x;
}

} // namespace

CAF_TEST(a row is labelled by the band of its volatility and horizon) {
  const auto& s = day_number(0);
  auto minutes = std::chrono::duration<double, std::ratio<60>>(s.closes_at
                                                               - s.opens_at);
  auto band = 0.43 * 0.0125 * std::sqrt(90.0 / minutes.count());
  auto label = [](store::judged_forecast x, double factor = 0.43) {
    auto rows = label_rows(std::vector{x}, sydney(), factor);
    return rows.empty() ? "none" : std::string{to_string(rows[0].label)};
  };
  auto x = stored_row();
  x.actual_return = band * 1.001;
  CAF_CHECK_EQUAL(label(x), "up");
  CAF_CHECK_EQUAL(label(x, 0.44), "flat");
  x.actual_return = band * 0.999;
  CAF_CHECK_EQUAL(label(x), "flat");
  x.actual_return = -band * 1.001;
  CAF_CHECK_EQUAL(label(x), "down");
}

CAF_TEST(rows that cannot be labelled are left out) {
  auto kept = [](const std::function<void(store::judged_forecast&)>& change) {
    auto x = stored_row();
    change(x);
    return label_rows(std::vector{x}, sydney(), 0.43).size();
  };
  CAF_CHECK_EQUAL(kept([](auto&) {}), 1u);
  CAF_CHECK_EQUAL(kept([](auto& x) { x.volatility = 0.0; }), 0u);
  CAF_CHECK_EQUAL(kept([](auto& x) { x.horizon_minutes = 0; }), 0u);
  CAF_CHECK_EQUAL(kept([](auto& x) { x.said.up = fraction{0.6}; }), 0u);
  CAF_CHECK_EQUAL(kept([](auto& x) { x.slot = timestamp{}; }), 0u);
  CAF_CHECK_EQUAL(kept([](auto& x) {
                    x.actual_return = std::numeric_limits<double>::infinity();
                  }),
                  0u);
}

CAF_TEST(a calibrated champion stays) {
  auto rows = days_of(0, 40, calibrated);
  for (std::size_t days = 1; days <= 40; ++days) {
    std::vector<live_forecast> until(rows.begin(),
                                     rows.begin()
                                       + static_cast<std::ptrdiff_t>(days
                                                                     * 84));
    auto x = judged(until, champion_since(0));
    CAF_CHECK(!x.demotion.demote);
    CAF_REQUIRE(x.champion);
    auto judged_days = std::min<std::size_t>(days, 5);
    CAF_CHECK_EQUAL(x.champion->days.size(), judged_days);
  }
}

CAF_TEST(a calibrated champion without skill stays) {
  // It says what always holds; climatology knows the same.
  auto rows = days_of(0, 30, [](splitmix64& random) {
    auto x = calibrated(random);
    x.said = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    auto u = random.below(3);
    x.label = move_classes[u];
    return x;
  });
  CAF_CHECK(!judged(rows, champion_since(0)).demotion.demote);
}

CAF_TEST(a broken champion goes after N days and not after one less) {
  judge_options options;
  for (auto patience : {1u, 5u}) {
    options.bounds.days = patience;
    for (std::size_t days = 1; days <= 6; ++days) {
      auto x = judged(days_of(0, days, broken), champion_since(0), options);
      CAF_CHECK_EQUAL(x.demotion.demote, days >= patience);
      auto broken_days = std::min<std::size_t>(days, patience);
      CAF_CHECK_EQUAL(x.demotion.days_broken, broken_days);
    }
  }
}

CAF_TEST(calibration that breaks is noticed while the window remembers better) {
  auto rows = days_of(0, 30, calibrated);
  std::size_t noticed = 0;
  for (std::size_t day = 30; day < 60 && noticed == 0; ++day) {
    append(rows, days_of(day, 1, broken, day));
    if (judged(rows, champion_since(0)).demotion.demote)
      noticed = day - 29;
  }
  CAF_CHECK(noticed >= 5);
  CAF_CHECK(noticed <= 10);
}

CAF_TEST(what a model said before it served is not held against it) {
  auto rows = days_of(0, 10, broken);
  append(rows, days_of(10, 4, broken, 2));
  CAF_CHECK(judged(rows, champion_since(0)).demotion.demote);
  CAF_CHECK(!judged(rows, champion_since(10)).demotion.demote);
}

CAF_TEST(few forecasts say nothing) {
  judge_options options;
  options.bounds.days = 1;
  auto rows = days_of(0, 1, broken);
  rows.resize(49);
  auto x = judged(rows, champion_since(0), options);
  CAF_CHECK(!x.demotion.demote);
  CAF_CHECK_EQUAL(x.demotion.reason, "no live days yet");
}

CAF_TEST(an error that chance explains does not count) {
  live_window_quality x;
  demotion_bounds bounds;
  x.brier_skill = 0.01;
  x.ece = 0.12;
  x.ece_by_chance = 0.13;
  CAF_CHECK_EQUAL(x.counted(bounds).ece, 0.0);
  x.ece_by_chance = 0.11;
  CAF_CHECK_EQUAL(x.counted(bounds).ece, 0.12);
  x.ece = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK(std::isnan(x.counted(bounds).ece));
}

CAF_TEST(a loss counts when its interval leaves out zero) {
  live_window_quality x;
  demotion_bounds bounds;
  x.brier_skill = -0.2;
  CAF_CHECK_EQUAL(x.counted(bounds).brier_skill, 0.0);
  x.brier_gain.interval = interval95{-0.1, 0.01};
  CAF_CHECK_EQUAL(x.counted(bounds).brier_skill, 0.0);
  x.brier_gain.interval = interval95{-0.1, -0.01};
  CAF_CHECK_EQUAL(x.counted(bounds).brier_skill, -0.2);
}

CAF_TEST(shadows stand beside the champion and directions are watched) {
  auto rows = days_of(0, 25, calibrated);
  append(rows, days_of(0, 25, clairvoyant, 3, "shadow"));
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.slot < b.slot;
  });
  auto roles = champion_since(0);
  roles.shadows = {"shadow", "silent"};
  auto x = judged(rows, roles);
  CAF_REQUIRE_EQUAL(x.shadows.size(), 2u);
  CAF_CHECK_EQUAL(x.shadows[0].days.size(), 1u);
  CAF_CHECK_EQUAL(x.shadows[0].directions.accuracy, 1.0);
  CAF_CHECK(x.shadows[0].directions.leak_suspected);
  CAF_CHECK(x.shadows[1].days.empty());
  CAF_CHECK(!x.champion->directions.leak_suspected);
  auto out = to_json(x, {});
  CAF_CHECK(out.at("leak_suspected").as_bool());
  CAF_CHECK_EQUAL(out.at("shadows").as_array().size(), 2u);
  CAF_CHECK(!out.at("demotion").as_object().at("demote").as_bool());
}

CAF_TEST(without a champion nobody is demoted) {
  auto x = judged(days_of(0, 10, broken), {});
  CAF_CHECK(!x.champion);
  CAF_CHECK(!x.demotion.demote);
  CAF_CHECK(to_json(x, {}).at("champion").is_null());
}

CAF_TEST(features that moved are told) {
  auto manifest = boost::json::parse(R"({"drift": {
    "rsi": {"edges": [40, 60], "parts": [0.3, 0.4, 0.3], "missing": 0.0,
            "samples": 10000},
    "sma_20": {"edges": [40, 60], "parts": [0.3, 0.4, 0.3], "missing": 0.0,
               "samples": 10000},
    "macd_line": {"edges": [60, 40], "parts": [0.3, 0.4, 0.3], "missing": 0.0,
                  "samples": 10000},
    "ema_12": {"edges": [1], "parts": [1], "missing": 0.0, "samples": 5},
    "ema_26": {"edges": ["a"], "parts": [0.5, 0.5], "missing": 0, "samples": 5},
    "volume": 7, "no_feature": {"edges": [], "parts": [1], "missing": 0.0,
                                "samples": 5}}})");
  auto references = feature_references(manifest.as_object());
  CAF_CHECK_EQUAL(references.size(), 3u); // the unsound are left out
  std::vector<feature_vector> now(500);
  for (std::size_t i = 0; i < now.size(); ++i) {
    now[i].set(feature_index("rsi"), 80.0);
    now[i].set(feature_index("sma_20"), i % 10 < 3 ? 30.0
                                        : i % 10 < 7 ? 50.0
                                                     : 70.0);
  }
  auto shifts = shifts_of(references, now);
  CAF_REQUIRE_EQUAL(shifts.size(), 2u);
  CAF_CHECK_EQUAL(shifts[0].feature, "rsi");
  CAF_CHECK(shifts[0].found.drifted);
  CAF_CHECK_EQUAL(shifts[1].feature, "sma_20");
  CAF_CHECK(!shifts[1].found.drifted);
  auto out = to_json({}, shifts).at("drift").as_array();
  CAF_REQUIRE_EQUAL(out.size(), 2u);
  CAF_CHECK(out[0].as_object().at("drifted").as_bool());
  CAF_CHECK(feature_references({}).empty());
}

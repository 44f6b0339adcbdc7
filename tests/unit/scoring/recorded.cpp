#define CAF_SUITE scoring_recorded
#include "models/scoring/baselines.hpp"
#include "models/scoring/evaluation_report.hpp"

#include "tests/unit/scoring/numbers.hpp"

#include "caf/test/unit_test.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

/// The evaluation on recorded daily bars of five banks.

using namespace banksia;
using namespace banksia::scoring_test;

namespace {

namespace fs = std::filesystem;

fs::path bars_folder() {
  return fs::path{BANKSIA_SHARED_DATA} / "market"
         / "asx_raw_daily_1997-2022";
}

/// True, and said aloud, where the recorded bars are absent.
bool absent() {
  if (fs::exists(bars_folder()))
    return false;
  std::cout << "banksia-skip: no " << bars_folder().string() << std::endl;
  return true;
}

/// A symbol's closes; rows "2001-02-03,open,high,low,close,volume".
std::vector<std::pair<trading_date, double>> closes_of(const char* code) {
  std::vector<std::pair<trading_date, double>> result;
  std::ifstream in{bars_folder() / (std::string{code} + ".csv")};
  std::string line;
  while (std::getline(in, line)) {
    auto day = parse_date(std::string_view{line}.substr(0, 10));
    if (!day)
      continue;
    auto begin = line.begin();
    for (int comma = 0; comma < 4; ++comma)
      begin = std::find(begin, line.end(), ',') + 1;
    auto close = std::stod(std::string{begin, std::find(begin, line.end(),
                                                        ',')});
    if (close > 0.0)
      result.emplace_back(*day, close);
  }
  return result;
}

/// One sample a day from close to close, as of the close; a move of a quarter
/// is an error in the file or a split, and no sample.
void add_samples(std::vector<forecast_sample>& to, std::uint32_t symbol,
                 const std::vector<std::pair<trading_date, double>>& closes) {
  std::vector<known_return> known;
  auto close_at = [&](std::size_t i) {
    return timestamp{std::chrono::sys_days{closes[i].first}}
           + std::chrono::hours{6};
  };
  for (std::size_t i = 1; i + 1 < closes.size(); ++i) {
    fraction last{closes[i].second / closes[i - 1].second - 1.0};
    fraction next{closes[i + 1].second / closes[i].second - 1.0};
    if (std::abs(last.value()) > 0.25 || std::abs(next.value()) > 0.25)
      continue;
    known.push_back({close_at(i), last});
    auto volatility = recent_volatility(known, close_at(i), 20);
    auto band = volatility ? flat_band(*volatility, 1.0, 1.0) : std::nullopt;
    if (!band)
      continue;
    forecast_sample x;
    x.symbol = symbol;
    x.day = closes[i].first;
    x.slot = close_at(i);
    x.label_end = close_at(i + 1);
    x.actual_return = next;
    x.last_return = last;
    x.band = *band;
    to.push_back(x);
  }
}

std::vector<forecast_sample> recorded_samples() {
  std::vector<forecast_sample> result;
  std::uint32_t symbol = 0;
  for (auto code : {"CBA", "WBC", "ANZ", "NAB", "QBE"})
    add_samples(result, symbol++, closes_of(code));
  auto earlier = [](const auto& a, const auto& b) { return a.slot < b.slot; };
  std::stable_sort(result.begin(), result.end(), earlier);
  return result;
}

} // namespace

CAF_TEST(classes of recorded days are about even) {
  if (absent())
    return;
  auto samples = recorded_samples();
  CAF_REQUIRE_GREATER(samples.size(), 20'000u);
  std::array<double, 3> parts{};
  for (const auto& x : samples)
    parts[index_of(x.label())] += 1.0 / static_cast<double>(samples.size());
  for (auto part : parts)
    CAF_CHECK(part > 0.28 && part < 0.40);
}

CAF_TEST(nothing simple forecasts recorded days and a look ahead is caught) {
  if (absent())
    return;
  auto samples = recorded_samples();
  auto folds = walk_forward(windows_of(samples), {.min_training_days = 500});
  CAF_REQUIRE_GREATER(folds.size(), 15u); // years
  for (const auto& fold : folds)
    CAF_CHECK(fold.purged > 0 && fold.purged <= 5); // the day before, of each
  auto run = run_baselines(samples, folds);
  auto tested = samples_at(samples, run.tested);
  // Tomorrow's direction in one of five samples, else the last day's.
  named_forecast leak;
  leak.name = "leak";
  splitmix64 random{1};
  for (const auto& x : tested) {
    auto sees = random.below(5) == 0 ? x.actual_return : *x.last_return;
    leak.actions.push_back(sees.value() > 0.0 ? trade_action::buy
                                              : trade_action::sell);
  }
  auto report = evaluate_forecasts(tested, std::vector{leak}, run.forecasts,
                                   {.bootstrap = {.resamples = 500}});
  for (const auto& x : report.baselines) {
    CAF_CHECK(!x.skill_shown);
    CAF_CHECK(!x.actions->leak.leak_suspected);
    CAF_CHECK_LESS(std::abs(x.probabilities->log_loss_gain.value), 0.01);
    CAF_CHECK_LESS(x.probabilities->ece, 0.05);
    CAF_MESSAGE(x.name << ": " << x.verdict);
  }
  CAF_MESSAGE(report.forecasts[0].verdict);
  const auto& caught = *report.forecasts[0].actions;
  CAF_CHECK_GREATER(caught.leak.accuracy, 0.58);
  CAF_CHECK(caught.leak.leak_suspected);
}

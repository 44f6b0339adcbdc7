// The evaluation of one forecast beside the seven baselines, against one pass
// over the same samples that adds up eight log losses and successes.
//
//   bench_evaluation [PAIRS] [SAMPLES]

#include "models/scoring/baselines.hpp"
#include "models/scoring/evaluation_report.hpp"
#include "models/scoring/random.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <vector>

using namespace banksia;

namespace {

/// Thirteen slots a day of seven symbols; returns and last returns by chance.
std::vector<forecast_sample> make_samples(std::size_t n) {
  splitmix64 random{1};
  auto move = [&] {
    double sum = 0.0;
    for (int i = 0; i < 6; ++i)
      sum += static_cast<double>(random.next() >> 11) * 0x1p-53 - 0.5;
    return fraction{0.02 * sum};
  };
  std::vector<forecast_sample> result;
  result.reserve(n);
  const auto first = std::chrono::sys_days{std::chrono::year{1970} / 1 / 1};
  for (std::size_t i = 0; i < n; ++i) {
    auto slot = i / 7;
    forecast_sample x;
    x.symbol = static_cast<std::uint32_t>(i % 7);
    auto date = first + std::chrono::days{slot / 13};
    x.day = date;
    x.half_hour = static_cast<std::uint32_t>(slot % 13);
    x.slot = timestamp{date} + std::chrono::minutes{30 * (slot % 13)};
    x.label_end = x.slot + std::chrono::hours{4};
    x.actual_return = move();
    x.last_return = move();
    x.band = fraction{0.006};
    result.push_back(x);
  }
  return result;
}

named_forecast make_forecast(std::size_t n) {
  splitmix64 random{2};
  named_forecast result;
  result.name = "model";
  for (std::size_t i = 0; i < n; ++i) {
    auto u = static_cast<double>(random.below(1000)) / 5000.0;
    result.probabilities.push_back({0.3 + u, 0.35 - u / 2.0, 0.35 - u / 2.0});
  }
  result.actions = actions_of(result.probabilities);
  return result;
}

double plain_pass(const std::vector<forecast_sample>& samples,
                  const std::vector<const named_forecast*>& forecasts) {
  double sum = 0.0;
  for (const auto* forecast : forecasts)
    for (std::size_t i = 0; i < samples.size(); ++i)
      sum += log_loss_of(forecast->probabilities[i], samples[i].label())
             + plan_success(forecast->actions[i], samples[i].actual_return);
  return sum;
}

template <class Call>
double seconds_of(Call call) {
  auto start = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
    .count();
}

double median(std::vector<double> xs) {
  std::sort(xs.begin(), xs.end());
  return xs[xs.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
  auto pairs = argc > 1 ? std::max(1, std::atoi(argv[1])) : 3;
  auto count = argc > 2 ? std::max(1000, std::atoi(argv[2])) : 1'000'000;
  auto samples = make_samples(static_cast<std::size_t>(count));
  std::vector<std::uint32_t> all(samples.size());
  std::iota(all.begin(), all.end(), 0u);
  walk_forward_fold fold;
  fold.training = all;
  fold.test = all;
  auto run = run_baselines(samples, std::vector{fold});
  std::vector<named_forecast> forecasts{make_forecast(samples.size())};
  std::vector<const named_forecast*> judged{&forecasts[0]};
  for (const auto& x : run.forecasts)
    judged.push_back(&x);
  std::vector<double> ours, theirs, ratios;
  double kept = 0.0;
  auto evaluate = [&] {
    ours.push_back(seconds_of([&] {
      kept += evaluate_forecasts(samples, forecasts, run.forecasts).days;
    }));
  };
  auto pass = [&] {
    theirs.push_back(
      seconds_of([&] { kept += plain_pass(samples, judged); }));
  };
  for (int pair = 0; pair < pairs; ++pair) {
    if (pair % 2 == 0) {
      evaluate();
      pass();
    } else {
      pass();
      evaluate();
    }
    ratios.push_back(theirs.back() / ours.back());
  }
  std::printf("%d samples, 8 forecasts, 2000 resamples (checksum %.0f)\n",
              count, kept);
  std::printf("evaluation        %.2f s\n", median(ours));
  std::printf("one plain pass    %.2f s\n", median(theirs));
  std::printf("ratio             %.3f\n", median(ratios));
}

// The features of a symbol, bar by bar, over a random walk.
//
//   bench_features write BARS      the bars as CSV, for the peer
//   bench_features run BARS        seconds, then each column's count and sum
//   bench_features intraday BARS   bars of 30 minutes: bars a second

#include "models/features/feature_table.hpp"
#include "models/features/symbol_features.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string_view>
#include <vector>

using namespace banksia;

namespace {

constexpr int session_minutes = 360;

/// The k-th of `a_day` equal bars of a day.
session_time place_of(std::size_t i, int a_day) {
  auto day = static_cast<int>(i) / a_day;
  auto minute = (static_cast<int>(i) % a_day + 1) * session_minutes / a_day;
  return {std::chrono::sys_days{std::chrono::days{day}}, minute,
          session_minutes, std::int64_t{day} * session_minutes + minute};
}

std::vector<bar> make_bars(std::size_t n, int a_day) {
  std::mt19937_64 engine{1};
  // Sums of uniforms: the same on every machine, as a distribution is not.
  auto chance = [&] { return static_cast<double>(engine() >> 11) * 0x1p-53; };
  auto step = [&] { return 0.02 * (chance() + chance() + chance() - 1.5); };
  std::vector<bar> result;
  result.reserve(n);
  double close = 100.0;
  for (std::size_t i = 0; i < n; ++i) {
    auto open = close;
    // Drawn back to 100, or a long walk would leave every market.
    close = open * (1.0 + step()) * (1.0 + 0.001 * (100.0 - open) / 100.0);
    bar x;
    x.interval = a_day == 1 ? bar_interval::d1 : bar_interval::m30;
    x.opened_at = timestamp{std::chrono::sys_days{
                    std::chrono::days{static_cast<int>(i) / a_day}}}
                  + std::chrono::minutes{30} * (static_cast<int>(i) % a_day);
    x.open = price{open};
    x.close = price{close};
    x.high = price{std::max(open, close) * (1.0 + 0.01 * chance())};
    x.low = price{std::min(open, close) * (1.0 - 0.01 * chance())};
    x.volume = shares{std::floor(1e5 + 1e6 * chance())};
    result.push_back(x);
  }
  return result;
}

/// Adds each bar and asks for the features after it.
template <class Take>
void pass(const std::vector<bar>& bars, const std::vector<session_time>& places,
          Take take) {
  symbol_features state;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (state.add(bars[i], places[i]) != bar_use::consumed)
      std::abort();
    take(state.features(places[i], std::nullopt));
  }
}

/// Of the processor, so that what else runs on the machine is left out.
double seconds_taken() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec)
         + 1e-9 * static_cast<double>(now.tv_nsec);
}

double seconds_of_pass(const std::vector<bar>& bars,
                       const std::vector<session_time>& places) {
  auto start = seconds_taken();
  // The compiler has to think that each vector is read.
  pass(bars, places, [](const feature_vector& x) {
    asm volatile("" : : "r"(&x) : "memory");
  });
  return seconds_taken() - start;
}

void print_bars(const std::vector<bar>& bars) {
  std::puts("open,high,low,close,volume");
  for (const auto& x : bars)
    std::printf("%.17g,%.17g,%.17g,%.17g,%.17g\n", x.open.value(),
                x.high.value(), x.low.value(), x.close.value(),
                x.volume.value());
}

void print_columns(const std::vector<bar>& bars,
                   const std::vector<session_time>& places) {
  std::array<double, feature_count> sums{};
  std::array<std::size_t, feature_count> counts{};
  pass(bars, places, [&](const feature_vector& x) {
    for (std::size_t i = 0; i < feature_count; ++i)
      if (x.has(i)) {
        sums[i] += x.values[i];
        ++counts[i];
      }
  });
  for (std::size_t i = 0; i < feature_count; ++i)
    if (counts[i] > 0)
      std::printf("%s %zu %.17g\n", feature_names[i].data(), counts[i],
                  sums[i]);
}

} // namespace

int main(int argc, char** argv) {
  std::string_view mode = argc > 1 ? argv[1] : "";
  auto n = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
  auto intraday = mode == "intraday";
  if (n == 0 || (mode != "write" && mode != "run" && !intraday)) {
    std::fputs("usage: bench_features write|run|intraday BARS\n", stderr);
    return 2;
  }
  auto a_day = intraday ? 12 : 1;
  auto bars = make_bars(n, a_day);
  if (mode == "write") {
    print_bars(bars);
    return 0;
  }
  std::vector<session_time> places;
  for (std::size_t i = 0; i < bars.size(); ++i)
    places.push_back(place_of(i, a_day));
  auto seconds = seconds_of_pass(bars, places);
  std::printf("seconds %.6f\n", seconds);
  if (!intraday)
    print_columns(bars, places);
}

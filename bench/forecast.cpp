/// Training steps and epochs, forecasts of an exchange, and the memory of who
/// serves them. Driven by forecast.sh; one figure a line, `NAME VALUE`.
///
///   bench_forecast train KIND ROWS BATCH EPOCHS
///   bench_forecast make KIND FILE
///   bench_forecast serve FILE ROWS ROUNDS

#include "models/forecast/forecast_model.hpp"
#include "models/forecast/model_file.hpp"
#include "models/forecast/numeric_environment.hpp"
#include "models/forecast/train.hpp"
#include "models/scoring/random.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace banksia;
using namespace banksia::forecast;
using seconds = std::chrono::duration<double>;
using watch = std::chrono::steady_clock;

constexpr std::size_t channels = 5;
constexpr std::size_t symbols = 2200;

double uniform(splitmix64& random) {
  return static_cast<double>(random.next() >> 11) * 0x1p-53;
}

/// Rows of noise: speed does not depend on what they say.
training_set noise(std::size_t rows, std::uint64_t seed, int first_day) {
  using namespace std::chrono;
  splitmix64 random{seed};
  training_set out;
  out.inputs.bar_channels = channels;
  timestamp slot = sys_days{year{2020} / 1 / 1} + days{first_day};
  std::vector<float> window(window_bars * channels);
  for (std::size_t row = 0; row < rows; ++row, slot += std::chrono::seconds{1}) {
    feature_vector x;
    for (std::size_t i = 0; i < feature_count; ++i)
      if (random.below(10) != 0)
        x.set(i, uniform(random));
    for (auto& value : window)
      value = static_cast<float>(uniform(random));
    out.inputs.add(x, window, ~std::uint32_t{0}, random.below(symbols));
    out.labels.push_back(static_cast<direction_class>(random.below(3)));
    out.returns.push_back((uniform(random) - 0.5) * 0.04);
    out.slots.push_back(slot);
    out.label_ends.push_back(slot);
  }
  return out;
}

training_options options_of(const std::string& kind) {
  training_options out;
  auto parsed = parse_model_kind(kind);
  if (!parsed)
    throw std::runtime_error("no such kind: " + kind);
  out.shape.kind = *parsed;
  for (std::size_t i = 0; i < symbols; ++i)
    out.shape.symbols.push_back("S" + std::to_string(i) + ".AX");
  for (std::size_t i = 0; i < channels; ++i)
    out.shape.bar_channels.push_back("c" + std::to_string(i));
  return out;
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return x.at(x.size() / 2);
}

void must_train(const training_result& result) {
  if (!result.model)
    throw std::runtime_error("training failed: " + result.reason);
}

void run_train(const std::string& kind, std::size_t rows, std::uint32_t batch,
               std::uint32_t epochs) {
  auto options = options_of(kind);
  options.batch = batch;
  options.epochs = epochs;
  options.patience = epochs;
  auto set = noise(rows, 1, 0);
  auto validation = noise(1024, 2, 1000);
  std::vector<double> steps;
  std::vector<double> all_epochs;
  watch::time_point last_step{};
  watch::time_point last_epoch{};
  must_train(train(options, set, validation, [&](const training_progress& x) {
    auto now = watch::now();
    if (x.step > 1)
      steps.push_back(seconds{now - last_step}.count() * 1e3);
    last_step = now;
    if (x.step == x.steps) {
      // From end to end: with the validation between them.
      if (x.epoch > 1)
        all_epochs.push_back(seconds{now - last_epoch}.count() * 1e3);
      last_epoch = now;
    }
    return true;
  }));
  std::printf("step_ms %.4f\nepoch_ms %.3f\n", median(steps),
              median(all_epochs));
}

void run_make(const std::string& kind, const std::string& file) {
  auto options = options_of(kind);
  options.epochs = 1;
  auto result = train(options, noise(512, 1, 0), noise(64, 2, 1000));
  must_train(result);
  model_content content;
  content.manifest.version = "bench";
  content.manifest.shape = result.model->shape();
  content.tensors = result.model->tensors();
  std::ofstream{file, std::ios::binary} << to_bytes(content);
}

double resident_mb() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:"))
      return std::stod(line.substr(6)) / 1024.0;
  throw std::runtime_error("no VmRSS in /proc/self/status");
}

void run_serve(const std::string& file, std::size_t rows, int rounds) {
  std::ifstream in{file, std::ios::binary};
  std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  auto begin = watch::now();
  auto content = from_bytes(bytes);
  auto model
    = forecast_model::from_tensors(content.manifest.shape, content.tensors);
  std::printf("load_ms %.3f\n", seconds{watch::now() - begin}.count() * 1e3);
  auto inputs = noise(rows, 3, 0).inputs;
  std::vector<double> times;
  auto cpu = std::clock();
  for (int i = 0; i < rounds; ++i) {
    begin = watch::now();
    if (model.forecast(inputs).size() != rows)
      throw std::runtime_error("not a forecast for each row");
    times.push_back(seconds{watch::now() - begin}.count() * 1e3);
  }
  // Beside the time that passed, since other programs share the machine.
  std::printf("cpu_ms %.3f\n", static_cast<double>(std::clock() - cpu) * 1e3
                                 / CLOCKS_PER_SEC / rounds);
  std::printf("first_ms %.3f\nforecast_ms %.3f\nslowest_ms %.3f\n", times[0],
              median(times), *std::max_element(times.begin() + 1, times.end()));
  begin = watch::now();
  for (std::size_t row = 0; row < 20; ++row)
    model.forecast_at(inputs, row, default_batch_rows,
                      static_cast<std::uint32_t>(row));
  std::printf("one_row_ms %.3f\nresident_mb %.1f\n",
              seconds{watch::now() - begin}.count() * 1e3 / 20, resident_mb());
}

} // namespace

int main(int argc, char** argv) try {
  std::vector<std::string> args{argv + 1, argv + argc};
  auto mode = args.empty() ? std::string{} : args[0];
  auto number = [&](std::size_t i) { return std::stoul(args.at(i)); };
  if (mode == "train")
    run_train(args.at(1), number(2), static_cast<std::uint32_t>(number(3)),
              static_cast<std::uint32_t>(number(4)));
  else if (mode == "make")
    run_make(args.at(1), args.at(2));
  else if (mode == "serve")
    run_serve(args.at(1), number(2), static_cast<int>(number(3)));
  else
    throw std::runtime_error("usage: train|make|serve, see forecast.sh");
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bench_forecast: " << error.what() << '\n';
  return 1;
}

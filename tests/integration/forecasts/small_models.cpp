#include "tests/integration/forecasts/small_models.hpp"

#include "models/features/recent_bars.hpp"
#include "models/forecast/train.hpp"
#include "models/scoring/random.hpp"

#include <chrono>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace banksia::forecast_test {

using namespace banksia::forecast;

namespace {

constexpr std::size_t symbols = 8;

double uniform(splitmix64& random) {
  return static_cast<double>(random.next() >> 11) * 0x1p-53;
}

feature_vector noise_features(splitmix64& random) {
  feature_vector x;
  for (std::size_t i = 0; i < feature_count; ++i)
    if (random.below(8) != 0)
      x.set(i, uniform(random));
  return x;
}

training_set noise_set(std::size_t rows, std::size_t channels,
                       std::uint64_t seed, int first_day) {
  using namespace std::chrono;
  splitmix64 random{seed};
  training_set out;
  out.inputs.bar_channels = channels;
  timestamp slot = sys_days{year{2020} / 1 / 1} + days{first_day};
  std::vector<float> window(window_bars * channels);
  for (std::size_t row = 0; row < rows; ++row, slot += seconds{1}) {
    for (auto& value : window)
      value = static_cast<float>(uniform(random));
    out.inputs.add(noise_features(random), window, ~std::uint32_t{0},
                   static_cast<std::uint32_t>(random.below(symbols)));
    out.labels.push_back(static_cast<direction_class>(random.below(3)));
    out.returns.push_back((uniform(random) - 0.5) * 0.04);
    out.slots.push_back(slot);
    out.label_ends.push_back(slot);
  }
  return out;
}

} // namespace

std::string ticker(std::size_t i) {
  return "S" + std::to_string(i) + ".AX";
}

model_content small_model(model_kind kind, std::uint64_t seed,
                          std::vector<std::string> channels) {
  training_options options;
  options.shape.kind = kind;
  options.seed = seed;
  options.epochs = 1;
  for (std::size_t i = 0; i < symbols; ++i)
    options.shape.symbols.push_back(ticker(i));
  if (channels.empty())
    channels.assign(recent_bar_channels.begin(), recent_bar_channels.end());
  options.shape.bar_channels = channels;
  auto result = train(options, noise_set(256, channels.size(), seed, 0),
                      noise_set(64, channels.size(), seed + 1000, 1000));
  if (!result.model)
    throw std::runtime_error("no model: " + result.reason);
  model_content content;
  content.manifest.shape = result.model->shape();
  content.manifest.seed = seed;
  content.manifest.version
    = model_version(std::chrono::sys_days{std::chrono::year{2025} / 7 / 1}
                      + std::chrono::seconds{seed},
                    kind, std::string(64, 'd'), seed);
  content.tensors = result.model->tensors();
  return content;
}

std::filesystem::path write_model(const std::filesystem::path& folder,
                                  const model_content& x) {
  auto file = folder / (x.manifest.version + ".trained");
  std::ofstream{file, std::ios::binary} << to_bytes(x);
  return file;
}

std::string crown(registry_folder& models, const std::filesystem::path& scratch,
                  const model_content& x) {
  auto version = models.add(write_model(scratch, x), by_test());
  models.shadow(version, by_test());
  models.promote(version, by_test());
  return version;
}

std::vector<forecast_row> noise_rows(std::size_t count, std::uint64_t seed) {
  splitmix64 random{seed};
  std::vector<forecast_row> rows(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto& row = rows[i];
    row.symbol = i + 1 == count ? "NEW.AX" : ticker(i % symbols);
    row.features = noise_features(random);
    std::vector<float> values(recent_bars_max * recent_bar_channels.size());
    for (auto& value : values)
      value = static_cast<float>(uniform(random));
    row.window.values.resize(values.size() * sizeof(float));
    std::memcpy(row.window.values.data(), values.data(),
                row.window.values.size());
    row.window.mask = ~std::uint32_t{0} << (i % 8);
  }
  return rows;
}

change_order by_test(const std::string& reason) {
  using namespace std::chrono;
  return {sys_days{year{2025} / 7 / 2}, "test", reason};
}

} // namespace banksia::forecast_test

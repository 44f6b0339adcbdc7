#pragma once

#include "models/forecast/model_file.hpp"

#include <chrono>
#include <limits>

namespace banksia::test {

inline forecast::model_content sample_content() {
  using namespace std::chrono;
  forecast::model_content x;
  auto& m = x.manifest;
  m.shape.symbols = {"CBA.AX", "WBC.AX"};
  m.shape.bar_channels = {"return", "range"};
  m.data_from = sys_days{year{2020} / 1 / 1};
  m.data_to = sys_days{year{2025} / 6 / 30} + microseconds{5};
  m.data_hash = std::string(64, 'd');
  m.rows = 12'345;
  m.validation_rows = 678;
  m.seed = 0xffffffffffffffff;
  m.trials = 4;
  m.configuration_hash = std::string(64, 'c');
  m.build = "banksia 0.1.0 (GCC 12)";
  m.library = "LibTorch 1.13.1";
  m.capability = "AVX2";
  m.blas = "OpenBLAS 0.3.21 Haswell";
  m.metrics["log_loss"] = {1.0625, interval95{1.0, 1.125}};
  m.metrics["ece"] = {0.03, std::nullopt};
  m.drift["rsi"] = {{30.0, 70.0}, {0.25, 0.5, 0.25}, 0.125, 8};
  m.drift["reddit_sentiment"] = {{}, {}, 1.0, 8};
  m.version = forecast::model_version(sys_days{year{2025} / 7 / 1} + hours{8},
                                      m.shape.kind, m.data_hash, m.seed);
  x.tensors.push_back({"scales", forecast::number_width::whole, {2, 1},
                       {1.0 / 3.0, std::numeric_limits<double>::denorm_min()}});
  x.tensors.push_back({"weight", forecast::number_width::single, {1, 3},
                       {-0.0, 0.5, static_cast<double>(0.1F)}});
  x.tensors.push_back({"none", forecast::number_width::single, {0, 2}, {}});
  return x;
}

} // namespace banksia::test

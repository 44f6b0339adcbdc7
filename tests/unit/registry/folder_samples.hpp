#pragma once

/// A models folder with models in it, small enough to see through.

#include "actors/registry/registry_folder.hpp"
#include "models/features/recent_bars.hpp"
#include "tests/unit/forecast/file_samples.hpp"
#include "tests/unit/forecast/registry_samples.hpp"
#include "tests/scratch_folder.hpp"

#include <fstream>
#include <iterator>
#include <string>

namespace banksia::test {

inline void write_file(const std::filesystem::path& file,
                       const std::string& bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << bytes;
}

inline std::string bytes_in(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// The `n`th model; its version sorts by `n`.
inline forecast::model_content numbered_model(int n) {
  auto x = sample_content();
  x.manifest.seed = static_cast<std::uint64_t>(n);
  x.manifest.version = "model-" + std::to_string(n);
  x.manifest.shape.bar_channels.assign(recent_bar_channels.begin(),
                                       recent_bar_channels.end());
  return x;
}

/// A folder of trained files beside a models folder that is not there yet.
struct model_place {
  test::scratch_folder scratch;
  std::filesystem::path root = scratch.path() / "models";

  registry_folder folder(before_step before = {}) const {
    return registry_folder{root, std::move(before)};
  }

  /// Writes the `n`th model where a training would.
  std::filesystem::path trained(int n) const {
    auto file = scratch.path() / ("trained-" + std::to_string(n));
    write_file(file, forecast::to_bytes(numbered_model(n)));
    return file;
  }

  /// Adds the `n`th and makes it champion.
  void crowned(int n) const { crown(trained(n), n); }

  /// Makes the `n`th champion as another build had it: its bars have other
  /// values.
  void crowned_unfit(int n) const {
    auto model = numbered_model(n);
    model.manifest.shape.bar_channels = {"return", "range"};
    auto file = scratch.path() / ("unfit-" + std::to_string(n));
    write_file(file, forecast::to_bytes(model));
    crown(file, n);
  }

  void crown(const std::filesystem::path& file, int n) const {
    auto at = folder();
    auto version = at.add(file, order(n));
    at.shadow(version, order(n));
    at.promote(version, order(n));
  }
};

} // namespace banksia::test

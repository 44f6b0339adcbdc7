#pragma once

/// Models that are trained in a blink, and rows for them.

#include "actors/registry/registry_folder.hpp"
#include "messages/learning.hpp"
#include "models/forecast/forecast_model.hpp"
#include "models/forecast/model_file.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace banksia::forecast_test {

/// "S0.AX", "S1.AX", …: all that models know.
std::string ticker(std::size_t i);

/// A model of that kind, which differs by seed.
/// @param channels of its bars; those of this build unless told otherwise
forecast::model_content
small_model(forecast::model_kind kind, std::uint64_t seed,
            std::vector<std::string> channels = {});

/// Writes it as a training would. @returns the file
std::filesystem::path write_model(const std::filesystem::path& folder,
                                  const forecast::model_content& x);

/// Adds it, and makes it champion.
/// @returns its version
std::string crown(registry_folder& models,
                  const std::filesystem::path& scratch,
                  const forecast::model_content& x);

/// Rows of noise, the last of a symbol that no model knows; some features are
/// missing.
std::vector<forecast_row> noise_rows(std::size_t count, std::uint64_t seed);

/// An order for registry changes.
forecast::change_order by_test(const std::string& reason = "a test");

} // namespace banksia::forecast_test

#pragma once

/// Models as files.

#include "models/forecast/forecast_model.hpp"
#include "models/forecast/model_file.hpp"

#include <filesystem>

namespace banksia {

/// Writes FOLDER/VERSION.model: under another name, down to the disk, then
/// renamed. Who looks finds a whole file or none, whatever ends this process.
/// @returns its path
/// @throws std::runtime_error
std::filesystem::path write_model(const std::filesystem::path& folder,
                                  const forecast::model_content& x);

/// A model out of its file.
struct model_on_disk {
  forecast::model_manifest manifest;
  forecast::forecast_model model;
};

/// @throws std::runtime_error, forecast::model_file_error and
///         forecast::forecast_error
model_on_disk read_model(const std::filesystem::path& file);

} // namespace banksia
